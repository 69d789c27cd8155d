"""What the ledger adds up to, by activity and kind, since an era began (`spacefleet.settled`)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet, Sum

from fleet.models import LedgerEntry
from spacefleet.settled import Settled

from .pages import HOUR, Scope

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
    return _totals.sums(tuple(sorted(agents)), at=at)


def forget() -> None:
    """Add all up anew at the next question: another life begins in this process."""
    _totals.forget()


def _of(agents: Sequence[int]) -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(Q(agent__in=agents))


def _between(agents: tuple[int, ...], since: datetime | None, until: datetime | None) -> Sums:
    rows = _of(agents)
    if since:
        rows = rows.filter(at__gte=since)
    return _sums(rows.filter(at__lt=until) if until else rows)


_totals: Settled[tuple[int, ...], Key] = Settled(_between)


def _sums(rows: QuerySet[LedgerEntry]) -> Sums:
    sums = rows.values_list("agent", "activity", "kind").annotate(
        credits=Sum("amount"), n=Sum("entries")
    )
    return {
        (agent, activity, kind): (credits, n)
        for agent, activity, kind, credits, n in sums.order_by()
    }
