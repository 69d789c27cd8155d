"""The lives of ships that mine."""
