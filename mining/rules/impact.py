"""What the next units of a good will bring once those already dug are sold."""

from collections.abc import Sequence
from dataclasses import dataclass

from fleet.rules.prices import Quote, after_selling

STEP = 20  # units that go to a market before the next best is looked for


@dataclass(slots=True)
class _Buyer:
    quote: Quote
    price: float
    sold: int = 0

    def take(self, units: int) -> float:
        """Sell so many; what they bring, at the price before."""
        credits = units * self.price
        self.price = after_selling(self.quote, price=self.price, units=units, sold=self.sold)
        self.sold += units
        return credits


def next_units(quotes: Sequence[Quote], units: int, *, ahead: int) -> float:
    """Credits a unit of `units` more, once `ahead` units of ours were sold where they bring most.

    0 without a buyer.
    """
    if not quotes or units <= 0:
        return 0.0
    buyers = [_Buyer(quote, float(quote.price)) for quote in quotes]
    while ahead > 0:
        part = min(STEP, ahead)
        _best(buyers).take(part)
        ahead -= part
    total, left = 0.0, units
    while left > 0:
        part = min(STEP, left)
        total += _best(buyers).take(part)
        left -= part
    return total / units


def _best(buyers: list[_Buyer]) -> _Buyer:
    return max(buyers, key=lambda each: each.price)
