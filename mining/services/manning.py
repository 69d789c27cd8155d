"""Who digs where: the plan for every ship that could, and the vacancies made of it.

The owner's floors (`conductor.*`) are manned at the best sites near the yards; with contracts they
are the pipeline, whose depots hold what contracts ask for. Every other ship that could dig or carry
goes where the whole fleet earns most (`mining.rules.manning`), in the behaviour that brings most
there.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Max

from allocation.params import ContractParams
from fleet.models import Agent, MarketGood, Ship, Vacancy, Waypoint, Wish
from fleet.params import ConductorParams
from fleet.rules import roles
from fleet.services import parameters, wishes
from fleet.services.vacancies import Wanted
from mining.models import Kind, Site
from mining.params import MinerParams, SiteParams
from mining.rules import deposits
from mining.rules import manning as rules
from mining.rules.manning import Manning
from mining.rules.programme import Job
from mining.selectors import ground
from mining.selectors.ground import Found
from mining.services import receiving
from sales.params import TradingParams
from spacefleet import clock

SELLS, GIVES = "extract_and_sell", "extract_and_transfer"
EITHER = "extract_and_transfer_or_sell"
PIPELINE, AUTO = "pipeline", "auto"
STARTER = "starter"
DIGGERS = {"", "miner", SELLS, GIVES, EITHER}  # roles of ships that a plan may send elsewhere
SPARE = {"builder"}  # roles that give way to carrying: they earn nothing
TRANSPORTS_A_SITE = 2  # the pipeline allows no more rounds at a site
EXTRA = 50  # rank of what is beyond the floors
PLANNING_SECONDS = 4.0  # wall seconds of the search; a second is left for what is around it
LOOKS, LOOK_VALUE = 3, 1e4  # markets wished for at a time, and what such a look is worth
SURVEY_FROM = 3  # lasers at a site from which one more surveyor goes there
DRONE = {  # what is bought for a kind of site: type, strength of its mount, tank, engine speed
    Kind.SIPHON: ("SHIP_SIPHON_DRONE", 10, 80, 9),
    Kind.EXTRACT: ("SHIP_MINING_DRONE", 3, 80, 9),
}


@dataclass(frozen=True, slots=True)
class Home:
    """The site of a kind where the floor is manned: what one drone would earn there, and why."""

    waypoint: Waypoint
    kind: str
    value_per_hour: float
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What was chosen: ships by site and role, how each site is told of, how it was found."""

    posts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)
    sites: Mapping[str, Waypoint] = field(default_factory=dict)
    value: float = 0.0
    how: str = ""
    kept: int = 0

    def why(self, site: str) -> str:
        """The ships of a site by role, and what they are expected to bring."""
        crew = ", ".join(
            f"{count} {role}"
            for (place, role), count in sorted(self.posts.items())
            if place == site
        )
        return f"{self.values.get(site, 0):,.0f} credits/h by {crew} ({self.how})"


def due(agent: Agent, params: SiteParams, at: datetime) -> bool:
    """Whether it is time to plan anew: after a while, or when a ship came or a rock must rest."""
    opened = Site.objects.filter(agent=agent, open=True)
    judged = opened.aggregate(last=Max("judged_at"))["last"]
    stated = Vacancy.objects.filter(agent=agent, stated_by="mining").exists()
    if judged is None or not stated or clock.elapsed(judged, at) >= params.replan:
        return True
    changed = Site.objects.filter(agent=agent, open=False, closed_until__gt=at)
    came = Ship.objects.filter(agent=agent, joined_at__gt=judged)
    return changed.filter(judged_at__gt=judged).exists() or came.exists()


def plan(agent: Agent, homes: Sequence[Home], params: SiteParams, *, at: datetime) -> Plan:
    """The best use of every ship beyond the pipeline's own."""
    ships = list(
        Ship.objects.flying()
        .filter(agent=agent, system=agent.home, role_pinned=False)
        .order_by("pk")
    )
    kept = _kept(agent, ships, homes, params)
    diggers = [ship for ship in ships if ship.pk not in kept and _digs(agent, ship)]
    carriers = [ship for ship in ships if _carries(ship, params.behaviour)]
    if not diggers or params.behaviour == PIPELINE:
        return Plan(kept=len(kept))  # the pipeline is its floors and nothing else
    sells = params.behaviour in (AUTO, SELLS, EITHER)
    gives = params.behaviour != SELLS
    found = ground.survey_the_ground(
        agent,
        diggers,
        carriers if gives else [],
        params,
        sells=sells,
        hands_over=gives,
        caps=_caps(agent, at),
        carriers_a_site=TRANSPORTS_A_SITE if params.behaviour == PIPELINE else len(ships),
        at=at,
    )
    best = rules.best(found.ground, seconds=clock.patience(PLANNING_SECONDS))
    return replace(_told(found, best, params.behaviour), kept=len(kept))


def _kept(
    agent: Agent, ships: Sequence[Ship], homes: Sequence[Home], params: SiteParams
) -> set[int]:
    """Ships of the floors that feed the depots, which only contracts need."""
    if not _stocks(agent, params):
        return set()
    floors = parameters.resolve(ConductorParams, "conductor", agent=agent)
    kept: set[int] = set()
    for home in homes:
        able = [ship for ship in ships if _drone(ship) and _able(ship, home.kind)]
        able.sort(key=lambda ship: (ship.role != "miner", ship.pk))
        floor = floors.siphon_drones if home.kind == Kind.SIPHON else floors.mining_drones
        kept |= {ship.pk for ship in able[:floor]}
    return kept


def _stocks(agent: Agent, params: SiteParams) -> bool:
    contracts = parameters.resolve(ContractParams, "contracts", agent=agent)
    return params.behaviour == AUTO and contracts.enabled


def _able(ship: Ship, kind: str) -> bool:
    return bool(ship.siphon_strength if kind == Kind.SIPHON else ship.laser_strength)


def _drone(ship: Ship) -> bool:
    """Whether a ship digs and does nothing else."""
    return (ship.extracts or ship.siphons) and ship.role in DIGGERS and ship.cargo_capacity > 0


def _digs(agent: Agent, ship: Ship) -> bool:
    if ship.role == STARTER or STARTER in ship.roles:
        busy = parameters.resolve(ContractParams, "contracts", agent=agent).enabled
        return not (busy or parameters.resolve(TradingParams, "trading", agent=agent).active)
    return _drone(ship)


def _carries(ship: Ship, behaviour: str) -> bool:
    """A freighter that lies idle, or carries from a site already."""
    carrier = "transport" if behaviour == PIPELINE else receiving.RECEIVER
    able = roles.able("hold", _abilities(ship))
    return able and (ship.role in ("", carrier) or ship.role in SPARE and not ship.cargo_units)


def _abilities(ship: Ship) -> roles.Abilities:
    return roles.Abilities(
        laser=ship.laser_strength,
        siphon=ship.siphon_strength,
        survey=ship.survey_strength,
        hold=ship.cargo_capacity,
        speed=ship.speed,
        fuel_capacity=ship.fuel_capacity,
    )


def _caps(agent: Agent, at: datetime) -> dict[str, float]:
    """Places that can be dug, with the extractions an hour they bear."""
    cap = parameters.resolve(MinerParams, "miner", agent=agent).extractions_a_minute * 60.0
    resting = ground.resting(agent, at)
    rows = Waypoint.objects.filter(
        era=agent.era_id, system=agent.home, type__in=["GAS_GIANT", *deposits.ROCKS]
    ).values_list("symbol", "type")
    return {
        symbol: 1e6 if type == "GAS_GIANT" else cap
        for symbol, type in rows
        if symbol not in resting
    }


def _told(found: Found, chosen: Manning, behaviour: str) -> Plan:
    """The chosen jobs as posts: so many ships in a role at a site."""
    posts: dict[tuple[str, str], int] = defaultdict(int)
    values: dict[str, float] = defaultdict(float)
    for number, ships in chosen.ships.items():
        job = found.ground.jobs[number]
        like = found.hands[job.crew].like
        values[job.site] += _worth(found, job) * ships
        if STARTER not in like.roles:
            posts[job.site, _role(job, behaviour)] += ships
    return Plan(
        posts=dict(posts),
        values=dict(values),
        sites={job: found.sites[job] for job in values},
        value=chosen.value,
        how=chosen.how,
    )


def _worth(found: Found, job: Job) -> float:
    """Credits an hour of a digger's load at first prices; carriers bring nothing of their own."""
    if job.carries:
        return -job.cost
    shares = next(each.shares for each in found.ground.places if each.name == job.site)
    paid: dict[str, float] = {}
    for step in found.ground.steps:
        if not job.stop or step.stop == job.stop:
            paid[step.good] = max(paid.get(step.good, 0.0), step.price)
    price = sum(share * paid.get(good, 0.0) for good, share in shares.items())
    return job.units * price - job.cost


def _role(job: Job, behaviour: str) -> str:
    if job.carries:
        return "transport" if behaviour == PIPELINE else receiving.RECEIVER
    if behaviour == AUTO:
        return SELLS if job.stop else GIVES
    return "miner" if behaviour == PIPELINE else behaviour


# vacancies


def wanted(
    agent: Agent, homes: Sequence[Home], chosen: Plan, params: SiteParams
) -> list[Wanted]:
    """The floors, and beyond them whatever the plan has ships for; only floors are bought."""
    floors = parameters.resolve(ConductorParams, "conductor", agent=agent)
    found: dict[tuple[str, str], Wanted] = {}
    for want in [
        *_extra(chosen),
        *_floors(agent, homes, floors, params),
        *_receivers(homes, floors, params),
        *_surveyors(agent, homes, chosen, floors),
    ]:
        earlier = found.get((want.role, want.place))
        found[want.role, want.place] = _joined(earlier, want) if earlier else want
    return list(found.values())


def _joined(one: Wanted, other: Wanted) -> Wanted:
    """Both wants of a role at a place: the more of them, as urgent as the more urgent."""
    first = min(one, other, key=lambda each: each.rank)
    return replace(first, wanted=max(one.wanted, other.wanted))


def _extra(chosen: Plan) -> Iterable[Wanted]:
    for (site, role), count in chosen.posts.items():
        row = chosen.sites[site]
        carrier = role in ("transport", receiving.RECEIVER)
        if role == "transport":
            continue  # the depots' domain states them
        siphon = row.type == "GAS_GIANT"
        yield Wanted(
            role=role,
            place=site,
            needs="hold" if carrier else "siphon" if siphon else "laser",
            wanted=count,
            why=chosen.why(site),
            rank=EXTRA + carrier,
            rank_step=1,
            value_per_hour=chosen.values[site],
            goods=deposits.goods_of(row.type, row.traits),
        )


def _floors(
    agent: Agent, homes: Sequence[Home], floors: ConductorParams, params: SiteParams
) -> Iterable[Wanted]:
    """The drones each site near the yards is to have; where the fleet has more the plan decides
    what they do, but for those that feed the depots."""
    stocks = _stocks(agent, params)
    role = {PIPELINE: "miner", AUTO: "miner" if stocks else SELLS}.get(
        params.behaviour, params.behaviour
    )
    ships = [ship for ship in Ship.objects.flying().filter(agent=agent) if _drone(ship)]
    for home in homes:
        siphon = home.kind == Kind.SIPHON
        floor = floors.siphon_drones if siphon else floors.mining_drones
        own = stocks or params.behaviour == PIPELINE
        have = 0 if own else sum(_able(ship, home.kind) for ship in ships)
        if floor > have:
            yield Wanted(
                role=role,
                place=home.waypoint.symbol,
                needs="siphon" if siphon else "laser",
                wanted=floor,
                why=home.why,
                rank=10 if siphon else 45,
                rank_step=8,
                ship_type=DRONE[Kind(home.kind)][0],
                value_per_hour=home.value_per_hour,
                goods=deposits.goods_of(home.waypoint.type, home.waypoint.traits),
            )


def _receivers(
    homes: Sequence[Home], floors: ConductorParams, params: SiteParams
) -> Iterable[Wanted]:
    if "transfer" not in params.behaviour or not params.receivers:
        return
    for home in homes:
        yield Wanted(
            role=receiving.RECEIVER,
            place=home.waypoint.symbol,
            needs="hold",
            wanted=params.receivers,
            why=f"receives at {home.waypoint} and serves contract and market",
            rank=20,
            rank_step=15,
            ship_type=floors.transport_type,
        )


def _surveyors(
    agent: Agent, homes: Sequence[Home], chosen: Plan, floors: ConductorParams
) -> Iterable[Wanted]:
    """The floor at the rock near the yards, and one wherever the plan sends several lasers."""
    places = [home.waypoint.symbol for home in homes if home.kind == Kind.EXTRACT]
    if places:
        yield _surveyor(places[0], floors.surveyors, rank=46, ship_type="SHIP_SURVEYOR")
    for (site, role), count in chosen.posts.items():
        row = chosen.sites[site]
        digs = role != receiving.RECEIVER and row.type != "GAS_GIANT"
        if digs and count >= SURVEY_FROM and site not in places:
            yield _surveyor(site, 1, rank=EXTRA + 5, ship_type="")


def _surveyor(place: str, count: int, *, rank: int, ship_type: str) -> Wanted:
    return Wanted(
        role="surveyor",
        place=place,
        needs="survey",
        wanted=count,
        why="good surveys for the miners there",
        rank=rank,
        rank_step=8,
        ship_type=ship_type,
    )


def wish_for_prices(agent: Agent) -> str:
    """Ask for a look at the markets that buy most of what rocks hold at prices nobody has seen."""
    raw = {
        good
        for type, traits in Waypoint.objects.filter(
            era=agent.era_id, system=agent.home, type__in=["GAS_GIANT", *deposits.ROCKS]
        ).values_list("type", "traits")
        for good in deposits.goods_of(type, traits)
    }
    unseen: dict[int, int] = defaultdict(int)
    rows = MarketGood.objects.filter(
        waypoint__era=agent.era_id,
        waypoint__system=agent.home,
        good__in=raw,
        kind__in=[MarketGood.Kind.IMPORT, MarketGood.Kind.EXCHANGE],
        we_receive__isnull=True,
    )
    for waypoint in rows.values_list("waypoint", flat=True):
        unseen[waypoint] += 1
    most = sorted(unseen, key=lambda pk: (-unseen[pk], pk))[:LOOKS]
    for row in Waypoint.objects.filter(pk__in=most).order_by("pk"):
        why = f"nobody has seen what it pays for {unseen[row.pk]} goods that rocks hold"
        wishes.wish(row, Wish.What.MARKET, why=why, value=LOOK_VALUE * unseen[row.pk])
    return f"; {len(unseen)} markets unseen" if unseen else ""
