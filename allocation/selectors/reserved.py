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


def kept(agent: Agent) -> dict[str, int]:
    """Units kept back of every good, as `units` says it; two statements for all goods."""
    sums = _standing(agent).values("good").annotate(total=Sum("units"))
    standing = {row["good"]: int(row["total"] or 0) for row in sums}
    if not standing:
        return {}
    queued = _all_open(agent).filter(
        purpose=ResourceRequest.Purpose.CONTRACT, good__in=standing
    )
    asked = _wanted(queued)
    return {good: max(0, units - asked.get(good, 0)) for good, units in standing.items()}


def asked(agent: Agent) -> dict[str, int]:
    """Units that open requests still want of every good; one statement for all goods."""
    return _wanted(_all_open(agent))


def _wanted(rows: "QuerySet[ResourceRequest]") -> dict[str, int]:
    sums = rows.values("good").annotate(total=Sum(F("units") - F("withdrawn")))
    return {row["good"]: int(row["total"] or 0) for row in sums}


def _standing(agent: Agent) -> "QuerySet[Reservation]":
    return Reservation.objects.filter(
        agent=agent, ended_at__isnull=True, expires_at__gt=clock.now()
    )


def _open(agent: Agent, good: str) -> "QuerySet[ResourceRequest]":
    return _all_open(agent).filter(good=good)


def _all_open(agent: Agent) -> "QuerySet[ResourceRequest]":
    return ResourceRequest.objects.filter(
        agent=agent,
        status__in=[ResourceRequest.Status.QUEUED, ResourceRequest.Status.CLAIMED],
    )
