"""The supervisor of a node: keeps its django-q2 clusters alive, whatever dies or deadlocks.

django-q2 on its own has three measured faults that would stop a fleet: an idle worker that is
killed takes the queue's lock with it and no task ever runs again; a dead main process leaves
workers behind that go on; and a database that is not there at the start ends it. So each
cluster runs in a session of its own, a canary task goes through each queue, and whatever falls
silent is killed as a group and started anew.
"""

import contextlib
import logging
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django import db
from django.conf import settings
from django_q.tasks import async_task

from fleet import tasks
from spacefleet import clock, nodes, processes, workerlog
from spacefleet.models import Canary, Node
from spacefleet.processes import die_with_parent, manage
from spacefleet.storage import Storage
from spacefleet.tasks import ensure_lab, lab_busy

logger = logging.getLogger(__name__)

ROUND = 0.25  # wall seconds
BEAT = 2.0
CANARY_EVERY = 3.0
SILENT = 15.0  # wall seconds without a canary after which a cluster counts as deadlocked
SUSPECT = 7.0  # the same once a part of the cluster died, which often held a lock
PATIENCE = 8.0  # wall seconds for a child to end by itself
IDLE = 60.0  # wall seconds after which the lab's cluster ends when no run waits


class NameTaken(Exception):
    """Another supervisor lives under this node's name; the message says what to do."""


@dataclass(slots=True)
class Cluster:
    """One `qcluster` process with its workers, in a session of its own."""

    queue: str
    alternative: bool
    wanted: bool = True
    canary: bool = True
    renewing: bool = False
    process: subprocess.Popen[bytes] | None = None
    born: float = 0.0
    asked_at: float = float("-inf")
    failures: int = 0
    retry_at: float = 0.0
    heard_at: datetime | None = None
    parts: set[int] = field(default_factory=set)  # processes when its last canary came through

    def start(self) -> None:
        environment = {
            **os.environ,
            "SPACEFLEET_NODE": settings.NODE,
            processes.SUPERVISOR: processes.name(),
        }
        if self.alternative:
            environment["Q_CLUSTER_NAME"] = self.queue
        self.process = subprocess.Popen(
            manage("qcluster"),
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_before_start,
        )
        self.born, self.heard_at = time.monotonic(), None
        logger.info("started cluster %s, pid %s", self.queue, self.process.pid)

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def pause(self) -> float:
        """Wall seconds until it is started again: none the first time, then longer each time
        that it died before anything came through it."""
        return min(2.0**self.failures, 30.0) if self.failures > 1 else 0.0

    def silent(self, seen_at: datetime) -> bool:
        """Whether its last canary came through too long ago; sooner when a part died since."""
        assert self.process is not None
        parts = processes.below(self.process.pid)
        if seen_at != self.heard_at:
            if self.heard_at is not None:
                self.failures = 0  # it has worked: should it die, that is no failure to start
            self.heard_at, self.parts = seen_at, parts
        patience = SILENT if self.parts <= parts else SUSPECT
        return (clock.now() - seen_at).total_seconds() > patience

    def terminate(self) -> None:
        if self.alive() and self.process:
            self.process.terminate()

    def kill(self) -> None:
        """End the whole group, orphans of a dead main process included."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


def _before_start() -> None:
    die_with_parent(processes.LEFT_BEHIND)


@dataclass(slots=True)
class Supervisor:
    """Runs until stopped: heartbeat, dispatcher for its lane, canaries, restarts."""

    lane: str
    agents: list[str]
    tell: Callable[[str], object]
    stopping: bool = False
    clusters: list[Cluster] = field(default_factory=list)
    storage: Storage = field(default_factory=lambda: Storage(settings.NODE))
    _beaten: float = float("-inf")
    _sent: float = float("-inf")

    def run(self) -> None:
        """Blocks until `stop`; ends with the clusters drained and their groups gone."""
        self.wait_for_database()
        self._register()
        workerlog.listen()
        self.clusters = [
            Cluster(nodes.queue("control"), alternative=False),
            Cluster(nodes.queue("ships"), alternative=True),
        ]
        if settings.LAB_WORKERS:
            # runs take minutes, and a canary would wait behind them: this one has none
            lab = Cluster(nodes.queue("lab"), alternative=True, wanted=False, canary=False)
            self.clusters.append(lab)
        try:
            while not self.stopping:
                self._round()
                time.sleep(ROUND)
        finally:
            self._drain()

    def stop(self, signum: int = 0, frame: object = None) -> None:
        self.stopping = True

    def _round(self) -> None:
        try:
            self._beat()
            for cluster in self.clusters:
                self._tend(cluster)
            self._send_canaries()
            self.storage.usable()
        except db.Error as error:
            self.storage.away(error)
            db.close_old_connections()
            time.sleep(1)
            for cluster in self.clusters:
                cluster.born = time.monotonic()  # silence counts from when the database is back
            self._beaten = float("-inf")

    def _tend(self, cluster: Cluster) -> None:
        """Start what is not running, later each time it failed; kill what fell silent."""
        if not cluster.wanted:
            self._rest(cluster)
            return
        if not cluster.alive():
            if cluster.renewing:
                cluster.kill()
                cluster.renewing = False
            elif cluster.process is not None:
                logger.warning("cluster %s died with %s", cluster.queue, cluster.process.poll())
                cluster.kill()
                cluster.failures += 1
                cluster.retry_at = time.monotonic() + cluster.pause()
            if time.monotonic() >= cluster.retry_at:
                if cluster.canary:
                    self._reset_canary(cluster.queue)
                cluster.start()
            return
        age = time.monotonic() - cluster.born
        if age > 60:
            cluster.failures = 0
        silent = cluster.canary and cluster.silent(self._seen_at(cluster.queue))
        if silent and age > SILENT:
            logger.warning("cluster %s is silent: restarting it", cluster.queue)
            cluster.kill()

    def _beat(self) -> None:
        if time.monotonic() - self._beaten < BEAT:
            return
        Node.objects.filter(name=settings.NODE).update(beat_at=clock.now())
        self._beaten = time.monotonic()
        workerlog.write()
        row = Node.objects.filter(name=settings.NODE).first()
        if row is not None and row.restart:
            self._renew_clusters()
        if row is None or not row.drain:
            tasks.ensure(self.lane, self.agents)
            self._ask_for_the_lab()

    def _renew_clusters(self) -> None:
        """Somebody asked for new workers: let the steps under way end, then start the clusters."""
        Node.objects.filter(name=settings.NODE).update(restart=False)
        logger.info("restarting the clusters, as was asked")
        for cluster in self.clusters:
            if cluster.alive():
                cluster.renewing = True
                cluster.terminate()

    def _ask_for_the_lab(self) -> None:
        """Start the lab's cluster when a run waits; it ends when none has waited for a while."""
        for cluster in self.clusters:
            if cluster.canary:
                continue
            if ensure_lab():
                cluster.wanted, cluster.asked_at = True, time.monotonic()
            elif time.monotonic() - cluster.asked_at > IDLE and not lab_busy():
                cluster.wanted = False

    def _rest(self, cluster: Cluster) -> None:
        """Let a cluster nobody needs end by itself."""
        if cluster.alive():
            cluster.terminate()
        elif cluster.process is not None:
            cluster.kill()  # what it left behind, and the handle

    def _send_canaries(self) -> None:
        if time.monotonic() - self._sent < CANARY_EVERY:
            return
        self._sent = time.monotonic()
        for cluster in (each for each in self.clusters if each.canary):
            row = Canary.objects.get(queue=cluster.queue)
            if (
                row.sent_at > row.seen_at
                and (clock.now() - row.sent_at).total_seconds() < SILENT
            ):
                continue  # one is on its way
            Canary.objects.filter(pk=row.pk).update(sent_at=clock.now())
            async_task(
                "spacefleet.tasks.canary",
                cluster.queue,
                cluster=cluster.queue,
                save=False,
                ack_failure=True,
            )

    def _seen_at(self, queue: str) -> datetime:
        return Canary.objects.get(queue=queue).seen_at

    def _reset_canary(self, queue: str) -> None:
        at = clock.now()
        Canary.objects.update_or_create(queue=queue, defaults={"sent_at": at, "seen_at": at})

    def wait_for_database(self) -> None:
        """A database that is not there yet is waited for, with a word every few seconds."""
        said = float("-inf")
        while not self.stopping:
            try:
                Node.objects.exists()
                return
            except db.Error as error:
                if time.monotonic() - said > 5:
                    self.tell(f"waiting for the database: {str(error).splitlines()[0]}")
                    said = time.monotonic()
                db.close_old_connections()
                time.sleep(0.5)

    def _register(self) -> None:
        """Take the node's name. Raises NameTaken while another supervisor lives under it."""
        self._wait_for_silence()
        at = clock.now()
        Node.objects.update_or_create(
            name=settings.NODE,
            defaults={
                "lane": self.lane,
                "agents": self.agents,
                "process": f"pid {processes.name()}",
                "started_at": at,
                "beat_at": at,
                "drain": False,
                "stopped_at": None,
            },
        )

    def _wait_for_silence(self) -> None:
        """A predecessor that was killed leaves a fresh heartbeat; one that beats on is alive."""
        before = self._predecessor()
        ends = time.monotonic() + 3 * BEAT
        while before and time.monotonic() < ends and not self.stopping:
            time.sleep(ROUND)
            after = self._predecessor()
            if after and after.beat_at != before.beat_at:
                raise NameTaken(
                    f"Workers of a node called {settings.NODE} run already ({after.process}). "
                    "Stop them first, or give this node its own name with SPACEFLEET_NODE."
                )

    def _predecessor(self) -> Node | None:
        alive = clock.now() - timedelta(seconds=3 * BEAT)
        found = Node.objects.filter(
            name=settings.NODE, beat_at__gt=alive, stopped_at__isnull=True
        ).first()
        return None if found and processes.gone(found.process) else found

    def _drain(self) -> None:
        """Let the steps under way end, then the clusters; nothing is left behind."""
        with contextlib.suppress(db.Error):
            Node.objects.filter(name=settings.NODE).update(drain=True)
        for cluster in self.clusters:
            cluster.terminate()
        ends = time.monotonic() + PATIENCE
        while any(cluster.alive() for cluster in self.clusters) and time.monotonic() < ends:
            with contextlib.suppress(db.Error):
                Node.objects.filter(name=settings.NODE).update(beat_at=clock.now())
            time.sleep(0.1)
        for cluster in self.clusters:
            cluster.kill()
        with contextlib.suppress(db.Error):
            Node.objects.filter(name=settings.NODE).update(stopped_at=clock.now())
