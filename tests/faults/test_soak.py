"""Real workers that are killed at random instants, and every book held against the game.

Minutes of real time, so it runs where `SPACEFLEET_SOAK_KILLS` says how many kills; the gate wants 25.
"""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("SPACEFLEET_SOAK_KILLS", "0"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def soak(*words: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    hidden = ("DATABASE_URL", "SPACEFLEET_HOME", "_SPACEFLEET_SOAK")
    environment = {name: text for name, text in os.environ.items() if name not in hidden}
    return subprocess.run(
        [sys.executable, "manage.py", "soak", f"--port={free_port()}", "--json", *words],
        cwd=ROOT,
        env={**environment, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )


@pytest.mark.skipif(not KILLS, reason="SPACEFLEET_SOAK_KILLS does not say how many")
@pytest.mark.timeout(1_500)
def test_workers_are_killed_and_nothing_is_lost_or_doubled(tmp_path):
    done = soak("--faults=kills", f"--kills={KILLS}", "--speed=30", tmp_path=tmp_path)

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["broken"] == []
    assert report["kills"] >= KILLS
    assert report["changes"] > 50, "the fleet worked"
    assert report["rows_checked"] > 10
    assert report["ledger_drift"] == 0
    for trouble, times in report["by_trouble"].items():
        assert times["silence"]["most"] <= 30, trouble
    assert report["drained_in"] <= 10


def test_a_soak_says_what_it_cannot_have(tmp_path):
    done = soak("--database=mysql://nowhere/none", tmp_path=tmp_path)

    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
