"""A SpaceTraders 2.3 game server in memory: faithful, seeded, and without a clock of its own."""

from .response import Response
from .rules import UniverseRules
from .world import World

__all__ = ["Response", "UniverseRules", "World"]
