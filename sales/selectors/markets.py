"""What markets pay now, as far as we can tell: last seen prices, our own trades since, and what
was consumed meanwhile."""

from collections.abc import Collection, Iterable
from datetime import datetime

from fleet.models import LedgerEntry, MarketGood
from fleet.rules import prices as law
from sales.models import Sale
from sales.rules.outlets import OLDEST, Offer
from spacefleet import clock

HOUR = 3600.0
Lane = tuple[str, str]  # market and good


def offers(
    era: int,
    system: str,
    goods: Collection[str],
    *,
    at: datetime,
    max_age: float | None = None,
    planned: bool = False,
    besides: int | None = None,
) -> dict[str, list[Offer]]:
    """Known buyers by good; a price older than `max_age` game seconds is no opinion (T16).

    With `planned` the goods of open sales, but for `besides`, count as sold already, so that two
    sales do not count on the same price. Two statements, or three, whatever the number of markets.
    """
    rows = [
        row
        for row in _seen(era, system, goods)
        if max_age is None or clock.elapsed(row.seen_at, at) <= max_age  # type: ignore[arg-type]
    ]
    if not rows:
        return {}
    moved = _traded(era, rows, goods)
    if planned:
        for lane, units in _planned(era, goods, besides).items():
            moved[lane] = moved.get(lane, 0) + units
    found: dict[str, list[Offer]] = {}
    for row in rows:
        symbol = row.waypoint.symbol
        age = clock.elapsed(row.seen_at, at) / HOUR if row.seen_at else OLDEST
        sold = moved.get((symbol, row.good), 0)
        found.setdefault(row.good, []).append(
            Offer(symbol, row.good, quote_of(row), max(0.0, age), sold)
        )
    return found


def quote_of(row: MarketGood) -> law.Quote:
    return law.Quote(
        row.kind,
        row.we_receive or 0,
        row.trade_volume or 1,
        row.supply,
        row.we_pay,
        row.activity,
    )


def _seen(era: int, system: str, goods: Collection[str]) -> list[MarketGood]:
    rows = MarketGood.objects.filter(
        waypoint__era=era,
        waypoint__system=system,
        good__in=goods,
        we_receive__isnull=False,
        seen_at__isnull=False,
    )
    return list(rows.select_related("waypoint").order_by("waypoint__symbol"))


def _traded(era: int, rows: Iterable[MarketGood], goods: Collection[str]) -> dict[Lane, float]:
    """Units sold at each market since its price was seen, less those bought; every agent's."""
    seen = {(row.waypoint.symbol, row.good): row.seen_at for row in rows}
    oldest = min(at for at in seen.values() if at)
    oldest = max(oldest, clock.now() - clock.game(OLDEST * HOUR))
    entries = LedgerEntry.objects.filter(
        agent__era=era,
        kind__in=[LedgerEntry.Kind.SALE, LedgerEntry.Kind.PURCHASE],
        at__gt=oldest,
        good__in=goods,
    ).values_list("waypoint", "good", "kind", "units", "at")
    found: dict[Lane, float] = {}
    for waypoint, good, kind, units, at in entries:
        since = seen.get((waypoint, good))
        if since and at > since:
            sign = 1 if kind == LedgerEntry.Kind.SALE else -1
            found[waypoint, good] = found.get((waypoint, good), 0) + sign * (units or 0)
    return found


def _planned(era: int, goods: Collection[str], besides: int | None) -> dict[Lane, float]:
    """Units that open sales will bring to each market."""
    rows = Sale.objects.filter(agent__era=era, ended_at__isnull=True, good__in=goods)
    found: dict[Lane, float] = {}
    for pk, market, good, units in rows.values_list("pk", "market", "good", "units"):
        if pk != besides:
            found[market, good] = found.get((market, good), 0) + units
    return found


def listing(era: int, system: str, goods: Collection[str]) -> dict[str, list[str]]:
    """Markets that buy each good, whether anybody has seen a price there or not."""
    rows = (
        MarketGood.objects.filter(
            waypoint__era=era,
            waypoint__system=system,
            good__in=goods,
            kind__in=[MarketGood.Kind.IMPORT, MarketGood.Kind.EXCHANGE],
        )
        .order_by("waypoint__symbol")
        .values_list("good", "waypoint__symbol")
    )
    found: dict[str, list[str]] = {}
    for good, symbol in rows:
        found.setdefault(good, []).append(symbol)
    return found
