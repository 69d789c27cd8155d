"""What the ledger adds up to, by activity and kind, since an era began.

A million entries take half a second to add up. Entries of hours that are over do not change
(what is rolled up keeps its sums), so they are added up once an hour in each process.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db.models import Q, QuerySet, Sum

from fleet.models import LedgerEntry

from .pages import HOUR, Scope

SETTLED = timedelta(minutes=10)  # of wall time, after which every transaction has ended

Key = tuple[int, str, str]  # agent, activity, kind
Sums = dict[Key, tuple[int, int]]  # credits, entries


@dataclass(frozen=True, slots=True)
class Income:
    """What one activity brought or cost, in credits."""

    activity: str
    kind: str
    last_hour: int
    total: int
    entries: int


def income(scope: Scope, *, at: datetime) -> list[Income]:
    """Credits by activity and kind since the era began, the opening balance left out."""
    labels = dict(LedgerEntry.Kind.choices)
    hour = _sums(_of(scope.pks).filter(at__gte=scope.since(HOUR, at)))
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for (_, activity, kind), (credits, entries) in totals(scope.pks, at=at).items():
        found[activity, kind][1] += credits
        found[activity, kind][2] += entries
    for (_, activity, kind), (credits, _entries) in hour.items():
        found[activity, kind][0] += credits
    return [
        Income(activity or "other", str(labels.get(kind, kind)), *numbers)
        for (activity, kind), numbers in sorted(found.items())
        if kind != LedgerEntry.Kind.OPENING
    ]


def totals(agents: list[int], *, at: datetime) -> Sums:
    """Credits and entries of each agent by activity and kind, to the last one."""
    until = (at - SETTLED).replace(minute=0, second=0, microsecond=0)
    found = dict(_settled(tuple(sorted(agents)), until))
    for key, (credits, entries) in _sums(_of(agents).filter(at__gte=until)).items():
        before = found.get(key, (0, 0))
        found[key] = (before[0] + credits, before[1] + entries)
    return found


def forget() -> None:
    """Add all up anew at the next question: another life begins in this process."""
    _settled.cache_clear()


@lru_cache(maxsize=64)
def _settled(agents: tuple[int, ...], until: datetime) -> Sums:
    return _sums(_of(list(agents)).filter(at__lt=until))


def _of(agents: list[int]) -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(Q(agent__in=agents))


def _sums(rows: QuerySet[LedgerEntry]) -> Sums:
    sums = rows.values_list("agent", "activity", "kind").annotate(
        credits=Sum("amount"), n=Sum("entries")
    )
    return {
        (agent, activity, kind): (credits, n)
        for agent, activity, kind, credits, n in sums.order_by()
    }
