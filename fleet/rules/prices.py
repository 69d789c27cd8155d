"""The price law, as far as a visitor can use it: what the next tranche brings.

In the game a market's price follows its net supply in units of the trade volume: each full
volume sold into an import market moves the exponent by one, and successive price steps grow by
2^0.3. Exchanges hardly move. Recovered from recorded prices of 2025 and 2026.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

STEP = 2.0**0.3  # growth of successive price steps, measured
MARGIN = 8  # percent of the base price a market moves by at most five times, typical
NEUTRAL_PREMIUM = {
    "SCARCE": 4.25,
    "LIMITED": 2.7,
    "MODERATE": 0.9,
    "HIGH": -2.0,
    "ABUNDANT": -5,
}
LEAST = 0.05  # share of the base price below which the law is not followed; a guess
EXCHANGE_DROP = 0.002  # share of the price an exchange loses per trade volume sold; an estimate


@dataclass(frozen=True, slots=True)
class Quote:
    """What a market shows for one good: credits a unit and units a trade."""

    kind: str
    price: int
    trade_volume: int
    supply: str = ""


def tranches(quote: Quote, units: int) -> Iterator[tuple[int, int]]:
    """Units and expected price of each trade when `units` are sold into this quote.

    The first trade is at the quoted price; what follows is the law's estimate, never below 1.
    """
    price: float = quote.price
    volume = max(1, quote.trade_volume)
    sold = 0
    while sold < units:
        part = min(volume, units - sold)
        yield part, max(1, round(price))
        price = after_selling(quote, price=price, units=part, sold=sold)
        sold += part


def after_selling(quote: Quote, *, price: float, units: int, sold: int = 0) -> float:
    """The price to expect once `units` were sold at `price`; `sold` went before, since the quote
    was seen."""
    volume = max(1, quote.trade_volume)
    if quote.kind == "EXCHANGE":
        return price * (1 - EXCHANGE_DROP * units / volume)
    # bid = base (1 + (5 - 4·2^(0.3 s)) M): with x = 4·2^(0.3 s) = 5 - premium, one volume
    # multiplies x by 2^0.3.
    start = 5 - NEUTRAL_PREMIUM.get(quote.supply, 0.9)
    before = start * math.pow(STEP, sold / volume)
    after = start * math.pow(STEP, (sold + units) / volume)
    return max(1.0, price * _level(after) / _level(before))


def _level(x: float) -> float:
    """A price as a share of the good's base price, never below LEAST."""
    return max(LEAST, 1 + (5 - x) * MARGIN / 100)


def proceeds(quote: Quote, units: int) -> int:
    """Credits to expect for selling `units` here, with our own impact on the price."""
    return sum(part * price for part, price in tranches(quote, units))
