"""What django-q2 runs for the installation: the canary of a queue, and housekeeping."""

from datetime import timedelta

from spacefleet import clock
from spacefleet.models import Canary, RequestCount
from spacefleet.parameters import load

KEEP_REQUESTS = timedelta(days=14)


def canary(queue: str) -> None:
    """Proves that a queue of a node still runs tasks."""
    Canary.objects.filter(queue=queue).update(seen_at=clock.now())


def prune() -> str:
    """Drop detail that nobody looks at any more."""
    old = RequestCount.objects.filter(minute__lt=clock.now() - KEEP_REQUESTS)
    dropped, _ = old.delete()
    opportunities = load("sales.services.pruning.prune")()
    return f"dropped {dropped} request counts, {opportunities} old decisions"
