"""Pictures of every page for people to look at: `make screenshots` leaves them in the home folder."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.test_browser import PAGES
from tests.pages.scenes import busy_day

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        os.environ.get("SPACEFLEET_BROWSER") != "1",
        reason="pictures are for looking at: SPACEFLEET_BROWSER=1 takes them",
    ),
]

DESK = {"width": 1440, "height": 900}


@pytest.mark.usefixtures("signed_in")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_screenshots_of_every_page(
    page: Page, live_server: Any, scheme: Any, size: Any
) -> None:
    folder = Path(settings.HOME) / "screenshots"
    busy_day(ships=24)
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)

    for address in PAGES:
        page.goto(live_server.url + address)
        charts = page.locator("[data-figure]").count()
        expect(page.locator("[data-drawn=yes]")).to_have_count(charts, timeout=15_000)
        name = address.strip("/").replace("/", "-").lower() or "overview"
        picture = folder / f"{name}-{size['width']}-{scheme}.png"
        page.screenshot(path=picture, full_page=True)
        assert picture.stat().st_size > 10_000
