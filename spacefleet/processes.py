"""What the operating system does for our processes, and what it knows of them."""

import contextlib
import ctypes
import hashlib
import os
import re
import signal
import sys
from functools import cache
from pathlib import Path

from django.conf import settings

PR_SET_PDEATHSIG = 1  # Linux: signal me when my parent dies
PR_SET_NAME = 15  # Linux: what `ps -o comm` and top call me
SUPERVISOR = "_SPACEFLEET_SUPERVISOR"
"""The variable in which the processes of a node find the name of their supervisor."""

LEFT_BEHIND = signal.SIGUSR1
"""What the kernel sends to a cluster whose supervisor died."""

LAST_SECONDS = 10  # wall seconds in which a cluster that was left behind ends by itself

_NAME = re.compile(r"(\d+)@([0-9a-f]{8})-(\d+)$")


def die_with_parent(signum: int) -> None:
    """Ask the kernel to send `signum` to this process when its parent dies; Linux only."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signum)


def end_when_left_behind() -> None:
    """End this cluster in order when its supervisor dies, and at all costs a little later: one
    that is deadlocked never would, and nobody else is there to see."""

    def end(signum: int, frame: object) -> None:
        signal.alarm(LAST_SECONDS)  # nobody handles it: it kills
        os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(LEFT_BEHIND, end)


def call_me(told: str) -> None:
    """Give this process a name that ps and top show; Linux only, 15 letters."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_NAME, told.encode()[:15])


def manage(*arguments: str) -> list[str]:
    """The command line of a child that runs one of our own commands."""
    if settings.CHECKOUT:
        return [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    return [sys.executable, "-m", "spacefleet", *arguments]


def name() -> str:
    """This process for `gone`: its number, where numbers mean that, and when it began."""
    pid = os.getpid()
    state = _state(pid)
    return f"{pid}@{_space()}-{state[1] if state else 0}"


def below(pid: int) -> set[int]:
    """The children of a process and theirs; nothing where the kernel does not tell."""
    found: set[int] = set()
    with contextlib.suppress(OSError):
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        for child in map(int, told.split()):
            found |= {child} | below(child)
    return found


def gone(text: str) -> bool:
    """Whether the process whose `name` ends `text` is certainly dead.

    False for whatever runs on another machine or in another container, and where nobody knows.
    """
    told = _NAME.search(text)
    if told is None or told[2] != _space():
        return False
    pid = int(told[1])
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    state = _state(pid)
    return state is not None and (state[0] in "ZX" or state[1] != int(told[3]))


@cache
def _space() -> str:
    """Where process numbers mean the same: one boot of one machine, one container of it."""
    parts = []
    with contextlib.suppress(OSError):
        parts = [
            Path("/proc/sys/kernel/random/boot_id").read_text().strip(),
            os.readlink("/proc/self/ns/pid"),
        ]
    # elsewhere than on Linux nobody is known: each process is alone in a space of its own
    return hashlib.sha256(" ".join(parts or [os.urandom(8).hex()]).encode()).hexdigest()[:8]


def _state(pid: int) -> tuple[str, int] | None:
    """The state letter of a process and the tick at which it began, from Linux's proc(5)."""
    try:
        _, _, told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
    except OSError:
        return None
    words = told.split()
    return words[0], int(words[19])
