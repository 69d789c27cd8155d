"""Choosing where to mine, and stating which ships are wanted there."""

from collections.abc import Mapping
from datetime import datetime

from fleet.models import Agent, Ship, ShipyardOffer, Waypoint
from fleet.rules import travel
from fleet.services import navigation, parameters, vacancies
from mining.models import Kind, Site
from mining.params import SiteParams
from mining.rules import deposits
from mining.selectors import stays, worth
from mining.services import manning
from mining.services.manning import DRONE, Home, Plan
from spacefleet import clock
from spacefleet.alerts import raise_alert
from spacefleet.spacetraders import Client
from spacefleet.statements import Update

ONE_LOAD = 80  # units whose price after our own sales counts: one transport's

_priced = Update(
    lambda pk: (Site.objects.filter(pk=pk), {}),
    also=("shown", "prices", "crew", "pace", "priced_at"),
)


def open_sites(agent: Agent, *, api: Client | None = None, trigger: str = "") -> str:
    """Evaluator: open the best gas giant and the best asteroid for the floors, plan what every
    other ship digs and carries, and state the ships wanted."""
    params = parameters.resolve(SiteParams, "sites", agent=agent)
    at = clock.now()
    if not manning.due(agent, params, at):
        return "the plan stands"
    homes = _homes(agent, params)
    plan = manning.plan(agent, homes, params, at=at)
    opened = _open_all(agent, homes, plan)
    _close_others(agent, opened)
    vacancies.state(agent, "mining", manning.wanted(agent, homes, plan, params))
    looks = manning.wish_for_prices(agent)
    said = "; ".join(f"{site} for {site.why}" for site in opened)
    return f"{said or 'nothing to mine in reach'}{looks}"


def _homes(agent: Agent, params: SiteParams) -> list[Home]:
    """The best gas giant and the best asteroid near the yards of their drones."""
    prices = worth.prices(agent, agent.home, prior=params.prior_price)
    found = []
    for kind in (Kind.SIPHON, Kind.EXTRACT):
        near = candidates(agent, kind, prices=prices, params=params)
        if near:
            found.append(_choose(agent, near, params))
    return found


def candidates(
    agent: Agent, kind: str, *, prices: Mapping[str, float], params: SiteParams
) -> list[Home]:
    """Every place of a kind that its drones can reach, with what a drone would earn there."""
    ship_type, strength, tank, speed = DRONE[Kind(kind)]
    places = navigation.places_of(agent.era_id, agent.home)
    yards = list(
        ShipyardOffer.objects.filter(
            waypoint__era=agent.era_id, waypoint__system=agent.home, ship_type=ship_type
        ).values_list("waypoint__symbol", flat=True)
    )
    found = []
    for waypoint in _mineable(agent, kind):
        goods = deposits.goods_of(waypoint.type, waypoint.traits)
        price = deposits.mean_price(goods, prices)
        trip = _shortest(places, yards, waypoint.symbol, tank, speed)
        if price <= 0 or trip is None or trip > params.near:
            continue
        stripped = "STRIPPED" in waypoint.traits
        share = params.stripped_yield / 100 if stripped else 1.0
        hourly = strength * share * price * 3600 / deposits.DRONE_CYCLE
        why = (
            f"{hourly:,.0f} credits/h a drone at {price:.0f} a unit"
            f"{', stripped' if stripped else ''}, {trip / 60:.0f} min from the yard"
        )
        found.append(Home(waypoint, kind, hourly, why))
    return found


def _choose(agent: Agent, found: list[Home], params: SiteParams) -> Home:
    """The best place; the one we work already keeps its ships unless another is clearly better."""
    working = set(Site.objects.filter(agent=agent, open=True).values_list("waypoint", "kind"))

    def worth_staying(each: Home) -> float:
        ours = (each.waypoint.pk, each.kind) in working
        return each.value_per_hour * (1 + params.switch_gain / 100 if ours else 1)

    return max(found, key=worth_staying)


def _mineable(agent: Agent, kind: str) -> list[Waypoint]:
    types = ["GAS_GIANT"] if kind == Kind.SIPHON else list(deposits.ROCKS)
    resting = Site.objects.filter(agent=agent, closed_until__gt=clock.now())
    return list(
        Waypoint.objects.filter(era=agent.era_id, system=agent.home, type__in=types)
        .exclude(pk__in=resting.values("waypoint"))
        .order_by("pk")
    )


def _shortest(
    places: Mapping[str, travel.Place], yards: list[str], to: str, tank: int, speed: int
) -> int | None:
    """Seconds from the nearest yard, flown by a drone that leaves it with a full tank."""
    if to not in places:
        return None
    ways = [
        travel.plan(
            places, origin=yard, destination=to, fuel_now=tank, capacity=tank, speed=speed
        )
        for yard in yards
        if yard in places
    ]
    return min((way.seconds for way in ways if way), default=None)


def _open_all(agent: Agent, homes: list[Home], plan: Plan) -> list[Site]:
    """A site for each home and for each place of the plan, with the reason."""
    opened = {}
    for home in homes:
        opened[home.waypoint.symbol] = _open(
            agent, home.waypoint, home.kind, home.value_per_hour, home.why
        )
    for symbol, waypoint in plan.sites.items():
        kind = Kind.SIPHON if waypoint.type == "GAS_GIANT" else Kind.EXTRACT
        why = plan.why(symbol)
        opened[symbol] = _open(agent, waypoint, kind, plan.values[symbol], why)
    return list(opened.values())


def _open(agent: Agent, waypoint: Waypoint, kind: str, value: float, why: str) -> Site:
    site, _ = Site.objects.update_or_create(
        agent=agent,
        waypoint=waypoint,
        kind=kind,
        defaults={
            "open": True,
            "closed_until": None,
            "value_per_hour": value,
            "why": why[:200],
            "judged_at": clock.now(),
        },
    )
    return site


def _close_others(agent: Agent, best: list[Site]) -> None:
    Site.objects.filter(agent=agent, open=True).exclude(
        pk__in=[site.pk for site in best]
    ).update(open=False, why="another site is worth more", judged_at=clock.now())


def keep_priced(site: Site, ship: Ship, *, every: float, at: datetime) -> None:
    """Work out anew what the goods of a site bring, when that is older than `every` game seconds.

    Whoever of its ships comes first does it for all of them.
    """
    if site.priced_at and clock.elapsed(site.priced_at, at) < every:
        return
    goods = set(deposits.goods_of(site.waypoint.type, site.waypoint.traits)) | {"DIAMONDS"}
    site.shown, site.prices = worth.after_sales(
        ship.agent, ship.system, sorted(goods), units=ONE_LOAD
    )
    crew = stays.crew(site.waypoint_id)
    share = 0.5 if "STRIPPED" in site.waypoint.traits else 1.0
    site.crew, site.pace = len(crew), sum(crew) * share / deposits.DRONE_CYCLE
    site.priced_at = at
    _priced.run(
        pk=site.pk,
        shown=site.shown,
        prices=site.prices,
        crew=site.crew,
        pace=site.pace,
        priced_at=at,
    )


def rest(site: Site, *, until: datetime, why: str) -> None:
    """Leave an unstable rock alone for a while."""
    Site.objects.filter(pk=site.pk).update(open=False, closed_until=until, why=why[:200])
    raise_alert("unstable", site.waypoint.symbol, why)
