"""The documents name what exists, and what exists is documented."""
