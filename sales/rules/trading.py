"""What to carry from where to where: loads integrated over both price curves, and trips.

Buying makes the next tranche dearer and selling makes the next one cheaper, so a load grows by
the piece whose gain is greatest as long as there is one. Trips are ranked by what they net an
hour, less what their requests would be worth elsewhere.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from functools import partial
from math import floor

from fleet.rules import curves
from fleet.rules.curves import Quote

FUEL_CREDITS = 0.72  # credits a unit of ship fuel: a market unit of 100 is about 72 credits
REQUESTS_A_HOP = 2  # orbit and navigate
REQUESTS_A_STOP = 3  # dock, look, and now and then refuel

HOUR = 3600.0

Lane = tuple[str, str, str]  # good, origin, destination


@dataclass(frozen=True, slots=True)
class Pair:
    """One good that is bought at one market and sold at another."""

    good: str
    buy: Quote
    sell: Quote


@dataclass(frozen=True, slots=True)
class Lot:
    """So many units of one good, what they cost and bring, and in how many trades."""

    good: str
    units: int = 0
    cost: float = 0.0
    proceeds: float = 0.0
    trades: int = 0

    def with_piece(self, piece: "Piece") -> "Lot":
        return Lot(
            self.good,
            self.units + piece.units,
            self.cost + piece.units * piece.pay,
            self.proceeds + piece.units * piece.receive,
            self.trades + piece.trades,
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """The next units of a good that share one price on both sides."""

    units: int
    pay: float
    receive: float
    trades: int

    @property
    def gain(self) -> float:
        return self.receive - self.pay


@dataclass(frozen=True, slots=True)
class Load:
    """What one trip carries."""

    lots: tuple[Lot, ...] = ()

    @property
    def cost(self) -> float:
        return sum(lot.cost for lot in self.lots)

    @property
    def proceeds(self) -> float:
        return sum(lot.proceeds for lot in self.lots)

    @property
    def trades(self) -> int:
        return sum(lot.trades for lot in self.lots)

    @property
    def gain(self) -> float:
        return self.proceeds - self.cost


@dataclass(frozen=True, slots=True)
class Terms:
    """By what a load is judged.

    Units of room, credits to spend, credits a request is worth elsewhere, and the percent of
    its price a unit must gain to be carried: prices move while a ship is under way.
    """

    room: int
    budget: float
    request_worth: float = 0.0
    margin: float = 0.0
    handling: float = 0.0


@dataclass(frozen=True, slots=True)
class Way:
    """A flight: game seconds, units of ship fuel, and hops."""

    seconds: int
    fuel: int
    hops: int


Approach = Callable[[str], Way | None]
Flight = Callable[[str, str], Way | None]


@dataclass(frozen=True, slots=True)
class Trip:
    """Fly to `origin`, buy the load, fly to `destination`, sell it."""

    origin: str
    destination: str
    load: Load
    seconds: float
    fuel: int
    requests: int

    @property
    def net(self) -> float:
        """Credits, after our own impact on both sides and fuel."""
        return self.load.gain - self.fuel * FUEL_CREDITS

    def worth(self, request_worth: float) -> float:
        """Net credits less what its requests would bring elsewhere."""
        return self.net - request_worth * self.requests

    def per_hour(self, request_worth: float) -> float:
        return self.worth(request_worth) * HOUR / self.seconds


def load(pairs: Iterable[Pair], terms: Terms) -> Load:
    """The most profitable load of these goods: piece by piece, the greatest gain a unit first."""
    open_pairs = {pair.good: pair for pair in pairs}
    lots = {good: Lot(good) for good in open_pairs}
    room, budget = terms.room, terms.budget
    while room > 0 and open_pairs:
        pieces = {
            good: piece
            for good, pair in open_pairs.items()
            if (piece := _piece(pair, lots[good].units, room, budget, terms))
        }
        if not pieces:
            break
        good = max(pieces, key=lambda each: (_worth(pieces[each], terms), each))
        piece = pieces[good]
        lots[good] = lots[good].with_piece(piece)
        room -= piece.units
        budget -= piece.units * piece.pay
        open_pairs = {each: open_pairs[each] for each in pieces}
    return Load(tuple(lot for lot in lots.values() if lot.units))


def _piece(pair: Pair, carried: int, room: int, budget: float, terms: Terms) -> Piece | None:
    """What comes after `carried` units of a good, None when it does not pay or cannot be paid."""
    bought, sold = carried % pair.buy.volume, carried % pair.sell.volume
    pay = curves.paying(pair.buy, carried - bought)
    receive = curves.receiving(pair.sell, carried - sold)
    units = min(
        pair.buy.volume - bought, pair.sell.volume - sold, room, floor(budget / max(1.0, pay))
    )
    if units <= 0:
        return None
    piece = Piece(units, pay, receive, (not bought) + (not sold))
    return piece if _worth(piece, terms) > 0 else None


def _worth(piece: Piece, terms: Terms) -> float:
    """Gain of a unit, less its margin and its part of the requests."""
    spent = terms.request_worth * piece.trades / piece.units
    return piece.gain - piece.pay * terms.margin / 100 - spent


def trip(
    origin: str, destination: str, carried: Load, *, there: Way, on: Way, terms: Terms
) -> Trip:
    """A load with the flights it needs."""
    hops = there.hops + on.hops
    return Trip(
        origin,
        destination,
        carried,
        max(1.0, there.seconds + on.seconds + terms.handling),
        there.fuel + on.fuel,
        carried.trades + REQUESTS_A_HOP * hops + 2 * REQUESTS_A_STOP,
    )


Book = Mapping[str, Mapping[str, Quote]]  # market → good → what it shows


@dataclass(frozen=True, slots=True)
class Barred:
    """What may not be traded: whole lanes that rest, and sides another ship is at.

    Two ships that buy one good at one market, or sell it at one, spoil each other's prices.
    """

    lanes: Set[Lane] = frozenset()
    origins: Set[tuple[str, str]] = frozenset()
    destinations: Set[tuple[str, str]] = frozenset()
    goods: Set[str] = frozenset()

    def bars(self, good: str, origin: str, destination: str) -> bool:
        return (
            good in self.goods
            or (good, origin) in self.origins
            or (good, destination) in self.destinations
            or (good, origin, destination) in self.lanes
        )


def pairs(book: Book, barred: Barred) -> dict[tuple[str, str], list[Pair]]:
    """By origin and destination: every good that is cheaper here than what it brings there."""
    sellers: dict[str, list[tuple[str, Quote]]] = {}
    for market, goods in book.items():
        for good, quote in goods.items():
            if quote.kind != curves.IMPORT:
                sellers.setdefault(good, []).append((market, quote))
    found: dict[tuple[str, str], list[Pair]] = {}
    for market, goods in book.items():
        for good, sell in goods.items():
            if sell.kind == curves.EXPORT:
                continue
            for origin, buy in sellers.get(good, ()):
                gains = sell.we_receive > buy.we_pay and origin != market
                if gains and not barred.bars(good, origin, market):
                    found.setdefault((origin, market), []).append(Pair(good, buy, sell))
    return found


@dataclass(frozen=True, slots=True)
class Choice:
    """A trip, and what it nets an hour together with the best one to go on with from there."""

    trip: Trip
    per_hour: float


def choices(
    book: Book, *, approach: Approach, way: Flight, terms: Terms, barred: Barred
) -> list[Choice]:
    """Every trip that gains anything, the most net credits an hour first.

    What follows counts, so that a rich market far away is worth what its way back brings.
    """
    loads = {
        lane: carried
        for lane, goods in pairs(book, barred).items()
        if (carried := load(goods, terms)).gain > 0
    }
    follow = {
        end: trips(loads, approach=partial(way, end), way=way, terms=terms)
        for end in {destination for _, destination in loads}
    }
    found = [
        Choice(first, _with_next(first, follow[first.destination], terms.request_worth))
        for first in trips(loads, approach=approach, way=way, terms=terms)
    ]
    return sorted(
        found, key=lambda each: (-each.per_hour, each.trip.origin, each.trip.destination)
    )


def trips(
    loads: Mapping[tuple[str, str], Load], *, approach: Approach, way: Flight, terms: Terms
) -> list[Trip]:
    """These loads with their flights, where there are any."""
    return [
        trip(origin, destination, carried, there=there, on=on, terms=terms)
        for (origin, destination), carried in loads.items()
        if (there := approach(origin)) and (on := way(origin, destination))
    ]


def _with_next(first: Trip, following: Iterable[Trip], request_worth: float) -> float:
    """Net credits an hour of a trip and the best that follows; alone if nothing better does."""
    alone = first.per_hour(request_worth)
    net, seconds = first.worth(request_worth), first.seconds
    lane = (first.origin, first.destination)
    rates = [
        (net + each.worth(request_worth)) * HOUR / (seconds + each.seconds)
        for each in following
        if (each.origin, each.destination) != lane
    ]
    return max(rates, default=alone)
