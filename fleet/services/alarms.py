"""Ringing alarms before their time: how one ship or domain tells another that work is there."""

import itertools
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Case, DateTimeField, Q, QuerySet, When

from fleet.models import Evaluator, Ship
from spacefleet import clock
from spacefleet.statements import Update

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
    _ring_ship.run(pk=ship, **_now())


def nudge_role(agent: int, role: str) -> None:
    """Ring the alarms of an agent's ships that hold a role: there is work for one of them."""
    _ring_role(role).run(agent=agent, **_now())


def nudge_fleet(
    ships: "QuerySet[Ship]", evaluators: "QuerySet[Evaluator] | None" = None
) -> None:
    """Ring whole fleets, as after an order of their owner."""
    now = _now()
    for rows in (ships, evaluators):
        if rows is not None:
            rung, changes = _rung(rows, **now)
            rung.update(**changes)


def nudge(name: str, agent: int, *, trigger: str) -> None:
    """Ring an evaluator's alarm now, and tell it who asked."""
    _ring_evaluator.run(name=name, agent=agent, trigger=trigger[:80], **_now())


def _now() -> dict[str, Any]:
    ring()
    at = clock.now()
    return {"at": at, "before": at - AN_INSTANT}


def _rung(
    rows: "QuerySet[Any]", at: Any, before: Any
) -> tuple["QuerySet[Any]", dict[str, Any]]:
    """Set the alarm of rows that sleep or step to now; one that is due needs no ringing.

    Where a step began at this very instant, only another time tells its end that it was rung.
    """
    asleep_or_stepping = rows.filter(Q(wake_at__gt=at) | Q(stepping__isnull=False))
    now = Case(When(wake_at=at, then=before), default=at, output_field=DateTimeField())
    return asleep_or_stepping, {"wake_at": now}


@lru_cache(maxsize=64)
def _ring_role(role: str) -> Update:
    def build(agent: Any, at: Any, before: Any) -> tuple["QuerySet[Any]", dict[str, Any]]:
        return _rung(Ship.objects.filter(agent=agent).with_role(role), at, before)

    return Update(build)


_ring_ship = Update(lambda pk, at, before: _rung(Ship.objects.filter(pk=pk), at, before))
_ring_evaluator = Update(
    lambda name, agent, at, before: _rung(
        Evaluator.objects.filter(name=name, agent=agent), at, before
    ),
    also=("trigger",),
)
