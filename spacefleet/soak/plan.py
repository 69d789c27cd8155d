"""What a soak does to the fleet: kinds of trouble, profiles of them, and dice with a seed."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from spacefleet.universe.faults import mixed

T = TypeVar("T")

STORM_PAUSE = 1.2  # wall seconds at most between two kills of a storm

SQLITE, POSTGRES = "sqlite", "postgres"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of break: how often it comes, and what it needs.

    `kill` says that it counts as a kill: a process ends that nobody asked to end.
    """

    weight: int
    meaning: str
    kill: bool = False
    needs: str = ""


KILLS = {
    "kill dispatcher": Trouble(6, "kill -9 of the worker that flies the ships", kill=True),
    "kill idle": Trouble(3, "kill -9 of a worker that waits for a task", kill=True),
    "kill helper": Trouble(3, "kill -9 of a cluster's pusher or monitor", kill=True),
    "kill sentinel": Trouble(3, "kill -9 of a cluster's sentinel", kill=True),
    "kill main": Trouble(3, "kill -9 of a cluster's main process", kill=True),
    "kill supervisor": Trouble(3, "kill -9 of runworkers, started anew at once", kill=True),
    "kill several": Trouble(6, "kill -9 of two to four of them at once", kill=True),
    "kill storm": Trouble(
        6, "kill -9 of five of them, whatever is there, within a few seconds", kill=True
    ),
    "end dispatcher": Trouble(2, "SIGTERM to the worker that flies the ships", kill=True),
    "end helper": Trouble(1, "SIGTERM to a pusher or monitor", kill=True),
    "end main": Trouble(1, "SIGTERM to a cluster's main process", kill=True),
    "end supervisor": Trouble(2, "SIGTERM to runworkers, started anew", kill=True),
}
OUTAGES = {
    "database away 15 s": Trouble(2, "PostgreSQL stopped at once for 15 s", needs=POSTGRES),
    "database away 120 s": Trouble(1, "PostgreSQL stopped at once for 120 s", needs=POSTGRES),
    "disk full": Trouble(2, "no file of the workers can grow for 20 s", needs=SQLITE),
}
RIVALS = {
    "second dispatcher": Trouble(
        1, "a second node starts, the first one's dispatcher freezes until it was taken over"
    ),
}


@dataclass(frozen=True, slots=True)
class Profile:
    """Which trouble comes, and how many percent of calls the server spoils in between."""

    troubles: dict[str, Trouble]
    server: float
    meaning: str

    def rules(self) -> list[str]:
        """The server's trouble as rules of the universe."""
        return mixed(self.server)


PROFILES = {
    "kills": Profile(KILLS, 0.0, "processes die, the server is well"),
    "full": Profile(
        KILLS | OUTAGES | RIVALS, 6.0, "processes die, database and disk fail, calls get lost"
    ),
    "outages": Profile(OUTAGES, 0.0, "the database goes away, the disk is full"),
    "server": Profile({}, 20.0, "one call in five fails, times out or loses its answer"),
}

ZONES = ("UTC", "Europe/London", "America/St_Johns", "Asia/Kathmandu", "Pacific/Auckland")
"""Time zones a supervisor is started in; the fleet's times must not know them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One soak: how long, with what, and where."""

    hours: float
    profile: str
    kills: int | None
    seed: int
    speed: float
    scenario: str
    database: str
    port: int
    database_port: int
    folder: Path
    limit: float  # wall seconds in which everything must be well after a break
    breaks: int | None = None  # end after so many breaks
    only: tuple[str, ...] = ()  # kinds of trouble that are drawn; all of the profile when empty
    settle: int = 1  # after so many breaks all must be well; in between the ships must move
    pause: tuple[float, float] = (0.3, 2.0)  # wall seconds between two breaks


class Dice:
    """Draws trouble from a profile, the same for the same seed."""

    def __init__(self, plan: Plan) -> None:
        self._random = random.Random(plan.seed)
        self._pause = plan.pause
        kind = POSTGRES if plan.database == POSTGRES else plan.database
        self._choices = [
            (name, trouble.weight)
            for name, trouble in PROFILES[plan.profile].troubles.items()
            if trouble.needs in ("", kind) and (not plan.only or name in plan.only)
        ]

    def troubles(self) -> Iterator[str]:
        """One name after the other, without end; nothing where nothing is broken."""
        while self._choices:
            names, weights = zip(*self._choices, strict=True)
            yield self._random.choices(names, weights)[0]

    def pause(self) -> float:
        return self._random.uniform(*self._pause)

    def moment(self) -> float:
        """Wall seconds between two blows of a storm."""
        return self._random.uniform(0.0, STORM_PAUSE)

    def some_of(self, things: Sequence[T], count: int) -> list[T]:
        return self._random.sample(things, min(count, len(things)))

    def one_of(self, things: Sequence[T]) -> T:
        return self._random.choice(things)
