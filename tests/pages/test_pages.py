"""Every page and panel, on an empty and on a busy database."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from fleet.models import Ship
from fleet.services import parameters
from spacefleet.panels import VERSION_HEADER
from tests import factories as make
from tests.factories import NOON
from tests.pages.scenes import busy_day
from tests.pages.test_access import GUARDED

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
SHIP_PAGES = [  # of a ship or a node of the busy day
    address for address in GUARDED if "MAGPIE-2" in address or "harbour" in address
]
PANELS = [
    address
    for address in GUARDED
    if "/panels/" in address or address.endswith(("/now/", "/log/", "/history/"))
]
PAGES = [
    address
    for address in GUARDED
    if address not in PANELS and not address.endswith((".json", ".csv"))
]
ANSWERED = [  # tables as files ask for a permission: tests/pages/test_looking.py
    address for address in GUARDED if not address.endswith(".csv")
]


@pytest.mark.parametrize("address", [each for each in ANSWERED if each not in SHIP_PAGES])
def test_answers_on_an_empty_database(reader: Client, address: str) -> None:
    assert reader.get(address).status_code == 200


def test_every_address_answers_on_a_busy_day_and_shows_no_token(reader: Client) -> None:
    busy_day()
    parameters.forget()

    answers = {address: reader.get(address) for address in ANSWERED}

    assert {a: one.status_code for a, one in answers.items() if one.status_code != 200} == {}
    assert [a for a, one in answers.items() if "a-secret-token" in one.content.decode()] == []


@pytest.mark.parametrize("address", [each for each in PANELS if each not in SHIP_PAGES])
def test_empty_panel_says_what_would_fill_it(reader: Client, address: str) -> None:
    answer = reader.get(address, headers=HTMX)

    words = answer.content.decode()
    filled_by_itself = any(part in address for part in ("banner", "budget"))
    assert filled_by_itself or 'class="empty"' in words


def test_panels_answer_nothing_while_nothing_changed(reader: Client) -> None:
    busy_day()
    first = {address: reader.get(address, headers=HTMX) for address in PANELS}

    again = {
        address: reader.get(
            address, headers=HTMX | {VERSION_HEADER: one.headers[VERSION_HEADER]}
        )
        for address, one in first.items()
    }

    assert {a: one.status_code for a, one in first.items() if one.status_code != 200} == {}
    assert {a: one.status_code for a, one in again.items() if one.status_code != 204} == {}


def test_panels_come_alone_for_htmx_and_inside_a_page_for_a_browser(reader: Client) -> None:
    busy_day()

    alone = [a for a in PANELS if "<html" not in reader.get(a, headers=HTMX).content.decode()]
    framed = [a for a in PANELS if "<html" in reader.get(a).content.decode()]

    assert alone == framed == PANELS


def test_pages_have_no_inline_scripts_and_styles(reader: Client) -> None:
    busy_day()

    pages = {address: reader.get(address).content.decode() for address in PAGES}

    inline = re.compile(r"<script>|<style|\sstyle=|\son[a-z]+=")
    assert {a: inline.findall(page) for a, page in pages.items() if inline.search(page)} == {}


def test_panel_brings_what_changed(reader: Client) -> None:
    ship = make.ShipFactory(why="cooling down")
    first = reader.get(reverse("fleet:squadrons"), headers=HTMX)

    Ship.objects.filter(pk=ship.pk).update(why="full, waiting for a transport")
    again = reader.get(
        reverse("fleet:squadrons"),
        headers={**HTMX, VERSION_HEADER: first.headers[VERSION_HEADER]},
    )

    assertContains(again, "full, waiting for a transport")


def test_growing_older_is_no_change(reader: Client, later: object) -> None:
    make.ShipFactory(stepped_at=NOON, wake_at=NOON.replace(hour=13))
    first = reader.get(reverse("fleet:squadrons"), headers=HTMX)

    later.sleep(45)  # type: ignore[attr-defined]
    again = reader.get(
        reverse("fleet:squadrons"),
        headers={**HTMX, VERSION_HEADER: first.headers[VERSION_HEADER]},
    )

    assert again.status_code == 204


def test_panel_refuses_to_be_posted_to(reader: Client) -> None:
    assert reader.post(reverse("fleet:squadrons")).status_code == 405


def test_page_speaks_of_the_chosen_agent_only(reader: Client) -> None:
    chosen = make.AgentFactory(symbol="MAGPIE")
    other = make.AgentFactory(symbol="WAGTAIL", era=chosen.era)
    make.ShipFactory(agent=chosen, symbol="MAGPIE-1")
    make.ShipFactory(agent=other, symbol="WAGTAIL-1")

    page = reader.get(reverse("fleet:ships"), {"agent": "MAGPIE"})

    assertContains(page, "MAGPIE-1")
    assertNotContains(page, "WAGTAIL-1")


def test_panels_and_links_keep_the_chosen_agent(reader: Client) -> None:
    make.AgentFactory(symbol="MAGPIE")

    page = reader.get(reverse("fleet:ships"), {"agent": "MAGPIE"})

    assertContains(page, 'hx-get="/fleet/panels/squadrons/?agent=MAGPIE"')
    assertContains(page, 'href="/mining/?agent=MAGPIE"')


@pytest.mark.parametrize(
    "address", ["/", "/fleet/", "/fleet/panels/squadrons/", "/charts/credits.json"]
)
def test_unknown_agent_is_answered_with_the_known_ones(reader: Client, address: str) -> None:
    make.AgentFactory(symbol="MAGPIE")

    answer = reader.get(address, {"agent": "NOBODY"})

    assertContains(answer, "No agent NOBODY is played here. Agents: MAGPIE.", status_code=404)


def test_unknown_ship_is_told_in_words(reader: Client) -> None:
    assertContains(
        reader.get(reverse("ship", args=["MAGPIE-77"])),
        "No ship MAGPIE-77 flies here",
        status_code=404,
    )


def test_ships_of_a_past_era_are_not_mixed_with_those_of_this_one(reader: Client) -> None:
    past = make.AgentFactory(symbol="MAGPIE", era__archived_at=NOON)
    present = make.AgentFactory(symbol="MAGPIE")
    make.ShipFactory(agent=past, symbol="MAGPIE-1", why="of the past")
    make.ShipFactory(agent=present, symbol="MAGPIE-1", why="of today")

    fleet = reader.get(reverse("fleet:ships"))
    ship = reader.get(reverse("ship", args=["MAGPIE-1"]))

    assertNotContains(fleet, "of the past")
    assertContains(ship, "of today")


def test_last_era_stays_readable_when_none_runs(reader: Client) -> None:
    make.ShipFactory(agent__era__archived_at=NOON, symbol="MAGPIE-1")

    assertContains(reader.get(reverse("fleet:ships")), "MAGPIE-1")


def test_ship_page_shows_where_each_parameter_comes_from(reader: Client) -> None:
    ship = make.ShipFactory(symbol="MAGPIE-1", roles=["miner"])
    make.ParameterFactory(behaviour="miner", name="hand_over_at", value="55", ship=ship)
    parameters.forget()

    page = reader.get(reverse("ship", args=["MAGPIE-1"]))

    assertContains(page, '<span class="badge">ship</span>', html=True)
    assertContains(page, "55 %")
    assertContains(page, '<span class="quiet">default</span>', html=True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"failures": 2, "last_error": "Refused: no fuel"},
            "2 failures in a row: Refused: no fuel",
        ),
        ({"excluded": True}, "left alone: excluded"),
        ({"suspect_since": NOON, "suspect_why": "a sale"}, "to be looked at: a sale"),
        ({"lost_at": NOON}, "lost"),
        ({"wake_at": NOON.replace(hour=11)}, "is a worker running?"),
        ({"fuel_capacity": 0, "fuel": 0}, "none"),
    ],
    ids=["failing", "excluded", "suspect", "lost", "overdue", "needs no fuel"],
)
def test_ship_says_why_it_idles(reader: Client, changes: dict[str, object], words: str) -> None:
    make.ShipFactory(**changes)

    assertContains(reader.get(reverse("fleet:ships")), words)


def test_menu_leads_to_every_page(reader: Client) -> None:
    words = reader.get(reverse("fleet:ships")).content.decode()

    listed = set(re.findall(r'<a href="(/[^"?]*)"', words))
    deeper = re.compile(r"MAGPIE|/control/.|/parameters/.|/nodes/")  # asked for from a page
    whole = {address for address in PAGES if not deeper.search(address)}
    assert whole - listed == set(), "list it in spacefleet/navigation.py"
