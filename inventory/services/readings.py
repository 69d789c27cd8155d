"""Readings of the depots: how full they are, and what went in and out since the last one."""

from datetime import datetime

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from fleet.models import Agent
from inventory.models import CapacityReading, Round, Transfer
from inventory.selectors import stock
from spacefleet import clock

DONE = Q(status=Transfer.Status.CONFIRMED)


def read(agent: Agent) -> CapacityReading:
    """Write down one point of the series; five statements."""
    at = clock.now()
    before = (
        CapacityReading.objects.filter(agent=agent)
        .order_by("-at")
        .values_list("at", flat=True)
        .first()
    )
    fill = stock.fill(agent)
    return CapacityReading.objects.create(
        agent=agent,
        at=at,
        units=fill.units,
        incoming=fill.incoming,
        capacity=fill.capacity,
        **_moved(agent, before or agent.joined_at, at),
        **_rounds(agent, before or agent.joined_at, at),
    )


def _moved(agent: Agent, since: datetime, until: datetime) -> dict[str, int]:
    """Transfers that ended in between, by what they did to the depots."""
    ended = Transfer.objects.filter(
        giver__agent=agent, done_at__gt=since, done_at__lte=until
    ).exclude(status=Transfer.Status.UNKNOWN)
    return ended.aggregate(
        stored=Coalesce(Sum("units", filter=DONE & Q(kind=Transfer.Kind.DEPOSIT)), 0),
        taken=Coalesce(Sum("units", filter=DONE & Q(kind=Transfer.Kind.WITHDRAW)), 0),
        tried=Count("pk"),
        confirmed=Count("pk", filter=DONE),
    )


def _rounds(agent: Agent, since: datetime, until: datetime) -> dict[str, int]:
    rounds = Round.objects.filter(ship__agent=agent, at__gt=since, at__lte=until)
    return rounds.aggregate(rounds=Count("pk"), carried=Coalesce(Sum("units"), 0))
