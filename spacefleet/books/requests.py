"""The request budget in figures: by ship, by activity, and over time against the limit."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, Sum

from fleet.models import LedgerEntry
from fleet.selectors.pages import CAPITAL, HOUR, Scope
from fleet.services.ledger import activity_of
from spacefleet import jobs, selectors

WINDOWS = {"1h": (60, 1), "6h": (360, 5), "24h": (1_440, 15)}
"""Name → wall minutes shown, and minutes of one point."""
RATE_LIMITED = 429  # Too Many Requests
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Point:
    """One stretch of the chart: requests a minute, milliseconds each waited, refusals by limit."""

    at: datetime
    per_minute: float
    waited: float
    limited: int


def pace(scope: Scope, window: str, *, at: datetime) -> list[Point]:
    """Complete stretches only; the running one would dive at the edge. One query."""
    minutes, step = WINDOWS[window]
    end = at.replace(second=0, microsecond=0)
    start = end - minutes * MINUTE
    rows = (
        selectors.counts(scope)
        .filter(minute__gte=start, minute__lt=end)
        .values_list("minute")
        .annotate(
            n=Sum("count"),
            waited=Sum("waited_ms"),
            limited=Sum("count", filter=Q(status=RATE_LIMITED)),
        )
    )
    sums: dict[int, list[float]] = defaultdict(lambda: [0, 0, 0])
    for minute, n, waited, limited in rows:
        bucket = sums[int((minute - start) / MINUTE) // step]
        for place, value in enumerate((n, waited, limited or 0)):
            bucket[place] += value
    if not sums:
        return []
    return [
        Point(start + k * step * MINUTE, n / step, waited / n if n else 0, int(limited))
        for k in range(minutes // step)
        for n, waited, limited in [sums[k]]
    ]


@dataclass(frozen=True, slots=True)
class Price:
    """What the requests of one activity brought in the last game hour."""

    activity: str
    credits: int
    requests: int
    productive: int

    @property
    def a_request(self) -> float | None:
        return self.credits / self.requests if self.requests else None


def by_activity(scope: Scope, *, at: datetime) -> list[Price]:
    """Credits and requests of each arm of income; two queries.

    Requests without a ship belong to steering, which earns nothing itself.
    """
    since = scope.since(HOUR, at).replace(second=0, microsecond=0)
    earned: dict[str, int] = defaultdict(int)
    rows = LedgerEntry.objects.filter(agent__in=scope.pks, at__gte=since)
    for name, amount in (
        rows.exclude(kind__in=CAPITAL).values_list("activity").annotate(n=Sum("amount"))
    ):
        earned[name or "other"] += amount
    asked: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    counted = selectors.counts(scope).filter(minute__gte=since).values_list("purpose")
    for purpose, n, good in counted.annotate(n=Sum("count"), good=Sum("productive")):
        sums = asked[activity_of("", purpose) if purpose in jobs.ROLES else "steering"]
        sums[0] += n
        sums[1] += good
    found = [
        Price(name, earned.get(name, 0), *asked.get(name, (0, 0))) for name in {*earned, *asked}
    ]
    return sorted(found, key=lambda one: (-one.credits, one.activity))


def limited(scope: Scope, *, at: datetime) -> int:
    """How often the server said in the last game hour that we ask too fast."""
    since = scope.since(HOUR, at).replace(second=0, microsecond=0)
    rows = selectors.counts(scope).filter(minute__gte=since, status=RATE_LIMITED)
    return rows.aggregate(n=Sum("count"))["n"] or 0
