"""Nodes: the queues of one, its heartbeat, and how its workers learn that they should end."""

import os
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings

from spacefleet import clock, processes
from spacefleet.models import Node

STALE = timedelta(seconds=30)  # a supervisor silent for so long is gone
ASK_EVERY = 1.0  # wall seconds


def queue(name: str) -> str:
    """The name of a queue of this node; each node has its own, so that its canary is its own."""
    return f"{name}-{settings.NODE}"


class Draining:
    """Says whether the work of a node should end; asks the database once a second at most.

    It should end when somebody drains the node (or `also` says so), when its supervisor died or
    its heartbeat is stale, or when the parent process is gone and this one was left behind.
    """

    def __init__(self, node: str, *, parent: int, also: Callable[[], bool] = bool) -> None:
        self.node = node
        self.also = also
        self.parent = parent
        self._asked_at = float("-inf")
        self._answer = False
        self._supervisor = os.environ.get(processes.SUPERVISOR, "")

    def __call__(self) -> bool:
        if os.getppid() != self.parent:
            return True
        if time.monotonic() - self._asked_at >= ASK_EVERY:
            self._answer = self._ask()
            self._asked_at = time.monotonic()
        return self._answer

    def _ask(self) -> bool:
        if processes.gone(self._supervisor):
            return True
        row = Node.objects.filter(name=self.node).first()
        if row is not None and (row.drain or clock.now() - row.beat_at > STALE):
            return True
        return self.also()
