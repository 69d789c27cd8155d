"""The first contact in a real browser: the first user, the first agent, mission control."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pytest_django import Settings

from fleet.models import Agent
from spacefleet import roles
from spacefleet.universe import server
from spacefleet.universe.scenarios import build
from spacefleet.welcome.tour import STOPS
from tests import factories as make
from tests.browser.conftest import PHONE
from tests.browser.test_axe import DESK, barriers
from tests.browser.test_steering import picture
from tests.factories import NOON
from tests.pages.scenes import busy_day

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def universe(settings: Settings) -> Iterator[str]:
    world = build("first_day", seed=3, start=NOON, others=0, rate_limited=False)
    with server.running(world, clock=lambda: NOON) as address:
        settings.SPACETRADERS_URL = f"{address}/v2" if "/v2" not in address else address
        roles.make_groups()  # as every migration does
        yield settings.SPACETRADERS_URL


def pictures() -> Path:
    folder = Path(live.HOME) / "screenshots"
    folder.mkdir(exist_ok=True)
    return folder


def test_stranger_becomes_the_first_user_adds_an_agent_and_sees_it(
    page: Page, live_server: Any, universe: str, complaints: list[str]
) -> None:
    page.goto(f"{live_server.url}/fleet/")
    expect(page.get_by_role("heading", name="Welcome to spacefleet")).to_be_visible()
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password", exact=True).fill("password123")
    page.get_by_label("The same password again").fill("password123")
    page.get_by_role("button", name="Make the first user").click()
    expect(page.get_by_text("This password is too common.")).to_be_visible()
    expect(page.get_by_label("Username")).to_have_value("ada")
    picture(page, "setup-refused")
    page.get_by_label("Password", exact=True).fill("orbit-and-ore-7")
    page.get_by_label("The same password again").fill("orbit-and-ore-7")
    page.get_by_role("button", name="Make the first user").click()

    expect(page.get_by_role("heading", name="Your first agent")).to_be_visible()
    picture(page, "setup-agent")
    page.get_by_role("link", name="Later").click()
    page.get_by_role("link", name="Add the first one").first.click()
    page.get_by_label("Callsign of a new agent").fill("x")
    page.get_by_role("button", name="Add the agent").click()
    expect(page.get_by_text("A callsign has 3 to 14 letters")).to_be_visible()
    page.get_by_label("Callsign of a new agent").fill("magpie")
    page.get_by_role("button", name="Add the agent").click()

    expect(page.get_by_text("MAGPIE is ready with 175,000 credits")).to_be_visible()
    expect(page.locator("#fleet-panels-purses").get_by_text("175,000 cr").first).to_be_visible()
    assert User.objects.get().groups.get().name == roles.ADMIN
    assert Agent.objects.get().ships.count() == 2
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_first_pages_are_open_to_everybody(
    page: Page, live_server: Any, scheme: Any, size: Any, request: pytest.FixtureRequest
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(size)

    page.goto(f"{live_server.url}/")
    found = {"/setup/": barriers(page)}
    wide = [page.evaluate("document.documentElement.scrollWidth")]
    make.UserFactory(username="ada", is_superuser=True)
    page.goto(f"{live_server.url}/setup/agent/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("open sesame")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("The universe does not run")).to_be_visible()
    found["/setup/agent/"] = barriers(page)
    wide.append(page.evaluate("document.documentElement.scrollWidth"))

    assert found == {"/setup/": [], "/setup/agent/": []}
    assert max(wide) <= size["width"]


@pytest.mark.usefixtures("signed_in")
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_tour_leads_over_the_pages_and_is_not_offered_again(
    page: Page, live_server: Any, complaints: list[str], size: Any
) -> None:
    busy_day()
    page.set_viewport_size(size)
    page.goto(live_server.url)
    page.get_by_role("link", name="Take the tour").click()

    for number, stop in enumerate(STOPS, start=1):
        told = page.get_by_text(f"Stop {number} of {len(STOPS)}: {stop.title}.")
        expect(told).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        if number in (1, 3):
            assert barriers(page) == []
            page.screenshot(path=f"{pictures()}/tour-{number}-{size['width']}.png")
        if number < len(STOPS):
            page.get_by_role("link", name="Next").click()
    page.get_by_role("button", name="Finish the tour").click()

    expect(page.get_by_role("heading", name="Agents")).to_be_visible()
    expect(page.get_by_role("link", name="Take the tour")).to_have_count(0)
    page.locator("summary", has_text="Help").click()
    page.get_by_role("link", name="Tour", exact=True).click()
    expect(page.get_by_role("link", name="Take the tour")).to_be_visible()
    assert complaints == []


def test_tour_is_taken_and_waved_away_without_javascript(
    browser: Any, live_server: Any, owner: User
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/login/")
    page.get_by_label("Username").fill("owner")
    page.get_by_label("Password").fill("open sesame")
    page.get_by_role("button", name="Sign in").click()

    page.get_by_role("link", name="Take the tour").click()
    page.get_by_role("link", name="Next").click()
    page.get_by_role("button", name="End the tour").click()

    expect(page.get_by_role("heading", name="Agents")).to_be_visible()
    expect(page.get_by_role("link", name="Take the tour")).to_have_count(0)
    context.close()


@pytest.mark.usefixtures("signed_in")
def test_every_page_can_be_searched_from(page: Page, live_server: Any) -> None:
    make.ShipFactory(symbol="MAGPIE-1", why="cooling down")
    page.goto(f"{live_server.url}/workers/")

    page.get_by_label("Search ships, places, goods, contracts").fill("magpie")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Ships 1")).to_be_visible()
