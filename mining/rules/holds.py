"""What to do about the cargo of a miner."""

import math
from collections.abc import Mapping, Set


def worthless(
    cargo: Mapping[str, int],
    prices: Mapping[str, float | None],
    *,
    below: int,
    kept: Set[str] = frozenset(),
) -> dict[str, int]:
    """Goods to throw away to make room: known to bring less than `below` credits a unit.

    Goods of unknown price are kept, and so are those reserved in `kept`.
    """
    return {
        good: units
        for good, units in cargo.items()
        if good not in kept and (price := prices.get(good)) is not None and price < below
    }


def full_enough(units: int, capacity: int, percent: int) -> bool:
    """Whether a hold is at least `percent` full, in whole numbers."""
    return capacity > 0 and 100 * units >= percent * capacity


def loads(capacity: int, load: float, percent: int) -> int:
    """How many loads of `load` units it takes until a hold is `percent` full; 0 without a hold."""
    return max(1, math.ceil(capacity * percent / 100 / load)) if capacity and load > 0 else 0
