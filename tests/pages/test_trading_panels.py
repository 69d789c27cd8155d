"""What the page of sales says of trading: runs, lanes that rest, lanes that are free."""

import pytest
from django.test import Client
from django.urls import reverse

from fleet.services import navigation
from tests import factories as make
from tests.factories import HOUR, NOON

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def panel(reader: Client, name: str) -> str:
    return reader.get(reverse(f"sales:{name}"), headers=HTMX).content.decode()


def test_runs_say_what_was_expected_and_what_came_of_it(reader: Client, noon: object) -> None:
    lot = make.TradeLotFactory(run__realised=-500, run__ended_at=NOON, ended_at=NOON)

    said = panel(reader, "trading")

    assert str(lot.run.ship) in said
    assert "40 FOOD" in said
    assert "26,000" in said
    assert "-500" in said.replace("\u2212", "-")


def test_a_lane_that_rests_says_why(reader: Client, noon: object) -> None:
    make.TradeLotFactory(
        ended_at=NOON, rest_until=NOON + HOUR, paid=900, why="lost 900 credits: sold out"
    )

    assert "lost 900 credits" in panel(reader, "trading")


def test_free_lanes_say_what_they_promise(reader: Client, noon: object) -> None:
    agent = make.AgentFactory()
    for symbol, x, kind, pay, receive in (
        ("K", 60, "EXPORT", 1_000, 480),
        ("A", 0, "IMPORT", 3_300, 1_600),
    ):
        place = make.WaypointFactory(
            era=agent.era, system=agent.home, symbol=f"{agent.home}-{symbol}", x=x, market=True
        )
        make.MarketGoodFactory(waypoint=place, good="FUEL", kind="EXCHANGE")
        make.MarketGoodFactory(
            waypoint=place,
            good="FOOD",
            kind=kind,
            we_pay=pay,
            we_receive=receive,
            trade_volume=20,
            seen_at=NOON,
        )
    navigation.forget_places()

    said = panel(reader, "lanes")

    assert f"{agent.home}-K" in said
    assert "40 FOOD" in said


def test_empty_panels_say_what_would_fill_them(reader: Client) -> None:
    make.AgentFactory()

    assert "No run yet" in panel(reader, "trading")
    assert "No lane rests" in panel(reader, "trading")
    assert "No free lane pays" in panel(reader, "lanes")
