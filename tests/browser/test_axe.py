"""Every page before axe-core: nothing that keeps somebody from reading or using it."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.test_browser import PAGES
from tests.pages.scenes import busy_day

pytestmark = pytest.mark.django_db(transaction=True)

DESK = {"width": 1440, "height": 900}
STOPS = ("serious", "critical")


def barriers(page: Page) -> list[str]:
    """What axe holds for serious or critical, with the first place of each."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): {each['nodes'][0]['html'][:160]}"
        for each in found
        if each["impact"] in STOPS
    ]


@pytest.mark.usefixtures("signed_in")
@pytest.mark.parametrize(
    ("scheme", "size"),
    [("light", DESK), ("dark", DESK), ("light", PHONE)],
    ids=["light", "dark", "phone"],
)
def test_no_page_has_a_serious_barrier(
    page: Page, live_server: Any, scheme: Any, size: Any
) -> None:
    busy_day()
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)

    found = {}
    for address in PAGES:
        page.goto(live_server.url + address)
        charts = page.locator("[data-figure]").count()
        expect(page.locator("[data-drawn=yes]")).to_have_count(charts, timeout=15_000)
        if told := barriers(page):
            found[address] = told

    assert found == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_login_has_no_serious_barrier(page: Page, live_server: Any, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)

    page.goto(f"{live_server.url}/login/")

    assert barriers(page) == []
