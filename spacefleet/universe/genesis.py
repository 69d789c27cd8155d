"""The galaxy of a seed: homes, the ordinary systems around them, and the gates between."""

from . import gates, home_system, ordinary, stars
from .catalog.factions import FACTIONS
from .chance import Stream
from .galaxy import Galaxy, Options
from .rules import UniverseRules
from .state import System

FACTION_SEAT = 2
"""Every so many-th ordinary system belongs to a faction; guess, the live share is not known."""


def generate(
    *, seed: object, start: int, rules: UniverseRules, options: Options | None = None
) -> Galaxy:
    options = options or Options()
    if options.homes < 1:
        raise ValueError("homes must be at least 1")
    if options.others < 0:
        raise ValueError("others cannot be below zero")
    galaxy = Galaxy(seed=seed, start=start, rules=rules)
    factions = _by_need()
    count = options.homes + options.others
    for number, star in enumerate(stars.scatter(count, homes=options.homes, seed=seed)):
        is_home = number < options.homes
        faction: str | None = factions[number % len(factions)]
        if not is_home and (number - options.homes) % FACTION_SEAT:
            faction = None
        system = System(
            star.symbol,
            star.type,
            star.x,
            star.y,
            [faction] if faction else [],
            home_of=faction if is_home else None,
        )
        if is_home:
            system.drawn_by = home_system.drawing(galaxy, system, options)
        else:
            system.drawn_by = ordinary.drawing(galaxy, system, gate=star.gate)
        galaxy.systems[star.symbol] = system
        if star.gate:
            galaxy.links[star.symbol] = []
    gates.connect(galaxy, chance=Stream(seed, "gates"))
    return galaxy


def _by_need() -> list[str]:
    """Factions, those that take new agents first."""
    return sorted(FACTIONS, key=lambda symbol: not FACTIONS[symbol].recruiting)
