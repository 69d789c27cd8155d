"""Steering from the pages, in a real browser, of ships that really fly: the next step obeys."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from fleet.models import Agent, Control, MarketGood, Ship
from spacefleet import clock
from tests.browser.conftest import PHONE
from tests.crew import Crew

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("signed_in")]

DESK = {"width": 1440, "height": 900}
SPELL = 3.0  # seconds of dispatching, in which a ship that is due takes its step


@pytest.fixture
def crew(later: clock.VirtualClock, signed_in: None) -> Crew:
    """A fleet in a universe of its own, by the same clock as the pages."""
    return Crew(later)


@pytest.fixture
def scout(crew: Crew) -> Ship:
    """The probe: all prices are fresh, so it rests until the next look."""
    MarketGood.objects.update(seen_at=clock.now())
    probe = crew.ships().get(symbol="CREW-2")
    crew.fly(probe, roles=("scout",))
    crew.run(SPELL)
    return again(probe)


def again(ship: Ship) -> Ship:
    return Ship.objects.select_related("agent").get(pk=ship.pk)


def order(page: Page, live_server: Any, verb: str, subject: str = "", why: str = "") -> None:
    """Press a verb on the page of control, confirm it, and wait until it stands there."""
    page.goto(f"{live_server.url}/control/{subject}")
    page.locator(".verbs").get_by_role("link", name=verb, exact=True).click()
    if why:
        page.get_by_label("Reason").fill(why)
    page.get_by_role("button", name=verb, exact=True).click()
    expect(page.locator(".notice").first).to_be_visible()


def picture(page: Page, name: str) -> None:
    """For people to look at, desk and phone, beside those of `make screenshots`."""
    if os.environ.get("SPACEFLEET_BROWSER") != "1":
        return
    folder = Path(settings.HOME) / "screenshots"
    for size, called in ((DESK, "desk"), (PHONE, "phone")):
        page.set_viewport_size(size)
        page.screenshot(path=folder / f"{name}-{called}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_parameter_changed_on_the_page_holds_from_the_next_step(
    page: Page, live_server: Any, crew: Crew, scout: Ship
) -> None:
    assert scout.wake_at - clock.now() > timedelta(seconds=200)

    page.goto(f"{live_server.url}/settings/#scout")
    page.locator("#scout").get_by_role("link", name="change").click()
    page.get_by_label("rest", exact=True).fill("9")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("least 10").first).to_be_visible()
    page.get_by_label("rest", exact=True).fill("20")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("1 changed for the installation")).to_be_visible()
    picture(page, "tune")
    crew.fly(scout)
    crew.run(SPELL)

    assert timedelta() < again(scout).wake_at - clock.now() <= timedelta(seconds=20)


def test_excluded_agent_is_left_alone_and_included_again(
    page: Page, live_server: Any, crew: Crew, scout: Ship
) -> None:
    order(page, live_server, "Exclude", "?agent=CREW")
    picture(page, "excluded")
    crew.fly(scout)
    crew.line.asked.clear()
    crew.run(SPELL)

    assert Agent.objects.get(pk=crew.agent.pk).excluded
    assert again(scout).stepped_at == scout.stepped_at
    assert crew.line.asked == []

    order(page, live_server, "Include", "?agent=CREW")
    crew.run(SPELL)

    assert again(scout).stepped_at > scout.stepped_at
    assert crew.line.asked[0] == "GET /my/ships/CREW-2"


def test_paused_agent_begins_nothing_until_somebody_resumes_it(
    page: Page, live_server: Any, crew: Crew, scout: Ship
) -> None:
    order(page, live_server, "Pause new work", "?agent=CREW", why="a look at the fuel")
    picture(page, "paused")
    crew.run(SPELL)

    assert again(scout).why == "new work is paused by owner: a look at the fuel"
    page.goto(f"{live_server.url}/fleet/CREW-2/")
    expect(page.get_by_text("paused by owner: a look at the fuel").first).to_be_visible()

    order(page, live_server, "Resume", "?agent=CREW")
    crew.run(SPELL)

    assert not Control.objects.exists()
    assert "paused" not in again(scout).why


def test_emergency_stop_lets_no_call_out_until_it_is_taken_back(
    page: Page, live_server: Any, crew: Crew, scout: Ship
) -> None:
    MarketGood.objects.update(seen_at=None, we_receive=None, we_pay=None)
    crew.line.asked.clear()

    order(page, live_server, "Emergency stop", why="prices are odd")
    picture(page, "emergency")
    crew.fly(scout)
    crew.run(60)

    assert crew.line.asked == []
    assert again(scout).why == "emergency stop by owner: prices are odd"

    order(page, live_server, "Resume")
    crew.run(60)

    assert crew.line.asked
