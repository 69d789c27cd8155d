"""The books: where credits came from, whether they agree with the game, and what work pays."""
