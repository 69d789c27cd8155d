"""Which trips pay: known fresh prices of a system, flights between its markets, lanes in use."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from fleet.models import Agent, MarketGood, Ship
from fleet.rules import curves, travel
from fleet.services import navigation
from sales.models import TradeLot
from sales.params import TradingParams
from sales.rules import trading
from sales.rules.trading import Barred, Choice, Terms, Way
from spacefleet import clock

FUEL = "FUEL"  # what is bought of it goes into the tank, so it is no cargo of ours
A_TRADE = 2.0  # game seconds a request takes, docking and looking included
SHUTTLE = (40, 15, 300)  # hold, speed and tank of a light shuttle, until a yard tells
SYSTEMS = 8  # star systems whose flights are remembered at once

Flights = dict[tuple[str, str, int, int], Way | None]
_flights: OrderedDict[tuple[travel.Place, ...], Flights] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Atlas:
    """What is known of the markets of a system: fresh quotes, markets never seen, and quotes too
    old to be an opinion."""

    fresh: dict[str, dict[str, curves.Quote]]
    unseen: dict[str, set[str]]
    stale: dict[str, dict[str, curves.Quote]]


def atlas(agent: Agent, system: str, *, max_age: float) -> Atlas:
    """All markets of a system, by the age of their prices in game seconds; one query."""
    found = Atlas({}, {}, {})
    at = clock.now()
    rows = MarketGood.objects.filter(
        waypoint__era=agent.era_id, waypoint__system=system
    ).exclude(good=FUEL)
    for symbol, good, kind, pay, receive, volume, seen_at in rows.values_list(
        "waypoint__symbol",
        "good",
        "kind",
        "we_pay",
        "we_receive",
        "trade_volume",
        "seen_at",
    ).order_by("waypoint__symbol", "good"):
        if pay is None or receive is None or not volume or seen_at is None:
            found.unseen.setdefault(symbol, set()).add(good)
            continue
        book = found.fresh if clock.elapsed(seen_at, at) <= max_age else found.stale
        book.setdefault(symbol, {})[good] = curves.Quote(kind, pay, receive, volume)
    return found


@dataclass(slots=True)
class Hull:
    """A ship as the planner of trips sees it; where it is, None for wherever the trip begins."""

    era: int
    system: str
    fuel_capacity: int
    speed: int
    ship: Ship | None = None
    _memory: Flights = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._memory = _remembered(tuple(navigation.places_of(self.era, self.system).values()))

    def way(self, origin: str, to: str) -> Way | None:
        """The flight with a full tank; positions never change, so it is computed once."""
        key = (origin, to, self.fuel_capacity, self.speed)
        if key not in self._memory:
            self._memory[key] = self._planned(origin, to)
        return self._memory[key]

    def _planned(self, origin: str, to: str) -> Way | None:
        known = navigation.places_of(self.era, self.system)
        if origin not in known or to not in known:
            return None
        tank = self.fuel_capacity
        route = travel.plan(
            known,
            origin=origin,
            destination=to,
            fuel_now=tank,
            capacity=tank,
            speed=self.speed,
        )
        return _way(route)

    def approach(self, to: str) -> Way | None:
        """The flight to where a trip begins."""
        if self.ship is None:
            return Way(0, 0, 0)
        places = navigation.places_of(self.era, self.system)
        here = places.get(self.ship.waypoint)
        if here is None or here.fuel:  # the tank is filled before it leaves
            return self.way(self.ship.waypoint, to)
        return _way(navigation.route(self.ship, to))


def hull(ship: Ship) -> Hull:
    return Hull(ship.agent.era_id, ship.system, ship.fuel_capacity, ship.speed, ship)


def _way(route: travel.Route | None) -> Way | None:
    return Way(route.seconds, route.fuel, len(route.hops)) if route else None


def _remembered(places: tuple[travel.Place, ...]) -> Flights:
    """The flights among these places; the systems used last are kept."""
    flights = _flights.setdefault(places, {})
    _flights.move_to_end(places)
    while len(_flights) > SYSTEMS:
        _flights.popitem(last=False)
    return flights


@dataclass(frozen=True, slots=True)
class InUse:
    """What ships of ours are trading or leave alone, and the credits planned for purchases."""

    barred: Barred
    committed: int


def in_use(agent: int, *, at: datetime, aboard: Iterable[str] = ()) -> InUse:
    """Lanes that other ships are at, and lanes that rest; goods aboard are nobody's trade."""
    origins, destinations, lanes = set(), set(), set()
    committed = 0
    rows = TradeLot.objects.filter(agent=agent).filter(
        Q(ended_at__isnull=True) | Q(rest_until__gt=at)
    )
    for good, origin, destination, cost, ended, bought in rows.values_list(
        "good", "origin", "destination", "expected_cost", "ended_at", "run__bought_at"
    ):
        if ended is not None:
            lanes.add((good, origin, destination))
            continue
        origins.add((good, origin))
        destinations.add((good, destination))
        committed += 0 if bought else cost
    barred = Barred(lanes, origins, destinations, {FUEL, *aboard})
    return InUse(barred, committed)


def terms(params: TradingParams, *, room: int, budget: float) -> Terms:
    return Terms(room, budget, params.request_worth, params.margin, 8 * A_TRADE)


def choices(hull: Hull, known: Atlas, used: InUse, terms: Terms) -> list[Choice]:
    """Trips that gain by fresh prices, the best first."""
    return trading.choices(
        known.fresh, approach=hull.approach, way=hull.way, terms=terms, barred=used.barred
    )


@dataclass(frozen=True, slots=True)
class Look:
    """A market nobody has seen that would tell of lanes: game seconds away."""

    waypoint: str
    seconds: int


def look(hull: Hull, known: Atlas) -> Look | None:
    """The nearest market without prices that trades what others trade as well."""
    traded: dict[str, int] = {}
    for goods in (*known.fresh.values(), *known.stale.values(), *known.unseen.values()):
        for good in goods:
            traded[good] = traded.get(good, 0) + 1
    ways = [
        (way.seconds, symbol)
        for symbol, goods in known.unseen.items()
        if symbol not in known.fresh
        and symbol not in known.stale
        and any(traded[good] > 1 for good in goods)
        and (way := hull.approach(symbol)) is not None
    ]
    if not ways:
        return None
    seconds, symbol = min(ways)
    return Look(symbol, seconds)
