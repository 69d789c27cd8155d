"""What exists in the game: goods, ships, their parts, traits, factions, the home system."""
