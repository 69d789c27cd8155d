"""Dropping decisions and prices that nobody looks at any more."""

from datetime import timedelta

from sales.models import MarketIndex, Opportunity, PriceSample
from spacefleet import clock

KEEP_REJECTED = timedelta(days=7)
KEEP_PRICES = timedelta(days=14)


def prune() -> int:
    """Drop rejected opportunities after a week and prices after two; what became a sale stays."""
    at = clock.now()
    old = [
        Opportunity.objects.filter(accepted=False, at__lt=at - KEEP_REJECTED),
        PriceSample.objects.filter(at__lt=at - KEEP_PRICES),
        MarketIndex.objects.filter(at__lt=at - KEEP_PRICES),
    ]
    return sum(rows.delete()[0] for rows in old)
