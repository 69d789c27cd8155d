"""The endpoints of the game by subject, one method each; `Client` is all of them together."""
