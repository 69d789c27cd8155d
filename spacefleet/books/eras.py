"""One reset against the other: what each era brought, by its own clock."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Q, Subquery

from allocation.models import Contract
from fleet.models import Agent, CreditReading, Era
from fleet.selectors.pages import few, last_readings
from spacefleet.charts import Line
from spacefleet.lab.play import START  # every era begins at the same hour of the chart

LAST = 12  # eras
POINTS = 300  # of one line


@dataclass(frozen=True, slots=True)
class Life:
    """One agent in one era. None where no reading was ever taken."""

    era: Era
    agent: Agent
    hours: float | None
    profit: int | None
    net_worth: int | None
    requests: int | None
    ships: int
    contracts: int

    @property
    def an_hour(self) -> float | None:
        return self.profit / self.hours if self.profit is not None and self.hours else None

    @property
    def a_request(self) -> float | None:
        known = self.profit is not None and self.requests
        return self.profit / self.requests if known else None  # type: ignore[operator]


def lives(*, symbol: str = "", last: int = LAST) -> list[Life]:
    """Agents of the newest eras, archived ones too; three queries, whatever their number."""
    eras = {era.pk: era for era in Era.objects.order_by("-started_at")[:last]}
    agents = Agent.objects.filter(era__in=eras).defer("token")
    if symbol:
        agents = agents.filter(symbol=symbol)
    counted = agents.annotate(
        n_ships=Count("ships", filter=Q(ships__lost_at__isnull=True), distinct=True),
        n_contracts=_fulfilled(),
    )
    readings = _newest(list(agents.values_list("pk", flat=True)))
    found = [_life(eras[agent.era_id], agent, readings.get(agent.pk)) for agent in counted]
    return sorted(found, key=lambda one: (-one.era.started_at.timestamp(), one.agent.symbol))


def _fulfilled() -> Subquery:
    mine = Contract.objects.filter(agent=OuterRef("pk"), status=Contract.Status.FULFILLED)
    return Subquery(mine.order_by().values("agent").annotate(n=Count("pk")).values("n"))


def _newest(agents: list[int]) -> dict[int, CreditReading]:
    return {row.agent_id: row for row in last_readings(agents)}


def _life(era: Era, agent: Agent, reading: CreditReading | None) -> Life:
    hours = (
        (reading.at - agent.joined_at).total_seconds() * era.time_factor / 3600
        if reading
        else None
    )
    return Life(
        era=era,
        agent=agent,
        hours=hours if hours and hours > 0 else None,
        profit=reading.operating_profit if reading else None,
        net_worth=reading.net_worth if reading else None,
        requests=reading.requests if reading else None,
        ships=agent.n_ships,  # type: ignore[attr-defined]
        contracts=agent.n_contracts or 0,  # type: ignore[attr-defined]
    )


def curves(*, symbol: str = "") -> list[Line]:
    """Operating profit of each life over its own game hours; a fixed number of queries."""
    found = {one.agent.pk: one for one in lives(symbol=symbol)}
    points: dict[int, list[tuple[datetime, float]]] = defaultdict(list)
    most = max(POINTS // 3, POINTS * 4 // max(4, len(found)))  # of many lines, each has fewer
    rows = few(CreditReading.objects.filter(agent__in=found), points=most * 2 // 3).order_by(
        "at"
    )
    for pk, at, profit in rows.values_list("agent", "at", "operating_profit"):
        life = found[pk]
        played = (at - life.agent.joined_at).total_seconds() * life.era.time_factor
        if played >= 0:
            points[pk].append((START + timedelta(seconds=played), profit))
    return [
        Line(f"{life.agent.symbol} {life.era.reset_date}", _thinned(points[pk], most))
        for pk, life in found.items()
        if points[pk]
    ]


def _thinned(points: list[tuple[datetime, float]], most: int) -> list[tuple[datetime, float]]:
    step = max(1, -(-len(points) // most))
    kept = points[::step]
    return kept if kept[-1] == points[-1] else [*kept, points[-1]]
