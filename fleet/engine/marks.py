"""The statements of the dispatcher: look for alarms, mark what steps, set its next alarm.

A step costs two of them beside its own work: the mark that answers the row it marked, and the
end that writes the ship's unwritten changes, its alarm and its line on the dashboard at once.
"""

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Case, CharField, DateTimeField, F, Q, Value, When

from fleet.models import Evaluator, Ship
from fleet.wake import Wake
from spacefleet.statements import Select, Update

from .agenda import NEVER, Job

BATCH = 64  # alarms of each kind that one look reads
MANY = 2_048  # the same where several agents share a lane

Alarm = tuple[int, datetime, int]


def _evaluators(lane: Any) -> Any:
    return Evaluator.objects.filter(
        agent__lane=lane,
        agent__excluded=False,
        agent__halted="",
        agent__era__archived_at__isnull=True,
    )


def _soonest(rows: Any, most: int) -> Any:
    return rows.order_by("wake_at", "pk").values_list("pk", "wake_at", "agent_id")[:most]


def _looks(most: int) -> tuple[tuple[str, Select[Alarm], Select[Alarm]], ...]:
    """The statements of a look that reads so many alarms of each kind."""
    return (
        (
            "evaluator",
            Select(lambda lane: _soonest(_evaluators(lane), most)),
            Select(
                lambda lane, agents: _soonest(
                    _evaluators(lane).filter(agent__symbol__in=agents), most
                )
            ),
        ),
        (
            "ship",
            Select(lambda lane: _soonest(Ship.objects.flying().filter(agent__lane=lane), most)),
            Select(
                lambda lane, agents: _soonest(
                    Ship.objects.flying().filter(agent__lane=lane, agent__symbol__in=agents),
                    most,
                )
            ),
        ),
    )


_OF_ONE, _OF_SEVERAL = (BATCH, _looks(BATCH)), (MANY, _looks(MANY))


def look(
    lane: int, agents: Collection[str] = (), *, several: bool = False
) -> tuple[list[Job], datetime]:
    """The next alarms of a lane's agents, or of those named, and up to when they are all.

    With `several` agents to choose between, far more: those that wait longest may all be ships of
    the agents that had most.
    """
    jobs: list[Job] = []
    horizon = NEVER
    most, looks = _OF_SEVERAL if several else _OF_ONE
    for kind, of_all, of_some in looks:
        rows = of_some.all(lane=lane, agents=list(agents)) if agents else of_all.all(lane=lane)
        jobs += [Job(wake_at, kind, pk, agent) for pk, wake_at, agent in rows]
        if len(rows) == most:
            horizon = min(horizon, rows[-1][1])
    return [job for job in jobs if job.wake_at <= horizon], horizon


_mark_ship = Update(
    lambda pk, wake_at, mine, at: (
        Ship.objects.filter(pk=pk, wake_at=wake_at, stepping__isnull=True),
        {"stepping": mine, "stepping_at": at},
    )
)
_mark_ship_again = Update(
    lambda pk, wake_at, mine: (
        Ship.objects.filter(pk=pk, wake_at=wake_at, stepping__lte=mine),
        {"stepping": mine},
    )
)


def begin_ship(job: Job, *, mine: int, at: datetime) -> tuple[Ship | None, bool]:
    """Mark a ship as stepping, unless its alarm was moved or another generation steps it.

    The second value says that our own mark was on it: the database was away when that step
    ended.
    """
    found = _mark_ship.instances(pk=job.pk, wake_at=job.wake_at, mine=mine, at=at)
    if found:
        return found[0], False
    found = _mark_ship_again.instances(pk=job.pk, wake_at=job.wake_at, mine=mine)
    return (found[0], True) if found else (None, False)


def _unless_rung(believed: Any, value: Any, name: str, field: Any) -> Case:
    """`value`, unless somebody rang the alarm during the step: then what the column has."""
    return Case(When(wake_at=believed, then=value), default=F(name), output_field=field)


@lru_cache(maxsize=256)
def _end_ship(columns: tuple[str, ...]) -> Update:
    """The end of a step that changed these columns of its ship."""

    def build(pk: Any, mine: Any, believed: Any, wake_at: Any, at: Any, why: Any) -> Any:
        changes = {
            "wake_at": _unless_rung(believed, wake_at, "wake_at", DateTimeField()),
            "stepping": None,
            "stepped_at": at,
            "why": why,
        }
        return Ship.objects.filter(pk=pk, stepping=mine), changes

    return Update(build, returning=("wake_at",), also=columns)


def end_ship(ship: Ship, job: Job, wake: Wake, *, mine: int, at: datetime) -> datetime | None:
    """Write what the step left unwritten, and its alarm unless the ship was nudged meanwhile.

    Answers the alarm as it stands now; None when another generation took the ship.
    """
    unwritten, ship.unwritten = ship.unwritten or {}, None
    found = _end_ship(tuple(sorted(unwritten))).values(
        pk=ship.pk,
        mine=mine,
        believed=job.wake_at,
        wake_at=wake.at,
        at=at,
        why=wake.why,
        **unwritten,
    )
    return found[0][0] if found else None


_mark_evaluator = Update(
    lambda pk, wake_at, mine: (
        Evaluator.objects.filter(
            Q(stepping__isnull=True) | Q(stepping__lte=mine), pk=pk, wake_at=wake_at
        ),
        {"stepping": mine},
    )
)
_end_evaluator = Update(
    lambda pk, mine, believed, wake_at, at, why: (
        Evaluator.objects.filter(pk=pk, stepping=mine),
        {
            "wake_at": _unless_rung(believed, wake_at, "wake_at", DateTimeField()),
            "trigger": _unless_rung(believed, Value(""), "trigger", CharField()),
            "stepping": None,
            "stepped_at": at,
            "why": why,
        },
    ),
    returning=("wake_at",),
)


def begin_evaluator(job: Job, *, mine: int) -> Evaluator | None:
    """Mark an evaluator as stepping, unless its alarm was moved or another one runs it."""
    found = _mark_evaluator.instances(pk=job.pk, wake_at=job.wake_at, mine=mine)
    return found[0] if found else None


def end_evaluator(job: Job, wake: Wake, *, mine: int, at: datetime) -> datetime | None:
    """Set its alarm and forget who asked for it, unless somebody rang it meanwhile."""
    found = _end_evaluator.values(
        pk=job.pk, mine=mine, believed=job.wake_at, wake_at=wake.at, at=at, why=wake.why
    )
    return found[0][0] if found else None
