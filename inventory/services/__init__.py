"""Inventory's changes to the world: the game first, then rows."""
