"""The pages in a real browser: they refresh themselves, draw, fit a phone and stay clean."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from fleet.models import Agent, Ship
from spacefleet.navigation import GROUPS
from tests import factories as make
from tests.browser.conftest import PHONE
from tests.factories import HOUR, NOON
from tests.pages.scenes import busy_day

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = [
    "/",
    "/fleet/MAGPIE-2/",
    "/search/?q=magpie",
    *(reverse(name) for pages in GROUPS.values() for _, name in pages),
]
"""Every page of the menu, a ship, and a search that found something."""


def test_person_signs_in_and_out(page: Page, live_server: Any, complaints: list[str]) -> None:
    make.UserFactory(username="ada")

    page.goto(f"{live_server.url}/fleet/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("open sesame")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="Ships")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert complaints == []


@pytest.mark.usefixtures("signed_in")
def test_overview_refreshes_itself_without_a_reload(page: Page, live_server: Any) -> None:
    agent = make.AgentFactory(symbol="MAGPIE", credits=1_000)
    page.goto(live_server.url)
    expect(page.get_by_text("1,000 cr")).to_be_visible()
    page.evaluate("window.sameDocument = true")

    Agent.objects.filter(pk=agent.pk).update(credits=4_321)

    expect(page.get_by_text("4,321 cr")).to_be_visible(timeout=8_000)
    assert page.evaluate("window.sameDocument")


@pytest.mark.usefixtures("signed_in")
def test_refresh_keeps_what_was_opened_and_scrolled(page: Page, live_server: Any) -> None:
    ship = make.ShipFactory(
        symbol="MAGPIE-1", failures=1, last_error="Refused: no fuel\nand no way to get any"
    )
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}/workers/")
    page.get_by_text("Refused: no fuel").first.click()
    page.locator("#panels-failures .scroll").first.evaluate("box => { box.scrollLeft = 40 }")

    Ship.objects.filter(pk=ship.pk).update(failures=2)

    expect(page.get_by_text("2 ×")).to_be_attached(timeout=8_000)
    expect(page.locator("#panels-failures pre").first).to_be_visible()
    assert (
        page.locator("#panels-failures .scroll").first.evaluate("box => box.scrollLeft") == 40
    )


@pytest.mark.usefixtures("signed_in")
def test_clocks_run_without_asking_the_server(page: Page, live_server: Any) -> None:
    make.ShipFactory(stepped_at=NOON, wake_at=NOON + HOUR)
    page.goto(f"{live_server.url}/fleet/")
    page.route("**/panels/**", lambda route: route.abort())

    told = page.locator("#fleet-panels-squadrons td[data-label='Last step'] time")

    expect(told).to_have_text("3 s ago", timeout=6_000)


@pytest.mark.usefixtures("signed_in")
def test_lost_server_is_told_and_its_return_too(page: Page, live_server: Any) -> None:
    page.goto(live_server.url)
    page.route("**/panels/**", lambda route: route.abort())
    expect(page.get_by_text("No answer from the server since")).to_be_visible(timeout=8_000)

    page.unroute("**/panels/**")

    expect(page.get_by_text("No answer from the server since")).to_be_hidden(timeout=8_000)


@pytest.mark.usefixtures("signed_in")
def test_panel_of_a_lost_session_leads_to_the_login_and_back(
    page: Page, live_server: Any, owner: Any
) -> None:
    page.goto(f"{live_server.url}/mining/")

    page.context.clear_cookies()

    expect(page.get_by_label("Password")).to_be_visible(timeout=8_000)
    page.get_by_label("Username").fill("owner")
    page.get_by_label("Password").fill("open sesame")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Mining")).to_be_visible()


@pytest.mark.usefixtures("signed_in")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_chart_is_drawn_in_colours_of_the_scheme(
    page: Page, live_server: Any, complaints: list[str], scheme: Any
) -> None:
    agent = make.AgentFactory(symbol="MAGPIE")
    make.CreditReadingFactory(agent=agent, at=NOON - HOUR, credits=1_000)
    make.CreditReadingFactory(agent=agent, at=NOON, credits=2_000)
    page.emulate_media(color_scheme=scheme)

    page.goto(live_server.url)

    line = page.locator("#credits-chart .scatterlayer .js-line").first
    expect(line).to_be_visible(timeout=15_000)
    colour = {"light": "rgb(10, 110, 189)", "dark": "rgb(111, 180, 242)"}[scheme]
    assert line.evaluate("line => getComputedStyle(line).stroke") == colour
    assert complaints == []


@pytest.mark.usefixtures("signed_in")
def test_chart_without_readings_says_so(page: Page, live_server: Any) -> None:
    page.goto(live_server.url)

    expect(page.get_by_text("Nothing to draw yet")).to_be_visible(timeout=15_000)


@pytest.mark.usefixtures("signed_in")
def test_name_in_the_fleet_leads_to_the_ship(page: Page, live_server: Any) -> None:
    make.ShipFactory(symbol="MAGPIE-1", why="cooling down")
    page.goto(f"{live_server.url}/fleet/")

    page.get_by_role("link", name="MAGPIE-1").click()

    expect(page.get_by_role("heading", name="MAGPIE-1")).to_be_visible()
    expect(page.get_by_text("cooling down")).to_be_visible()
    expect(page.get_by_role("heading", name="Parameters in force")).to_be_visible()


@pytest.mark.usefixtures("signed_in")
def test_every_page_fits_a_phone_and_leaves_the_console_clean(
    page: Page, live_server: Any, complaints: list[str]
) -> None:
    busy_day()
    page.set_viewport_size(PHONE)

    too_wide = {}
    for address in PAGES:
        page.goto(live_server.url + address)
        if chart := page.locator("[data-figure]").count():
            expect(page.locator("[data-drawn=yes]")).to_have_count(chart, timeout=15_000)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > PHONE["width"]:
            too_wide[address] = wide

    assert too_wide == {}
    assert complaints == []


@pytest.mark.usefixtures("signed_in")
def test_nothing_is_fetched_from_anywhere_else(page: Page, live_server: Any) -> None:
    busy_day()
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))

    page.goto(live_server.url)
    expect(page.locator("[data-drawn=yes]")).to_have_count(1, timeout=15_000)

    assert {
        url for url in asked if not url.startswith((live_server.url, "data:", "blob:"))
    } == set()


@pytest.mark.usefixtures("signed_in")
def test_admin_keeps_the_console_clean_too(
    page: Page, live_server: Any, complaints: list[str]
) -> None:
    ship = make.ShipFactory(symbol="MAGPIE-1")

    page.goto(f"{live_server.url}/admin/fleet/ship/{ship.pk}/change/")

    expect(page.get_by_text("The most important duty first.")).to_be_visible()
    assert complaints == []


def test_pages_can_be_read_without_javascript(
    browser: Any, live_server: Any, owner: Any
) -> None:
    make.ShipFactory(symbol="MAGPIE-1", why="cooling down", agent__credits=4_321)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()

    page.goto(f"{live_server.url}/login/")
    page.get_by_label("Username").fill("owner")
    page.get_by_label("Password").fill("open sesame")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_text("4,321 cr").first).to_be_visible()
    expect(page.locator("noscript p")).to_be_visible()
    page.locator("summary", has_text="Fleet").click()
    page.get_by_role("link", name="Ships", exact=True).click()
    expect(page.get_by_text("cooling down")).to_be_visible()
    context.close()


@pytest.mark.usefixtures("signed_in")
def test_menu_is_reached_and_closed_with_the_keyboard(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/workers/")

    page.locator("summary", has_text="Goods").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Inventory")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Inventory")).to_be_hidden()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Inventory", exact=True)).to_be_visible()


@pytest.mark.usefixtures("signed_in")
def test_ship_moves_on_the_map_without_asking_the_server(page: Page, live_server: Any) -> None:
    agent = make.AgentFactory()
    make.WaypointFactory(era=agent.era, symbol="X1-AA1-A1", type="PLANET", x=-300, y=0)
    make.WaypointFactory(era=agent.era, symbol="X1-AA1-B7", x=300, y=10)
    make.ShipFactory(
        agent=agent, symbol="MAGPIE-1", under_way=True, arrives_at=NOON + HOUR / 60
    )
    page.goto(f"{live_server.url}/map/")
    expect(page.locator("[data-drawn=yes]")).to_have_count(1, timeout=15_000)
    page.route("**/*.json*", lambda route: route.abort())
    where = "document.getElementById('system-map').data.at(-1).x[0]"
    before = page.evaluate(where)

    page.wait_for_timeout(2_500)

    assert page.evaluate(where) > before
