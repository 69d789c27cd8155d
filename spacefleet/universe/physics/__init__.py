"""The laws of the game as pure functions: numbers in, numbers out, each with its source."""
