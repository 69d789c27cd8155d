"""The price history: samples of what markets pay, and their rolling averages."""

from datetime import datetime

from django.db.models import Avg, Count, F, Max, Q

from fleet.models import Agent, MarketGood
from sales.models import PriceSample
from spacefleet import clock
from spacefleet.spacetraders import Client

from . import staffing


def observe(agent: Agent, *, api: Client | None = None, trigger: str = "") -> str:
    """Evaluator: copy every price seen since the last time into the history, ask for ships."""
    staffing.state(agent)
    rows = (
        MarketGood.objects.filter(waypoint__era=agent.era_id, we_receive__isnull=False)
        .annotate(
            sampled_at=Max("waypoint__prices__at", filter=Q(waypoint__prices__good=F("good")))
        )
        .filter(Q(sampled_at__isnull=True) | Q(seen_at__gt=F("sampled_at")))
    )
    samples = [
        PriceSample(
            waypoint_id=row.waypoint_id,
            good=row.good,
            we_receive=row.we_receive or 0,
            we_pay=row.we_pay or 0,
            trade_volume=row.trade_volume or 0,
            supply=row.supply,
            activity=row.activity,
            at=row.seen_at,
        )
        for row in rows
        if row.seen_at is not None
    ]
    PriceSample.objects.bulk_create(samples, ignore_conflicts=True)
    return f"{len(samples)} new prices" if samples else "no new prices"


def average(
    market: str, good: str, *, era: int, since: datetime, min_samples: int
) -> tuple[float | None, int]:
    """Rolling average of what we received for a good at a market, and the number of samples.

    The average is None with fewer than `min_samples`.
    """
    found = PriceSample.objects.filter(
        waypoint__era=era, waypoint__symbol=market, good=good, at__gte=since
    ).aggregate(mean=Avg("we_receive"), count=Count("pk"))
    enough = found["count"] >= min_samples
    return (float(found["mean"]) if enough else None), found["count"]


def window_start(seconds: float) -> datetime:
    return clock.now() - clock.game(seconds)
