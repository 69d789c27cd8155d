"""Changes to the fleet: the game is asked first, then its answer is written in one transaction."""
