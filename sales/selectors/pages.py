"""What the sales page shows: decisions with their reasons, sales, and current prices."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from fleet.models import LedgerEntry, MarketGood
from fleet.selectors.newest import open_first
from fleet.selectors.pages import HOUR, Scope
from sales.models import Crowding, MarketIndex, Opportunity, PriceSample, Sale

STALE = timedelta(hours=1)  # of wall time; a price older than this is marked as old

NEXT_BEST = 5  # markets listed after the best; the others are counted


def opportunities(scope: Scope, *, last: int = 20) -> "QuerySet[Opportunity]":
    """Looks at goods in store that became sales, the newest first."""
    return _looks(scope, accepted=True)[:last]


def rejected(scope: Scope, *, last: int = 20) -> "QuerySet[Opportunity]":
    """Looks that became none, each with the condition that said no."""
    return _looks(scope, accepted=False)[:last]


def _looks(scope: Scope, *, accepted: bool) -> "QuerySet[Opportunity]":
    rows = Opportunity.objects.filter(agent__in=scope.pks, accepted=accepted)
    return rows.select_related("agent").defer("agent__token").order_by("-at", "good")


def said_no(scope: Scope, *, at: datetime) -> list[tuple[str, int]]:
    """How often each condition said no in the last game day, the commonest first."""
    rows = Opportunity.objects.filter(
        agent__in=scope.pks, accepted=False, at__gte=scope.since(24 * HOUR, at)
    )
    counts = rows.values_list("failed").annotate(times=Count("pk"))
    return list(counts.order_by("-times", "failed"))


def sales(scope: Scope, *, last: int = 20) -> list[Sale]:
    """Sales, those still under way first."""
    rows = Sale.objects.filter(agent__in=scope.pks).select_related("ship", "opportunity")
    return open_first(rows, began="decided_at", last=last)


@dataclass(frozen=True, slots=True)
class Result:
    """What sales of the last game day were expected to bring and brought, by what decided."""

    criterion: str
    sales: int
    units: int
    realised: int
    expected: int

    @property
    def percent(self) -> int | None:
        """Realised in percent of expected; None when nothing was expected."""
        return round(100 * self.realised / self.expected) if self.expected else None


def results(scope: Scope, *, at: datetime) -> list[Result]:
    """Expected against realised; sales whose price nobody knew count in units alone."""
    done = Sale.objects.filter(
        agent__in=scope.pks,
        status=Sale.Status.DONE,
        ended_at__gte=scope.since(24 * HOUR, at),
    )
    rows = done.values("criterion").annotate(
        count=Count("pk"),
        sold=Sum("units_sold"),
        brought=Sum("realised", filter=Q(expected_price__isnull=False)),
        hoped=Sum(F("expected_price") * F("units_sold")),
    )
    return [
        Result(
            row["criterion"], row["count"], row["sold"], row["brought"] or 0, row["hoped"] or 0
        )
        for row in rows.order_by("-sold", "criterion")
    ]


def crowdings(scope: Scope, *, last: int = 5) -> list[Crowding]:
    """Times when the depots were crowded, with the rungs of the ladder; two queries."""
    rows = Crowding.objects.filter(agent__in=scope.pks).select_related("agent")
    return list(rows.defer("agent__token").prefetch_related("rungs").order_by("-pk")[:last])


@dataclass(frozen=True, slots=True)
class Mood:
    """A market's price index now, where it was the day before, and where our sales went."""

    market: str
    at: datetime
    percent: int
    goods: int
    before: int | None
    sales: int
    stayed_away: int

    @property
    def poor(self) -> bool:
        return self.percent < 100


def moods(scope: Scope, *, at: datetime) -> list[Mood]:
    """The price index of each market, the poorest first; two queries."""
    since = scope.since(24 * HOUR, at)
    eras = [era.pk for era in scope.eras]
    rows = MarketIndex.objects.filter(waypoint__era__in=eras, at__gte=since)
    series: dict[str, list[MarketIndex]] = {}
    for row in rows.select_related("waypoint").order_by("at"):
        series.setdefault(row.waypoint.symbol, []).append(row)
    went: dict[str, int] = {}
    left: dict[str, int] = {}
    sold = Sale.objects.filter(agent__in=scope.pks, decided_at__gte=since)
    for market, home in sold.values_list("market", "home"):
        went[market] = went.get(market, 0) + 1
        if home and home != market:
            left[home] = left.get(home, 0) + 1
    found = [
        Mood(
            market,
            read[-1].at,
            read[-1].percent,
            read[-1].goods,
            read[0].percent if len(read) > 1 else None,
            went.get(market, 0),
            left.get(market, 0),
        )
        for market, read in series.items()
    ]
    return sorted(found, key=lambda mood: (mood.percent, mood.market))


def priced_goods(scope: Scope) -> list[str]:
    """Goods of which prices were sampled."""
    eras = [era.pk for era in scope.eras]
    sampled = PriceSample.objects.filter(waypoint=OuterRef("waypoint"), good=OuterRef("good"))
    rows = MarketGood.objects.filter(Exists(sampled), waypoint__era__in=eras)
    return list(rows.order_by("good").values_list("good", flat=True).distinct())


def price_series(
    scope: Scope, good: str, *, since: datetime
) -> dict[str, list[tuple[datetime, float]]]:
    """What each market paid for a good over time."""
    rows = PriceSample.objects.filter(
        waypoint__era__in=[era.pk for era in scope.eras], good=good, at__gte=since
    ).order_by("at")
    series: dict[str, list[tuple[datetime, float]]] = {}
    for market, at, price in rows.values_list("waypoint__symbol", "at", "we_receive"):
        series.setdefault(market, []).append((at, float(price)))
    return dict(sorted(series.items()))


@dataclass(frozen=True, slots=True)
class Price:
    """One good: the market that was seen to pay most, and all others after it."""

    good: str
    best: MarketGood
    stale: bool
    others: list[MarketGood]

    @property
    def next_best(self) -> list[MarketGood]:
        return self.others[:NEXT_BEST]

    @property
    def left_out(self) -> int:
        return len(self.others) - len(self.next_best)


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
