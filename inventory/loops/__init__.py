"""The lives of transports and depots."""
