"""Travel time, fuel and jumps.

Time and fuel reproduce recorded flights of 2024, 2025 and 2026 to the second and to the unit.
"""

from math import floor, hypot

BASE_SECONDS = 15
"""Added to every flight, measured."""

NAVIGATE_FACTOR = {"CRUISE": 25.0, "BURN": 12.5, "DRIFT": 250.0, "STEALTH": 30.0}
"""Seconds per unit of distance at engine speed 1, measured."""

WARP_FACTOR = {"CRUISE": 50.0, "BURN": 25.0, "DRIFT": 300.0, "STEALTH": 60.0}
"""The same between systems, community tables."""

JUMP_BASE_SECONDS = 15
JUMP_SECONDS_PER_UNIT = 0.3
"""Cooldown after a jump, fitted to recorded jumps of 1527, 2000 and 2500 units."""

FLIGHT_MODES = ("DRIFT", "STEALTH", "CRUISE", "BURN")


def distance(x1: int, y1: int, x2: int, y2: int) -> float:
    return hypot(x2 - x1, y2 - y1)


def whole(value: float) -> int:
    """A distance or a duration as the game counts it: to the nearest unit, halves upwards."""
    return floor(value + 0.5)


def seconds(apart: float, *, mode: str, speed: float, warp: bool = False) -> int:
    """Whole seconds of a flight; the shortest hop counts as one unit of distance."""
    factor = (WARP_FACTOR if warp else NAVIGATE_FACTOR)[mode]
    return whole(max(1, whole(apart)) * factor / speed + BASE_SECONDS)


def fuel(apart: float, *, mode: str) -> int:
    """Units of fuel for a flight of a ship that has a tank.

    A hop between waypoints at the same coordinates is free in CRUISE, STEALTH and DRIFT and
    costs 2 in BURN (recorded by players in 2026).
    """
    units = whole(apart)
    if mode == "BURN":
        return max(2, 2 * units)
    if apart == 0:
        return 0
    return 1 if mode == "DRIFT" else max(1, units)


def jump_cooldown(apart: float) -> int:
    """Seconds a ship cools down after a jump between systems `apart` units from each other."""
    return round(JUMP_BASE_SECONDS + JUMP_SECONDS_PER_UNIT * apart)


def worn_speed(speed: int, condition: float) -> float:
    """Engine speed at a condition of 0..1.

    Guess with a floor: one log shows a factor of 0.87 at unknown wear, and the documentation
    says that ships never become useless.
    """
    return max(1.0, speed * max(0.5, 0.5 + condition / 2))
