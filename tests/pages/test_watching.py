"""What watches the watchers: health for monitors, metrics for Prometheus, a pause for guessers."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import DjangoAssertNumQueries, Settings

from spacefleet.alerts import raise_alert
from spacefleet.models import Node
from tests import factories as make
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def node(**columns: object) -> Node:
    return Node.objects.create(
        **{"name": "left", "lane": "home", "started_at": NOON, "beat_at": NOON, **columns}
    )


def test_a_fleet_whose_workers_beat_is_healthy(client: Client) -> None:
    make.AgentFactory()
    node()

    answer = client.get(reverse("health"))

    assert answer.status_code == 200
    assert answer.json()["workers"] == "beating"


@pytest.mark.parametrize(
    ("columns", "state"),
    [
        ({"beat_at": NOON - timedelta(minutes=1)}, "silent"),
        ({"stopped_at": NOON}, "none"),
    ],
)
def test_a_fleet_nobody_flies_wakes_somebody(
    client: Client, columns: dict[str, object], state: str
) -> None:
    make.AgentFactory()
    node(**columns)

    answer = client.get(reverse("health"))

    assert (answer.status_code, answer.json()["workers"]) == (503, state)


def test_an_empty_installation_is_healthy_and_names_nobody(client: Client) -> None:
    answer = client.get(reverse("health"))

    assert answer.status_code == 200
    assert set(answer.json()) == {
        "healthy", "database", "workers", "agents_flying", "agents_halted", "errors",
    }  # fmt: skip


def measured(client: Client) -> dict[tuple[str, str], float]:
    """Samples by their name and each of their labels' values."""
    text = client.get("/metrics").content.decode()
    return {
        (sample.name, label): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        for label in sample.labels.values()
    }


def test_metrics_tell_of_agents_ships_requests_and_alerts(reader: Client) -> None:
    agent = make.AgentFactory(symbol="MAGPIE", credits=1234)
    make.ShipFactory(agent=agent, failures=2, wake_at=NOON - timedelta(seconds=90))
    make.ShipFactory(agent=agent, wake_at=NOON + timedelta(seconds=90))
    node()
    raise_alert("drift", "MAGPIE", "one credit")

    found = measured(reader)

    assert found[("spacefleet_credits", "MAGPIE")] == 1234
    assert found[("spacefleet_ships", "MAGPIE")] == 2
    assert found[("spacefleet_ships_failing", "MAGPIE")] == 1
    assert found[("spacefleet_step_lag_seconds", "MAGPIE")] == 90
    assert found[("spacefleet_node_up", "left")] == 1
    assert found[("spacefleet_alerts_open", "warning")] == 1


def test_metrics_cost_no_more_queries_for_a_large_fleet(
    reader: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        make.ShipFactory.create_batch(5, agent=make.AgentFactory())

    with django_assert_max_num_queries(16):
        reader.get("/metrics")


@pytest.mark.parametrize(
    ("token", "sent", "status"),
    [
        ("", "", 401),
        ("", "Bearer ", 401),
        ("s3", "Bearer s3", 200),
        ("s3", "Bearer s4", 401),
        ("s3", "", 401),
    ],
)
def test_metrics_ask_strangers_for_the_token(
    client: Client, settings: Settings, token: str, sent: str, status: int
) -> None:
    settings.METRICS_TOKEN = token

    answer = client.get("/metrics", headers={"Authorization": sent} if sent else {})

    assert answer.status_code == status


def attempt(client: Client, password: str) -> int:
    form = {"username": "ada", "password": password}
    return client.post(reverse("login"), form).status_code


def test_five_wrong_passwords_are_followed_by_a_pause(client: Client, person: User) -> None:
    answers = [attempt(client, f"guess {n}") for n in range(5)]

    assert answers == [200, 200, 200, 200, 429]
    assert attempt(client, "open sesame") == 429, "the right one too, until the pause is over"


def test_the_pause_page_says_how_long_and_what_else_helps(client: Client, person: User) -> None:
    for n in range(5):
        attempt(client, f"guess {n}")

    page = client.post(reverse("login"), {"username": "ada", "password": "x"}).content.decode()

    assert "quarter of an hour" in page
    assert re.search(r"axes_reset", page)


def test_another_person_signs_in_while_one_is_paused(client: Client, person: User) -> None:
    make.UserFactory(username="grace")
    for n in range(5):
        attempt(client, f"guess {n}")

    answer = client.post(reverse("login"), {"username": "grace", "password": "open sesame"})

    assert answer.status_code == 302
