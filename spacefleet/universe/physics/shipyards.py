"""Ship prices: the export curve of markets with a trade volume of two.

A ladder of fifteen probes and twenty other recorded prices match to the credit.
"""

from spacefleet.universe.chance import Stream, place, rolls
from spacefleet.universe.rules import UniverseRules
from spacefleet.universe.state import Shipyard, YardShip

from .markets import STEEPNESS, SUPPLY_BOUNDS, half_up

VOLUME = 2


def price(ship: YardShip) -> int:
    level = 4 * 2 ** (-STEEPNESS * ship.net / VOLUME) - 5
    return half_up(ship.base * (1 + level * ship.margin / 100))


def supply(ship: YardShip) -> str:
    level = ship.net / VOLUME
    for bound, label in SUPPLY_BOUNDS:
        if level < bound:
            return label
    return "ABUNDANT"


def margin(chance: Stream) -> int:
    """Whole percent, 8 to 12 in all captured yards."""
    return chance.randint(8, 12)


def start_net(chance: Stream) -> int:
    """Ships above balance at the start: first prices lie at s = 3 to 5, measured."""
    return chance.randint(6, 10)


def tick(yard: Shipyard, number: int, rules: UniverseRules) -> None:
    """One update of a yard: of each type it may finish one ship, up to its ordinary stock."""
    base = place(yard.key, number)
    for index, ship in enumerate(yard.ships.values()):
        if ship.net < ship.rest and rolls(place(base, index))[0] < rules.yard_recovery_chance:
            ship.net += 1
