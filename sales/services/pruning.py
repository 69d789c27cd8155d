"""Dropping decisions that nobody looks at any more."""

from datetime import timedelta

from sales.models import Opportunity
from spacefleet import clock

KEEP_REJECTED = timedelta(days=7)


def prune() -> int:
    """Drop rejected opportunities after a week; those that became sales stay."""
    old = Opportunity.objects.filter(accepted=False, at__lt=clock.now() - KEEP_REJECTED)
    dropped, _ = old.delete()
    return dropped
