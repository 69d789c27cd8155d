"""The roll of all ships, agent by agent, a page at a time."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Length

from fleet.models import Agent, Control, Ship

from . import standing
from .pages import Scope, ShipLine, ship_line

PAGE = 100  # ships on one page


@dataclass(frozen=True, slots=True)
class Left:
    """What lies in the holds of an agent that is left alone."""

    units: int
    holds: int


@dataclass(frozen=True, slots=True)
class Squadron:
    """One agent: how many ships it has, which main roles they hold, and those on this page."""

    agent: Agent
    ships: int
    roles: list[tuple[str, int]]
    lines: list[ShipLine]
    watching: str = ""
    left: Left | None = None


@dataclass(frozen=True, slots=True)
class Roll:
    """One page of the roll."""

    squadrons: list[Squadron]
    total: int
    page: int

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE + 1

    @property
    def last(self) -> int:
        return min(self.total, self.page * PAGE)

    @property
    def before(self) -> int | None:
        return self.page - 1 if self.page > 1 else None

    @property
    def after(self) -> int | None:
        return self.page + 1 if self.last < self.total else None


def roll(scope: Scope, *, at: datetime, page: int = 1) -> Roll:
    """The ships of each agent, those in trouble first. Three queries: one counts all ships, one
    reads those of the page."""
    roles = _roles(scope)
    total = sum(roles[pk].total() for pk in scope.pks)
    page = max(1, min(page, -(-total // PAGE)))
    orders = standing.every()
    lines = _lines(scope, page, orders, at=at)
    found = [
        _squadron(
            agent,
            roles[agent.pk],
            lines[agent.pk],
            watching=standing.watched(orders, agent.pk, at=at),
        )
        for agent in scope.agents
    ]
    alone = _left([agent.pk for agent in scope.agents if agent.excluded])
    found = [replace(one, left=alone.get(one.agent.pk)) for one in found]
    here = [one for one in found if one.lines or not one.ships]
    return Roll(here, total, page)


def _left(agents: list[int]) -> dict[int, Left]:
    """What lies where it was left, by agent; nothing is asked while none is left alone."""
    if not agents:
        return {}
    laden = Ship.objects.filter(agent__in=agents, lost_at__isnull=True, cargo_units__gt=0)
    rows = laden.values_list("agent").annotate(units=Sum("cargo_units"), holds=Count("pk"))
    return {agent: Left(units, holds) for agent, units, holds in rows}


def _lines(
    scope: Scope, page: int, orders: list[Control], *, at: datetime
) -> dict[int, list[ShipLine]]:
    agents = {agent.pk: agent for agent in scope.agents}
    lines: dict[int, list[ShipLine]] = {pk: [] for pk in agents}
    for ship in _ranked(scope)[(page - 1) * PAGE : page * PAGE]:
        ship.agent = agents[ship.agent_id]
        lines[ship.agent_id].append(ship_line(ship, orders, at=at))
    return lines


def _ranked(scope: Scope) -> QuerySet[Ship]:
    """Agents as the scope has them, of each those in trouble first, AGENT-9 before AGENT-10."""
    places = [When(agent=pk, then=Value(n)) for n, pk in enumerate(scope.pks)]
    well = Q(lost_at=None, failures=0, suspect_since=None, excluded=False)
    return Ship.objects.filter(agent__in=scope.pks).order_by(
        Case(*places, default=Value(0), output_field=IntegerField()),
        Case(When(well, then=Value(1)), default=Value(0), output_field=IntegerField()),
        Length("symbol"),
        "symbol",
    )


def _squadron(
    agent: Agent, roles: Counter[str], lines: list[ShipLine], *, watching: str
) -> Squadron:
    held = [(role, n) for role, n in roles.items() if role and n]
    in_order = sorted(held, key=lambda item: (-item[1], item[0]))
    return Squadron(agent, roles.total(), in_order, lines, watching)


def _roles(scope: Scope) -> dict[int, Counter[str]]:
    """How many ships of each agent have which main role; a lost one has none, "" here."""
    found: dict[int, Counter[str]] = {pk: Counter() for pk in scope.pks}
    ships = Ship.objects.filter(agent__in=scope.pks).values_list(
        "agent", KeyTextTransform("0", "roles")
    )
    lost = Count("pk", filter=Q(lost_at__isnull=False))
    for agent, role, n, gone in ships.annotate(n=Count("pk"), gone=lost).order_by():
        found[agent][role or "no role"] += n - gone
        found[agent][""] += gone
    return found
