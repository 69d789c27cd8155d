"""Is all well again? What must hold after each break, and how long it took."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django import db
from django_q.models import OrmQ

from fleet.models import Ship
from inventory.models import Transfer
from spacefleet import clock
from spacefleet.models import Canary

from . import books
from .stage import Stage

LOOK_EVERY = 0.2
OVERDUE = timedelta(seconds=10)  # wall time a due ship may wait for its step
PARTS = {"control": 1, "ships": 2}  # workers of a cluster
HELPERS = 2  # pusher and monitor
DEAFENS = (
    "kill idle",
    "kill helper",
    "end helper",
    "kill several",
    "kill storm",
)  # often leave a queue locked for ever
QUEUED = 25  # tasks in a queue: canaries that are never acknowledged pile up


@dataclass(slots=True)
class Found:
    """What became of one break."""

    trouble: str
    at: datetime
    took_over: float | None = None
    silence: float | None = None
    well: float | None = None
    kills: int = 1
    broken: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        return {
            "trouble": self.trouble,
            "at": self.at.isoformat(),
            "seconds_to_next_step": self.took_over,
            "longest_silence": self.silence,
            "seconds_until_well": self.well,
            "broken": self.broken,
            **self.facts,
        }


class Doctor:
    """Looks at the stage until all is well, or until its patience ends."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._lines = 0

    def recover(self, found: Found, *, since: datetime, limit: float) -> None:
        """Wait until all is well and check every book; what does not hold stands in `found`."""
        began = time.monotonic()
        told = self.stage.witness.tally.copy()
        wrong = ["nothing was looked at"]
        while wrong and time.monotonic() - began < limit:
            time.sleep(LOOK_EVERY)
            wrong = _safely(lambda: self._unwell(found, since, told, began))
        if wrong:
            found.broken += [f"after {limit:.0f} s still: {each}" for each in wrong[:8]]
        else:
            found.well = round(time.monotonic() - began, 2)
        found.silence = round(self.stage.witness.longest_silence(), 2)
        found.broken += self._never() + self._lasting(limit)

    def see_it_move(self, found: Found, *, since: datetime, limit: float) -> None:
        """Wait until somebody flies the ships again, and check what must hold at any moment."""
        began = time.monotonic()
        while not (moved := _moved(self.stage.agent.pk, since)):
            if time.monotonic() - began > limit:
                found.broken.append(f"after {limit:.0f} s still: no ship has moved")
                break
            time.sleep(LOOK_EVERY)
        if moved:
            found.took_over = round(time.monotonic() - began, 2)
        found.silence = round(self.stage.witness.longest_silence(), 2)
        found.broken += self._never()

    def _unwell(
        self, found: Found, since: datetime, told: books.Tally, began: float
    ) -> list[str]:
        """What is not as it should be yet."""
        agent = self.stage.agent
        wrong = self._processes()
        if not _moved(agent.pk, since):
            return [*wrong, "no ship has moved"]
        if found.took_over is None:
            found.took_over = round(time.monotonic() - began, 2)
        return (
            wrong
            or _late(agent.pk)
            or _old_doubts(agent.pk, since)
            or books.missing(agent, told)
            or (self._deaf(since) if found.trouble in DEAFENS else [])
        )

    def _processes(self) -> list[str]:
        """Parts of the nodes that are not there."""
        living = self.stage.processes()
        wrong = []
        for node in self.stage.supervisors:
            for queue, workers in PARTS.items():
                there = [each.kind for each in living if each.queue == f"{queue}-{node}"]
                for kind, wanted in (
                    ("main", 1),
                    ("sentinel", 1),
                    ("worker", workers),
                    ("helper", HELPERS),
                ):
                    if there.count(kind) != wanted:
                        wrong.append(
                            f"{queue}-{node} has {there.count(kind)} of {wanted} {kind}"
                        )
        if self.stage.flies(living) is None:
            wrong.append("nobody flies the ships")
        return wrong

    def _deaf(self, since: datetime) -> list[str]:
        """Queues of the nodes through which no task came since."""
        ours = [f"{queue}-{node}" for node in self.stage.supervisors for queue in PARTS]
        deaf = Canary.objects.filter(queue__in=ours, seen_at__lte=since)
        return [f"no task comes through {row.queue}" for row in deaf]

    def _never(self) -> list[str]:
        """What must not be true at any moment."""
        stage, agent = self.stage, self.stage.agent
        blind, stage.witness.blind = stage.witness.blind, []
        said = stage.voices.errors(self._lines)
        self._lines = len(stage.voices.lines)
        return [
            *books.doubled(agent, stage.witness.tally),
            *books.queue(agent),
            *(f"repeated blindly: {each}" for each in blind),
            *(f"unhandled: {each}" for each in said),
            *(f"failed: {each}" for each in books.failing(agent)),
            *_crowded(),
        ]

    def _lasting(self, limit: float) -> list[str]:
        """What may differ for a moment and no longer: each thing must be right once."""
        agent, world = self.stage.agent, self.stage.world

        def differ() -> dict[str, str]:
            return {
                **books.balance(agent, world),
                **books.holds(agent, world),
                **books.stores(agent, world),
                **dict.fromkeys(books.owners(agent), "differs"),
            }

        return lasting(differ, limit)

    def after_the_end(self) -> list[str]:
        """All books once nobody works any more: nothing is under way, so all must agree."""
        agent, log = self.stage.agent, self.stage.witness.log
        differ = {
            **books.balance(agent, self.stage.world),
            **books.holds(agent, self.stage.world),
            **books.stores(agent, self.stage.world),
        }
        return [
            *(f"{what} {how}" for what, how in differ.items()),
            *books.missing(agent, self.stage.witness.tally),
            *books.deliveries(agent, log),
            *books.doubtful(agent),
            *self._never(),
        ]


def lasting(differ: Callable[[], dict[str, str]], limit: float) -> list[str]:
    """What differs in each of many looks until the limit ends."""
    ends = time.monotonic() + limit
    left = differ()
    while left and time.monotonic() < ends:
        time.sleep(LOOK_EVERY)
        now = differ()
        left = {what: now[what] for what in left if what in now}
    return [f"{what} {how}" for what, how in left.items()]


def _safely(look: Callable[[], list[str]]) -> list[str]:
    """A look while the database may be away."""
    try:
        return look()
    except db.Error as error:
        db.close_old_connections()
        return [f"the database is away: {error}"]


def _moved(agent: int, since: datetime) -> bool:
    """Whether a ship has taken a step since then; not while the database is away."""
    try:
        return Ship.objects.filter(agent=agent, stepped_at__gt=since).exists()
    except db.Error:
        db.close_old_connections()
        return False


def _late(agent: int) -> list[str]:
    due = Ship.objects.flying().filter(agent=agent, wake_at__lt=clock.now() - OVERDUE)
    return [
        f"{ship} waits for its step since {ship.wake_at:%H:%M:%S}{_step(ship)}" for ship in due
    ]


def _step(ship: Ship) -> str:
    """The step a late ship is in: that tells a slow step from one that never began."""
    if ship.stepping is None or ship.stepping_at is None:
        return f" ({ship.why})"
    return f", in one since {ship.stepping_at:%H:%M:%S} ({ship.why})"


def _old_doubts(agent: int, since: datetime) -> list[str]:
    ships = Ship.objects.flying().filter(agent=agent, suspect_since__lte=since)
    rows = Transfer.objects.filter(
        giver__agent=agent, status__in=Transfer.UNSETTLED, at__lte=since
    )
    return [f"{ship} is suspect: {ship.suspect_why}" for ship in ships] + [
        f"transfer {row.pk} is {row.status}" for row in rows
    ]


def _crowded() -> list[str]:
    waiting = OrmQ.objects.count()
    return [f"{waiting} tasks stand in the queues"] if waiting > QUEUED else []
