"""Rolling averages of what markets paid, and the price index made of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count

from sales.models import MarketIndex, PriceSample
from spacefleet import clock

Lane = tuple[str, str]  # market and good


@dataclass(frozen=True, slots=True)
class Average:
    """Mean of what we received for a good at a market, and of how many samples."""

    mean: float
    samples: int


def averages(
    era: int, *, since: datetime, goods: Collection[str] | None = None
) -> dict[Lane, Average]:
    """Rolling averages by market and good, however few their samples; one statement."""
    rows = PriceSample.objects.filter(waypoint__era=era, at__gte=since)
    if goods is not None:
        rows = rows.filter(good__in=goods)
    found = rows.values("waypoint__symbol", "good").annotate(
        mean=Avg("we_receive"), count=Count("pk")
    )
    return {
        (row["waypoint__symbol"], row["good"]): Average(float(row["mean"]), row["count"])
        for row in found
    }


def enough(average: Average | None, least: int) -> float | None:
    """The mean, or None when its samples are fewer than `least`."""
    return average.mean if average and average.samples >= least else None


def readings(era: int, *, since: datetime, at: datetime) -> dict[str, list[tuple[float, int]]]:
    """Price indices by market, as (age in game seconds, percent), the newest first."""
    rows = (
        MarketIndex.objects.filter(waypoint__era=era, at__gte=since)
        .order_by("-at")
        .values_list("waypoint__symbol", "at", "percent")
    )
    found: dict[str, list[tuple[float, int]]] = {}
    for symbol, seen, percent in rows:
        found.setdefault(symbol, []).append((clock.elapsed(seen, at), percent))
    return found
