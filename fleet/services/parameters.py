"""Which value a parameter has: default < installation < agent < ship."""

import time
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

from django.db.models import QuerySet
from django.db.models.signals import post_delete, post_save

from fleet.models import Agent, Parameter, Ship
from spacefleet import clock, parameters
from spacefleet.parameters import Described
from spacefleet.statements import Select

T = TypeVar("T")
MEMORY = 1.0  # wall seconds a process may go on with what it read; a step later it is current


_every = Select(lambda: Parameter.objects.all())


@dataclass(slots=True)
class _Read:
    """All parameter rows as they were read, and what was worked out from them."""

    rows: list[Parameter]
    resolved: dict[tuple[Any, ...], Any] = field(default_factory=dict)


class _Rows:
    """All parameter rows, read again when they are older than MEMORY or changed here."""

    def __init__(self) -> None:
        self.read_at = float("-inf")
        self.read = _Read([])

    def get(self) -> _Read:
        if time.monotonic() - self.read_at > MEMORY:
            self.read = _Read(_every.all())
            self.read_at = time.monotonic()
        return self.read

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
    read = _rows.get()
    key = (kind, behaviour, *_whose(agent, ship))
    found = read.resolved.get(key)
    if found is None:
        found = read.resolved[key] = _resolved(kind, behaviour, agent, ship)
    return cast(T, found)


def _resolved(kind: type[T], behaviour: str, agent: Agent | int | None, ship: Ship | None) -> T:
    values: dict[str, Any] = {}
    for row in sorted(_matching(behaviour, agent, ship), key=_scope):
        try:
            values[row.name] = parameters.parse(behaviour, row.name, row.value)
        except ValueError:
            continue
    return replace(kind(), **values)  # type: ignore[type-var]


def _whose(agent: Agent | int | None, ship: Ship | None) -> tuple[int | None, int | None]:
    """The keys of the agent and of the ship a value is for."""
    if ship:
        return ship.agent_id, ship.pk
    return (agent.pk if isinstance(agent, Agent) else agent), None


def chosen(
    behaviour: str, name: str, *, agent: Agent | None = None, ship: Ship | None = None
) -> str | None:
    """What somebody chose for exactly this scope, as text; None when nobody did."""
    rows = _of_scope(behaviour, agent, ship).filter(name=name)
    return rows.values_list("value", flat=True).first()


def choose(
    behaviour: str,
    name: str,
    value: str | None,
    *,
    agent: Agent | None = None,
    ship: Ship | None = None,
) -> None:
    """Choose a value for a scope; None lets it follow the wider scope again.

    Raises ValueError with what is allowed.
    """
    rows = _of_scope(behaviour, agent, ship).filter(name=name)
    if value is None:
        rows.delete()
    else:
        parameters.parse(behaviour, name, value)
        if not rows.update(value=value, changed_at=clock.now()):
            Parameter.objects.create(
                behaviour=behaviour, name=name, value=value, agent=agent, ship=ship
            )
    forget()


def choices() -> list[Parameter]:
    """Everything somebody chose, by behaviour and name."""
    rows = Parameter.objects.select_related("agent", "ship").defer("agent__token")
    return list(rows.order_by("behaviour", "name", "agent", "ship"))


def _of_scope(behaviour: str, agent: Agent | None, ship: Ship | None) -> "QuerySet[Parameter]":
    if ship is not None:
        return Parameter.objects.filter(behaviour=behaviour, ship=ship)
    if agent is not None:
        return Parameter.objects.filter(behaviour=behaviour, agent=agent)
    return Parameter.objects.filter(behaviour=behaviour, agent__isnull=True, ship__isnull=True)


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
    agent_id, ship_id = _whose(agent, ship)
    return [
        row
        for row in _rows.get().rows
        if row.behaviour == behaviour
        and (row.agent_id is None or row.agent_id == agent_id)
        and (row.ship_id is None or row.ship_id == ship_id)
    ]


def _scope(row: Parameter) -> int:
    return 2 if row.ship_id else 1 if row.agent_id else 0


def _source(row: Parameter) -> str:
    return ("installation", "agent", "ship")[_scope(row)]
