"""Choosing where to mine, and stating which ships are wanted there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from fleet.models import Agent, Ship, ShipyardOffer, Waypoint
from fleet.params import ConductorParams
from fleet.rules import travel
from fleet.services import navigation, parameters, vacancies
from mining.models import Kind, Site
from mining.params import SiteParams
from mining.rules import deposits
from mining.selectors import stays, worth
from mining.services import receiving
from spacefleet import clock
from spacefleet.alerts import raise_alert
from spacefleet.spacetraders import Client
from spacefleet.statements import Update

ONE_LOAD = 80  # units whose price after our own sales counts: one transport's

_priced = Update(
    lambda pk: (Site.objects.filter(pk=pk), {}),
    also=("shown", "prices", "crew", "pace", "priced_at"),
)

DRONE = {  # what is bought for a kind of site: type, strength of its mount, tank, engine speed
    Kind.SIPHON: ("SHIP_SIPHON_DRONE", 10, 80, 9),
    Kind.EXTRACT: ("SHIP_MINING_DRONE", 3, 80, 9),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that could be mined: credits an hour of one drone, and why."""

    waypoint: Waypoint
    kind: str
    value_per_hour: float
    why: str


def open_sites(agent: Agent, *, api: Client | None = None, trigger: str = "") -> str:
    """Evaluator: open the best gas giant and the best asteroid, and state the ships wanted."""
    params = parameters.resolve(SiteParams, "sites", agent=agent)
    prices = worth.prices(agent, agent.home, prior=params.prior_price)
    best: list[Site] = []
    for kind in (Kind.SIPHON, Kind.EXTRACT):
        found = candidates(agent, kind, prices=prices, params=params)
        if found:
            best.append(_open(agent, _choose(agent, found, params)))
    _close_others(agent, best)
    _state(agent, best, params)
    return "; ".join(f"{site} for {site.why}" for site in best) or "nothing to mine in reach"


def candidates(
    agent: Agent, kind: str, *, prices: Mapping[str, float], params: SiteParams
) -> list[Candidate]:
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
        if price <= 0 or trip is None or trip > params.longest_trip:
            continue
        stripped = "STRIPPED" in waypoint.traits
        share = params.stripped_yield / 100 if stripped else 1.0
        hourly = strength * share * price * 3600 / deposits.DRONE_CYCLE
        why = (
            f"{hourly:,.0f} credits/h a drone at {price:.0f} a unit"
            f"{', stripped' if stripped else ''}, {trip / 60:.0f} min from the yard"
        )
        found.append(Candidate(waypoint, kind, hourly, why))
    return found


def _choose(agent: Agent, found: list[Candidate], params: SiteParams) -> Candidate:
    """The best place; the one we work already keeps its ships unless another is clearly better."""
    working = set(Site.objects.filter(agent=agent, open=True).values_list("waypoint", "kind"))

    def worth_staying(each: Candidate) -> float:
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


def _open(agent: Agent, chosen: Candidate) -> Site:
    site, _ = Site.objects.update_or_create(
        agent=agent,
        waypoint=chosen.waypoint,
        kind=chosen.kind,
        defaults={
            "open": True,
            "closed_until": None,
            "value_per_hour": chosen.value_per_hour,
            "why": chosen.why[:200],
            "judged_at": clock.now(),
        },
    )
    return site


def _close_others(agent: Agent, best: list[Site]) -> None:
    Site.objects.filter(agent=agent, open=True).exclude(
        pk__in=[site.pk for site in best]
    ).update(open=False, why="another site is worth more", judged_at=clock.now())


def _state(agent: Agent, sites: list[Site], params: SiteParams) -> None:
    """Miners for each site, by the behaviour chosen; surveyors where rocks are, and receivers
    where ships hand over to them."""
    floors = parameters.resolve(ConductorParams, "conductor", agent=agent)
    wanted = []
    for site in sites:
        siphon = site.kind == Kind.SIPHON
        wanted.append(
            vacancies.Wanted(
                role="miner" if params.behaviour == "pipeline" else params.behaviour,
                place=site.waypoint.symbol,
                needs="siphon" if siphon else "laser",
                wanted=floors.siphon_drones if siphon else floors.mining_drones,
                why=site.why,
                rank=10 if siphon else 45,
                rank_step=8,
                ship_type=DRONE[Kind(site.kind)][0],
                value_per_hour=site.value_per_hour,
                goods=deposits.goods_of(site.waypoint.type, site.waypoint.traits),
            )
        )
        if "transfer" in params.behaviour:
            wanted.append(_receivers(site, floors, params))
        if not siphon:
            wanted.append(
                vacancies.Wanted(
                    role="surveyor",
                    place=site.waypoint.symbol,
                    needs="survey",
                    wanted=floors.surveyors,
                    why="good surveys for the miners there",
                    rank=46,
                    rank_step=8,
                    ship_type="SHIP_SURVEYOR",
                )
            )
    vacancies.state(agent, "mining", wanted)


def _receivers(site: Site, floors: ConductorParams, params: SiteParams) -> vacancies.Wanted:
    return vacancies.Wanted(
        role=receiving.RECEIVER,
        place=site.waypoint.symbol,
        needs="hold",
        wanted=params.receivers,
        why=f"receives at {site.waypoint} and serves contract and market",
        rank=20,
        rank_step=15,
        ship_type=floors.transport_type,
    )


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
