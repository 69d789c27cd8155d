"""The lease of a lane: who drives its ships, proven by conditional UPDATEs."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F, Q

from fleet.models import Lane
from spacefleet import clock, processes

TTL = timedelta(seconds=15)  # wall time after which a silent dispatcher has lost its lane
BEAT = 3.0  # wall seconds between heartbeats: a fifth of the lease


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to drive a lane, for one owner and one generation."""

    lane: int
    name: str
    owner: str
    generation: int


def lane(name: str) -> Lane:
    """The lane of that name, made at the first call."""
    found, _ = Lane.objects.get_or_create(name=name)
    return found


def acquire(name: str, *, owner: str) -> Lease | None:
    """Take a lane whose lease is free or ran out, or whose owner is certainly dead; None while
    another dispatcher holds it."""
    at = clock.now()
    row = lane(name)
    free = Q(expires_at__isnull=True) | Q(expires_at__lt=at)
    if processes.gone(row.owner):
        free |= Q(owner=row.owner)
    taken = Lane.objects.filter(free, pk=row.pk, generation=row.generation).update(
        owner=owner, generation=F("generation") + 1, expires_at=at + TTL, beat_at=at
    )
    return Lease(row.pk, name, owner, row.generation + 1) if taken else None


def renew(lease: Lease, **state: Any) -> bool:
    """Prove the lease and prolong it; False when it is lost and everything must stop.

    A lease that ran out while nobody else took the lane is still ours: taking it counts the
    generation on. `state` (budget, usage) is saved with it, so that a successor goes on where we were.
    """
    at = clock.now()
    return bool(
        Lane.objects.filter(
            pk=lease.lane, generation=lease.generation, owner=lease.owner
        ).update(expires_at=at + TTL, beat_at=at, **state)
    )


def release(lease: Lease, **state: Any) -> None:
    """Give the lane back, so that the next dispatcher need not wait."""
    Lane.objects.filter(pk=lease.lane, generation=lease.generation, owner=lease.owner).update(
        owner="", expires_at=None, **state
    )


def leave(row: Lane, budget: dict[str, Any]) -> None:
    """Tell the next dispatcher of a lane what was asked of the game before it came; one that
    drives it now knows better."""
    resting = Q(expires_at__isnull=True) | Q(expires_at__lt=clock.now())
    Lane.objects.filter(resting, pk=row.pk).update(budget={**budget, "complete": True})


def drained(name: str) -> bool:
    """Whether somebody wants the lane to stand still."""
    return Lane.objects.filter(name=name, drain=True).exists()


def free(name: str) -> bool:
    """Whether nobody drives the lane."""
    row = lane(name)
    return row.expires_at is None or row.expires_at < clock.now() or processes.gone(row.owner)
