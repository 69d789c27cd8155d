"""Contracts, ships, charts, jumps."""

from spacefleet.universe.catalog.goods import GOODS
from spacefleet.universe.chance import place
from spacefleet.universe.physics import charts, contracts, shipyards

from .figure import Figure, Span, single
from .laboratory import Laboratory

SECTION = "Contracts, ships, charts, jumps"
DEALS = "fourteen contracts of 2025 and 2026"

CENSUS = {
    "ASTEROID": 75_535,
    "MOON": 11_516,
    "PLANET": 8_192,
    "FUEL_STATION": 5_872,
    "ORBITAL_STATION": 5_561,
    "GAS_GIANT": 3_102,
    "JUMP_GATE": 2_458,
    "ASTEROID_BASE": 1_899,
}
"""Charted waypoints of two eras, by type."""


def _payment(lab: Laboratory) -> list[float]:
    chance = lab.chance("contracts")
    found = []
    for good in (good for good in GOODS.values() if good.base > 100):
        terms = contracts.negotiated(base=good.base, volume=good.volume, chance=chance)
        found.append((terms.on_accepted + terms.on_fulfilled) / terms.units / good.base)
    return found


def _advance(lab: Laboratory) -> list[float]:
    chance = lab.chance("advances")
    deals = [contracts.negotiated(base=2_000, volume=20, chance=chance) for _ in range(500)]
    return [100 * deal.on_accepted / (deal.on_accepted + deal.on_fulfilled) for deal in deals]


def _units(lab: Laboratory) -> list[float]:
    chance = lab.chance("units")
    deals = [contracts.negotiated(base=60, volume=60, chance=chance) for _ in range(999)]
    return [float(deal.units) for deal in deals]


def _first_prices(lab: Laboratory) -> list[float]:
    ships = [ship for yard in lab.yards() for ship in yard.ships.values()]
    return [shipyards.price(ship) / ship.base for ship in ships]


def _completion(lab: Laboratory) -> list[float]:
    return [lab.rules.tick_minutes / 60 / lab.rules.yard_recovery_chance]


def _mean_chart(lab: Laboratory) -> list[float]:
    """The mean over the census, one place in five."""
    total = sum(
        charts.reward(kind, place(1, number), lab.rules)
        for kind, count in CENSUS.items()
        for number in range(count // 5)
    )
    return [total / sum(count // 5 for count in CENSUS.values())]


def _largest_chart(lab: Laboratory) -> list[float]:
    rewards = [charts.reward("PLANET", place(2, number), lab.rules) for number in range(99_999)]
    return [float(max(rewards))]


def _jump_fees(lab: Laboratory) -> list[float]:
    antimatter = GOODS["ANTIMATTER"].base
    return [float(q.pay) for q in lab.quotes("EXCHANGE", 72) if q.base == antimatter]


FIGURES = (
    Figure(
        SECTION,
        "negotiated contract, payment per unit / base price",
        Span(1.90, 2.25, 2.66, 14),
        DEALS,
        _payment,
        extent=True,
    ),
    Figure(
        SECTION,
        "negotiated contract, percent in advance",
        Span(20, 25, 30, 14),
        DEALS,
        _advance,
        extent=True,
    ),
    Figure(
        SECTION,
        "negotiated contract, units of a bulk good",
        Span(24, 47, 212, 14),
        DEALS,
        _units,
        "small contracts are commoner",
        extent=True,
    ),
    Figure(
        SECTION,
        "first price of a ship / base price",
        Span(0.663, 0.693, 0.743, 13),
        "six yards of AD75 and PD33",
        _first_prices,
    ),
    Figure(
        SECTION,
        "hours until a yard has completed another ship",
        None,
        "the one yard that was left alone, for 9.6 hours, had completed none",
        _completion,
        "the chance of a tick",
    ),
    Figure(
        SECTION,
        "mean reward of a chart, over the places of a census",
        single(15_600),
        "two players' logs",
        _mean_chart,
        "the tail of rare places",
    ),
    Figure(
        SECTION,
        "largest reward among 100,000 planets",
        None,
        "the largest that was told of: 8,000,000",
        _largest_chart,
        "the tail of rare places",
    ),
    Figure(
        SECTION,
        "fee of a jump from an untouched gate",
        Span(3_816, 5_504, 19_409),
        "jumps of July 2026, mean 5,930",
        _jump_fees,
        "traffic of other players is what moves it",
        extent=True,
    ),
)
