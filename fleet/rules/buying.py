"""What buying costs: the price of the next tranche, told from the two prices a market shows.

The law stands in `fleet.rules.law`: the two prices of one look tell the last step of the curve, and
with it all that follow. Exchanges hardly move. SpaceTraders 2.3.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from . import law

USUAL_STEP = 0.03  # of the price: the next step where only one of the two prices is known


@dataclass(frozen=True, slots=True)
class Ask:
    """What a market asks for one good: credits a unit, units a trade.

    `receive` is what it would pay us for one, None when only the asking price is known.
    """

    kind: str
    price: float
    trade_volume: int
    receive: float | None = None


def price_after(ask: Ask, units: float) -> float:
    """The price to expect once `units` were bought, in credits."""
    volumes: float = units / max(1, ask.trade_volume)
    if ask.kind == law.EXCHANGE:
        return ask.price * (1 + law.EXCHANGE_BALANCED * volumes)
    gap = _last_step(ask)
    if ask.kind == law.IMPORT:  # a trade volume apart, as what it pays: twice as much
        return ask.price - gap * law.climbed(-volumes) / law.STEP
    return ask.price + gap * law.climbed(volumes)


def _last_step(ask: Ask) -> float:
    """Credits between the price asked and the one a trade volume cheaper."""
    if ask.receive is None:
        return ask.price * USUAL_STEP
    return law.last_step(law.EXPORT, ask.price, ask.receive)


def tranches(ask: Ask, units: int) -> Iterator[tuple[int, float]]:
    """Units and expected price of each trade when `units` are bought here."""
    volume = max(1, ask.trade_volume)
    bought = 0
    while bought < units:
        part = min(volume, units - bought)
        yield part, price_after(ask, bought)
        bought += part


def cost(ask: Ask, units: int) -> int:
    """Credits to expect for buying `units`, with our own impact on the price."""
    return round(sum(part * price for part, price in tranches(ask, units)))


def last_price(ask: Ask, units: int) -> float:
    """The price of the last tranche of `units`."""
    return max((price for _, price in tranches(ask, units)), default=ask.price)


def affordable(units: int, *, price: float, funds: int) -> int:
    """How many of `units` the funds pay at `price`."""
    return max(0, min(units, int(funds // price))) if price > 0 else 0
