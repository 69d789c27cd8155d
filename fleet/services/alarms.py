"""Ringing alarms before their time: how one ship or domain tells another that work is there."""

import itertools
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet

from fleet.models import Evaluator, Ship
from spacefleet import clock

AN_INSTANT = timedelta(microseconds=1)

_numbers = itertools.count(1)
_last = 0


def ring() -> None:
    """Say that some alarm of this process's fleet was changed outside the end of a step."""
    global _last
    _last = next(_numbers)


def bell() -> int:
    """Another number after each `ring`: a dispatcher that knows it need not look again."""
    return _last


def nudge_ship(ship: int) -> None:
    """Ring a ship's alarm now; one that is in the middle of a step takes another after it."""
    _ring(Ship.objects.filter(pk=ship))


def nudge_role(agent: int, role: str) -> None:
    """Ring the alarms of an agent's ships that hold a role: there is work for one of them."""
    for ship in Ship.objects.filter(agent=agent).with_role(role).values_list("pk", flat=True):
        nudge_ship(ship)


def nudge(name: str, agent: int, *, trigger: str) -> None:
    """Ring an evaluator's alarm now, and tell it who asked."""
    _ring(Evaluator.objects.filter(name=name, agent=agent), trigger=trigger[:80])


def _ring(row: "QuerySet[Any]", **fields: Any) -> None:
    """Set the alarm of a row that sleeps or steps to now; one that is due needs no ringing."""
    at = clock.now()
    ring()
    asleep_or_stepping = row.filter(Q(wake_at__gt=at) | Q(stepping__isnull=False))
    if asleep_or_stepping.exclude(wake_at=at).update(wake_at=at, **fields):
        return
    # it began to step at this very instant: only another time tells the end of its step
    row.filter(wake_at=at, stepping__isnull=False).update(wake_at=at - AN_INSTANT, **fields)
