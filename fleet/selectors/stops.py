"""The circuit breaker on its pages: how the hour of each agent stands, and all stops."""

from dataclasses import dataclass
from datetime import datetime

from fleet.models import Agent, Evaluator, SpendingStop
from fleet.models.money import SpendingStopQuerySet

from .pages import Scope

NEWEST = 50


@dataclass(frozen=True, slots=True)
class Guarded:
    """One agent: the stop that holds, if any, and the last word of the circuit breaker."""

    agent: Agent
    stop: SpendingStop | None
    said: str


def guarded(scope: Scope, *, at: datetime) -> list[Guarded]:
    """Every agent in scope, two queries."""
    stops = {row.agent_id: row for row in _rows(scope).standing(at)}
    said = dict(
        Evaluator.objects.filter(agent__in=scope.pks, name="fleet.protection").values_list(
            "agent", "why"
        )
    )
    return [
        Guarded(agent, stops.get(agent.pk), said.get(agent.pk, "")) for agent in scope.agents
    ]


def stops(scope: Scope) -> list[SpendingStop]:
    """The newest stops, those that hold and those that are over."""
    return list(_rows(scope).select_related("agent").defer("agent__token")[:NEWEST])


def stop(pk: str, *, scope: Scope) -> SpendingStop | None:
    """The stop of that key, if it is one of these agents'."""
    if not pk.isdecimal():
        return None
    rows = _rows(scope).select_related("agent").defer("agent__token")
    return rows.filter(pk=int(pk)).first()


def _rows(scope: Scope) -> SpendingStopQuerySet:
    return SpendingStop.objects.filter(agent__in=scope.pks)
