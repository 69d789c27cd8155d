"""How far, how long, how much fuel; and which hops to take with the fuel there is.

Times and fuel follow the game's navigation formula, verified to the second on flights recorded
in 2024, 2025 and 2026 (see tests/fleet/test_travel_rules.py for the cases).
"""

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# seconds per unit of distance and unit of engine speed; the game's flight modes
PACE = {"CRUISE": 25.0, "BURN": 12.5, "DRIFT": 250.0, "STEALTH": 30.0}
TAKE_OFF = 15  # seconds of every flight, whatever the distance
FUEL_A_UNIT = 100  # ship fuel in one market unit of FUEL


@dataclass(frozen=True, slots=True)
class Place:
    """A waypoint as the route planner sees it."""

    symbol: str
    x: int
    y: int
    fuel: bool


@dataclass(frozen=True, slots=True)
class Hop:
    """One flight of a route; `refuel` says to fill the tank before it."""

    to: str
    mode: str
    refuel: bool
    seconds: int
    fuel: int


@dataclass(frozen=True, slots=True)
class Route:
    """All hops to a destination, with their sum in game seconds and units of ship fuel."""

    hops: tuple[Hop, ...]
    seconds: int
    fuel: int


def distance(a: Place, b: Place) -> float:
    return math.hypot(a.x - b.x, a.y - b.y)


def whole(value: float) -> int:
    """To the nearest whole number, halves upwards, as the game counts distance and time."""
    return math.floor(value + 0.5)


def seconds(far: float, *, speed: int, mode: str = "CRUISE") -> int:
    """Game seconds of a flight over `far` units of distance."""
    return whole(max(1, whole(far)) * PACE[mode] / max(1, speed) + TAKE_OFF)


def fuel(far: float, *, mode: str = "CRUISE") -> int:
    """Ship fuel of a flight; a hop between waypoints that share a position is free."""
    if mode == "DRIFT":
        return 1 if far else 0
    units = max(1, whole(far)) if far else 0
    return max(2, 2 * units) if mode == "BURN" else units


def plan(
    places: Mapping[str, Place],
    *,
    origin: str,
    destination: str,
    fuel_now: int,
    capacity: int,
    speed: int,
) -> Route | None:
    """The quickest route, refuelling where fuel is sold, drifting only where nothing else goes.

    A ship without a tank flies straight. At a destination without fuel one unit is kept back
    to drift away with. None when no route exists.
    """
    if capacity == 0:
        return _straight(places, origin, destination, speed)
    goals = sorted({name for name, place in places.items() if place.fuel} | {destination})
    came: dict[str, tuple[str, Hop]] = {}
    reached = {origin: 0}
    queue: list[tuple[int, str, int]] = [(0, origin, fuel_now)]
    while queue:
        spent, at, tank = heapq.heappop(queue)
        if at == destination:
            return _traced(came, origin, at, spent)
        if spent > reached[at]:
            continue
        for hop, left in _hops(places, at, tank, goals, capacity, speed):
            total = spent + hop.seconds
            # Fuel is sold wherever a route goes on from, so being there sooner is all that
            # counts: what is left in the tank on arrival never makes a later visit better.
            if total < reached.get(hop.to, total + 1):
                reached[hop.to] = total
                came[hop.to] = (at, hop)
                heapq.heappush(queue, (total, hop.to, left))
    return None


def _hops(
    places: Mapping[str, Place],
    at: str,
    tank: int,
    goals: Sequence[str],
    capacity: int,
    speed: int,
) -> list[tuple[Hop, int]]:
    here = places[at]
    found = []
    for name in goals:
        if name == at:
            continue
        far = distance(here, places[name])
        keep = 0 if places[name].fuel else 1
        for mode in ("CRUISE", "DRIFT"):
            need = fuel(far, mode=mode)
            refuel = here.fuel and tank < need + keep
            filled = capacity if refuel else tank
            if filled < need + (keep if need else 0):
                continue
            hop = Hop(name, mode, refuel, seconds(far, speed=speed, mode=mode), need)
            found.append((hop, filled - need))
            break  # what cruises need not drift
    return found


def _straight(
    places: Mapping[str, Place], origin: str, destination: str, speed: int
) -> Route | None:
    if origin == destination:
        return Route((), 0, 0)
    took = seconds(distance(places[origin], places[destination]), speed=speed)
    return Route((Hop(destination, "CRUISE", False, took, 0),), took, 0)


def _traced(came: Mapping[str, tuple[str, Hop]], origin: str, at: str, spent: int) -> Route:
    hops: list[Hop] = []
    while at != origin:
        at, hop = came[at]
        hops.append(hop)
    hops.reverse()
    return Route(tuple(hops), spent, sum(hop.fuel for hop in hops))
