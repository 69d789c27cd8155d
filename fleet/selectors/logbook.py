"""What a ship did last, line by line, and what that brought."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, Sum

from fleet.models import LedgerEntry, LogLine, Ship
from fleet.selectors.pages import CAPITAL, HOUR, Scope
from spacefleet.models import RequestCount


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the log and how long it held; None for the newest, which still holds."""

    line: LogLine
    held: timedelta | None


def log_of(ship: Ship, *, last: int = 40) -> list[Said]:
    """The newest lines first."""
    lines = list(LogLine.objects.filter(ship=ship).order_by("-at", "-pk")[:last])
    ends = [None, *(line.at for line in lines)]
    return [
        Said(line, until - line.at if until else None)
        for line, until in zip(lines, ends, strict=False)
    ]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a ship brought and cost in the last game hour, and since it joined."""

    last_hour: int
    in_all: int
    requests: int
    productive: int

    @property
    def credits_a_request(self) -> float | None:
        return self.last_hour / self.requests if self.requests else None


def figures_of(ship: Ship, *, scope: Scope, at: datetime) -> Figures:
    """Credits without the price of ships; requests of the last game hour. Two queries."""
    since = scope.since(HOUR, at)
    money = (
        LedgerEntry.objects.filter(ship=ship)
        .exclude(kind__in=CAPITAL)
        .aggregate(hour=Sum("amount", filter=Q(at__gte=since)), in_all=Sum("amount"))
    )
    sent = RequestCount.objects.filter(
        minute__gte=since.replace(second=0, microsecond=0),
        agent=ship.agent.symbol,
        ship=ship.symbol,
    ).aggregate(n=Sum("count"), good=Sum("productive"))
    return Figures(money["hour"] or 0, money["in_all"] or 0, sent["n"] or 0, sent["good"] or 0)
