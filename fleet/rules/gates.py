"""The network of jump gates: how long a way through it takes, and what a jump may cost."""

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

COOLDOWN = 15.0  # seconds after a jump of no distance, measured by players in 2025 and 2026
A_DISTANCE = 0.3  # seconds more for each unit of distance between the systems
UNKNOWN_FAR = 1230.0  # the median length of a connection in the live galaxy of July 2026


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate as the route planner sees it. `x` and `y` are those of its system, None while
    unknown; `connections` None while nobody has read them; `open` None while in doubt."""

    symbol: str
    system: str
    x: int | None
    y: int | None
    open: bool | None
    connections: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Way:
    """From one gate to another: the gates to jump to in order, and seconds of cooldown."""

    gates: tuple[str, ...]
    seconds: float


def apart(a: Gate, b: Gate) -> float:
    """Distance between two systems; the median connection where one is not known."""
    if a.x is None or a.y is None or b.x is None or b.y is None:
        return UNKNOWN_FAR
    return math.hypot(a.x - b.x, a.y - b.y)


def cooldown(distance: float) -> int:
    """Seconds a ship cools down after a jump over `distance`: round(15 + 0.3 d)."""
    return math.floor(COOLDOWN + A_DISTANCE * distance + 0.5)


def ways(gates: Mapping[str, Gate], origin: str) -> dict[str, Way]:
    """The quickest way to each gate that can be reached from `origin` through built gates.

    A gate known to be unfinished is neither entered nor left; one in doubt may be a goal, but
    no station on the way to another.
    """
    start = gates.get(origin)
    if start is None or start.open is False:
        return {}
    found = {origin: Way((), 0.0)}
    queue = [(0.0, origin)]
    done = set()
    while queue:
        spent, at = heapq.heappop(queue)
        if at in done:
            continue
        done.add(at)
        here = gates[at]
        if at != origin and here.open is not True:
            continue
        for name in here.connections or ():
            there = gates.get(name)
            if there is None or there.open is False or name in done:
                continue
            total = spent + cooldown(apart(here, there))
            if name not in found or total < found[name].seconds:
                found[name] = Way((*found[at].gates, name), total)
                heapq.heappush(queue, (total, name))
    return found


def nearest(places: Mapping[str, Way], wanted: Sequence[str]) -> str | None:
    """The wanted gate that is reached soonest; the first by name of equals."""
    near = [name for name in wanted if name in places]
    return min(near, key=lambda name: (places[name].seconds, name), default=None)


def refusal(price: int | None, *, credits: int, floor: int, most: int) -> str | None:
    """Why a jump is not paid for, or None. Prices and balance in credits; an unknown price is
    never paid."""
    if price is None:
        return "the price of antimatter at this gate is not known"
    if price > most:
        return f"antimatter costs {price:,} credits, more than {most:,} for a jump"
    if credits - price < floor:
        return f"a jump for {price:,} credits would leave less than {floor:,}"
    return None
