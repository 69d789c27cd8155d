"""Watching capacity: where depots should stand, which ships that needs, how full they are."""

from fleet.models import Agent, MarketGood, Vacancy, Waypoint
from fleet.params import ConductorParams
from fleet.rules import travel
from fleet.services import navigation, parameters, vacancies
from inventory.models import CapacityReading
from inventory.params import DepotParams
from inventory.rules import siting
from inventory.selectors import stock
from spacefleet import clock
from spacefleet.spacetraders import Client

from . import loads

SHUTTLE_SPEED = 15  # engine speed of the small freighters that fly the loops


def watch(agent: Agent, *, api: Client | None = None, trigger: str = "") -> str:
    """Evaluator: choose berths for depots, state the ships wanted, read how full they are."""
    params = parameters.resolve(DepotParams, "depot", agent=agent)
    floors = parameters.resolve(ConductorParams, "conductor", agent=agent)
    _state(agent, params, floors)
    loads.drop_stale(agent)
    fill = stock.fill(agent)
    CapacityReading.objects.create(
        agent=agent,
        at=clock.now(),
        units=fill.units,
        incoming=fill.incoming,
        capacity=fill.capacity,
    )
    if not fill.capacity:
        return "no depot yet"
    return f"{fill.percent} % of {fill.capacity} units full"


def _state(agent: Agent, params: DepotParams, floors: ConductorParams) -> None:
    """A depot for each mining site while the floors allow, and transports between the two."""
    sites = Vacancy.objects.filter(agent=agent, role="miner").order_by("rank", "place")
    wanted: list[vacancies.Wanted] = []
    berths: dict[str, str] = {}
    for number, site in enumerate(sites):
        berth = _berth(agent, site.place, site.needs, params)
        if berth is None:
            continue
        if berth.waypoint not in berths and len(berths) < floors.depots:
            berths[berth.waypoint] = site.place
            wanted.append(_depot(berth, site.place, floors, rank=20 + 35 * number))
        wanted.append(
            vacancies.Wanted(
                role="transport",
                place=site.place,
                needs="hold",
                wanted=floors.transports_a_site,
                why=f"carries from {site.place} to the depot",
                rank=24 + 35 * number,
                rank_step=12,
                ship_type=floors.transport_type,
            )
        )
    vacancies.state(agent, "inventory", wanted if berths else [])


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
