"""Where goods are bought, and which market nets most after our own impact, fuel and time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from fleet.models import Agent, MarketGood, Ship
from fleet.rules import prices as law
from fleet.services import navigation
from spacefleet import clock

HANDLING = 120.0  # game seconds of docking and trading that every outlet costs
FUEL_CREDITS = 0.72  # credits a unit of ship fuel: a market unit of 100 is about 72 credits


@dataclass(frozen=True, slots=True)
class Outlet:
    """A market for a load: expected proceeds in credits, flight in game seconds, and why it."""

    waypoint: str
    proceeds: int
    seconds: int
    why: str


def quotes(
    agent: Agent, system: str, goods: list[str], *, max_age: float | None = None
) -> dict[str, dict[str, law.Quote]]:
    """Known prices by market and good; older than `max_age` game seconds are left out."""
    rows = MarketGood.objects.filter(
        waypoint__era=agent.era_id,
        waypoint__system=system,
        good__in=goods,
        we_receive__isnull=False,
    ).select_related("waypoint")
    found: dict[str, dict[str, law.Quote]] = {}
    for row in rows:
        if row.we_receive is None or (max_age is not None and _age(row.seen_at) > max_age):
            continue
        found.setdefault(row.waypoint.symbol, {})[row.good] = law.Quote(
            row.kind, row.we_receive, row.trade_volume or 1, row.supply
        )
    return found


def _age(seen_at: datetime | None) -> float:
    return clock.elapsed(seen_at) if seen_at else float("inf")


def best_for(ship: Ship, load: Mapping[str, int] | None = None) -> Outlet | None:
    """The market where the ship's load (what is aboard by default) earns most per second.

    Prices after our own impact, less fuel, over flight and handling. Where nobody has seen a
    price, the nearest market that lists one of the goods: prices there are read before selling.
    """
    goods = dict(load if load is not None else ship.cargo)
    known = quotes(ship.agent, ship.system, sorted(goods))
    outlets = [
        outlet
        for waypoint, here in sorted(known.items())
        if (outlet := _outlet(ship, waypoint, goods, here)) is not None
    ]
    worthy = [outlet for outlet in outlets if outlet.proceeds > 0]
    if worthy:
        return max(worthy, key=lambda each: each.proceeds / (each.seconds + HANDLING))
    return _unseen(ship, goods)


def _outlet(
    ship: Ship, waypoint: str, goods: Mapping[str, int], here: Mapping[str, law.Quote]
) -> Outlet | None:
    route = navigation.route(ship, waypoint)
    if route is None:
        return None
    gross = sum(law.proceeds(quote, goods[good]) for good, quote in here.items())
    net = round(gross - route.fuel * FUEL_CREDITS)
    why = f"{net:,} credits expected at {waypoint}"
    return Outlet(waypoint, net, route.seconds, why)


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


def saleable(ship: Ship) -> list[tuple[str, int, int]]:
    """What of the ship's cargo the market here buys: good, units, and units a trade."""
    rows = MarketGood.objects.filter(
        waypoint__era=ship.agent.era_id,
        waypoint__symbol=ship.waypoint,
        good__in=list(ship.cargo),
        we_receive__isnull=False,
    ).order_by("good")
    return [(row.good, ship.cargo[row.good], row.trade_volume or 1) for row in rows]


def best_market(
    agent: Agent, good: str, units: int, *, origin: str, ship: Ship, max_age: float
) -> tuple[Outlet, law.Quote] | None:
    """The outlet for goods in a depot at `origin`, flown by a ship like `ship`; fresh prices
    only, None when nobody has any."""
    known = quotes(agent, agent.home, [good], max_age=max_age)
    found = []
    for waypoint, here in sorted(known.items()):
        seconds = navigation.flight_seconds(ship, origin, waypoint)
        if seconds is None:
            continue
        net = law.proceeds(here[good], units)
        outlet = Outlet(waypoint, net, seconds, f"{net:,} credits expected")
        found.append((net / (seconds + HANDLING), outlet, here[good]))
    if not found:
        return None
    _, outlet, quote = max(found, key=lambda each: (each[0], each[1].waypoint))
    return outlet, quote
