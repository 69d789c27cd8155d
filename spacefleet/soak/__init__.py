"""The soak: a fleet flown by real workers while everything around it breaks, and a check of all
books after each break."""
