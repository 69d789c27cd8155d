"""The map: what is where, how old prices are, and who flies between."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains

from fleet.models import Agent
from tests import factories as make
from tests.factories import HOUR, NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> Agent:
    agent = make.AgentFactory(symbol="MAGPIE")
    for name, kind in (("A1", "PLANET"), ("B7", "ASTEROID"), ("C3", "ASTEROID")):
        make.WaypointFactory(era=agent.era, symbol=f"X1-AA1-{name}", type=kind)
    return agent


def data(reader: Client, **query: str) -> Any:
    return reader.get(reverse("map-data"), query).json()


def place(told: Any, symbol: str) -> Any:
    [found] = [one for one in told["places"] if one["symbol"] == symbol]
    return found


def test_ship_under_way_carries_both_ends_and_both_moments(
    reader: Client, agent: Agent
) -> None:
    make.ShipFactory(agent=agent, symbol="MAGPIE-1", under_way=True)

    [ship] = data(reader)["ships"]

    assert (ship["from"], ship["at"]) == ("X1-AA1-A1", "X1-AA1-B7")
    assert ship["departs"] == "2026-03-01T11:59:00Z"
    assert ship["arrives"] == "2026-03-01T12:04:00Z"


def test_flight_that_is_over_is_drawn_at_its_end(reader: Client, agent: Agent) -> None:
    make.ShipFactory(agent=agent, under_way=True, arrives_at=NOON - timedelta(seconds=1))

    [ship] = data(reader)["ships"]

    assert (ship["from"], ship["at"], ship["arrives"]) == ("", "X1-AA1-B7", None)


def test_flying_is_no_news(reader: Client, agent: Agent, later: Any) -> None:
    make.ShipFactory(agent=agent, under_way=True)
    first = reader.get(reverse("map-data"))

    later.sleep(60)
    again = reader.get(
        reverse("map-data"), headers={"X-Panel-Version": first.headers["X-Panel-Version"]}
    )

    assert again.status_code == 204


def test_sites_depots_and_headquarters_are_marked(reader: Client, agent: Agent) -> None:
    rock = agent.era.waypoints.get(symbol="X1-AA1-B7")
    make.SiteFactory(agent=agent, waypoint=rock, value_per_hour=1_234)
    make.SiteFactory(
        agent=agent, waypoint=agent.era.waypoints.get(symbol="X1-AA1-C3"), open=False
    )
    make.DepotFactory(ship__agent=agent, ship__symbol="MAGPIE-D", waypoint="X1-AA1-A1")

    told = data(reader)

    assert place(told, "X1-AA1-B7")["marks"] == ["site"]
    assert place(told, "X1-AA1-B7")["notes"] == ["extract site, 1,234 cr/h a ship"]
    assert place(told, "X1-AA1-C3")["marks"] == []
    assert place(told, "X1-AA1-A1")["marks"] == ["home", "depot"]


@pytest.mark.parametrize(
    ("age", "word"),
    [
        (timedelta(minutes=15), "fresh"),
        (timedelta(minutes=15, seconds=1), "ageing"),
        (timedelta(hours=1), "ageing"),
        (timedelta(hours=1, seconds=1), "old"),
        (None, "never seen"),
    ],
    ids=["a quarter of the limit", "above it", "the limit", "above the limit", "never"],
)
def test_age_of_prices_in_a_word(
    reader: Client, agent: Agent, age: timedelta | None, word: str
) -> None:
    market = agent.era.waypoints.get(symbol="X1-AA1-A1")
    market.market = True
    market.save()
    seen = {"seen_at": NOON - age} if age else {"seen_at": None, "we_receive": None}
    make.MarketGoodFactory(waypoint=market, **(seen if age else seen | {"we_pay": None}))

    page = reader.get(reverse("map-places"))

    assertContains(page, word)


def test_age_is_game_time(reader: Client, agent: Agent) -> None:
    agent.era.time_factor = 60
    agent.era.save()

    told = data(reader)

    assert (told["fresh"], told["old"]) == (15, 60)


def test_moons_are_spread_around_what_they_orbit(reader: Client, agent: Agent) -> None:
    for name in ("A2", "A3"):
        make.WaypointFactory(
            era=agent.era, symbol=f"X1-AA1-{name}", type="MOON", orbits="X1-AA1-A1"
        )

    told = data(reader)

    assert [place(told, f"X1-AA1-A{n}")["turn"] for n in (1, 2, 3)] == [0, 0, 0.5]


def test_map_of_a_ship_shows_no_other_ship(reader: Client, agent: Agent) -> None:
    make.ShipFactory(agent=agent, symbol="MAGPIE-1")
    make.ShipFactory(agent=agent, symbol="MAGPIE-2")

    told = data(reader, ship="MAGPIE-2")

    assert [ship["symbol"] for ship in told["ships"]] == ["MAGPIE-2"]


def test_rocks_nobody_works_are_on_the_map_but_not_in_the_table(
    reader: Client, agent: Agent
) -> None:
    make.ShipFactory(agent=agent, symbol="MAGPIE-1")

    page = reader.get(reverse("map-places"))

    assertContains(page, "X1-AA1-B7")
    assertContains(page, "1 asteroids that nobody works")
    assert len(data(reader)["places"]) == 3


def test_other_systems_are_offered_and_unknown_ones_told(reader: Client, agent: Agent) -> None:
    make.WaypointFactory(era=agent.era, system="X1-BB2", symbol="X1-BB2-A1", type="PLANET")

    assertContains(reader.get(reverse("map")), "?system=X1-BB2")
    assertContains(reader.get(reverse("map"), {"system": "X1-BB2"}), "<small>X1-BB2</small>")
    assertContains(
        reader.get(reverse("map"), {"system": "X1-ZZ9"}),
        "No waypoint of X1-ZZ9 is known here",
        status_code=404,
    )


def test_ships_of_a_past_era_are_on_no_map(reader: Client, agent: Agent) -> None:
    past = make.AgentFactory(symbol="MAGPIE", era__archived_at=NOON - HOUR)
    make.ShipFactory(agent=past)

    assert data(reader)["ships"] == []
