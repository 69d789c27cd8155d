"""The roll of all ships, agent by agent, a page at a time."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from fleet.models import Agent, Control, Ship

from . import standing
from .pages import Scope, ShipLine, by_number, ship_line

PAGE = 200  # ships on one page

Ranked = list[tuple[int, str]]
"""Keys of an agent's ships, those in trouble first, each with its main role; a lost one has none."""


@dataclass(frozen=True, slots=True)
class Squadron:
    """One agent: how many ships it has, which main roles they hold, and those on this page."""

    agent: Agent
    ships: int
    roles: list[tuple[str, int]]
    lines: list[ShipLine]
    watching: str = ""


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
    """The ships of each agent, those in trouble first. Three queries; the first reads what the
    order needs, of all ships, the second the ships of the page."""
    ranked = _ranked(scope)
    order = [pk for agent in scope.agents for pk, _ in ranked[agent.pk]]
    page = max(1, min(page, -(-len(order) // PAGE)))
    orders = standing.every()
    lines = _lines(scope, order[(page - 1) * PAGE : page * PAGE], orders, at=at)
    found = [
        _squadron(
            agent,
            ranked[agent.pk],
            lines[agent.pk],
            watching=standing.watched(orders, agent.pk, at=at),
        )
        for agent in scope.agents
    ]
    here = [one for one in found if one.lines or not one.ships]
    return Roll(here, len(order), page)


def _lines(
    scope: Scope, shown: list[int], orders: list[Control], *, at: datetime
) -> dict[int, list[ShipLine]]:
    agents = {agent.pk: agent for agent in scope.agents}
    lines: dict[int, list[ShipLine]] = {pk: [] for pk in agents}
    ships = {ship.pk: ship for ship in Ship.objects.filter(pk__in=shown)}
    for pk in shown:
        if ship := ships.get(pk):
            ship.agent = agents[ship.agent_id]
            lines[ship.agent_id].append(ship_line(ship, orders, at=at))
    return lines


def _squadron(
    agent: Agent, ranked: Ranked, lines: list[ShipLine], *, watching: str
) -> Squadron:
    roles = Counter(role for _, role in ranked if role)
    in_order = sorted(roles.items(), key=lambda item: (-item[1], item[0]))
    return Squadron(agent, len(ranked), in_order, lines, watching)


def _ranked(scope: Scope) -> dict[int, Ranked]:
    rows = Ship.objects.filter(agent__in=scope.pks).values_list(
        "agent", "pk", "symbol", "roles", "lost_at", "failures", "suspect_since", "excluded"
    )
    found: dict[int, list[tuple[tuple[bool, tuple[str, int, str]], int, str]]] = {
        pk: [] for pk in scope.pks
    }
    for agent, pk, symbol, roles, lost_at, *troubles in rows:
        role = "" if lost_at else roles[0] if roles else "no role"
        place = (not (lost_at or any(troubles)), by_number(symbol))
        found[agent].append((place, pk, role))
    return {
        agent: [(pk, role) for _, pk, role in sorted(each)] for agent, each in found.items()
    }
