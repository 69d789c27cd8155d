"""How much trading there is to do: the trips one hull would fly until nothing pays any more."""

from dataclasses import dataclass

from fleet.rules import curves
from fleet.rules.curves import Quote

from . import trading
from .trading import Barred, Book, Flight, Load, Pair, Terms, Trip

Ends = tuple[str, str]  # origin and destination


@dataclass(frozen=True, slots=True)
class Backlog:
    """Trips one after the other, as prices stand now: game seconds and net credits of each."""

    trips: tuple[tuple[float, float], ...] = ()

    @property
    def seconds(self) -> float:
        return sum(seconds for seconds, _ in self.trips)

    @property
    def net(self) -> float:
        return sum(net for _, net in self.trips)

    def after(self, seconds: float) -> float:
        """Net credits of what is left once so many seconds were flown."""
        left, flown = 0.0, 0.0
        for took, net in self.trips:
            share = min(1.0, max(0.0, flown + took - seconds) / took)
            left, flown = left + net * share, flown + took
        return left

    @property
    def per_hour(self) -> float:
        return self.net * trading.HOUR / self.seconds if self.seconds else 0.0


def backlog(
    book: Book,
    *,
    way: Flight,
    terms: Terms,
    barred: Barred,
    least_per_hour: float,
    horizon: float,
) -> Backlog:
    """Fly the best trip, let it move the prices, fly the next, for `horizon` seconds at most.

    Nothing recovers meanwhile, so this is what there is, not what will come.
    """
    shelf = {market: dict(goods) for market, goods in book.items()}
    offered = {
        ends: [pair.good for pair in found]
        for ends, found in trading.pairs(book, barred).items()
    }
    loads = {ends: _load(shelf, ends, goods, terms) for ends, goods in offered.items()}
    flown: list[tuple[float, float]] = []
    spent, place = 0.0, ""
    while spent < horizon:
        best = _best(loads, place, way, terms)
        if best is None or best.per_hour(terms.request_worth) < least_per_hour:
            break
        _trade(shelf, best)
        touched = {best.origin, best.destination}
        for ends, goods in offered.items():
            if touched.intersection(ends):
                loads[ends] = _load(shelf, ends, goods, terms)
        flown.append((best.seconds, best.net))
        spent, place = spent + best.seconds, best.destination
    return Backlog(tuple(flown))


def _load(
    shelf: dict[str, dict[str, Quote]], ends: Ends, goods: list[str], terms: Terms
) -> Load:
    origin, destination = (shelf[market] for market in ends)
    return trading.load([Pair(good, origin[good], destination[good]) for good in goods], terms)


def _best(loads: dict[Ends, Load], place: str, way: Flight, terms: Terms) -> Trip | None:
    """The trip that nets most an hour from here; the first one begins wherever it does."""
    paying = {ends: carried for ends, carried in loads.items() if carried.gain > 0}
    found = trading.trips(
        paying, approach=lambda to: way(place or to, to), way=way, terms=terms
    )
    rates = (
        (each.per_hour(terms.request_worth), each.origin, each.destination, each)
        for each in found
    )
    return max(rates, key=lambda each: each[:3])[3] if found else None


def _trade(shelf: dict[str, dict[str, Quote]], done: Trip) -> None:
    """What a trip leaves of the prices on both sides."""
    for lot in done.load.lots:
        origin, destination = shelf[done.origin], shelf[done.destination]
        origin[lot.good] = curves.after(origin[lot.good], lot.units)
        destination[lot.good] = curves.after(destination[lot.good], -lot.units)
