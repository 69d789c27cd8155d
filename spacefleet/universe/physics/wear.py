"""How events wear parts, and what mending and scrapping are worth.

The shape is documented (worn parts wear faster, quality softens, nothing becomes useless), the
constants are guesses.
"""

from collections.abc import Iterable
from math import sqrt

from spacefleet.universe.catalog import components
from spacefleet.universe.state import Part

FLOOR = 0.1
"""No part falls below this condition; guess."""

INTEGRITY_PER_REPAIR = 0.02
"""Loss of integrity when a part is mended; guess."""

REPAIR_RATE = 0.02
"""Price of mending a part completely, as a share of the hull's worth; guess."""

SCRAP_RATE = 0.5
"""What scrap pays of the hull's worth at full integrity; guess."""


_QUALITY = {
    symbol: part.quality
    for table in (components.FRAMES, components.REACTORS, components.ENGINES)
    for symbol, part in table.items()
}


def damage(part: Part, amount: float) -> None:
    """Lower the condition: more when it is low already, less for good quality."""
    loss = amount * (2 - part.condition) / sqrt(_QUALITY[part.symbol])
    part.condition = round(max(FLOOR, part.condition - loss), 6)


def repair_price(parts: Iterable[Part], *, worth: int) -> int:
    return round(sum(worth * REPAIR_RATE * (1 - part.condition) for part in parts))


def repair(part: Part) -> None:
    if part.condition < 1:
        part.condition = 1.0
        part.integrity = round(max(FLOOR, part.integrity - INTEGRITY_PER_REPAIR), 6)


def scrap_price(parts: Iterable[Part], *, worth: int) -> int:
    integrity = min(part.integrity for part in parts)
    return round(worth * SCRAP_RATE * integrity)
