"""The page of the lab: who may start what, and what it shows."""

import json

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from spacefleet.lab import work
from spacefleet.lab.arms import read_arms
from spacefleet.lab.orders import Order
from spacefleet.models import AuditEntry, Comparison, LabRun
from tests import factories
from tests.factories import NOON
from tests.lab.sample import figures

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
ASKED = {
    "scenario": "first_day",
    "hours": "2",
    "seeds": "3",
    "first_seed": "11",
    "arms": "base\neager: miner.hand_over_at=40",
}


@pytest.fixture(autouse=True)
def _still(noon: object) -> None:
    """The clock stands at noon."""


def signed_in(client: Client, *permissions: str) -> User:
    person = factories.UserFactory(username="ada")
    for name in permissions:
        person.user_permissions.add(Permission.objects.get(codename=name))
    client.force_login(person)
    return person


def played(seeds: int = 3) -> Comparison:
    found = work.start(
        Order("first_day", hours=2.0), read_arms(["base", "no-purchases"]), range(1, seeds + 1)
    )
    for run in found.runs.all():
        credits = 1000 * run.seed + (500 if run.arm != "base" else 0)
        LabRun.objects.filter(pk=run.pk).update(
            status="done", figures=figures(credits, run.seed), played=2, ended_at=NOON
        )
    return found


def test_operator_starts_a_comparison_and_leaves_a_trace(client):
    person = signed_in(client, "add_comparison")

    answer = client.post(reverse("lab"), ASKED)

    found = Comparison.objects.get()
    assertRedirects(answer, f"{reverse('lab')}?comparison={found.pk}")
    assert (found.started_by, found.hours, found.seeds) == (person, 2.0, [11, 12, 13])
    assert [arm["choices"] for arm in found.arms] == [[], ["miner.hand_over_at=40"]]
    assert found.runs.count() == 6
    assert AuditEntry.objects.get().verb == "started"


def test_viewer_looks_and_may_not_start(client):
    signed_in(client)

    assertNotContains(client.get(reverse("lab")), "<button>Start</button>")
    assert client.post(reverse("lab"), ASKED).status_code == 403
    assert not Comparison.objects.exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"arms": "base"}, "two to 8 arms, not 1"),
        ({"arms": "base\nx: miner.nope=1"}, "miner has no parameter"),
        ({"hours": "0"}, "greater than or equal to 0.05"),
        ({"hours": "200"}, "less than or equal to 168"),
        ({"seeds": "0"}, "greater than or equal to 1"),
        ({"hours": "168", "seeds": "900"}, "game hours in all"),
        ({"scenario": "utopia"}, "Select a valid choice"),
        ({"first_seed": "x"}, "Enter a whole number"),
    ],
)
def test_bad_input_is_told_beside_the_field_and_starts_nothing(client, change, says):
    signed_in(client, "add_comparison")

    answer = client.post(reverse("lab"), ASKED | change)

    assertContains(answer, says)
    assert not Comparison.objects.exists()


def test_operator_cancels_what_still_runs(client):
    signed_in(client, "change_comparison")
    found = work.start(Order("first_day"), read_arms(["base", "no-purchases"]), [1])

    client.post(reverse("lab"), {"cancel": found.pk})

    found.refresh_from_db()
    assert found.status == "cancelled"


def test_viewer_may_not_cancel(client):
    signed_in(client)
    found = work.start(Order("first_day"), read_arms(["base", "no-purchases"]), [1])

    assert client.post(reverse("lab"), {"cancel": found.pk}).status_code == 403


def test_result_tells_means_differences_and_their_intervals(client):
    signed_in(client)
    found = played()

    page = client.get(reverse("lab-result"), {"comparison": found.pk}, headers=HTMX)

    assertContains(page, "2,000 (1,000 to 3,000)")
    assertContains(page, "+500 (500 to 500)")
    assertContains(page, "3 of 3")


def test_progress_stands_in_the_list(client):
    signed_in(client)
    found = played()
    LabRun.objects.filter(comparison=found, seed=3).update(
        status="running", figures=None, played=0.5
    )

    page = client.get(reverse("lab-comparisons"), headers=HTMX)

    assertContains(page, "4/6")
    assertContains(page, "9.0 of 12.0 game hours")


def test_chart_draws_the_mean_of_each_arm(client):
    signed_in(client)
    found = played()

    figure = json.loads(client.get(reverse("lab-curves"), {"comparison": found.pk}).content)

    lines = {trace["name"]: trace["y"] for trace in figure["data"]}
    assert lines["base"] == [1000, 3000, 5000]
    assert lines["no-purchases: mining"] == [0, 2500, 5000]


def test_unknown_comparison_is_not_found(client):
    signed_in(client)

    assert client.get(reverse("lab"), {"comparison": "99"}).status_code == 404
    assert client.get(reverse("lab"), {"comparison": "x'"}).status_code == 404


@pytest.mark.parametrize("seeds", [1, 8])
def test_result_costs_three_queries_whatever_its_size(client, django_assert_num_queries, seeds):
    signed_in(client)
    found = played(seeds)
    session_and_person = 2

    with django_assert_num_queries(session_and_person + 3):
        client.get(reverse("lab-result"), {"comparison": found.pk}, headers=HTMX)
