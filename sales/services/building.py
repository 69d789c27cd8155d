"""Supplying the construction of the home gate out of surplus, so that the galaxy opens."""

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Avg, Count

from fleet.models import Agent, MarketGood, Material, Ship, Vacancy, Waypoint, Wish
from fleet.services import (
    alarms,
    cargo,
    navigation,
    parameters,
    roster,
    sync,
    treasury,
    vacancies,
    wishes,
)
from sales.models import PriceSample
from sales.params import ConstructionParams
from sales.rules import building
from sales.rules.building import Source
from spacefleet import clock
from spacefleet.spacetraders import Client, payloads

STATED_BY = "construction"
ROLE = "builder"
RANK = 70  # among the vacancies: when everything that earns by itself is manned
JUST_SEEN = 60.0  # game seconds: a price older than this is read again before we buy


def watch(agent: Agent, *, api: Client, trigger: str = "") -> str:
    """Evaluator: know the bill of the home gate, and want builders when there is a surplus."""
    params = parameters.resolve(ConstructionParams, "construction", agent=agent)
    gate = site(agent)
    if gate is None or not params.active:
        vacancies.state(agent, STATED_BY, [])
        return "nothing is under construction at home" if params.active else "switched off"
    rows = bill(agent, gate)
    if not rows or clock.elapsed(rows[0].seen_at) > params.look_every:
        rows = look(agent, gate, api=api)
    missing = {row.good: row.missing for row in rows if row.missing}
    begun = Vacancy.objects.filter(agent=agent, stated_by=STATED_BY).exists()
    refused = _refusal(agent, params, missing, begun=begun)
    builders = Ship.objects.flying().filter(agent=agent).with_role(ROLE)
    keep = any(set(ship.cargo) & set(missing) for ship in builders)
    wanted = 0 if refused and not keep else params.builders
    _state(agent, gate, params, wanted, missing)
    if wanted:
        _wish(agent, list(missing))
    left = ", ".join(f"{units} {good}" for good, units in sorted(missing.items()))
    return refused or f"{gate} still needs {left}"


def _refusal(
    agent: Agent, params: ConstructionParams, missing: dict[str, int], *, begun: bool
) -> str:
    """Why no builder is wanted. One that is wanted already stays until half of the reserve is
    touched, so that a treasury that rises and falls with each load does not send it to and fro.
    """
    if not missing:
        return "the gate has all it needs"
    left = roster.hours_left(agent)
    if left is not None and left < params.least_hours_left:
        return f"{left:.0f} h to the reset: too late to open the gate"
    free = surplus(agent, params)
    if free is None:
        return "" if begun else "waits until the balance is certain"
    if free + (params.reserve // 2 if begun else 0) <= 0:
        return f"no surplus: {params.reserve:,} credits are kept for what earns by itself"
    return ""


def _state(
    agent: Agent,
    gate: Waypoint,
    params: ConstructionParams,
    wanted: int,
    missing: dict[str, int],
) -> None:
    vacancies.state(
        agent,
        STATED_BY,
        [
            vacancies.Wanted(
                role=ROLE,
                place="",
                needs="spare",
                wanted=wanted,
                why=f"supplies the construction of {gate} out of surplus",
                rank=RANK,
                ship_type=params.ship_type,
                goods=tuple(sorted(missing)),
            )
        ]
        if wanted
        else [],
    )


def _wish(agent: Agent, goods: list[str]) -> None:
    """Ask for a look at markets that sell a material at a price nobody has seen."""
    unseen = MarketGood.objects.filter(
        waypoint__era=agent.era_id, waypoint__system=agent.home, good__in=goods, we_pay=None
    ).exclude(kind=MarketGood.Kind.IMPORT)
    for row in unseen.select_related("waypoint").order_by("pk"):
        wishes.wish(row.waypoint, Wish.What.MARKET, why=f"the gate needs {row.good}")


def surplus(agent: Agent, params: ConstructionParams) -> int | None:
    """Credits that may go into the gate, None while nobody knows the balance."""
    free = treasury.funds(agent)
    return None if free is None else free - treasury.earmarked(agent) - params.reserve


def site(agent: Agent) -> Waypoint | None:
    """The gate at home while it is under construction."""
    return Waypoint.objects.filter(
        era=agent.era_id, system=agent.home, type="JUMP_GATE", under_construction=True
    ).first()


def bill(agent: Agent, gate: Waypoint) -> list[Material]:
    rows = Material.objects.filter(era=agent.era_id, waypoint=gate.symbol)
    return list(rows.order_by("good"))


def look(agent: Agent, gate: Waypoint, *, api: Client) -> list[Material]:
    """Read the bill; others build too."""
    store(agent, api.get_construction(gate.symbol))
    return bill(agent, gate)


def store(agent: Agent, told: payloads.Construction) -> None:
    """Write what a site has and needs; a finished gate is open from now on."""
    at = clock.now()
    Material.objects.bulk_create(
        [
            Material(
                era_id=agent.era_id,
                waypoint=told.waypoint,
                good=each.good,
                required=each.required,
                fulfilled=each.fulfilled,
                seen_at=at,
            )
            for each in told.materials
        ],
        update_conflicts=True,
        unique_fields=["era", "waypoint", "good"],
        update_fields=["required", "fulfilled", "seen_at"],
    )
    if told.complete:
        Waypoint.objects.filter(era=agent.era_id, symbol=told.waypoint).update(
            under_construction=False, seen_at=at
        )
        alarms.nudge("fleet.exploration", agent.pk, trigger=f"{told.waypoint} stands")


def missing(agent: Agent, gate: Waypoint, ship: Ship) -> dict[str, int]:
    """Units still to be bought: what the bill lacks less what is aboard of any builder."""
    aboard: Counter[str] = Counter()
    for other in Ship.objects.filter(agent=agent, lost_at__isnull=True).with_role(ROLE):
        aboard.update(other.cargo if other.pk != ship.pk else ship.cargo)
    return {row.good: max(0, row.missing - aboard[row.good]) for row in bill(agent, gate)}


def sources(ship: Ship, goods: list[str], *, at: datetime, window: float) -> list[Source]:
    """Markets of the system that sell these goods, with what they usually ask."""
    rows = MarketGood.objects.filter(
        waypoint__era=ship.agent.era_id,
        waypoint__system=ship.system,
        good__in=goods,
    ).exclude(kind=MarketGood.Kind.IMPORT)
    usual = {
        (name, good): mean
        for name, good, mean, _ in PriceSample.objects.filter(
            waypoint__era=ship.agent.era_id,
            good__in=goods,
            at__gte=at - timedelta(seconds=window / clock.factor()),
        )
        .values_list("waypoint__symbol", "good")
        .annotate(mean=Avg("we_pay"), samples=Count("pk"))
    }
    found = []
    for row in rows.select_related("waypoint").order_by("pk"):
        seconds = navigation.flight_seconds(ship, ship.waypoint, row.waypoint.symbol)
        if seconds is None:
            continue
        place = row.waypoint.symbol
        found.append(
            Source(
                waypoint=place,
                good=row.good,
                price=row.we_pay,
                usual=usual.get((place, row.good)),
                trade_volume=row.trade_volume or 1,
                seconds=seconds,
            )
        )
    return found


def buy(
    ship: Ship, source: Source, units: int, params: ConstructionParams, *, api: Client
) -> str:
    """Buy up to `units` at the market here, a trade at a time, within the price guard and the
    surplus; says why it ended."""
    wishes.look_here(ship, api=api, max_age=JUST_SEEN)
    most = building.limit(source, dearest=params.dearest)
    if most is None:
        return f"no known price of {source.good} here"
    free = surplus(ship.agent, params)
    if free is None:
        return "waits until the balance is certain"
    return cargo.buy_within(ship, source.good, units, most=most, funds=free, api=api)


def supply(ship: Ship, gate: Waypoint, *, api: Client) -> str:
    """Hand over what the site needs of the hold, by its bill of this very moment."""
    agent = ship.agent
    given = []
    for row in look(agent, gate, api=api):
        units = min(int(ship.cargo.get(row.good, 0)), row.missing)
        if not units:
            continue
        answer = api.supply_construction(gate.symbol, ship.symbol, row.good, units)
        sync.write(ship, **sync.cargo_fields(answer.cargo))
        store(agent, answer.construction)
        given.append(f"{units} {row.good}")
    return (
        f"supplied {', '.join(given)}" if given else "the site needs nothing of what is aboard"
    )
