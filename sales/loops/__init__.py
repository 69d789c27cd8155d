"""The lives of market ships."""
