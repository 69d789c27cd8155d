"""The dispatcher of a lane: finds due ships and evaluators and lets them step, overlapping.

It owns nothing but a lease. Everything it knows is in the rows, so it may end between any two
steps, or in the middle of one: a successor finds the marks of unfinished steps and has those
ships looked at before they act.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, close_old_connections, connection

from fleet.services import alarms, healing, lanes
from fleet.services.connections import Connections
from fleet.services.logbook import Logbook
from fleet.services.roll import Roll
from spacefleet import clock, workerlog

from . import marks
from .agenda import Agenda, Job
from .steps import LeaseLost, step_evaluator, step_ship

logger = logging.getLogger(__name__)

POLL = timedelta(seconds=0.25)  # after which alarms set by other processes are noticed
ALONE = timedelta(seconds=15)  # the same with a pool of none, where nobody else flies the fleet
DATABASE_PATIENCE = (0.2, 2.0)  # wall seconds between tries while the database is away
LAST_STEPS = 10.0  # wall seconds in which steps under way have ended
PROOF_MARGIN = 3.0  # wall seconds before the end of the lease in which no call begins any more


class Dispatcher:
    """Drives a lane's flying agents, or only those named, while it holds the lease.

    With `pool` 0 every step runs in the caller's thread, one after the other: on a virtual
    clock that is deterministic.
    """

    def __init__(
        self,
        lease: lanes.Lease,
        *,
        agents: Collection[str] = (),
        connections: Connections,
        pool: int = 8,
        on_beat: Callable[[], None] | None = None,
        logbook: Logbook | None = None,
    ) -> None:
        self.lease = lease
        self.agents = tuple(agents)
        self.connections = connections
        self.steps = 0
        self.lost = ""
        self._size = pool
        self._pool = ThreadPoolExecutor(pool, "step") if pool else None
        self._on_beat = on_beat or (lambda: None)
        self._logbook = logbook
        self._poll = POLL if pool else ALONE
        self._roll = Roll()
        self._agenda = Agenda()
        self._looked_at: datetime | None = None
        self._bell = 0
        self._busy: set[tuple[str, int]] = set()
        self._changed = threading.Condition()
        self._proved_at = time.monotonic()
        self._beaten_at = float("-inf")
        self._ending = False

    def run(self, *, until: datetime | None = None, stop: Callable[[], bool] = bool) -> int:
        """Step whatever is due until `until`, or until `stop()` says so; answers how many steps.

        Raises LeaseLost when another dispatcher took over. The lease is released otherwise.
        """
        healing.mark_cut_short(self.lease.lane, generation=self.lease.generation)
        patience = DATABASE_PATIENCE[0]
        try:
            while not stop() and not (until and clock.now() >= until):
                try:
                    self._round(until)
                    patience = DATABASE_PATIENCE[0]
                except (OperationalError, InterfaceError) as error:
                    logger.warning("database away, again in %.1f s: %s", patience, error)
                    close_old_connections()
                    self._looked_at = None
                    time.sleep(patience)
                    patience = min(patience * 2, DATABASE_PATIENCE[1])
        finally:
            self._finish()
        return self.steps

    def _finish(self) -> None:
        """Wait for the steps under way, then give the lane back."""
        if self._pool:
            self._close_connections()
            self._pool.shutdown(wait=True)
        self._ending = True
        try:
            self._flush()
            if not self.lost:
                state = self._state()
                state["budget"]["complete"] = True  # nothing is under way any more
                lanes.release(self.lease, **state)
        except (OperationalError, InterfaceError) as error:
            logger.warning("lane %s left to its lease: %s", self.lease.name, error)

    def _close_connections(self) -> None:
        """Let every thread of the pool close its database connection before it ends."""
        assert self._pool is not None
        together = threading.Barrier(self._size)

        def close() -> None:
            with contextlib.suppress(threading.BrokenBarrierError):
                together.wait(timeout=LAST_STEPS)  # so that no thread takes two of these
            connection.close()

        for _ in range(self._size):
            self._pool.submit(close)

    def _round(self, until: datetime | None) -> None:
        self._beat()
        jobs = self._take()
        for job in jobs:
            self._begin(job)
        if not jobs or self._pool:
            self._rest(until)

    # the lease

    def _beat(self) -> None:
        """Prove the lease; one that could not be proven for a while may still be ours."""
        if not self.lost and time.monotonic() - self._beaten_at < lanes.BEAT:
            return
        asked_at = time.monotonic()
        if not lanes.renew(self.lease, **self._state()):
            self._lose("another dispatcher holds the lane")
        self._proved_at = self._beaten_at = asked_at
        self.lost = ""
        self._flush()
        self.connections.share_out()
        self._on_beat()

    def _flush(self) -> None:
        """Write down what gathered in memory: counts of requests, the ships' logs, warnings."""
        self.connections.requests.flush()
        if self._logbook:
            self._logbook.flush()
        workerlog.write()

    def _state(self) -> dict[str, Any]:
        budget = self.connections.budget
        return {"budget": budget.state(), "usage": asdict(budget.usage())}

    def prove(self) -> None:
        """Raise LeaseLost unless the lease certainly still holds; called before every request."""
        age = time.monotonic() - self._proved_at
        if self.lost or age > lanes.TTL.total_seconds() - PROOF_MARGIN:
            self._lose(self.lost or f"the lease could not be proven for {age:.0f} s")

    def _lose(self, why: str) -> None:
        self.lost = why
        raise LeaseLost(f"{self.lease.name}: {why}")

    # finding work

    def _take(self) -> list[Job]:
        """What is due and not yet under way, the longest waiting first."""
        at = clock.now()
        if self._must_look(at):
            self._look(at)
        with self._changed:
            free = self._size - len(self._busy) if self._pool else 1
            return self._agenda.take(at, free, self.connections.spent)

    def _must_look(self, at: datetime) -> bool:
        """Whether the agenda may be behind: somebody rang, it ran out, or it is old."""
        if self._looked_at is None or self._bell != alarms.bell():
            return True
        alarm = self._agenda.alarm()
        if self._agenda.spent and alarm is not None and alarm <= at:
            return True
        return not timedelta(0) <= at - self._looked_at < self._poll

    def _look(self, at: datetime) -> None:
        """Read the next alarms into the agenda, without those of steps under way."""
        self._bell, self._looked_at = alarms.bell(), at
        several = self.connections.spent is not None
        found, horizon = marks.look(self.lease.lane, self.agents, several=several)
        with self._changed:
            self._agenda.learn(
                (job for job in found if (job.kind, job.pk) not in self._busy),
                horizon=horizon,
            )

    def _rest(self, until: datetime | None) -> None:
        """Sleep until the next alarm, a finished step, or the next look for nudges."""
        with self._changed:
            ends = [moment for moment in (self._agenda.alarm(), until) if moment]
            wait = min(ends) - clock.now() if ends else POLL
            if self._pool or not ends:
                wait = min(wait, POLL)
            if wait > timedelta(0):
                clock.wait(self._changed, wait.total_seconds())

    # stepping

    def _begin(self, job: Job) -> None:
        if self._pool is None:
            self._step_here(job)
            return
        with self._changed:
            self._busy.add((job.kind, job.pk))
        self._pool.submit(self._run, job)

    def _step_here(self, job: Job) -> None:
        """A step whose lease could not be proven is left to whoever proves it next."""
        try:
            self._step(job)
        except LeaseLost as error:
            self.lost = self.lost or str(error)

    def _run(self, job: Job) -> None:
        """A step in a thread of the pool: no exception leaves it."""
        try:
            self._step_here(job)
        except (OperationalError, InterfaceError) as error:
            logger.warning("%s %s: database away in its step: %s", job.kind, job.pk, error)
            connection.close()
        except Exception:
            logger.exception("%s %s: the engine failed", job.kind, job.pk)
        finally:
            with self._changed:
                self._busy.discard((job.kind, job.pk))
                self._changed.notify_all()

    def _step(self, job: Job) -> None:
        if job.kind == "ship":
            self._step_ship(job)
        else:
            self._step_evaluator(job)
        self.steps += 1

    def _step_ship(self, job: Job) -> None:
        """Nothing happens when the ship's alarm was moved or somebody else steps it."""
        mine = self.lease.generation
        ship, cut_short = marks.begin_ship(job, mine=mine, at=clock.now())
        if ship is None:
            return
        ship.agent = self._roll.agent(ship.agent_id)
        ship.unwritten = {}
        if cut_short:
            healing.suspect(ship, "a step was cut short")
        before = ship.why
        wake = step_ship(ship, connections=self.connections, prove=self.prove)
        at = clock.now()
        self._note(job, marks.end_ship(ship, job, wake, mine=mine, at=at))
        if self._logbook:
            self._logbook.note(ship, wake.why, before=before, at=at)

    def _step_evaluator(self, job: Job) -> None:
        mine = self.lease.generation
        row = marks.begin_evaluator(job, mine=mine)
        if row is None:
            return
        row.agent = self._roll.agent(row.agent_id)
        wake = step_evaluator(row, connections=self.connections, prove=self.prove)
        self._note(job, marks.end_evaluator(job, wake, mine=mine, at=clock.now()))

    def _note(self, job: Job, alarm: datetime | None) -> None:
        """Put the alarm a step left on the agenda, unless the row was taken from us."""
        if alarm is not None:
            with self._changed:
                self._agenda.note(Job(alarm, job.kind, job.pk, job.agent))
