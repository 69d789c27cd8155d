"""Comparisons and their runs as rows: started by a person, taken by whoever has a free hand.

A worker of any node takes one run after the other, each in a process of its own. Taking is a
counted UPDATE, so that no run is played by two at once; a run whose worker fell silent is waiting
again. A run follows from its order alone: played twice it only costs time.
"""

import contextlib
import json
import os
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import IO, Any

from django.db.models import Q, QuerySet

from spacefleet import clock
from spacefleet.lab.arms import Arm, order_of
from spacefleet.lab.orders import Choice, Order
from spacefleet.lab.scratch import TOLD, backtest
from spacefleet.models import Comparison, LabRun

BEAT = 2.0  # wall seconds between two signs of life of a run
ROUND = 0.2
SILENT = timedelta(
    seconds=30
)  # a run without a sign of life for so long has no worker any more
LAST_WORDS = 2_000

Stop = Callable[[], bool]
OPEN = (LabRun.Status.WAITING, LabRun.Status.RUNNING)


def start(
    base: Order,
    arms: Sequence[Arm],
    seeds: Iterable[int],
    *,
    user: Any = None,
    purpose: str = "",
) -> Comparison:
    """Write a comparison with all its runs; workers begin by themselves.

    `base` holds for all arms; its seed does not matter.
    """
    found = Comparison.objects.create(
        scenario=base.scenario,
        hours=base.hours,
        share=base.share,
        seeds=list(seeds),
        arms=[_with(base, arm).as_json() for arm in arms],
        purpose=purpose,
        started_by=user,
        created_at=clock.now(),
    )
    add_runs(found)
    return found


def add_runs(comparison: Comparison) -> None:
    """Have a run for each arm and seed; those that are there stay as they are."""
    LabRun.objects.bulk_create(
        [
            LabRun(comparison=comparison, arm=arm["name"], seed=seed)
            for seed in comparison.seeds
            for arm in comparison.arms
        ],
        ignore_conflicts=True,
    )


def _with(base: Order, arm: Arm) -> Arm:
    return Arm(arm.name, (*base.choices, *arm.choices))


def cancel(comparison: Comparison) -> bool:
    """Stop what runs and never begin the rest; what is done stays. False when it had ended."""
    at = clock.now()
    running = Comparison.objects.filter(pk=comparison.pk, status=Comparison.Status.RUNNING)
    if not running.update(status=Comparison.Status.CANCELLED, ended_at=at):
        return False
    comparison.runs.filter(status__in=OPEN).update(status=LabRun.Status.CANCELLED, ended_at=at)
    return True


def order(run: LabRun) -> Order:
    """What a run was asked to be."""
    comparison = run.comparison
    arm = next(arm for arm in comparison.arms if arm["name"] == run.arm)
    base = Order(scenario=comparison.scenario, hours=comparison.hours, share=comparison.share)
    choices = tuple(Choice.read(text) for text in arm["choices"])
    return order_of(Arm(run.arm, choices), base, seed=run.seed)


# taking


def to_take(at: Any = None) -> QuerySet[LabRun]:
    """Runs that wait, or whose worker fell silent, the oldest comparison first."""
    silent = Q(status=LabRun.Status.RUNNING, beat_at__lt=(at or clock.now()) - SILENT)
    waiting = Q(status=LabRun.Status.WAITING)
    return LabRun.objects.filter(waiting | silent).order_by("comparison", "seed", "pk")


def take(worker: str, *, comparison: int | None = None) -> LabRun | None:
    """Take the next run for `worker`, or None when nothing waits."""
    rows = to_take()
    if comparison is not None:
        rows = rows.filter(comparison=comparison)
    while (row := rows.select_related("comparison").first()) is not None:
        at = clock.now()
        mine = LabRun.objects.filter(pk=row.pk, status=row.status, beat_at=row.beat_at)
        if mine.update(
            status=LabRun.Status.RUNNING,
            worker=worker,
            played=0,
            beat_at=at,
            started_at=at,
            error="",
        ):
            row.worker = worker
            return row
    return None


def worker_name() -> str:
    return f"{socket.gethostname()}, pid {os.getpid()}, {threading.get_native_id()}"


# playing


@dataclass(slots=True)
class Child:
    """A run in a process of its own, and how far it says it is."""

    process: subprocess.Popen[str]
    answer: IO[str]
    played: float = 0.0
    words: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Follow what it says until it ends; for a thread of its own."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if line.startswith(TOLD):
                self.played = float(line.removeprefix(TOLD))
            elif line.strip():
                self.words = [*self.words[-20:], line.rstrip()]

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def close(self) -> None:
        if self.process.stderr is not None:
            self.process.stderr.close()


def carry_out(run: LabRun, *, stop: Stop = bool, modest: bool = False) -> bool:
    """Play a run that was taken, and write its figures down. False when it was not finished.

    When `stop` says so the run goes back to waiting; when it was cancelled or taken by somebody
    else meanwhile its process is ended and the row left alone. A `modest` run gives way to ships.
    """
    mine = LabRun.objects.filter(pk=run.pk, worker=run.worker, status=LabRun.Status.RUNNING)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as answer:
        words = order(run).words()
        child = Child(backtest(words, answer=answer, modest=modest), answer)
        listener = threading.Thread(target=child.listen, daemon=True)
        listener.start()
        try:
            if not _watch(child, mine, stop=stop):
                return False
        finally:
            child.end()
            listener.join()
            child.close()
        _write_down(run, mine, child)
    close(run.comparison_id)
    return True


def _watch(child: Child, mine: QuerySet[LabRun], *, stop: Stop) -> bool:
    """Beat until the child ends; False when the run is ours no longer, or we have to stop."""
    beaten = time.monotonic()
    while child.process.poll() is None:
        time.sleep(ROUND)
        if stop():
            mine.update(status=LabRun.Status.WAITING, beat_at=None, worker="", played=0)
            return False
        if time.monotonic() - beaten >= BEAT:
            beaten = time.monotonic()
            if not mine.update(played=child.played, beat_at=clock.now()):
                return False
    return True


def _write_down(run: LabRun, mine: QuerySet[LabRun], child: Child) -> None:
    figures, error = _answer(child)
    done = LabRun.Status.FAILED if figures is None else LabRun.Status.DONE
    mine.update(
        status=done,
        figures=figures,
        error=error,
        played=run.comparison.hours if figures else child.played,
        ended_at=clock.now(),
    )


def _answer(child: Child) -> tuple[dict[str, Any] | None, str]:
    """The figures, or why there are none."""
    if child.process.returncode:
        words = "\n".join(child.words)[-LAST_WORDS:]
        return None, words or f"the process ended with {child.process.returncode}"
    child.answer.seek(0)
    with contextlib.suppress(ValueError):
        return json.loads(child.answer.read()), ""
    return None, "the process said nothing that could be read"


def close(pk: int) -> None:
    """A comparison is done when none of its runs is open."""
    if LabRun.objects.filter(comparison=pk, status__in=OPEN).exists():
        return
    Comparison.objects.filter(pk=pk, status=Comparison.Status.RUNNING).update(
        status=Comparison.Status.DONE, ended_at=clock.now()
    )
