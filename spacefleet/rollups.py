"""Old detail becomes sums: what is added up stays, what was asked of single rows goes.

Each is harmless twice, and one transaction holds a day of an agent at most: a reader sees the
rows or their sum, never both.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Min, QuerySet, Sum
from django.db.models.functions import TruncDay, TruncHour

from fleet.models import CreditReading, LedgerEntry
from spacefleet.models import RequestCount
from spacefleet.requests import KEYS, SUMS

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MOST = 400  # days of an agent, or hours, that one run rolls up; the next run goes on

ALIKE = ("kind", "activity", "behaviour", "good", "waypoint")
TRADES = (LedgerEntry.Kind.SALE, LedgerEntry.Kind.PURCHASE, LedgerEntry.Kind.FUEL)
"""What comes in thousands; ships, contracts and fees stay single for ever."""
COUNTED_BY = tuple(name for name in KEYS if name not in ("minute", "ship"))


def _start_of(day: datetime) -> datetime:
    return day.replace(hour=0, minute=0, second=0, microsecond=0)


def ledger(*, until: datetime) -> int:
    """Trades of whole days before `until` become one entry a day, good, market and activity.

    Credits and units stay to the last one, and `entries` says how many they were; ship, price
    and session go. Answers the number of entries that became fewer.
    """
    old = LedgerEntry.objects.filter(at__lt=_start_of(until), kind__in=TRADES)
    crowded = (
        old.annotate(day=TruncDay("at", tzinfo=UTC))
        .values("agent", "day", *ALIKE)
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
        .order_by("day", "agent")
        .values_list("agent", "day")
    )
    days = list(dict.fromkeys(crowded.iterator()))[:MOST]
    return sum(_ledger_of_a_day(agent, day) for agent, day in days)


@transaction.atomic
def _ledger_of_a_day(agent: int, day: datetime) -> int:
    rows = LedgerEntry.objects.filter(
        agent=agent, at__gte=day, at__lt=day + DAY, kind__in=TRADES
    )
    sums = list(
        rows.values(*ALIKE)
        .annotate(
            credits=Sum("amount"),
            moved=Sum("units"),
            times=Sum("entries"),
            last=Max("at"),
        )
        .order_by("last")
    )
    before, _ = rows.delete()
    LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(
                agent_id=agent,
                at=row["last"],
                amount=row["credits"],
                units=row["moved"],
                entries=row["times"],
                note=f"sum of {row['times']} entries of this day",
                **{name: row[name] for name in ALIKE},
            )
            for row in sums
        ]
    )
    return before - len(sums)


def requests(*, until: datetime) -> int:
    """Counts of whole hours before `until` become one row an hour, whichever ship asked."""
    old = RequestCount.objects.filter(minute__lt=_start_of(until))
    fine = old.exclude(ship="").annotate(hour=TruncHour("minute", tzinfo=UTC))
    hours = fine.order_by("hour").values_list("hour", flat=True).distinct()[:MOST]
    return sum(_requests_of_an_hour(hour) for hour in list(hours))


@transaction.atomic
def _requests_of_an_hour(hour: datetime) -> int:
    rows = RequestCount.objects.filter(minute__gte=hour, minute__lt=hour + HOUR)
    totals = {name: Sum(name) for name in SUMS}
    sums: list[dict[str, Any]] = list(rows.values(*COUNTED_BY).annotate(**totals).order_by())
    before, _ = rows.delete()
    RequestCount.objects.bulk_create(
        [RequestCount(minute=hour, ship="", **row) for row in sums], batch_size=500
    )
    return before - len(sums)


def readings(*, until: datetime) -> int:
    """Of the readings before `until` the first of each hour stays, as a point of the chart."""
    old: QuerySet[CreditReading] = CreditReading.objects.filter(at__lt=_start_of(until))
    crowded = (
        old.annotate(hour=TruncHour("at", tzinfo=UTC))
        .values("agent", "hour")
        .annotate(n=Count("pk"), first=Min("at"))
        .filter(n__gt=1)
        .order_by("hour")
        .values_list("agent", "hour", "first")
    )
    dropped = 0
    for agent, hour, first in list(crowded[: MOST * 10]):
        within = old.filter(agent=agent, at__gt=first, at__lt=hour + HOUR)
        dropped += within.delete()[0]
    return dropped
