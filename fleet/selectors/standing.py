"""The owner's standing orders, and which of them concern whom."""

from collections.abc import Iterable
from datetime import datetime

from fleet.models import Control
from fleet.rules.orders import WATCH, Order
from spacefleet.statements import Select

_every = Select(
    lambda: Control.objects.select_related("agent", "ship").defer("agent__token").order_by("pk")
)


def every() -> list[Control]:
    """All orders; there are few."""
    return _every.all()


def concerning(
    rows: Iterable[Control], agent: int | None, ship: int | None = None
) -> list[Order]:
    """Those for everybody, for this agent and for this ship."""
    return [order_of(row) for row in rows if _concerns(row, agent, ship)]


def _concerns(row: Control, agent: int | None, ship: int | None) -> bool:
    if row.ship_id is not None:
        return row.ship_id == ship
    return row.agent_id is None or row.agent_id == agent


def reaches(row: Control, agent: int, ship: str) -> bool:
    """Whether an order is for everybody, for this agent, or for its ship of this name."""
    if row.ship is not None:
        return row.ship.agent_id == agent and row.ship.symbol == ship
    return row.agent_id is None or row.agent_id == agent


def watched(rows: Iterable[Control], agent: int, ship: str = "", *, at: datetime) -> str:
    """The order in words by which an agent or its ship only watches; empty when it may act."""
    for row in rows:
        holds = row.mode == WATCH and (row.until is None or row.until > at)
        if holds and reaches(row, agent, ship):
            return order_of(row).said
    return ""


def order_of(row: Control) -> Order:
    """A row as the value the rules and the pages speak of."""
    scope = row.ship.symbol if row.ship else row.agent.symbol if row.agent else ""
    return Order(
        mode=row.mode, scope=scope, place=row.place, until=row.until, by=row.by, why=row.why
    )
