"""Commands on a machine where something is missing say in a sentence what to do."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spacefleet.universe import server
from spacefleet.universe.scenarios import build
from tests.docs import shelf


def started(home: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """A command of ours in a process of its own, at home in an empty folder."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "SPACETRADERS_URL", "SPACEFLEET_NODE")
    }
    return subprocess.Popen(
        [sys.executable, str(shelf.ROOT / "manage.py"), *arguments],
        env={**kept, "SPACEFLEET_HOME": str(home), **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def said(home: Path, *arguments: str, **variables: str) -> str:
    told, _ = started(home, *arguments, **variables).communicate(timeout=60)
    return told


def test_workers_on_a_database_without_tables_say_how_to_make_them(tmp_path: Path) -> None:
    workers = started(tmp_path, "runworkers")
    assert workers.stdout is not None

    first = workers.stdout.readline()
    workers.terminate()
    workers.communicate(timeout=30)

    assert "manage.py migrate" in first


def test_adding_an_agent_without_tables_registers_nobody(tmp_path: Path) -> None:
    world = build("first_day", seed=7, start=datetime.now(UTC))

    with server.running(world) as address:
        told = said(tmp_path, "addagent", "--symbol", "BADGER", "--server", address)

    assert "manage.py migrate" in told
    assert "Traceback" not in told
    assert not world.agents


def test_demo_of_an_unknown_scenario_lists_those_there_are(tmp_path: Path) -> None:
    told = said(tmp_path, "demo", "--scenario", "nowhere")

    assert "'first_day'" in told
    assert "'showcase'" in told


@pytest.mark.parametrize("url", ["nonsense", "mysql://a:b@host/name"])
def test_unusable_database_url_names_the_databases_there_are(tmp_path: Path, url: str) -> None:
    last = said(tmp_path, "check", DATABASE_URL=url).strip().splitlines()[-1]

    assert "postgres://" in last
    assert "sqlite:///" in last


@pytest.mark.parametrize(
    ("variable", "value", "advice"),
    [
        ("SPACEFLEET_STEP_THREADS", "many", "must be a number from 1 to 64"),
        ("SPACEFLEET_STEP_THREADS", "0", "must be a number from 1 to 64"),
        ("LOG_LEVEL", "loud", "can be DEBUG, INFO, WARNING or ERROR"),
        ("TOKEN_KEYS", "short", "Fernet.generate_key()"),
        ("SECRET_KEY_FILE", "/nowhere/at/all", "names a file nobody can read"),
        ("TOKEN_KEYS_FILE", os.devnull, "which is empty"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_what_is_wanted(
    tmp_path: Path, variable: str, value: str, advice: str
) -> None:
    told = said(tmp_path, "check", **{variable: value})

    assert told.startswith("The settings are not right: ")
    assert variable.removesuffix("_FILE") in told
    assert advice in told
    assert "Traceback" not in told
