"""Processes of the lab: each plays on a scratch database of its own, in memory.

No worker and no web server ever swaps its database for a run.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import IO

from spacefleet.processes import die_with_parent, manage

TOLD = "played "  # how a line of progress begins
NICE = 10  # ships and pages come first


def environment() -> dict[str, str]:
    """What a process of the lab sees: no token and no database of ours."""
    hidden = ("DATABASE_URL", "SPACETRADERS_TOKEN", "SPACETRADERS_ACCOUNT_TOKEN")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return {**kept, "SPACEFLEET_SCRATCH": "1", "LOG_LEVEL": "ERROR"}


def again_on_scratch() -> int:
    """Run this very command in a process of its own; answers its return code."""
    return subprocess.run(manage(*sys.argv[1:]), env=environment()).returncode


def backtest(options: Sequence[str], *, answer: IO[str], modest: bool) -> subprocess.Popen[str]:
    """A run that begins now; its figures go to `answer` as JSON, its progress to stderr as lines.

    It ends with whoever began it; a `modest` one gives way to whatever else runs here.
    """
    return subprocess.Popen(
        manage("backtest", *options, "--json", "--progress=lines"),
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=answer,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_modest if modest else _begin,
    )


def _begin() -> None:
    die_with_parent(signal.SIGKILL)


def _modest() -> None:
    _begin()
    os.nice(NICE)
