"""What a market is worth to a load: its price now, the ladder below it, and the way there."""

from collections.abc import Iterator
from dataclasses import dataclass

from fleet.rules import prices as law

OLDEST = 12.0  # hours after which a price counts no less for being still older
LEAST_TRUST = 0.3  # share of an old price that is believed at the least; a guess


@dataclass(frozen=True, slots=True)
class Offer:
    """One market's last seen prices of a good, and what happened there since.

    `age` is in game hours; `sold` are the units we sold there since, or are about to, less what
    we bought.
    """

    waypoint: str
    good: str
    quote: law.Quote
    age: float
    sold: float = 0.0

    @property
    def shift(self) -> float:
        """Units in which the market differs from what we saw: ours, less what was consumed."""
        return self.sold - law.recovered(self.quote, min(self.age, OLDEST))

    def price(self) -> float:
        """Credits a unit we expect to receive there now."""
        return law.curve(self.quote).price(self.shift)

    def ladder(self, units: int) -> Iterator[tuple[int, int]]:
        """Units and expected price of each trade."""
        return law.tranches(self.quote, units, sold=self.shift)


@dataclass(frozen=True, slots=True)
class Costs:
    """What a trip costs besides time: credits of fuel, and of the requests it takes."""

    fuel: float = 0.0
    request: float = 0.0  # credits that another request would have brought
    requests: int = 4  # of a trip, without the trades: dock, orbit, flight, a look


def trust(age: float, discount: int) -> float:
    """The share of a price seen `age` hours ago that we count on; `discount` percent an hour."""
    return max(LEAST_TRUST, 1 - discount / 100 * min(age, OLDEST))


def gross(offer: Offer, units: int, *, discount: int = 0) -> float:
    """Credits for `units` there, own impact and price age counted."""
    brought = sum(part * price for part, price in offer.ladder(units))
    return brought * trust(offer.age, discount)


def net(offer: Offer, units: int, costs: Costs, *, discount: int = 0) -> float:
    """What remains of that after fuel and requests; the trades are requests too."""
    trades = -(-units // max(1, offer.quote.trade_volume))
    spent = costs.fuel + costs.request * (costs.requests + trades)
    return gross(offer, units, discount=discount) - spent


def worthwhile(offer: Offer, units: int, *, wait: float, discount: int, inflow: float) -> int:
    """How many of `units` to sell there now, a trade volume at a time, rather than later.

    A trade that waits `wait` hours finds the price that consumers have let rise again by then,
    less what `inflow` units an hour press it; of that, `discount` percent are lost by waiting.
    """
    curve = law.curve(offer.quote)
    rises = max(
        0.0,
        law.recovered(offer.quote, offer.age + wait) - law.recovered(offer.quote, offer.age),
    )
    done = 0
    for part, price in offer.ladder(units):
        later = curve.price(offer.shift + done - max(0.0, rises - inflow * wait))
        if price < round(later * (1 - discount / 100)):
            break
        done += part
    return done
