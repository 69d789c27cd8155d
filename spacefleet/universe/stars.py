"""Where the stars of a galaxy stand, what they are and what they are called.

All figures are those of the live galaxy of July 2026, 6,996 systems.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, hypot, sin, sqrt, tau

from .chance import Stream

SECTOR = "X1"
LIVE_SYSTEMS = 6996

STAR_TYPES = {
    "RED_STAR": 1874,
    "ORANGE_STAR": 1777,
    "BLUE_STAR": 1455,
    "YOUNG_STAR": 985,
    "NEUTRON_STAR": 278,
    "WHITE_DWARF": 268,
    "BLACK_HOLE": 180,
    "HYPERGIANT": 95,
    "UNSTABLE": 84,
}
"""How many of each there are."""

GATE_SHARE = {"ORANGE_STAR": 0.53, "BLUE_STAR": 0.51, "RED_STAR": 0.52, "YOUNG_STAR": 0.46}
"""Share of the stars of a type that have a jump gate. No star of another type has one."""

RADII = (
    (0.0, 220.0),
    (0.05, 3_780.0),
    (0.1, 5_710.0),
    (0.2, 9_630.0),
    (0.3, 14_190.0),
    (0.4, 19_710.0),
    (0.5, 25_650.0),
    (0.6, 32_110.0),
    (0.7, 38_170.0),
    (0.8, 44_130.0),
    (0.9, 49_720.0),
    (0.95, 53_490.0),
    (0.99, 59_040.0),
    (1.0, 70_390.0),
)
"""Share of systems → the distance from the centre within which they lie."""

ARMS = 3
ARM_CONTRAST = 0.7
ARM_TWIST = 1.44
"""Three spiral arms: at a distance r the density goes with 1 + 0.7 cos 3(angle - 1.44 √(r/1000)),
the wave that fits best."""

LEAST_DISTANCE = 200
"""No two systems are nearer to each other."""

LETTERS = "ABCDFGHJKMNPQRSTUVXYZ"
NAMES = {"AA99": 6147, "AA9": 530, "A99": 297, "A9": 22}
"""How many systems are called after which pattern."""


@dataclass(frozen=True, slots=True)
class Star:
    """A system before anything is in it."""

    symbol: str
    type: str
    x: int
    y: int
    gate: bool


def scatter(count: int, *, homes: int, seed: object) -> Iterator[Star]:
    """Stars of a galaxy of this size, the first `homes` of them fit to be lived at.

    A smaller galaxy is the whole spiral, shrunk so that neighbours are as far apart as live.
    """
    chance = Stream(seed, "stars")
    spots = _spots(count, chance)
    taken: set[str] = set()
    types, weights = list(STAR_TYPES), list(STAR_TYPES.values())
    names = Stream(seed, "names")
    for number, (x, y) in enumerate(spots):
        symbol = _home_name(names, taken) if number < homes else _name(chance, taken)
        taken.add(symbol)
        kind = chance.weighted(types, weights)
        while number < homes and kind not in GATE_SHARE:
            kind = chance.weighted(types, weights)
        gate = number < homes or chance.random() < GATE_SHARE.get(kind, 0.0)
        yield Star(symbol, kind, x, y, gate)


def _spots(count: int, chance: Stream) -> Iterator[tuple[int, int]]:
    """Places for stars, none too close to another."""
    scale = sqrt(count / LIVE_SYSTEMS)
    near: dict[tuple[int, int], list[tuple[int, int]]] = {}
    found = 0
    while found < count:
        radius = _radius(chance.random())
        angle = _angle(radius, chance)
        x, y = round(scale * radius * cos(angle)), round(scale * radius * sin(angle))
        cell = (x // LEAST_DISTANCE, y // LEAST_DISTANCE)
        if _crowded(x, y, cell, near):
            continue
        near.setdefault(cell, []).append((x, y))
        found += 1
        yield x, y


def _crowded(
    x: int, y: int, cell: tuple[int, int], near: dict[tuple[int, int], list[tuple[int, int]]]
) -> bool:
    column, row = cell
    return any(
        hypot(x - a, y - b) < LEAST_DISTANCE
        for i in (column - 1, column, column + 1)
        for j in (row - 1, row, row + 1)
        for a, b in near.get((i, j), ())
    )


_SHARES = [share for share, _ in RADII]


def _radius(share: float) -> float:
    above = bisect_right(_SHARES, share)
    (low, inner), (high, outer) = RADII[above - 1], RADII[above]
    return inner + (outer - inner) * (share - low) / (high - low)


def _angle(radius: float, chance: Stream) -> float:
    """An angle in radians, drawn by the density of the arms at this distance."""
    twist = ARM_TWIST * sqrt(radius / 1000)
    while True:
        angle = tau * chance.random()
        density = 1 + ARM_CONTRAST * cos(ARMS * (angle - twist))
        if chance.random() * (1 + ARM_CONTRAST) < density:
            return angle


def _home_name(names: Stream, taken: set[str]) -> str:
    while True:
        letters = "".join(names.choice(LETTERS) for _ in range(2))
        symbol = f"{SECTOR}-{letters}{names.randint(10, 99)}"
        names.random()
        if symbol not in taken:
            return symbol


def _name(chance: Stream, taken: set[str]) -> str:
    patterns, weights = list(NAMES), list(NAMES.values())
    while True:
        pattern = chance.weighted(patterns, weights)
        letters = "".join(chance.choice(LETTERS) for _ in range(pattern.count("A")))
        number = chance.randint(10, 99) if pattern.endswith("99") else chance.randint(1, 9)
        symbol = f"{SECTOR}-{letters}{number}"
        if symbol not in taken:
            return symbol
