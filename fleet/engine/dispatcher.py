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
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.db.models import Q

from fleet.models import Agent, Evaluator, Ship
from fleet.services import healing, lanes
from fleet.services.connections import Connections
from fleet.wake import Wake
from spacefleet import clock

from .steps import LeaseLost, step_evaluator, step_ship

logger = logging.getLogger(__name__)

BATCH = 32  # due jobs that one look finds when steps run one after the other
POLL = 0.25  # wall seconds after which alarms set by other processes are noticed at the latest
DATABASE_PATIENCE = (0.2, 2.0)  # wall seconds between tries while the database is away
LAST_STEPS = 10.0  # wall seconds in which steps under way have ended
PROOF_MARGIN = 3.0  # wall seconds before the end of the lease in which no call begins any more


@dataclass(frozen=True, slots=True)
class Job:
    """A ship or an evaluator that is due; `wake_at` is what we believe its alarm to be."""

    kind: str
    pk: int
    wake_at: datetime


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
    ) -> None:
        self.lease = lease
        self.agents = tuple(agents)
        self.connections = connections
        self.steps = 0
        self.lost = ""
        self._size = pool
        self._pool = ThreadPoolExecutor(pool, "step") if pool else None
        self._on_beat = on_beat or (lambda: None)
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
            self.connections.requests.flush()
            if not self.lost:
                lanes.release(self.lease, **self._state())
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
        jobs, alarm = self._look()
        for job in jobs:
            self._begin(job)
        if not jobs or self._pool:
            self._rest(alarm, until)

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
        self.connections.requests.flush()
        self._on_beat()

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

    def _flying(self, prefix: str = "agent__") -> Q:
        here = Q(**{f"{prefix}lane": self.lease.lane})
        return here & Q(**{f"{prefix}symbol__in": self.agents}) if self.agents else here

    def _ships(self) -> Any:
        return Ship.objects.flying().filter(self._flying())

    def _evaluators(self) -> Any:
        agents = Agent.objects.flying().filter(self._flying(""), halted="")
        return Evaluator.objects.filter(agent__in=agents)

    def _look(self) -> tuple[list[Job], datetime | None]:
        """What is due and not yet under way, evaluators first and the longest waiting first;
        and when the next alarm after that rings."""
        at = clock.now()
        with self._changed:
            under_way = set(self._busy)
        free = self._size - len(under_way) if self._pool else BATCH
        due: list[Job] = []
        later: list[datetime] = []
        for kind, rows in (("evaluator", self._evaluators()), ("ship", self._ships())):
            busy = [pk for name, pk in under_way if name == kind]
            soonest = rows.exclude(pk__in=busy) if busy else rows
            for pk, wake_at in soonest.order_by("wake_at", "pk").values_list("pk", "wake_at")[
                : free + 1
            ]:
                if wake_at <= at:
                    due.append(Job(kind, pk, wake_at))
                else:
                    later.append(wake_at)
                    break
        return due[:free], min(later, default=None)

    def _rest(self, alarm: datetime | None, until: datetime | None) -> None:
        """Sleep until the next alarm, a finished step, or the next look for nudges."""
        ends = [moment for moment in (alarm, until) if moment]
        wait = (min(ends) - clock.now()).total_seconds() if ends else POLL
        if self._pool or not ends:
            wait = min(wait, POLL)
        if wait > 0:
            with self._changed:
                clock.wait(self._changed, wait)

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
        mine = self.lease.generation
        mark = {"stepping": mine, "stepping_at": clock.now()}
        believed = Ship.objects.filter(pk=job.pk, wake_at=job.wake_at)
        cut_short = False
        if not believed.filter(stepping__isnull=True).update(**mark):
            # a mark of ours: the database was away when that step ended
            cut_short = bool(believed.filter(stepping__lte=mine).update(stepping=mine))
            if not cut_short:
                return
        ship = believed.filter(stepping=mine).select_related("agent__era").first()
        if ship is None:
            return  # a successor took the step over between the mark and this read
        if cut_short:
            healing.suspect(ship, "a step was cut short")
        wake = step_ship(ship, connections=self.connections, prove=self.prove)
        self._end_step(ship, job, wake)

    def _end_step(self, ship: Ship, job: Job, wake: Wake) -> None:
        """Set the alarm, unless somebody nudged the ship while it stepped."""
        mine = Ship.objects.filter(pk=ship.pk, stepping=self.lease.generation)
        done = {"stepping": None, "stepped_at": clock.now(), "why": wake.why}
        if not mine.filter(wake_at=job.wake_at).update(wake_at=wake.at, **done):
            mine.update(**done)

    def _step_evaluator(self, job: Job) -> None:
        row = Evaluator.objects.select_related("agent__era").get(pk=job.pk)
        mine = self.lease.generation
        free = Q(stepping__isnull=True) | Q(stepping__lte=mine)
        if not Evaluator.objects.filter(free, pk=job.pk, wake_at=job.wake_at).update(
            stepping=mine, trigger=""
        ):
            return
        wake = step_evaluator(row, connections=self.connections, prove=self.prove)
        ours = Evaluator.objects.filter(pk=row.pk, stepping=mine)
        done = {"stepping": None, "stepped_at": clock.now(), "why": wake.why}
        if not ours.filter(wake_at=job.wake_at).update(wake_at=wake.at, **done):
            ours.update(**done)
