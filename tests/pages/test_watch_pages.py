"""Requests, shipyards, events, settings and the galaxy, as a person reads them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

import fleet.selectors.pages
from fleet.models import Agent
from fleet.services import parameters
from spacefleet.books import events, requests, shipyards
from tests import factories as make
from tests.factories import HOUR, NOON

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def agent() -> Agent:
    return make.AgentFactory(symbol="MAGPIE")


def scope(symbol: str = "") -> fleet.selectors.pages.Scope:
    return fleet.selectors.pages.scope(symbol)


def sent(n: int, *, ago: timedelta, **more: object) -> None:
    make.RequestCountFactory(
        **{"agent": "MAGPIE", "minute": NOON - ago, "count": n, "productive": 0} | more
    )


# requests


def test_pace_is_a_minute_whatever_the_width_of_a_point(agent: Agent) -> None:
    for n in range(1, 6):
        sent(100, ago=n * MINUTE, waited_ms=2_000)

    hour, day = (requests.pace(scope(), window, at=NOON) for window in ("1h", "24h"))

    assert (len(hour), hour[-1].per_minute, hour[-1].waited) == (60, 100, 20)
    assert (len(day), round(day[-1].per_minute, 2), day[-1].waited) == (96, 33.33, 20)


def test_running_minute_is_no_point_of_the_chart(agent: Agent) -> None:
    sent(100, ago=timedelta(0))

    assert requests.pace(scope(), "1h", at=NOON) == []


def test_refusals_for_speed_have_a_row_of_their_own(reader: Client, agent: Agent) -> None:
    sent(10, ago=MINUTE)
    before = reader.get(reverse("requests-chart")).json()
    sent(3, ago=MINUTE, status=429)

    after = reader.get(reverse("requests-chart")).json()

    assert [line["name"] for line in before["data"]] == ["sent", "allowed", "waited"]
    assert after["data"][-1]["name"] == "too fast"
    assert after["data"][-1]["y"][-1] == 3
    assertContains(reader.get(reverse("request-prices")), "refused 3 requests as too fast")


def test_request_of_an_activity_has_a_price(agent: Agent) -> None:
    make.LedgerEntryFactory(agent=agent, amount=900, activity="contracts")
    sent(3, ago=MINUTE, purpose="courier", productive=2)
    sent(5, ago=MINUTE, purpose="fleet.conductor")

    contracts, steering = requests.by_activity(scope(), at=NOON)

    assert (contracts.activity, contracts.requests, contracts.a_request) == (
        "contracts",
        3,
        300,
    )
    assert (steering.activity, steering.requests, steering.credits) == ("steering", 5, 0)


def test_busiest_ships_are_listed(reader: Client, agent: Agent) -> None:
    sent(7, ago=MINUTE, ship="MAGPIE-7")

    assertContains(reader.get(reverse("traffic")), "MAGPIE-7")


# shipyards


def test_ship_pays_for_itself_by_what_its_like_earned(agent: Agent) -> None:
    make.VacancyFactory(
        agent=agent, role="trader", ship_type="SHIP_LIGHT_SHUTTLE", value_per_hour=9_000
    )
    make.ShipyardOfferFactory(
        waypoint__era=agent.era, ship_type="SHIP_LIGHT_SHUTTLE", price=90_000
    )
    expected = shipyards.returns(scope(), at=NOON)
    make.ShipFactory.create_batch(2, agent=agent, roles=["trader"])
    make.LedgerEntryFactory(agent=agent, behaviour="trader", amount=60_000, at=NOON - HOUR)

    measured = shipyards.returns(scope(), at=NOON)

    assert [(one.measured, one.break_even) for one in expected] == [(None, 10)]
    assert [(one.measured, one.break_even) for one in measured] == [(30_000, 3)]


def test_ship_whose_work_others_sell_is_judged_by_what_is_expected(agent: Agent) -> None:
    make.VacancyFactory(
        agent=agent, role="miner", ship_type="SHIP_SIPHON_DRONE", value_per_hour=9_000
    )
    make.ShipyardOfferFactory(
        waypoint__era=agent.era, ship_type="SHIP_SIPHON_DRONE", price=36_000
    )
    make.ShipFactory(agent=agent, roles=["miner"])
    make.LedgerEntryFactory(agent=agent, behaviour="miner", amount=259, at=NOON - HOUR)

    [one] = shipyards.returns(scope(), at=NOON)

    assert (one.measured, one.break_even) == (None, 4)


def test_what_a_gate_needs_is_told_in_units(agent: Agent, reader: Client) -> None:
    make.MaterialFactory(era=agent.era, good="FAB_MATS", required=1_600, fulfilled=12)

    assertContains(reader.get(reverse("fleet:systems")), "has 12 of 1,600 FAB_MATS")


def test_changes_of_price_are_told_with_the_price_before(agent: Agent) -> None:
    yard = make.WaypointFactory(era=agent.era, shipyard=True)
    make.ShipPriceFactory(waypoint=yard, price=40_000, at=NOON - 2 * HOUR)
    make.ShipPriceFactory(waypoint=yard, price=42_000, at=NOON - HOUR)

    newest, first = shipyards.changes(scope())

    assert (newest.row.price, newest.before, newest.percent) == (42_000, 40_000, 5)
    assert (first.row.price, first.before, first.percent) == (40_000, None, None)


def test_price_stands_in_the_chart_until_it_was_seen_to_change(agent: Agent) -> None:
    yard = make.WaypointFactory(era=agent.era, shipyard=True)
    make.ShipPriceFactory(waypoint=yard, price=40_000, at=NOON - 2 * HOUR)
    make.ShipPriceFactory(waypoint=yard, price=42_000, at=NOON - HOUR)
    make.ShipyardOfferFactory(waypoint=yard, price=42_000, seen_at=NOON)

    lines = shipyards.price_lines(scope(), "SHIP_MINING_DRONE")

    assert lines == {
        yard.symbol: [
            (NOON - 2 * HOUR, 40_000),
            (NOON - HOUR - timedelta(seconds=1), 40_000),
            (NOON - HOUR, 42_000),
            (NOON, 42_000),
        ]
    }


@pytest.mark.parametrize(
    ("price", "amount"), [(None, 60_000), (90_000, -500)], ids=["no price", "a loss"]
)
def test_what_nobody_knows_or_never_pays_is_unknown(
    agent: Agent, price: int | None, amount: int
) -> None:
    make.VacancyFactory(agent=agent, role="trader", ship_type="SHIP_LIGHT_SHUTTLE")
    make.ShipyardOfferFactory(
        waypoint__era=agent.era, ship_type="SHIP_LIGHT_SHUTTLE", price=price
    )
    make.ShipFactory(agent=agent, roles=["trader"])
    make.LedgerEntryFactory(agent=agent, behaviour="trader", amount=amount, at=NOON - HOUR)

    [one] = shipyards.returns(scope(), at=NOON)

    assert one.break_even is None


# events


def test_events_of_all_domains_stand_in_the_order_of_time(agent: Agent) -> None:
    make.ShipOrderFactory(agent=agent, bought=True, decided_at=NOON - 3 * MINUTE)
    make.AlertFactory(last_at=NOON - 2 * MINUTE)
    make.AuditEntryFactory(at=NOON - MINUTE)
    make.SessionFactory(ship__agent=agent, ended_at=NOON, outcome="the site rests")

    kinds = [one.kind for one in events.events(scope())]

    assert kinds == ["mining", "change", "alert", "ship"]


def test_events_are_filtered_by_kind_and_words(reader: Client, agent: Agent) -> None:
    make.ShipOrderFactory(agent=agent, bought=True, ship__symbol="MAGPIE-7")
    make.SessionFactory(ship__agent=agent, ended_at=NOON, outcome="the site rests")

    by_kind = reader.get(reverse("events"), {"kind": "ship"})
    by_words = reader.get(reverse("events"), {"words": "SITE rests"})
    by_none = reader.get(reverse("events"), {"words": "no such thing"})

    assertContains(by_kind, "bought MAGPIE-7")
    assertNotContains(by_kind, "the site rests")
    assertContains(by_words, "the site rests")
    assertNotContains(by_words, "bought MAGPIE-7")
    assertContains(by_none, "Choose another one, or fewer words")


def test_events_of_one_agent_leave_out_what_is_not_its_own(agent: Agent) -> None:
    make.AgentFactory(era=agent.era, symbol="WAGTAIL")
    make.AlertFactory(subject="MAGPIE-1")
    make.AlertFactory(subject="WAGTAIL-1")
    make.AuditEntryFactory()

    assert [one.agent for one in events.events(scope("MAGPIE"))] == ["MAGPIE-1"]


# settings


def test_settings_show_value_source_and_who_chose_otherwise(
    reader: Client, agent: Agent
) -> None:
    make.ParameterFactory(behaviour="purchases", name="cash_floor", value="31000")
    make.ParameterFactory(behaviour="miner", name="hand_over_at", value="55", agent=agent)
    parameters.forget()

    for_all = reader.get(reverse("settings"), {"only": "chosen"})
    for_one = reader.get(reverse("settings"), {"only": "chosen", "agent": "MAGPIE"})

    assertContains(for_all, "31,000 credits")
    assertContains(for_all, '<span class="badge">installation</span>', html=True)
    assertContains(for_all, "55 for MAGPIE")
    assertNotContains(for_all, "55 %")
    assertContains(for_one, "55 %")
    assertContains(for_one, '<span class="badge">agent</span>', html=True)


def test_settings_of_an_untouched_installation_say_so(reader: Client) -> None:
    parameters.forget()

    assertContains(reader.get(reverse("settings"), {"only": "chosen"}), "Nobody chose anything")


def test_settings_list_every_parameter(reader: Client) -> None:
    from spacefleet.parameters import everything

    words = reader.get(reverse("settings")).content.decode()

    assert [spec.name for spec in everything() if f"<th>{spec.name}</th>" not in words] == []


def test_settings_show_the_database_and_no_password_of_it(reader: Client) -> None:
    words = reader.get(reverse("settings")).content.decode()

    assert "DATABASE_URL names it" in words
    assert "postgres:" not in words


# the galaxy


def test_systems_with_a_known_place_are_drawn_with_their_jumps(
    reader: Client, agent: Agent
) -> None:
    gate = {"gate": "X1-AA1-I9", "gate_open": True, "connections": ["X1-BB2-I1", "X1-CC3-I1"]}
    make.SystemFactory(era=agent.era, symbol="X1-AA1", x=1, y=2, **gate)
    make.SystemFactory(era=agent.era, symbol="X1-BB2", x=30, y=40)
    make.SystemFactory(era=agent.era, symbol="X1-CC3", x=None, y=None)
    make.ShipFactory(agent=agent)

    told = reader.get(reverse("galaxy-data")).json()
    table = reader.get(reverse("galaxy"))

    assert [star["symbol"] for star in told["stars"]] == ["X1-AA1", "X1-BB2"]
    assert told["links"] == [["X1-AA1", "X1-BB2"]]
    assert told["stars"][0]["ships"] == 1
    assertContains(table, "X1-BB2, X1-CC3")


def test_home_is_known_before_any_gate_was_read(reader: Client, agent: Agent) -> None:
    make.WaypointFactory(era=agent.era)

    page = reader.get(reverse("galaxy"))

    assertContains(page, "home of MAGPIE")
    assert reader.get(reverse("galaxy-data")).json() == {"stars": [], "links": []}
