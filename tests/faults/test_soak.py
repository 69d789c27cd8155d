"""Real workers that are killed at random instants, and every book held against the game.

Minutes of real time, so it runs where `SPACEFLEET_SOAK_KILLS` says how many kills; the gate wants 25.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

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


def installed() -> bool:
    return bool(
        shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    )


@pytest.mark.skipif(not KILLS, reason="SPACEFLEET_SOAK_KILLS does not say how many")
@pytest.mark.skipif(not installed(), reason="PostgreSQL's initdb is not installed here")
@pytest.mark.timeout(600)
def test_the_database_goes_away_and_the_fleet_goes_on_where_it_was(tmp_path):
    report = outage("--database=postgres", "--only=database away 15 s", tmp_path=tmp_path)

    times = report["by_trouble"]["database away 15 s"]
    assert times["requests_resumed_after"]["most"] <= 15


@pytest.mark.skipif(not KILLS, reason="SPACEFLEET_SOAK_KILLS does not say how many")
@pytest.mark.timeout(600)
def test_the_disk_is_full_and_nothing_is_lost_once_there_is_room(tmp_path):
    outage("--only=disk full", tmp_path=tmp_path)


def outage(*words: str, tmp_path: Path) -> dict[str, Any]:
    """The report of a soak in which one outage was survived with all books right."""
    ports = (f"--database-port={free_port()}", "--breaks=1", "--speed=10")
    done = soak("--faults=outages", *words, *ports, tmp_path=tmp_path)

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert report["broken"] == []
    assert report["ledger_drift"] == 0
    assert report["changes"] > 20, "the fleet worked"
    return report


def test_a_soak_refuses_trouble_its_profile_does_not_know(tmp_path):
    done = soak("--only=an earthquake", tmp_path=tmp_path)

    assert done.returncode == 1
    assert "is no trouble of kills: kill dispatcher" in done.stderr


def test_a_soak_says_what_it_cannot_have(tmp_path):
    done = soak("--database=mysql://nowhere/none", tmp_path=tmp_path)

    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
