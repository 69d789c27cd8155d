"""What the pages about ships, money and steering show."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import ExtractHour, ExtractMinute

from fleet.models import (
    Agent,
    Control,
    CreditReading,
    Era,
    Evaluator,
    LedgerEntry,
    Ship,
    ShipOrder,
    ShipyardOffer,
    Vacancy,
    Wish,
)
from fleet.rules.orders import Order, strictest

from . import standing

HOUR = 3600.0  # seconds of game time
OVERDUE = timedelta(minutes=2)  # of wall time after its alarm: nobody is flying this ship
CAPITAL = [LedgerEntry.Kind.OPENING, LedgerEntry.Kind.SHIP]
MANY = 5_000  # readings, beyond which a chart reads only some of them
POINTS = 600  # of one line in a chart; more than a screen can tell apart


@dataclass(frozen=True, slots=True)
class Scope:
    """The agents a page speaks of: the chosen one, or all of the eras that still run."""

    agents: tuple[Agent, ...]
    everyone: tuple[Agent, ...]
    chosen: str

    @property
    def pks(self) -> list[int]:
        return [agent.pk for agent in self.agents]

    @property
    def eras(self) -> list[Era]:
        return list({agent.era_id: agent.era for agent in self.agents}.values())

    @property
    def factor(self) -> float:
        """Game seconds per wall second; all eras that run together share one server."""
        return max((era.time_factor for era in self.eras), default=1.0)

    def since(self, seconds: float, at: datetime) -> datetime:
        """The wall time `seconds` of game time before `at`."""
        return at - timedelta(seconds=seconds / self.factor)


def scope(symbol: str = "") -> Scope:
    """The agents of the running eras, or of the last one when none runs any more.

    Raises LookupError with a sentence for an agent that is not among them.
    """
    agents = list(
        Agent.objects.select_related("era", "lane").defer("token").order_by("-era", "symbol")
    )
    everyone = tuple(agent for agent in agents if agent.era.archived_at is None)
    if not everyone and agents:
        newest = max(agents, key=lambda agent: agent.era.started_at).era_id
        everyone = tuple(agent for agent in agents if agent.era_id == newest)
    chosen = tuple(agent for agent in everyone if symbol in ("", agent.symbol))
    if symbol and not chosen:
        known = ", ".join(sorted({agent.symbol for agent in everyone})) or "none yet"
        raise LookupError(f"No agent {symbol} is played here. Agents: {known}.")
    return Scope(chosen, everyone, symbol)


@dataclass(frozen=True, slots=True)
class ShipLine:
    """A ship with what is true of it at this moment. `trouble` is empty when all is well."""

    ship: Ship
    under_way: bool
    cooling: bool
    overdue: bool
    trouble: str
    order: Order | None = None


def ship_line(ship: Ship, orders: Sequence[Control], *, at: datetime) -> ShipLine:
    """A ship as it is, under what its owner ordered."""
    overdue = _flies(ship) and ship.wake_at < at - OVERDUE
    return ShipLine(
        ship=ship,
        under_way=ship.in_transit(at),
        cooling=ship.cooling(at),
        overdue=overdue,
        trouble=trouble_of(ship),
        order=strictest(standing.concerning(orders, ship.agent_id, ship.pk), at=at),
    )


def _flies(ship: Ship) -> bool:
    left_alone = ship.excluded or ship.lost_at or ship.agent.excluded or ship.agent.halted
    return not left_alone and ship.agent.era.archived_at is None


def trouble_of(ship: Ship) -> str:
    """What is wrong with a ship, in words; nothing when all is well."""
    if ship.lost_at:
        return "lost"
    if ship.failures:
        times = "1 failure" if ship.failures == 1 else f"{ship.failures} failures in a row"
        error = ship.last_error.strip().splitlines() or [""]
        return f"{times}: {error[-1][:160]}" if error[-1] else times
    if ship.suspect_since:
        return f"to be looked at: {ship.suspect_why or 'an answer was lost'}"
    if ship.excluded:
        return "left alone: excluded"
    return ""


def ship_named(symbol: str, *, scope: Scope) -> Ship | None:
    """The ship of that symbol, of the newest era that has one."""
    ships = Ship.objects.filter(agent__in=scope.pks, symbol=symbol)
    return (
        ships.select_related("agent__era").defer("agent__token").order_by("-agent__era").first()
    )


def ledger_of(ship: Ship, *, last: int = 20) -> list[LedgerEntry]:
    return list(LedgerEntry.objects.filter(ship=ship).order_by("-at", "-pk")[:last])


@dataclass(frozen=True, slots=True)
class Purse:
    """What one agent has and earned; `profit` leaves out opening balance and ships.

    None where there is no reading yet.
    """

    agent: Agent
    ships: int
    profit: int | None
    profit_last_hour: int
    net_worth: int | None


def purses(scope: Scope, *, at: datetime) -> list[Purse]:
    """Money of each agent, the richest first; three queries, whatever the number of agents."""
    ships = dict(
        Ship.objects.filter(agent__in=scope.pks, lost_at__isnull=True)
        .values_list("agent")
        .annotate(n=Count("pk"))
    )
    hour = dict(
        LedgerEntry.objects.filter(agent__in=scope.pks, at__gte=scope.since(HOUR, at))
        .exclude(kind__in=CAPITAL)
        .values_list("agent")
        .annotate(total=Sum("amount"))
    )
    readings = {reading.agent_id: reading for reading in last_readings(scope.pks)}
    return [
        Purse(
            agent=agent,
            ships=ships.get(agent.pk, 0),
            profit=reading.operating_profit if (reading := readings.get(agent.pk)) else None,
            profit_last_hour=hour.get(agent.pk, 0),
            net_worth=(
                agent.credits + reading.ships_value + reading.goods_value if reading else None
            ),
        )
        for agent in sorted(scope.agents, key=lambda agent: -agent.credits)
    ]


def last_readings(agents: list[int]) -> QuerySet[CreditReading]:
    """The newest reading of each agent, found by the index: never a look at all of them."""
    newest = CreditReading.objects.filter(agent=OuterRef("pk")).order_by("-at", "-pk")
    last = Agent.objects.filter(pk__in=agents).annotate(last=Subquery(newest.values("pk")[:1]))
    return CreditReading.objects.filter(pk__in=last.values("last"))


@dataclass(frozen=True, slots=True)
class Reading:
    """One point of the credits chart."""

    at: datetime
    credits: int
    profit: int


def credit_series(scope: Scope, *, since: datetime | None) -> dict[str, list[Reading]]:
    """Readings of each agent over time, thinned to what a chart can show."""
    readings = CreditReading.objects.filter(agent__in=scope.pks)
    if since:
        readings = readings.filter(at__gte=since)
    series: dict[int, list[Reading]] = {agent.pk: [] for agent in scope.agents}
    most = max(POINTS // 6, POINTS * 4 // max(4, len(series)))  # of many lines, each has fewer
    rows = few(readings, points=most * 2 // 3).order_by("at")
    for agent, at, balance, profit in rows.values_list(
        "agent", "at", "credits", "operating_profit"
    ):
        series[agent].append(Reading(at, balance, profit))
    return {agent.symbol: _thinned(series[agent.pk], most) for agent in scope.agents}


def few(readings: QuerySet[CreditReading], *, points: int) -> QuerySet[CreditReading]:
    """About `points` of each line: those of some minutes of each hour, or of some hours. The last
    quarter of an hour stays whole, and so do few readings."""
    span = readings.aggregate(first=Min("at"), last=Max("at"), rows=Count("pk"))
    if span["rows"] <= MANY:
        return readings
    minutes = (span["last"] - span["first"]).total_seconds() / 60
    step = math.ceil(minutes / points)
    if step < 2:
        return readings
    told = readings.alias(
        minute=ExtractMinute("at", tzinfo=UTC), hour=ExtractHour("at", tzinfo=UTC)
    )
    chosen = Q(minute__in=list(range(0, 60, min(step, 60))))
    if step >= 2 * 60:
        chosen &= Q(hour__in=list(range(0, 24, min(step // 60, 24))))
    return told.filter(chosen | Q(at__gte=span["last"] - timedelta(minutes=15)))


def _thinned(points: list[Reading], most: int) -> list[Reading]:
    """About `most` of them; which ones only changes when there are twice as many."""
    step = 1
    while len(points) // step > most:
        step *= 2
    kept = points[::step]
    return kept if not points or kept[-1] is points[-1] else [*kept, points[-1]]


def vacancies(scope: Scope) -> list[Vacancy]:
    """Posts, the soonest to be manned first."""
    rows = Vacancy.objects.filter(agent__in=scope.pks, wanted__gt=0).select_related("agent")
    return list(rows.defer("agent__token").order_by("agent", "rank", "role", "place"))


@dataclass(frozen=True, slots=True)
class Manning:
    """How many ships a role wants and has, over all places."""

    agent: str
    role: str
    wanted: int
    filled: int

    @property
    def missing(self) -> int:
        return max(0, self.wanted - self.filled)


def manning(scope: Scope) -> list[Manning]:
    rows = (
        Vacancy.objects.filter(agent__in=scope.pks, wanted__gt=0)
        .values("agent__symbol", "role")
        .annotate(wants=Sum("wanted"), has=Sum("filled"))
        .order_by("agent__symbol", "role")
    )
    return [
        Manning(row["agent__symbol"], row["role"], row["wants"], row["has"]) for row in rows
    ]


def conductors(scope: Scope) -> list[Evaluator]:
    """What the conductor of each agent found in its last round."""
    rows = Evaluator.objects.filter(agent__in=scope.pks, name="fleet.conductor")
    return list(rows.select_related("agent").defer("agent__token").order_by("agent__symbol"))


def orders(scope: Scope, *, last: int = 30) -> list[ShipOrder]:
    """Ship orders, open ones first, then the newest."""
    rows = ShipOrder.objects.filter(agent__in=scope.pks).select_related("agent", "ship")
    rows = rows.defer("agent__token").order_by(
        F("decided_at").desc(nulls_first=True), "-ordered_at"
    )
    return list(rows[:last])


def offers(scope: Scope) -> list[ShipyardOffer]:
    """What shipyards sell, per type the cheapest known price first."""
    rows = ShipyardOffer.objects.filter(waypoint__era__in=[era.pk for era in scope.eras])
    return list(
        rows.select_related("waypoint").order_by("ship_type", F("price").asc(nulls_last=True))
    )


def evaluators(scope: Scope, *, failing: bool = False) -> list[Evaluator]:
    rows = Evaluator.objects.filter(agent__in=scope.pks).select_related("agent")
    if failing:
        rows = rows.filter(failures__gt=0)
    return list(rows.defer("agent__token").order_by("agent__symbol", "name"))


def failing_ships(scope: Scope) -> list[Ship]:
    rows = Ship.objects.filter(
        Q(failures__gt=0) | Q(suspect_since__isnull=False), agent__in=scope.pks
    )
    return list(
        rows.select_related("agent").defer("agent__token").order_by("-failures", "symbol")
    )


def wishes(scope: Scope) -> list[Wish]:
    """Open wishes for a fresh look, the most valuable first."""
    rows = Wish.objects.filter(
        waypoint__era__in=[era.pk for era in scope.eras], answered_at__isnull=True
    )
    return list(rows.select_related("waypoint").order_by("-value", "wished_at"))
