"""What the sales page shows: decisions with their reasons, sales, and current prices."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import F, Sum

from fleet.models import LedgerEntry, MarketGood
from fleet.selectors.pages import HOUR, Scope
from sales.models import Opportunity, Sale

STALE = timedelta(hours=1)  # of wall time; a price older than this is marked as old


def opportunities(scope: Scope, *, last: int = 20) -> list[Opportunity]:
    rows = Opportunity.objects.filter(agent__in=scope.pks).select_related("agent")
    return list(rows.defer("agent__token").order_by("-at", "good")[:last])


def sales(scope: Scope, *, last: int = 20) -> list[Sale]:
    """Sales, those still under way first."""
    rows = Sale.objects.filter(agent__in=scope.pks).select_related("ship", "opportunity")
    return list(rows.order_by(F("ended_at").desc(nulls_first=True), "-decided_at")[:last])


@dataclass(frozen=True, slots=True)
class Price:
    """One good: the market that was seen to pay most, and all others after it."""

    good: str
    best: MarketGood
    stale: bool
    others: list[MarketGood]


def prices(scope: Scope, *, at: datetime) -> list[Price]:
    """What markets pay and ask, of all goods seen; one query."""
    rows = (
        MarketGood.objects.filter(
            waypoint__era__in=[era.pk for era in scope.eras], we_receive__isnull=False
        )
        .select_related("waypoint")
        .order_by("good", F("we_receive").desc(), "waypoint__symbol")
    )
    grouped = groupby(rows, key=lambda row: row.good)
    return [_price(good, list(quoted), at=at) for good, quoted in grouped]


def _price(good: str, quotes: list[MarketGood], *, at: datetime) -> Price:
    best, *others = quotes
    stale = best.seen_at is None or best.seen_at < at - STALE
    return Price(good, best, stale, others)


@dataclass(frozen=True, slots=True)
class Turnover:
    """What one good brought in the last game hour."""

    good: str
    units: int
    credits: int

    @property
    def price(self) -> float | None:
        return self.credits / self.units if self.units else None


def turnover(scope: Scope, *, at: datetime) -> list[Turnover]:
    sold = LedgerEntry.objects.filter(
        agent__in=scope.pks, kind=LedgerEntry.Kind.SALE, at__gte=scope.since(HOUR, at)
    )
    rows = sold.values("good").annotate(total=Sum("amount"), units=Sum("units"))
    return [
        Turnover(row["good"], row["units"] or 0, row["total"])
        for row in rows.order_by("-total", "good")
    ]
