"""Playing a comparison from a terminal: by the workers that run, or by a pool of this machine."""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connection

from spacefleet import clock
from spacefleet.lab import work
from spacefleet.models import Comparison, LabRun, Node

ALIVE = timedelta(seconds=10)
PATIENCE = 15.0  # wall seconds that workers of the installation get to begin
LOOK = 1.0
Tell = Callable[[Comparison], None]


def play(comparison: Comparison, *, processes: int | None, tell: Tell) -> None:
    """Return when every run of a comparison has ended, or it was cancelled.

    Workers of the installation play it if some live; where none do, or they do not begin, this
    machine does it with `processes` at once (all its processors by default). Ctrl-C gives the
    runs back.
    """
    if workers_live() and _begun(comparison, tell):
        while _open(comparison):
            tell(comparison)
            time.sleep(LOOK)
    else:
        _here(comparison, processes or os.cpu_count() or 1, tell)
    tell(comparison)


def workers_live() -> bool:
    alive = Node.objects.filter(beat_at__gt=clock.now() - ALIVE, stopped_at__isnull=True)
    return alive.filter(drain=False).exists()


def _begun(comparison: Comparison, tell: Tell) -> bool:
    """Whether somebody took a run of it before our patience ended."""
    ends = time.monotonic() + PATIENCE
    waiting = comparison.runs.filter(status=LabRun.Status.WAITING)
    while time.monotonic() < ends:
        if waiting.count() < comparison.runs.count():
            return True
        tell(comparison)
        time.sleep(LOOK)
    return False


def _open(comparison: Comparison) -> bool:
    return comparison.runs.filter(status__in=work.OPEN).exists()


def _here(comparison: Comparison, processes: int, tell: Tell) -> None:
    stopping = threading.Event()

    def play_on() -> None:
        try:
            while not stopping.is_set():
                run = work.take(work.worker_name(), comparison=comparison.pk)
                if run is None:
                    return
                work.carry_out(run, stop=stopping.is_set)
        finally:
            connection.close()

    with ThreadPoolExecutor(processes, "lab") as pool:
        hands = [pool.submit(play_on) for _ in range(processes)]
        try:
            while not all(hand.done() for hand in hands):
                tell(comparison)
                time.sleep(LOOK)
        finally:
            stopping.set()
    for hand in hands:
        hand.result()
