"""The owner's orders: given, taken back, and asked for by whoever is about to act.

There are few of them, so a process reads them all and goes on with that for a moment, as it does
with parameters. Giving one rings the ships it concerns: each says at once what holds.
"""

import time
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.signals import post_delete, post_save

from fleet.models import Agent, Control, Evaluator, Ship
from fleet.rules import orders
from fleet.rules.orders import Order
from fleet.rules.watching import WatchingOnly, deed
from fleet.selectors import standing
from spacefleet import clock
from spacefleet.spacetraders import Request

from . import alarms

MEMORY = 0.25  # wall seconds a process may go on with what it read: an order holds after them


class _Rows:
    """All orders, read again when they are older than MEMORY or changed here."""

    def __init__(self) -> None:
        self.read_at = float("-inf")
        self.rows: list[Control] = []

    def get(self) -> list[Control]:
        if time.monotonic() - self.read_at > MEMORY:
            self.rows = standing.every()
            self.read_at = time.monotonic()
        return self.rows

    def forget(self, **kwargs: object) -> None:
        self.read_at = float("-inf")


_rows = _Rows()
post_save.connect(_rows.forget, sender=Control)
post_delete.connect(_rows.forget, sender=Control)


def forget() -> None:
    """Read the rows anew at the next question."""
    _rows.forget()


# asked


def over(ship: Ship, *, at: datetime) -> Order | None:
    """The order a ship obeys now: its own, its agent's or everybody's, the strictest."""
    return orders.strictest(standing.concerning(_rows.get(), ship.agent_id, ship.pk), at=at)


def over_agent(agent: int, *, at: datetime) -> Order | None:
    """The order that holds for an agent as a whole."""
    return orders.strictest(standing.concerning(_rows.get(), agent), at=at)


def over_all(*, at: datetime) -> Order | None:
    """The order that holds for the whole installation."""
    return orders.strictest(standing.concerning(_rows.get(), None), at=at)


def no_new_work(agent: int) -> str:
    """Why an agent begins nothing new, buys no ship and promises no goods; empty when it may."""
    order = over_agent(agent, at=clock.now())
    return order.said if order and order.mode != orders.WATCH else ""


def emergency(agent: int) -> str:
    """Why no call may go out for an agent any more; empty when calls may."""
    order = over_agent(agent, at=clock.now())
    return order.said if order and order.mode == orders.EMERGENCY else ""


def watching(agent: int, ship: str = "") -> str:
    """Why nothing of the game may be changed for an agent or this ship of it; empty when it may.

    It holds beside every other order: one to pause lets nothing out that one to watch forbids.
    """
    return standing.watched(_rows.get(), agent, ship, at=clock.now())


def forbid_changes(agent: int, request: Request, *, ship: str = "") -> None:
    """Raise WatchingOnly when this request, which would change the game, must not go out."""
    if said := watching(agent, ship):
        raise WatchingOnly(said, deed(request.method, request.endpoint, request.body))


# given and taken back


def given(*, agent: Agent | None = None, ship: Ship | None = None) -> Control | None:
    """The order that was given for exactly this scope, if any."""
    return _of(agent, ship).order_by("pk").first()


def give(
    mode: str,
    *,
    agent: Agent | None = None,
    ship: Ship | None = None,
    by: str = "",
    why: str = "",
    until: datetime | None = None,
    place: str = "",
) -> Control:
    """Order something for a scope instead of what was ordered for it before."""
    _of(agent, ship).delete()
    row = Control.objects.create(
        mode=mode,
        agent=agent,
        ship=ship,
        place=place,
        since=clock.now(),
        until=until,
        by=by,
        why=why,
    )
    ring(agent=agent, ship=ship)
    return row


def release(*, agent: Agent | None = None, ship: Ship | None = None) -> bool:
    """Let a scope fly freely again; False when nothing was ordered for it."""
    deleted, _ = _of(agent, ship).delete()
    forget()
    ring(agent=agent, ship=ship)
    return bool(deleted)


def ring(*, agent: Agent | None = None, ship: Ship | None = None) -> None:
    """Wake everybody in a scope: what holds for them has changed."""
    ships, evaluators = Ship.objects.all(), Evaluator.objects.all()
    if ship is not None:
        ships, evaluators = ships.filter(pk=ship.pk), evaluators.none()
    elif agent is not None:
        ships, evaluators = ships.filter(agent=agent), evaluators.filter(agent=agent)
    alarms.nudge_fleet(ships, evaluators.filter(name="fleet.conductor"))


def _of(agent: Agent | None, ship: Ship | None) -> "QuerySet[Control]":
    if ship is not None:
        return Control.objects.filter(ship=ship)
    if agent is not None:
        return Control.objects.filter(agent=agent)
    return Control.objects.filter(agent__isnull=True, ship__isnull=True)
