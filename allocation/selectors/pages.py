"""What the allocation page shows: who waits for what, what is kept back, and contracts."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import F

from allocation.models import Contract, Reservation, ResourceRequest, Transition, Trip
from allocation.selectors import board as rates
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


def trips(scope: Scope, *, last: int = 20) -> list[Trip]:
    """Ships under way for a contract first, then those that were."""
    rows = Trip.objects.filter(contract__agent__in=scope.pks).select_related("ship", "contract")
    return list(rows.order_by(F("ended_at").desc(nulls_first=True), "-begun_at")[:last])


@dataclass(frozen=True, slots=True)
class Standing:
    """How contracts went for one agent in the last game day; credits, game hours, requests."""

    agent: str
    fulfilled: int
    net: int
    hours: float
    requests: int

    @property
    def an_hour(self) -> float | None:
        return self.net / self.hours if self.hours else None

    @property
    def a_request(self) -> float | None:
        return self.net / self.requests if self.requests else None


def board(scope: Scope, *, at: datetime) -> list[Standing]:
    """One line for each agent of the scope that has had contracts: goods stay with their agent,
    what is known of contracts is shared."""
    since = scope.since(24 * HOUR, at)
    return [
        Standing(
            agent=row.agent,
            fulfilled=row.fulfilled,
            net=row.net,
            hours=row.seconds / 3600,
            requests=row.requests,
        )
        for row in rates.by_agent(scope.pks, since=since, at=at)
    ]
