"""Watching capacity: where depots should stand, which ships that needs, how full they are."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from fleet.models import Agent, MarketGood, Vacancy, Waypoint
from fleet.params import ConductorParams
from fleet.rules import travel
from fleet.services import navigation, parameters, vacancies
from inventory.models import Expansion
from inventory.params import DepotParams
from inventory.rules import siting
from spacefleet.spacetraders import Client

from . import depots, expansion, loads, readings

MORE_ROOM = 15  # rank of a depot that relieves crowded ones: everything else waits for room
CENTRE = "centre"
SHUTTLE_SPEED = 15  # engine speed of the small freighters that fly the loops


def watch(agent: Agent, *, api: Client | None = None, trigger: str = "") -> str:
    """Evaluator: choose berths for depots, state the ships wanted, read how full they are."""
    expansion.follow(agent)
    state(agent)
    loads.drop_stale(agent)
    reading = readings.read(agent)
    if not reading.capacity:
        return "no depot yet"
    fill = siting.utilisation(reading.units, reading.incoming, reading.capacity)
    wanted = Expansion.objects.undecided().filter(agent=agent).first()
    more = f"; {wanted.ship_type} is to make room at {wanted.waypoint}" if wanted else ""
    return f"{fill} % of {reading.capacity} units full{more}"


def state(agent: Agent) -> None:
    """A depot for each mining site while the floors allow, more where room was asked for, and
    transports between the two."""
    params = parameters.resolve(DepotParams, "depot", agent=agent)
    floors = parameters.resolve(ConductorParams, "conductor", agent=agent)
    sites = list(Vacancy.objects.filter(agent=agent, role="miner").order_by("rank", "place"))
    standing = Counter(depots.manned(agent).values_list("waypoint", flat=True))
    asked = Expansion.objects.undecided().filter(agent=agent).first()
    central = _at_centre(agent, sites, floors, params) if params.siting == CENTRE else {}
    wanted: list[vacancies.Wanted] = []
    berths: set[str] = set()
    for number, site in enumerate(sites):
        berth = central.get(site.place) or _berth(agent, site.place, site.needs, params)
        if berth is None:
            continue
        if berth.waypoint not in berths and len(berths) < floors.depots:
            berths.add(berth.waypoint)
            want = _depot(berth, site.place, floors, rank=20 + 35 * number)
            wanted.append(_with_room(want, standing[berth.waypoint], asked))
        wanted.append(_transports(site.place, floors, rank=24 + 35 * number))
    if asked and asked.waypoint not in berths:
        wanted.append(_more(asked, standing[asked.waypoint]))
    vacancies.state(agent, "inventory", wanted if berths or asked else [])


def _transports(site: str, floors: ConductorParams, *, rank: int) -> vacancies.Wanted:
    return vacancies.Wanted(
        role="transport",
        place=site,
        needs="hold",
        wanted=floors.transports_a_site,
        why=f"carries from {site} to the depot",
        rank=rank,
        rank_step=12,
        ship_type=floors.transport_type,
    )


def _depot(
    berth: siting.Berth, site: str, floors: ConductorParams, *, rank: int
) -> vacancies.Wanted:
    bought = f"{100 * berth.bought:.0f} % of its goods are bought there"
    return vacancies.Wanted(
        role="depot",
        place=berth.waypoint,
        needs="hold",
        wanted=1,
        why=f"{berth.seconds:.0f} s from {site}, {bought}",
        rank=rank,
        ship_type=floors.depot_type,
    )


def _with_room(
    want: vacancies.Wanted, standing: int, asked: Expansion | None
) -> vacancies.Wanted:
    """Depots that stand there stay, and one more comes where room was asked for."""
    if asked is None or asked.waypoint != want.place:
        return replace(want, wanted=max(1, standing))
    more = _more(asked, standing)
    return replace(more, why=f"{want.why}; {more.why}", rank=want.rank)


def _more(asked: Expansion, standing: int) -> vacancies.Wanted:
    return vacancies.Wanted(
        role="depot",
        place=asked.waypoint,
        needs="hold",
        wanted=standing + 1,
        why=f"more room: {asked.why}",
        rank=MORE_ROOM,
        ship_type=asked.ship_type,
    )


def _berth(agent: Agent, site: str, needs: str, params: DepotParams) -> siting.Berth | None:
    """The best place for a depot that serves a site; one that stands there already stays."""
    places = navigation.places_of(agent.era_id, agent.home)
    if site not in places:
        return None
    goods = _goods_of(agent, site)
    buyers = _buyers(agent)
    berths = [
        siting.Berth(
            waypoint=row.symbol,
            seconds=travel.seconds(
                travel.distance(places[site], places[row.symbol]), speed=SHUTTLE_SPEED
            ),
            bought=_share(goods, buyers.get((row.x, row.y), set())),
            marketplace=row.market,
        )
        for row in Waypoint.objects.filter(era=agent.era_id, system=agent.home, market=True)
    ]
    return siting.best(berths, no_buyer_penalty=params.no_buyer_penalty)


def _at_centre(
    agent: Agent, sites: Sequence[Vacancy], floors: ConductorParams, params: DepotParams
) -> dict[str, siting.Berth]:
    """The berth of each site where the trips of all goods of all sites, to the depot and on to
    their buyers, are shortest together. Parked depots stay where they are."""
    places = navigation.places_of(agent.era_id, agent.home)
    buyers = _buyers(agent)
    rows = Waypoint.objects.filter(
        era=agent.era_id, system=agent.home, symbol__in=list(places)
    ).order_by("pk")
    spots = {row.symbol: row for row in rows}
    parked = depots.manned(agent).filter(parked_at__isnull=False)
    standing = parked.values_list("waypoint", flat=True)

    def flight(a: tuple[int, int], b: tuple[int, int]) -> float:
        return travel.seconds(math.dist(a, b), speed=SHUTTLE_SPEED)

    def onward(at: tuple[int, int], good: str) -> float | None:
        if good in buyers.get(at, ()):
            return 0.0
        return min(
            (flight(at, there) for there, bought in buyers.items() if good in bought),
            default=None,
        )

    ways: dict[str, dict[str, float]] = {}
    for site in sites:
        if site.place not in spots:
            continue
        goods, here = list(site.goods), spots[site.place]
        ways[site.place] = {
            name: siting.trip(
                flight((here.x, here.y), (row.x, row.y)),
                [onward((row.x, row.y), good) for good in goods],
                no_buyer_penalty=params.no_buyer_penalty,
            )
            for name, row in spots.items()
        }
    chosen = siting.centre(
        [siting.Trips(name, seconds) for name, seconds in ways.items()],
        most=floors.depots,
        markets={name for name, row in spots.items() if row.market},
        market_detour=params.market_detour,
        standing=[name for name in standing if name in spots],
    )
    goods_of = {site.place: list(site.goods) for site in sites}
    return {
        name: siting.Berth(
            waypoint=berth,
            seconds=ways[name][berth],
            bought=_share(goods_of[name], buyers.get((spots[berth].x, spots[berth].y), set())),
            marketplace=spots[berth].market,
        )
        for name, berth in chosen.items()
    }


def _goods_of(agent: Agent, site: str) -> list[str]:
    """Goods that come from a site: what its miners brought so far, else what it may hold."""
    from_site = Vacancy.objects.filter(agent=agent, role="miner", place=site).first()
    return list(from_site.goods) if from_site else []


def _buyers(agent: Agent) -> dict[tuple[int, int], set[str]]:
    """Goods bought at each position: waypoints that share one are a short hop apart."""
    rows = MarketGood.objects.filter(
        waypoint__era=agent.era_id,
        waypoint__system=agent.home,
        kind__in=[MarketGood.Kind.IMPORT, MarketGood.Kind.EXCHANGE],
    ).values_list("waypoint__x", "waypoint__y", "good")
    found: dict[tuple[int, int], set[str]] = {}
    for x, y, good in rows:
        found.setdefault((x, y), set()).add(good)
    return found


def _share(goods: list[str], bought: set[str]) -> float:
    return len([good for good in goods if good in bought]) / len(goods) if goods else 0.0
