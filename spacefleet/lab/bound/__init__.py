"""The most that any mining fleet can earn in a scenario, so that a run is a share of it."""

from .programme import Bound, most
from .situation import Fleet, Situation, look, of_ships

__all__ = ["Bound", "Fleet", "Situation", "look", "most", "of_ships"]
