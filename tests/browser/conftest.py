"""A real browser before the real pages: Debian's Chromium, driven by Playwright.

Without a Chromium these tests are skipped with a reason; SPACEFLEET_BROWSER=1 makes that a failure.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import BrowserContext, Page
from pytest_django import Settings

from spacefleet import clock
from tests import factories
from tests.factories import NOON

CHROMIUM = Path(os.environ.get("SPACEFLEET_CHROMIUM", "/usr/bin/chromium"))
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}

# Playwright's loop runs in this thread; Django would take every query for one from a coroutine.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture(scope="session", autouse=True)
def chromium() -> None:
    if CHROMIUM.exists():
        return
    reason = f"no Chromium at {CHROMIUM}: apt-get install chromium, or set SPACEFLEET_CHROMIUM"
    if os.environ.get("SPACEFLEET_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def base_url() -> None:
    """Tests name the live server themselves; the plugin's own fixture warns on pytest 9."""


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": str(CHROMIUM), "args": FLAGS}


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Half a second of hashing for each person is for the real ones."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def later() -> Iterator[clock.VirtualClock]:
    """The server's clock stands at noon; the browser's runs on."""
    with clock.frozen_at(NOON) as standing:
        yield standing


@pytest.fixture
def owner(transactional_db: None, quick_passwords: None) -> User:
    return factories.UserFactory(username="owner", is_staff=True, is_superuser=True)


@pytest.fixture
def signed_in(context: BrowserContext, live_server: Any, owner: User) -> None:
    client = Client()
    client.force_login(owner)
    context.add_cookies(
        [
            {
                "name": "sessionid",
                "value": client.cookies["sessionid"].value,
                "url": live_server.url,
            }
        ]
    )


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console has to say; refused styles and scripts stand here too."""
    heard: list[str] = []
    page.on(
        "console",
        lambda message: (
            heard.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard
