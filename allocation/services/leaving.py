"""What an agent that is left alone had promised: it ends, and the goods stay where they are."""

from allocation.models import Claim, Reservation, ResourceRequest
from fleet.models import Agent
from spacefleet import clock

from . import queue

CAUSE = "its agent is left alone; the goods stay where they are"


def end_promises(agent: Agent) -> int:
    """End every request and reservation of an agent; answers how many there were.

    Units that are being moved right now keep their promise until the move is settled. When the
    agent flies again, its contracts and sales ask anew.
    """
    ended = 0
    rows = ResourceRequest.objects.filter(agent=agent, status__in=queue.OPEN)
    for request in rows.order_by("created_at", "pk"):
        ended += queue.end(request, ResourceRequest.Status.CANCELLED, CAUSE)
    kept = Reservation.objects.filter(agent=agent, ended_at__isnull=True)
    return ended + kept.update(ended_at=clock.now())


def tidy() -> str:
    """Housekeeping: the same for all agents that are left alone, however that came about, and for
    what was still being moved then."""
    agents = Agent.objects.filter(excluded=True, era__archived_at__isnull=True).order_by("pk")
    ended = 0
    for agent in agents:
        ended += end_promises(agent)
        if Claim.objects.filter(request__agent=agent, released_at__isnull=True).exists():
            queue.release_ended(agent)
    return f"{ended} promises of {len(agents)} agents that are left alone ended"
