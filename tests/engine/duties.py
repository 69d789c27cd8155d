"""Roles that exist in tests only: loops that count, fail, or wait, so that the engine shows.

`Record` collects what happened; `ROLES` go on the page of jobs for a test.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import OperationalError

from fleet.models import Agent, Ship
from fleet.services import alarms
from fleet.wake import Wake, idle, wake_in
from spacefleet.jobs import Every, Role
from spacefleet.spacetraders import Client


@dataclass
class Record:
    """What the duties of one test did."""

    steps: list[tuple[int, datetime]] = field(default_factory=list)
    under_way: Counter[int] = field(default_factory=Counter)
    overlaps: list[int] = field(default_factory=list)
    evaluations: list[str] = field(default_factory=list)
    meanwhile: Callable[[Ship], Any] = lambda ship: None
    guard: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, ship: Ship) -> None:
        with self.guard:
            self.steps.append((ship.pk, ship.wake_at))
            self.under_way[ship.pk] += 1
            if self.under_way[ship.pk] > 1:
                self.overlaps.append(ship.pk)

    def end(self, ship: Ship) -> None:
        with self.guard:
            self.under_way[ship.pk] -= 1


record = Record()


def renew() -> Record:
    """Begin a new record; the loops write to it from now on."""
    global record
    record = Record()
    return record


def count(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """A step of a minute that is only counted."""
    record.begin(ship)
    record.meanwhile(ship)
    record.end(ship)
    return wake_in(60, "counted")


def hurry(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """A step of a few milliseconds of wall time that is due again at once."""
    record.begin(ship)
    time.sleep(0.002)
    record.meanwhile(ship)
    record.end(ship)
    return wake_in(0.001, "counted")


def fail(ship: Ship, *, api: Client, at: datetime) -> Wake:
    record.begin(ship)
    raise ZeroDivisionError("a mistake of ours")


def lose_database(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """The database goes away in the first step and is there again in the next."""
    record.begin(ship)
    if len(record.steps) == 1:
        raise OperationalError("the connection was closed")
    return wake_in(60, "counted")


def look(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """A step that asks the game one thing."""
    record.begin(ship)
    api.get_my_agent()
    return wake_in(60, "asked")


def interrupted(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """Somebody does something just before a step asks the game."""
    record.begin(ship)
    record.meanwhile(ship)
    api.get_my_agent()
    return wake_in(60, "asked")


def dock(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """A step that changes one thing in the game."""
    record.begin(ship)
    api.dock(ship.symbol)
    return wake_in(60, "docked")


def nothing(ship: Ship, *, api: Client, at: datetime) -> Wake:
    record.begin(ship)
    return idle("nothing to do", seconds=30)


def nudge_itself(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """Somebody rings for the ship while it steps."""
    record.begin(ship)
    if len(record.steps) == 1:
        alarms.nudge_ship(ship.pk)
    return wake_in(600, "counted")


def turn_in_circles(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """A mistake of ours: nothing is asked, and the same again at once."""
    record.begin(ship)
    return wake_in(0, "again and again")


def evaluate(agent: Agent, *, api: Client, trigger: str = "") -> str:
    record.evaluations.append(trigger)
    if trigger == "fail":
        raise ZeroDivisionError("a mistake of ours")
    if trigger == "again" and len(record.evaluations) == 1:
        alarms.nudge("test.evaluate", agent.pk, trigger="rung meanwhile")
    return "evaluated"


HERE = __name__
ROLES = {
    name: Role(f"{HERE}.{name}", 3, "only in tests")
    for name in (
        "count",
        "hurry",
        "fail",
        "lose_database",
        "look",
        "interrupted",
        "dock",
        "nothing",
        "nudge_itself",
        "turn_in_circles",
    )
}
EVALUATORS = {"test.evaluate": Every(300, f"{HERE}.evaluate", "only in tests")}
