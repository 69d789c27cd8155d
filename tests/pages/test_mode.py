"""The banner on top of every page: which game this is, and how fresh the figures are."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains

from tests import factories as make
from tests.factories import NOON

pytestmark = pytest.mark.django_db

REAL = "https://api.spacetraders.io/v2"


Banner = Callable[[], Any]


@pytest.fixture
def banner(reader: Client) -> Banner:
    return lambda: reader.get(reverse("banner"), headers={"HX-Request": "true"})


def test_universe_is_named(banner: Banner, settings: Settings) -> None:
    settings.SPACETRADERS_URL = "http://127.0.0.1:8001/v2"
    make.AgentFactory(era__reset_date="2026-02-22")

    assertContains(banner(), "Universe")
    assertContains(banner(), "2026-02-22")
    assertNotContains(banner(), "Real game")


def test_real_game_is_named(banner: Banner, settings: Settings) -> None:
    settings.SPACETRADERS_URL = f"{REAL}/"
    make.AgentFactory(era__server=REAL)

    assertContains(banner(), "Real game")
    assertContains(banner(), "every action is final")


def test_rows_of_the_real_game_are_never_called_universe(
    banner: Banner, settings: Settings
) -> None:
    settings.SPACETRADERS_URL = "http://127.0.0.1:8001/v2"
    make.AgentFactory(era__server=REAL)

    assertContains(banner(), "Real game")
    assertContains(banner(), "come from another server")


@pytest.mark.parametrize(
    "description",
    [
        "scenario showcase. Agents start with 1,000,000 credits instead of 175,000.",
        "scenario late_fleet. Agents start with fifty ships and 1,000,000 credits.",
    ],
)
def test_enlarged_start_is_said_openly(banner: Banner, description: str) -> None:
    make.AgentFactory(era__description=description)

    assertContains(banner(), "Not an ordinary start")
    assertContains(banner(), "1,000,000 credits")


def test_ordinary_start_needs_no_notice(banner: Banner) -> None:
    make.AgentFactory(
        era__description="scenario first_day, seed 7. Agents start with 175,000 credits."
    )

    assertNotContains(banner(), "Not an ordinary start")


def test_faster_game_time_is_shown(banner: Banner) -> None:
    make.AgentFactory(era__time_factor=60)

    assertContains(banner(), "60 × wall time")


def test_age_of_the_data_is_that_of_the_newest_news(banner: Banner) -> None:
    agent = make.AgentFactory()
    make.ShipFactory(agent=agent, seen_at=NOON - timedelta(hours=3))
    make.ShipFactory(
        agent=agent, seen_at=NOON - timedelta(hours=3), stepped_at=NOON - timedelta(minutes=4)
    )

    assertContains(banner(), "4 min ago")


def test_lane_without_a_lease_means_that_nobody_flies(banner: Banner) -> None:
    make.LaneFactory(expires_at=NOON - timedelta(seconds=1))

    assertContains(banner(), "nobody is flying")


def test_open_alerts_are_counted_and_cleared_ones_not(banner: Banner) -> None:
    make.AlertFactory()
    make.AlertFactory()
    make.AlertFactory(cleared_at=NOON)

    assertContains(banner(), "2 open")


def test_even_the_login_says_which_game_it_leads_to(
    client: Client, person: object, settings: Settings
) -> None:
    settings.SPACETRADERS_URL = REAL

    assertContains(client.get(reverse("login")), "Real game")


@pytest.mark.parametrize("address", ["/", "/fleet/", "/workers/", "/nowhere/", "/admin/"])
def test_every_page_carries_the_mode(keeper: Client, address: str) -> None:
    assert "Universe" in keeper.get(address).content.decode()
