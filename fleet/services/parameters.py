"""Which value a parameter has: default < installation < agent < ship."""

import time
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db.models.signals import post_delete, post_save

from fleet.models import Agent, Parameter, Ship
from spacefleet import parameters
from spacefleet.parameters import Described

T = TypeVar("T")
MEMORY = 1.0  # wall seconds a process may go on with what it read; a step later it is current


class _Rows:
    """All parameter rows, read again when they are older than MEMORY or changed here."""

    def __init__(self) -> None:
        self.read_at = float("-inf")
        self.rows: list[Parameter] = []

    def get(self) -> list[Parameter]:
        if time.monotonic() - self.read_at > MEMORY:
            self.rows = list(Parameter.objects.all())
            self.read_at = time.monotonic()
        return self.rows

    def forget(self, **kwargs: Any) -> None:
        self.read_at = float("-inf")


_rows = _Rows()
post_save.connect(_rows.forget, sender=Parameter)
post_delete.connect(_rows.forget, sender=Parameter)


def forget() -> None:
    """Read the rows anew at the next question."""
    _rows.forget()


def resolve(
    kind: type[T], behaviour: str, *, agent: Agent | int | None = None, ship: Ship | None = None
) -> T:
    """The parameters of `behaviour` as an instance of `kind`, for a ship, an agent or all.

    A stored value that is no longer valid (an upgrade narrowed its limits) is passed over.
    """
    values: dict[str, Any] = {}
    for row in sorted(_matching(behaviour, agent, ship), key=_scope):
        try:
            values[row.name] = parameters.parse(behaviour, row.name, row.value)
        except ValueError:
            continue
    return replace(kind(), **values)  # type: ignore[type-var]


@dataclass(frozen=True, slots=True)
class Explained:
    """A parameter in force: its description, its value and where the value comes from."""

    spec: Described
    value: Any
    source: str


def explain(
    behaviour: str, *, agent: Agent | None = None, ship: Ship | None = None
) -> list[Explained]:
    """Each parameter of a behaviour with its value and source, for the pages."""
    specs = {spec.name: spec for spec in parameters.describe(behaviour)}
    chosen: dict[str, Explained] = {}
    for row in sorted(_matching(behaviour, agent, ship), key=_scope):
        try:
            value = parameters.parse(behaviour, row.name, row.value)
        except ValueError:
            continue
        chosen[row.name] = Explained(specs[row.name], value, _source(row))
    return [
        chosen.get(name) or Explained(spec, spec.default, "default")
        for name, spec in specs.items()
    ]


def _matching(behaviour: str, agent: Agent | int | None, ship: Ship | None) -> list[Parameter]:
    agent_id = ship.agent_id if ship else agent.pk if isinstance(agent, Agent) else agent
    ship_id = ship.pk if ship else None
    return [
        row
        for row in _rows.get()
        if row.behaviour == behaviour
        and (row.agent_id is None or row.agent_id == agent_id)
        and (row.ship_id is None or row.ship_id == ship_id)
    ]


def _scope(row: Parameter) -> int:
    return 2 if row.ship_id else 1 if row.agent_id else 0


def _source(row: Parameter) -> str:
    return ("installation", "agent", "ship")[_scope(row)]
