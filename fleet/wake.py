"""What the engine and the loops agree on: a step answers when to take the next one."""

from dataclasses import dataclass
from datetime import datetime

from spacefleet import clock


@dataclass(frozen=True, slots=True)
class Wake:
    """Come back at `at`, because of `why` (a few words, shown on the dashboard).

    `idle` marks a ship that has nothing to do in this role: its next role is asked.
    """

    at: datetime
    why: str
    idle: bool = False


def wake_in(seconds: float, why: str) -> Wake:
    """Come back after `seconds` of game time."""
    return Wake(clock.now() + clock.game(seconds), why)


def idle(why: str, seconds: float = 60) -> Wake:
    """Nothing to do in this role; look again after `seconds` of game time."""
    return Wake(clock.now() + clock.game(seconds), why, idle=True)
