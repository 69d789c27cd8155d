"""The galaxy: stars, gates, and what ordinary systems hold."""

from functools import partial
from math import hypot

from .figure import Figure, Span, single
from .laboratory import HOMES, Laboratory

SECTION = "The galaxy"
SNAPSHOT = "live galaxy, July 2026"

COUNTS = (
    ("PLANET", Span(2, 4, 5, 22), 3.3),
    ("MOON", Span(2, 5, 8, 22), 4.7),
    ("GAS_GIANT", Span(0, 1, 3, 22), 1.3),
    ("ORBITAL_STATION", Span(1, 2, 4, 22), 2.3),
    ("FUEL_STATION", Span(2, 2, 3, 22), 2.4),
    ("ASTEROID_BASE", Span(0, 0, 2, 22), 0.8),
    ("ASTEROID", Span(14, 22, 25, 22), 30.7),
)
"""How many an ordinary system with a gate has: captured ones, and the mean of a census."""

SURVEYED = 3000
"""So many systems are drawn in full for this."""


def _lengths(lab: Laboratory) -> list[float]:
    galaxy = lab.galaxy().galaxy
    ends = (
        (galaxy.systems[one], galaxy.systems[other])
        for one, links in galaxy.links.items()
        for other in links
    )
    return [hypot(one.x - other.x, one.y - other.y) for one, other in ends]


def _degrees(lab: Laboratory) -> list[float]:
    return [float(len(links)) for links in lab.galaxy().galaxy.links.values()]


def _gate_share(lab: Laboratory) -> list[float]:
    galaxy = lab.galaxy().galaxy
    return [len(galaxy.links) / len(galaxy.systems)]


def _unfinished(lab: Laboratory) -> list[float]:
    galaxy = lab.galaxy().galaxy
    unfinished = [gate for gate in galaxy.gates if galaxy.waypoints[gate].under_construction]
    return [len(unfinished) / len(galaxy.gates)]


def _radii(lab: Laboratory) -> list[float]:
    return [hypot(system.x, system.y) for system in lab.galaxy().systems.values()]


def _counts(lab: Laboratory, *, kind: str) -> list[float]:
    galaxy = lab.galaxy().galaxy
    systems = list(galaxy.systems.values())[HOMES:SURVEYED]
    return [
        float(sum(place.type == kind for place in system.waypoints.values()))
        for system in systems
        if system.symbol in galaxy.links
    ]


FIGURES = (
    Figure(
        SECTION,
        "length of a gate connection",
        Span(705, 1_230, 2_034, 6_827),
        SNAPSHOT,
        _lengths,
    ),
    Figure(
        SECTION,
        "connections of a gate",
        Span(4, 5, 5, 2_786),
        f"{SNAPSHOT}, charted gates",
        _degrees,
    ),
    Figure(
        SECTION, "share of systems with a gate", single(0.443, 6_996), SNAPSHOT, _gate_share
    ),
    Figure(
        SECTION,
        "share of gates under construction",
        single(0.099, 3_101),
        SNAPSHOT,
        _unfinished,
    ),
    Figure(
        SECTION,
        "distance of a system from the centre",
        Span(11_796, 25_654, 41_203, 6_996),
        SNAPSHOT,
        _radii,
    ),
    *(
        Figure(
            SECTION,
            f"{kind.lower().replace('_', ' ')}s of an ordinary system with a gate",
            recorded,
            f"22 captured systems; {census} on average in a census",
            partial(_counts, kind=kind),
        )
        for kind, recorded, census in COUNTS
    ),
)
