"""How far, how long, how much fuel; and which hops to take with the fuel there is.

Times and fuel follow the game's navigation formula, verified to the second on flights recorded
in 2024, 2025 and 2026 (see tests/fleet/test_travel_rules.py for the cases).
"""

import heapq
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

# seconds per unit of distance and unit of engine speed; the game's flight modes
PACE = {"CRUISE": 25.0, "BURN": 12.5, "DRIFT": 250.0, "STEALTH": 30.0}
TAKE_OFF = 15  # seconds of every flight, whatever the distance
REMEMBERED = 65_536  # routes of one chart, from all places to all with any fuel
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


class Leg(NamedTuple):
    """From one place to another: whole distance, fuel by mode, what to keep back there, and
    whether the tank can be filled before."""

    to: str
    far: int
    cruising: int
    drifting: int
    burning: int
    keep: int
    refuels: bool


class Chart(dict[str, Place]):
    """The places of a system, with the legs between them measured once. Not to be changed."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        super().__init__(places)
        self._fuel = [place for place in places.values() if place.fuel]
        self._legs: dict[str, list[Leg]] = {}
        self._ends: dict[tuple[str, str], Leg] = {}
        self._nearest: dict[str, int | None] = {}
        self.planned: dict[tuple[Any, ...], Route | None] = {}
        """Routes by what was asked: places do not move, and fuel does not leave them."""

    def legs(self, origin: str) -> list[Leg]:
        """From `origin` to wherever fuel is sold, the nearest first."""
        legs = self._legs.get(origin)
        if legs is None:
            here = self[origin]
            legs = [_leg(here, there) for there in self._fuel if there.symbol != origin]
            legs.sort(key=lambda leg: (leg.far, leg.to))
            self._legs[origin] = legs
        return legs

    def end(self, origin: str, destination: str) -> Leg:
        """From `origin` straight to where the way ends."""
        leg = self._ends.get((origin, destination))
        if leg is None:
            leg = self._ends[origin, destination] = _leg(self[origin], self[destination])
        return leg

    def nearest_fuel(self, place: str) -> int | None:
        """Whole distance from a place without fuel to the nearest that sells some; None where
        fuel is sold, or nowhere."""
        if place not in self._nearest:
            here = self[place]
            ways = [] if here.fuel else [distance(here, there) for there in self._fuel]
            self._nearest[place] = max(1, whole(min(ways))) if ways else None
        return self._nearest[place]


def _leg(here: Place, there: Place) -> Leg:
    far = distance(here, there)
    return Leg(
        to=there.symbol,
        far=max(1, whole(far)),
        cruising=fuel(far),
        drifting=fuel(far, mode="DRIFT"),
        burning=fuel(far, mode="BURN"),
        keep=0 if there.fuel else 1,
        refuels=here.fuel,
    )


def plan(
    places: Mapping[str, Place],
    *,
    origin: str,
    destination: str,
    fuel_now: int,
    capacity: int,
    speed: int,
    hurry: bool = False,
    leaves: bool = False,
) -> Route | None:
    """The quickest route, refuelling where fuel is sold, drifting only where nothing else goes.

    In a hurry it burns to places that sell fuel: half the time for twice of it. A ship without a
    tank flies straight. At a destination without fuel one unit is kept back
    to drift away with; with `leaves` the way on to the nearest fuel counts, too, because who
    arrives there with an empty tank drifts away for an hour. None when no route exists.
    """
    if capacity == 0:
        return _straight(places, origin, destination, speed)
    chart = places if isinstance(places, Chart) else Chart(places)
    asked = (origin, destination, fuel_now, capacity, speed, hurry, leaves)
    if asked not in chart.planned:
        if len(chart.planned) >= REMEMBERED:
            chart.planned.clear()
        chart.planned[asked] = _searched(chart, *asked)
    return chart.planned[asked]


def _searched(
    chart: Chart,
    origin: str,
    destination: str,
    fuel_now: int,
    capacity: int,
    speed: int,
    hurry: bool,
    leaves: bool,
) -> Route | None:
    came: dict[str, tuple[str, Hop]] = {}
    reached = {origin: 0}
    queue: list[tuple[int, str, int]] = [(0, origin, fuel_now)]
    out = chart.nearest_fuel(destination) if leaves else None
    quickest = PACE["BURN" if hurry else "CRUISE"]
    while queue:
        spent, at, tank = heapq.heappop(queue)
        if at == destination:
            return _traced(came, origin, at)
        if spent > reached[at]:
            continue
        for leg in _sooner(chart, at, destination, spent, reached, quickest / max(1, speed)):
            last = leg.to == destination
            flown = _flown(
                leg, tank, capacity, speed, hurry=hurry, spare=out or 0 if last else 0
            )
            if flown is None:
                continue
            mode, refuel, took, left = flown
            total = spent + took
            if last and out is not None:
                total += _away(out, left, speed)
            # Fuel is sold wherever a route goes on from, so being there sooner is all that
            # counts: what is left in the tank on arrival never makes a later visit better.
            if total < reached.get(leg.to, total + 1):
                reached[leg.to] = total
                need = (capacity if refuel else tank) - left
                came[leg.to] = (at, Hop(leg.to, mode, refuel, took, need))
                heapq.heappush(queue, (total, leg.to, left))
    return None


def _sooner(
    chart: Chart, at: str, destination: str, spent: int, reached: Mapping[str, int], pace: float
) -> Iterator[Leg]:
    """The legs that may arrive sooner than what is known. Straight there first: what is known
    of the goal rules out the long ways round. `pace` is seconds a unit, at the very best."""
    yield chart.end(at, destination)
    for leg in chart.legs(at):
        soonest = spent + leg.far * pace + TAKE_OFF - 1  # a second for rounding
        if soonest >= reached.get(destination, math.inf):
            return
        if soonest < reached.get(leg.to, math.inf) and leg.to != destination:
            yield leg


def _flown(
    leg: Leg, tank: int, capacity: int, speed: int, *, hurry: bool, spare: int = 0
) -> tuple[str, bool, int, int] | None:
    """How a leg is flown with this fuel: mode, whether after refuelling, game seconds, and what
    is left in the tank. It is burned in a hurry, else cruised where the fuel lasts, else
    drifted, else None. `spare` fuel is taken along for the way on, where it is sold."""
    modes = (("BURN", leg.burning), ("CRUISE", leg.cruising), ("DRIFT", leg.drifting))
    for mode, need in modes if hurry and not leg.keep else modes[1:]:
        keep = leg.keep if need else 0
        refuel = leg.refuels and tank < min(capacity, need + max(leg.keep, spare))
        filled = capacity if refuel else tank
        if filled >= need + keep:
            took = whole(leg.far * PACE[mode] / max(1, speed) + TAKE_OFF)
            return mode, refuel, took, filled - need
    return None


def _away(out: int, tank: int, speed: int) -> int:
    """Seconds from a place without fuel to the nearest with it, `out` units away."""
    return seconds(out, speed=speed, mode="CRUISE" if tank >= out else "DRIFT")


def _straight(
    places: Mapping[str, Place], origin: str, destination: str, speed: int
) -> Route | None:
    if origin == destination:
        return Route((), 0, 0)
    took = seconds(distance(places[origin], places[destination]), speed=speed)
    return Route((Hop(destination, "CRUISE", False, took, 0),), took, 0)


def _traced(came: Mapping[str, tuple[str, Hop]], origin: str, at: str) -> Route:
    hops: list[Hop] = []
    while at != origin:
        at, hop = came[at]
        hops.append(hop)
    hops.reverse()
    return Route(tuple(hops), sum(hop.seconds for hop in hops), sum(hop.fuel for hop in hops))
