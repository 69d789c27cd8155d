"""The processes of a soak, found by a mark in their environment: orphans have it too."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MARK = "_SPACEFLEET_SOAK_MARK"


@dataclass(frozen=True, slots=True)
class Process:
    """A living process of the soak. `kind` is supervisor, main, sentinel, worker or helper; a
    helper is a pusher or a monitor."""

    pid: int
    parent: int
    kind: str
    queue: str

    def send(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)


def find(mark: str) -> list[Process]:
    """All living processes that carry the mark, by their number."""
    rows = {pid: (parent, words, env) for pid, parent, words, env in _marked(mark)}
    return [
        Process(pid, parent, _kind(pid, rows), _queue(env))
        for pid, (parent, _, env) in sorted(rows.items())
    ]


def _queue(env: dict[str, str]) -> str:
    return env.get("Q_CLUSTER_NAME") or f"control-{env.get('SPACEFLEET_NODE', '')}"


def _marked(mark: str) -> Iterator[tuple[int, int, list[str], dict[str, str]]]:
    wanted = f"{MARK}={mark}".encode()
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        with suppress(OSError, ValueError, IndexError):
            told = (folder / "environ").read_bytes().split(b"\0")
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            if wanted not in told or state in "ZX":
                continue
            words = (folder / "cmdline").read_text().split("\0")
            env = dict(each.decode(errors="replace").split("=", 1) for each in told if each)
            yield int(folder.name), int(parent), words, env


def _kind(pid: int, rows: dict[int, tuple[int, list[str], dict[str, str]]]) -> str:
    """By the command line, and by how far below its main process it is."""
    parent, words, _ = rows[pid]
    if "runworkers" in words:
        return "supervisor"
    if "qcluster" not in words:
        return "other"
    depth = 0
    while parent in rows and "qcluster" in rows[parent][1]:
        parent, depth = rows[parent][0], depth + 1
    if depth < 2:
        return ("main", "sentinel")[depth]
    with suppress(OSError):
        if Path(f"/proc/{pid}/comm").read_text().strip() == "q2 worker":
            return "worker"
    return "helper"


def end(mark: str, *, patience: float = 10.0) -> list[Process]:
    """Kill whatever carries the mark; answers what there was to kill."""
    found = find(mark)
    ends = time.monotonic() + patience
    while (left := find(mark)) and time.monotonic() < ends:
        for each in left:
            each.send(signal.SIGKILL)
        time.sleep(0.05)
    return found
