"""What of a good is not free to be sold."""

from django.db.models import F, QuerySet, Sum

from allocation.models import Reservation, ResourceRequest
from fleet.models import Agent
from spacefleet import clock


def units(agent: Agent, good: str) -> int:
    """Units kept back by reservations that have neither ended nor expired, less what their
    contract has queued for already."""
    rows = _standing(agent).filter(good=good)
    kept = int(rows.aggregate(total=Sum("units"))["total"] or 0)
    queued = _open(agent, good).filter(purpose=ResourceRequest.Purpose.CONTRACT)
    asked = int(queued.aggregate(total=Sum(F("units") - F("withdrawn")))["total"] or 0)
    return max(0, kept - asked)


def goods(agent: Agent) -> set[str]:
    """Goods of which something is kept back."""
    return set(_standing(agent).values_list("good", flat=True))


def requested(agent: Agent, good: str) -> int:
    """Units that open requests still want from the store."""
    total = _open(agent, good).aggregate(total=Sum(F("units") - F("withdrawn")))["total"]
    return int(total or 0)


def _standing(agent: Agent) -> "QuerySet[Reservation]":
    return Reservation.objects.filter(
        agent=agent, ended_at__isnull=True, expires_at__gt=clock.now()
    )


def _open(agent: Agent, good: str) -> "QuerySet[ResourceRequest]":
    return ResourceRequest.objects.filter(
        agent=agent,
        good=good,
        status__in=[ResourceRequest.Status.QUEUED, ResourceRequest.Status.CLAIMED],
    )
