"""The lives of ships that serve the whole fleet."""
