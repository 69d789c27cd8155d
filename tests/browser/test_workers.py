"""Workers and the lab from their pages: real processes obey, and a run is really played."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Page, expect

from fleet.models import Lane
from spacefleet import processes
from spacefleet.models import Node

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("signed_in"),
    pytest.mark.timeout(300),
]

PATIENCE = 60.0  # seconds for what takes one to five on a machine with nothing else to do


def database() -> str:
    """The address of the database of this test, for another process."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**found)


@pytest.fixture
def workers(transactional_db: None, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`runworkers` as somebody starts it, on the database of this test."""
    environment = os.environ | {
        "DATABASE_URL": database(),
        "SPACEFLEET_HOME": str(tmp_path),
        "SPACEFLEET_NODE": "quay",
        "SPACEFLEET_LAB_WORKERS": "0",
    }
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "runworkers"]
    process = subprocess.Popen(command, env=environment)
    yield process
    process.terminate()
    process.wait(timeout=PATIENCE)


def until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < ends, "it did not come true"
        time.sleep(0.2)


def say(page: Page, verb: str) -> None:
    page.get_by_role("link", name=verb, exact=True).click()
    page.get_by_role("button", name=verb, exact=True).click()
    expect(page.locator(".notice").first).to_be_visible()


def flown() -> bool:
    return Lane.objects.filter(name="home").exclude(owner="").exists()


def test_node_is_drained_flies_again_and_is_restarted_from_its_page(
    page: Page, live_server: Any, workers: subprocess.Popen[bytes]
) -> None:
    until(flown)
    first = set(processes.below(workers.pid))
    page.goto(f"{live_server.url}/workers/")
    row = page.locator("tr", has=page.get_by_role("rowheader", name="quay")).first
    expect(row.get_by_text("running")).to_be_visible()

    say(page, "Drain")
    expect(row.get_by_text("draining")).to_be_visible()
    until(lambda: not flown())

    say(page, "Fly again")
    expect(row.get_by_text("running")).to_be_visible()
    until(flown)

    say(page, "Restart")
    until(lambda: not Node.objects.get(name="quay").restart)
    until(lambda: not first & set(processes.below(workers.pid)))
    until(flown)
    expect(row.get_by_text("restarting")).to_have_count(0, timeout=10_000)
    assert workers.poll() is None, "the supervisor itself lives on"
