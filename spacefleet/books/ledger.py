"""The ledger in entries, in sums by activity and time, and held against the game."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.http import QueryDict

from fleet.models import Agent, LedgerEntry
from fleet.selectors import earnings
from fleet.selectors.pages import CAPITAL, HOUR, Scope
from spacefleet.templatetags.pages import signed

PAGE = 50  # entries
PERIODS = {"hour": 1, "day": 24, "week": 168, "era": 0}  # game hours; 0 is all of it
SPANS = 14  # game days, or hours, of the table over time


@dataclass(frozen=True, slots=True)
class Reconciled:
    """An agent's ledger against what the game says it has.

    `booked` is the sum of all entries, `balance` what we keep beside it, `drift` what the game
    said last less our balance.
    """

    agent: Agent
    booked: int
    balance: int
    drift: int
    compared_at: datetime | None
    entries: int

    @property
    def agrees(self) -> bool:
        return self.compared_at is not None and not self.drift and self.booked == self.balance

    @property
    def verdict(self) -> str:
        if self.booked != self.balance:
            return f"our own books disagree by {signed(self.balance - self.booked)}"
        if self.compared_at is None:
            return "not compared yet"
        return f"the game says {signed(self.drift)}" if self.drift else "to the credit"


def reconciled(scope: Scope, *, at: datetime) -> list[Reconciled]:
    """Every agent, those that disagree first; one query, when an hour begins one more.

    Entries of hours that are over are added up once an hour, see `earnings.totals`.
    """
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for (agent, _, _), (credits, entries) in earnings.totals(scope.pks, at=at).items():
        sums[agent][0] += credits
        sums[agent][1] += entries
    found = [
        Reconciled(
            agent=agent,
            booked=sums[agent.pk][0],
            balance=agent.credits,
            drift=agent.drift,
            compared_at=agent.compared_at,
            entries=sums[agent.pk][1],
        )
        for agent in scope.agents
    ]
    return sorted(found, key=lambda one: (one.agrees, one.agent.symbol))


@dataclass(frozen=True, slots=True)
class Result:
    """What one activity brought and cost, by what was paid; credits, signed."""

    activity: str
    sales: int
    contracts: int
    purchases: int
    fuel: int
    fees: int
    ships: int

    @property
    def operating(self) -> int:
        """All but ships."""
        return self.sales + self.contracts + self.purchases + self.fuel + self.fees

    @property
    def net(self) -> int:
        return self.operating + self.ships


COLUMNS = {
    "sales": LedgerEntry.Kind.SALE,
    "contracts": LedgerEntry.Kind.CONTRACT,
    "purchases": LedgerEntry.Kind.PURCHASE,
    "fuel": LedgerEntry.Kind.FUEL,
    "fees": LedgerEntry.Kind.FEE,
    "ships": LedgerEntry.Kind.SHIP,
}


def results(scope: Scope, *, period: str, at: datetime) -> list[Result]:
    """Profit and loss by activity over a period, the best first; one query."""
    sums = {name: Sum("amount", filter=Q(kind=kind)) for name, kind in COLUMNS.items()}
    rows = _within(scope, period, at).exclude(kind=LedgerEntry.Kind.OPENING)
    grouped: Any = rows.values("activity").annotate(**sums)
    found = [
        Result(row["activity"] or "other", **{name: row[name] or 0 for name in COLUMNS})
        for row in grouped
    ]
    return sorted(found, key=lambda one: (-one.operating, one.activity))


def total(results: list[Result]) -> Result:
    return Result(
        "all", **{name: sum(getattr(one, name) for one in results) for name in COLUMNS}
    )


def _within(scope: Scope, period: str, at: datetime) -> QuerySet[LedgerEntry]:
    rows = LedgerEntry.objects.filter(agent__in=scope.pks)
    hours = PERIODS[period]
    return rows.filter(at__gte=scope.since(hours * HOUR, at)) if hours else rows


@dataclass(frozen=True, slots=True)
class Span:
    """Operating profit of one game day or hour, by activity."""

    begins: datetime
    by_activity: list[int]
    total: int


@dataclass(frozen=True, slots=True)
class Spans:
    activities: list[str]
    rows: list[Span]


def spans(scope: Scope, *, hours: float, at: datetime) -> Spans:
    """The last SPANS stretches of so many game hours, the newest first; one query.

    Empty stretches at the far end are left out: before the first entry there is nothing to say.
    """
    width = timedelta(seconds=hours * HOUR / scope.factor)
    begins = [at - (n + 1) * width for n in range(SPANS)]
    sums = {
        f"s{n}": Sum("amount", filter=Q(at__gte=begin, at__lt=begin + width))
        for n, begin in enumerate(begins)
    }
    rows = LedgerEntry.objects.filter(agent__in=scope.pks, at__gte=begins[-1])
    earned: dict[str, list[int]] = defaultdict(lambda: [0] * SPANS)
    grouped: Any = rows.exclude(kind__in=CAPITAL).values("activity").annotate(**sums)
    for row in grouped:
        earned[row["activity"] or "other"] = [row[f"s{n}"] or 0 for n in range(SPANS)]
    activities = sorted(earned, key=lambda name: -sum(earned[name]))
    table = [
        Span(begin, split := [earned[name][n] for name in activities], sum(split))
        for n, begin in enumerate(begins)
    ]
    while table and not any(table[-1].by_activity):
        table.pop()
    return Spans(activities, table)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries the page asks for; wrong values fall back to the widest meaning."""

    period: str
    kind: str
    activity: str
    good: str
    ship: str
    page: int

    @classmethod
    def asked(cls, query: QueryDict) -> "Wanted":
        period, page = query.get("period", "day"), query.get("page", "")
        return cls(
            period=period if period in PERIODS else "day",
            kind=query.get("kind", ""),
            activity=query.get("activity", ""),
            good=query.get("good", "").strip().upper(),
            ship=query.get("ship", "").strip().upper(),
            page=max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1,
        )


@dataclass(frozen=True, slots=True)
class Page:
    entries: list[LedgerEntry]
    older: bool


def fitting(scope: Scope, wanted: Wanted, *, at: datetime) -> QuerySet[LedgerEntry]:
    """The entries that fit what is asked, of all pages."""
    rows = _within(scope, wanted.period, at)
    filters = {
        "kind": wanted.kind,
        "activity": wanted.activity,
        "good": wanted.good,
        "ship__symbol": wanted.ship,
    }
    return rows.filter(**{name: value for name, value in filters.items() if value})


def entries(scope: Scope, wanted: Wanted, *, at: datetime) -> Page:
    """One page of entries, the newest first. They are not counted: that would read them all."""
    rows = fitting(scope, wanted, at=at)
    start = (wanted.page - 1) * PAGE
    found = list(
        rows.select_related("agent", "ship")
        .defer("agent__token")
        .order_by("-at", "-pk")[start : start + PAGE + 1]
    )
    return Page(found[:PAGE], older=len(found) > PAGE)
