"""What the allocation page shows: who waits for what, what is kept back, and contracts."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import F

from allocation.models import Contract, Reservation, ResourceRequest, Transition
from fleet.selectors.pages import HOUR, Scope

Status = ResourceRequest.Status


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue for one good of one agent's depots, the first comer first."""

    agent: str
    good: str
    requests: list[ResourceRequest]

    @property
    def units(self) -> int:
        return sum(request.units - request.claimed for request in self.requests)


def queues(scope: Scope) -> list[Queue]:
    """All queues; a claimed request stands in none."""
    rows = ResourceRequest.objects.filter(agent__in=scope.pks).waiting().in_order()
    rows = rows.select_related("agent", "ship").defer("agent__token")
    ranked = sorted(rows, key=lambda request: (request.agent.symbol, request.good))
    return [
        Queue(agent, good, list(requests))
        for (agent, good), requests in groupby(
            ranked, key=lambda request: (request.agent.symbol, request.good)
        )
    ]


def claimed(scope: Scope) -> list[ResourceRequest]:
    """Requests whose goods are promised and wait to be fetched."""
    rows = ResourceRequest.objects.filter(agent__in=scope.pks, status=Status.CLAIMED)
    return list(
        rows.select_related("agent", "ship").defer("agent__token").order_by("claimed_at")
    )


def transitions(scope: Scope, *, last: int = 20) -> list[Transition]:
    rows = Transition.objects.filter(request__agent__in=scope.pks).select_related("request")
    return list(rows.order_by("-at", "-pk")[:last])


@dataclass(frozen=True, slots=True)
class Waits:
    """How long requests of the last game day waited for their goods, in wall time."""

    served: int
    p50: timedelta | None
    p95: timedelta | None


def waits(scope: Scope, *, at: datetime) -> Waits:
    rows = ResourceRequest.objects.filter(
        agent__in=scope.pks, claimed_at__gte=scope.since(24 * HOUR, at)
    )
    times = rows.order_by("-claimed_at").values_list("created_at", "claimed_at")[:1000]
    waited = sorted(claimed_at - created_at for created_at, claimed_at in times if claimed_at)
    return Waits(len(waited), _percentile(waited, 50), _percentile(waited, 95))


def _percentile(ranked: list[timedelta], percent: int) -> timedelta | None:
    """The nearest rank: the smallest value that `percent` of all do not exceed."""
    if not ranked:
        return None
    return ranked[max(0, math.ceil(percent * len(ranked) / 100) - 1)]


def reservations(scope: Scope) -> list[Reservation]:
    rows = Reservation.objects.filter(agent__in=scope.pks, ended_at__isnull=True)
    return list(
        rows.select_related("agent", "contract").defer("agent__token").order_by("expires_at")
    )


def contracts(scope: Scope, *, last: int = 20) -> list[Contract]:
    """Contracts, those still running first."""
    rows = Contract.objects.filter(agent__in=scope.pks).select_related("agent")
    rows = rows.defer("agent__token").order_by(F("ended_at").desc(nulls_first=True), "-seen_at")
    return list(rows[:last])
