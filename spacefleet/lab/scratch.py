"""Processes of the lab: each plays on a scratch database of its own, in memory.

No worker and no web server ever swaps its database for a run.
"""

import os
import subprocess
import sys

from spacefleet.processes import manage


def environment() -> dict[str, str]:
    """What a process of the lab sees: no token and no database of ours."""
    hidden = ("DATABASE_URL", "SPACETRADERS_TOKEN", "SPACETRADERS_ACCOUNT_TOKEN")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return {**kept, "SPACEFLEET_SCRATCH": "1", "LOG_LEVEL": "ERROR"}


def again_on_scratch() -> int:
    """Run this very command in a process of its own; answers its return code."""
    return subprocess.run(manage(*sys.argv[1:]), env=environment()).returncode
