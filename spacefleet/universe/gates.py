"""The network of jump gates: connected, undirected, a handful of connections each.

Joining all gates by their shortest connections and then adding short ones until every gate has
the number drawn for it gives, on the stars of the live galaxy, the lengths of the live network
(median 1,236 against 1,230 measured, quartiles 710 and 2,020 against 705 and 2,034).
"""

from math import hypot

from .chance import Stream
from .galaxy import Galaxy

DEGREES = {1: 9, 2: 103, 3: 468, 4: 855, 5: 770, 6: 383, 7: 150, 8: 41, 9: 7}
"""How many charted live gates have so many connections."""

MOST = 9
LONGEST = 6422
"""Most connections of a live gate, and the longest of them. A connection that keeps the network
whole may be longer."""

NEIGHBOURS = 12
"""So many nearest gates are considered for each."""

CELL = 2_000

Pairs = list[tuple[float, str, str]]
Spots = dict[str, tuple[int, int]]


def connect(galaxy: Galaxy, *, chance: Stream) -> None:
    """Join all gates into one network, then add short connections until degrees look right."""
    spots = {
        symbol: (galaxy.systems[symbol].x, galaxy.systems[symbol].y) for symbol in galaxy.links
    }
    pairs = _join_all(spots, galaxy.links)
    degrees, weights = [str(degree) for degree in DEGREES], list(DEGREES.values())
    wanted = {gate: int(chance.weighted(degrees, weights)) for gate in spots}
    network = galaxy.links
    for length, a, b in pairs:
        wants = len(network[a]) < wanted[a] and len(network[b]) < wanted[b]
        if wants and length <= LONGEST and b not in network[a]:
            _link(network, a, b)
    for links in network.values():
        links.sort()


def _join_all(spots: Spots, network: dict[str, list[str]]) -> Pairs:
    """The shortest connections that leave no gate alone (Kruskal); the pairs considered."""
    neighbours = NEIGHBOURS
    group = {gate: gate for gate in spots}

    def root(gate: str) -> str:
        while group[gate] != gate:
            group[gate] = group[group[gate]]
            gate = group[gate]
        return gate

    apart = len(spots)
    while True:
        pairs = _nearest(spots, neighbours)
        for _, a, b in pairs:
            first, second = root(a), root(b)
            if first != second and len(network[a]) < MOST and len(network[b]) < MOST:
                group[first] = second
                _link(network, a, b)
                apart -= 1
        if apart <= 1 or neighbours >= len(spots):
            return pairs
        neighbours *= 2


def _nearest(spots: Spots, count: int) -> Pairs:
    """Pairs of gates one of which is among the `count` nearest of the other, shortest first."""
    grid: dict[tuple[int, int], list[str]] = {}
    for gate, (x, y) in spots.items():
        grid.setdefault((x // CELL, y // CELL), []).append(gate)
    pairs = set()
    for gate in spots:
        for length, other in _around(gate, spots, grid, count):
            pairs.add((length, *sorted((gate, other))))
    return sorted(pairs)  # type: ignore[arg-type]


def _around(
    gate: str, spots: Spots, grid: dict[tuple[int, int], list[str]], count: int
) -> list[tuple[float, str]]:
    """The `count` nearest gates: of so many cells around that enough are found."""
    x, y = spots[gate]
    column, row = x // CELL, y // CELL
    reach = 1 if len(spots) > count else len(spots)
    while True:
        side = range(-reach, reach + 1)
        cells = [(column + i, row + j) for i in side for j in side] if reach < 8 else grid
        near = [other for cell in cells for other in grid.get(cell, ()) if other != gate]
        if len(near) >= count or reach >= 8:
            break
        reach += 1
    return sorted((hypot(spots[other][0] - x, spots[other][1] - y), other) for other in near)[
        :count
    ]


def _link(network: dict[str, list[str]], a: str, b: str) -> None:
    network[a].append(b)
    network[b].append(a)
