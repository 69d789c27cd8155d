"""Where goods are bought, and which market nets most after our own impact, fuel and time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fleet.models import Agent, MarketGood, Ship
from fleet.rules import travel
from fleet.services import navigation, parameters
from sales.params import SaleParams, TraderParams
from sales.rules import outlets as worth
from sales.rules.outlets import Costs, Offer
from spacefleet import clock

from . import markets, pace

HANDLING = 120.0  # game seconds of docking and trading that every outlet costs
FUEL_CREDITS = 0.72  # credits a unit of ship fuel: a market unit of 100 is about 72 credits
ONLY_NEARBY = 3  # of buyers that nobody has a price of, so many are looked up


@dataclass(frozen=True, slots=True)
class Outlet:
    """A market for a load: net credits, flight in game seconds, and why it.

    `expected` are the credits the trades bring, `price` is that of the first of them.
    """

    waypoint: str
    proceeds: int
    seconds: int
    why: str
    expected: int = 0
    price: int = 0
    age: int = 0
    units: int = 0

    @property
    def mean_price(self) -> int | None:
        """Credits a unit over the whole load, own impact counted; None when nobody knows."""
        return round(self.expected / self.units) if self.units and self.expected else None

    def as_row(self) -> dict[str, Any]:
        return {
            "market": self.waypoint,
            "net": self.proceeds,
            "price": self.price,
            "minutes": round(self.seconds / 60),
            "age": round(self.age / 60),
        }


def best_for(ship: Ship, load: Mapping[str, int] | None = None) -> Outlet | None:
    """The market where the ship's load (what is aboard by default) earns most per second.

    Prices after our own impact, less fuel and requests, over flight and handling. Where nobody
    has seen a price, the nearest market that lists one of the goods: prices there are read before
    selling. None only without a way to any buyer.
    """
    goods = dict(load if load is not None else ship.cargo)
    found = _known(ship, goods)
    params = parameters.resolve(SaleParams, "sales", ship=ship)
    if params.stay_home and found:
        return min(found, key=lambda each: (each.seconds, each.waypoint))
    worthy = [outlet for outlet in found if outlet.proceeds > 0]
    if worthy:
        return max(worthy, key=lambda each: each.proceeds / (each.seconds + HANDLING))
    return _unseen(ship, goods) or _least_loss(found)


def _least_loss(found: Collection[Outlet]) -> Outlet | None:
    """Where a load that pays for no trip costs least: it must leave the hold all the same."""
    return max(found, key=lambda each: (each.proceeds, each.waypoint), default=None)


def _known(ship: Ship, goods: Mapping[str, int]) -> list[Outlet]:
    params = parameters.resolve(SaleParams, "sales", ship=ship)
    known = markets.offers(ship.agent.era_id, ship.system, sorted(goods), at=clock.now())
    by_market: dict[str, list[Offer]] = {}
    for offers in known.values():
        for offer in offers:
            by_market.setdefault(offer.waypoint, []).append(offer)
    found = []
    for waypoint, here in sorted(by_market.items()):
        route = navigation.route(ship, waypoint)
        if route is not None:
            found.append(_outlet(waypoint, here, goods, route, params))
    return found


def _outlet(
    waypoint: str,
    here: Sequence[Offer],
    goods: Mapping[str, int],
    route: travel.Route,
    params: SaleParams,
) -> Outlet:
    costs = Costs(fuel=0.0, request=params.request_worth, requests=0)
    parts = [
        worth.net(offer, goods[offer.good], costs, discount=params.age_discount)
        for offer in here
    ]
    trip = route.fuel * FUEL_CREDITS + params.request_worth * (2 + 2 * len(route.hops))
    net = round(sum(parts) - trip)
    return Outlet(waypoint, net, route.seconds, f"{net:,} credits expected at {waypoint}")


def _unseen(ship: Ship, goods: Mapping[str, int]) -> Outlet | None:
    """The nearest market that lists a good of the load at a price nobody has seen."""
    listed = set(
        MarketGood.objects.filter(
            waypoint__era=ship.agent.era_id,
            waypoint__system=ship.system,
            good__in=list(goods),
            kind__in=[MarketGood.Kind.IMPORT, MarketGood.Kind.EXCHANGE],
            we_receive__isnull=True,
        ).values_list("waypoint__symbol", flat=True)
    )
    ways = [
        (route.seconds, symbol)
        for symbol in sorted(listed)
        if (route := navigation.route(ship, symbol)) is not None
    ]
    if not ways:
        return None
    seconds, symbol = min(ways)
    return Outlet(symbol, 0, seconds, "price unknown, read on arrival")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The other markets for a good aboard, as seen from the ship, for any number of units."""

    offers: Sequence[Offer]
    routes: Mapping[str, travel.Route]
    params: SaleParams
    hour_worth: int

    def best(self, units: int) -> Outlet | None:
        """The market that nets most for so many units, the ship's time counted."""
        found = []
        for offer in self.offers:
            route = self.routes[offer.waypoint]
            time = self.hour_worth * (route.seconds + HANDLING) / 3600
            costs = Costs(
                fuel=route.fuel * FUEL_CREDITS + time,
                request=self.params.request_worth,
                requests=2 + 2 * len(route.hops),
            )
            net = round(worth.net(offer, units, costs, discount=self.params.age_discount))
            why = f"{net:,} credits net at {offer.waypoint}"
            found.append(Outlet(offer.waypoint, net, route.seconds, why, units=units))
        return max(found, key=lambda each: (each.proceeds, each.waypoint), default=None)


def elsewhere(ship: Ship, good: str, *, besides: int, hour_worth: int) -> Elsewhere:
    """Other buyers of a good and the ways there; the sale `besides` is no plan to count on."""
    params = parameters.resolve(SaleParams, "sales", ship=ship)
    known = markets.offers(
        ship.agent.era_id,
        ship.system,
        [good],
        at=clock.now(),
        max_age=params.max_price_age,
        planned=True,
        besides=besides,
    ).get(good, [])
    routes = {
        offer.waypoint: route
        for offer in known
        if offer.waypoint != ship.waypoint
        and (route := navigation.route(ship, offer.waypoint)) is not None
    }
    if params.stay_home:
        routes = {}
    return Elsewhere(
        [offer for offer in known if offer.waypoint in routes], routes, params, hour_worth
    )


def saleable(ship: Ship) -> list[tuple[str, int, int]]:
    """What of the ship's cargo the market here buys: good, units, and units a trade."""
    rows = MarketGood.objects.filter(
        waypoint__era=ship.agent.era_id,
        waypoint__symbol=ship.waypoint,
        good__in=list(ship.cargo),
        we_receive__isnull=False,
    ).order_by("good")
    return [(row.good, ship.cargo[row.good], row.trade_volume or 1) for row in rows]


@dataclass(frozen=True, slots=True)
class Ways:
    """Flights from one place for a ship like the carrier: seconds and fuel to each market.

    Asked once a decision and market, because each answer is a search over the whole system.
    """

    agent: Agent
    origin: str
    carrier: Ship
    hour_worth: int
    known: dict[str, travel.Route | None]

    def to(self, market: str) -> travel.Route | None:
        if market not in self.known:
            self.known[market] = navigation.route_from(self.carrier, self.origin, market)
        return self.known[market]

    def time_cost(self, route: travel.Route) -> float:
        """Credits that the carrier's time there and back would be worth elsewhere."""
        return self.hour_worth * (2 * route.seconds + HANDLING) / 3600


def ways(agent: Agent, *, origin: str, carrier: Ship) -> Ways:
    params = parameters.resolve(TraderParams, "trader", agent=agent)
    worth = pace.hour_worth(agent.pk, params, at=clock.now())
    return Ways(agent, origin, carrier, worth, {})


def ranked(
    offers: Collection[Offer],
    units: int,
    paths: Ways,
    params: SaleParams,
    *,
    shared: Collection[str] = (),
) -> list[Outlet]:
    """Markets for so many units, the one that leaves most for the fleet first.

    Credits after own impact and price age, less fuel, requests and the carrier's time; where a
    ship flies anyway, at a `shared` market, only the trades are charged.
    """
    found = []
    for offer in offers:
        route = paths.to(offer.waypoint)
        if route is None:
            continue
        trip = offer.waypoint not in shared
        costs = Costs(
            fuel=2 * route.fuel * FUEL_CREDITS + paths.time_cost(route) if trip else 0.0,
            request=params.request_worth,
            requests=2 + 2 * len(route.hops) if trip else 0,
        )
        net = round(worth.net(offer, units, costs, discount=params.age_discount))
        found.append(
            Outlet(
                offer.waypoint,
                net,
                route.seconds,
                f"{net:,} credits net",
                expected=round(worth.gross(offer, units)),
                price=min(offer.quote.price, round(offer.price())),  # what somebody saw
                age=round(offer.age * 3600),
                units=units,
            )
        )
    return sorted(found, key=lambda each: (-each.proceeds, each.seconds, each.waypoint))


def nearest(found: Collection[Outlet]) -> Outlet | None:
    """Home: the nearest market that buys it."""
    return min(found, key=lambda each: (each.seconds, each.waypoint), default=None)


def best_market(
    agent: Agent,
    good: str,
    units: int,
    *,
    origin: str,
    ship: Ship,
    max_age: float,
    at: datetime | None = None,
) -> Outlet | None:
    """The outlet for goods in a depot at `origin`, flown by a ship like `ship`; fresh prices
    only, None when nobody has any."""
    params = parameters.resolve(SaleParams, "sales", agent=agent)
    known = markets.offers(
        agent.era_id, agent.home, [good], at=at or clock.now(), max_age=max_age, planned=True
    )
    found = ranked(known.get(good, []), units, ways(agent, origin=origin, carrier=ship), params)
    return found[0] if found else None
