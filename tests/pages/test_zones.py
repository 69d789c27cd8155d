"""Times as the viewer reads them: in their zone, over the days when clocks are put forth and back."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

import fleet.selectors.pages
from spacefleet import charts, clock, zones
from spacefleet.models import Viewer
from spacefleet.templatetags import pages
from tests import factories as make
from tests.factories import HOUR, NOON

pytestmark = pytest.mark.django_db

FORTH = datetime(2026, 3, 29, 1, tzinfo=UTC)  # clocks of Berlin go from 2 to 3
BACK = datetime(2026, 10, 25, 1, tzinfo=UTC)  # and from 3 to 2
SECOND = timedelta(seconds=1)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (FORTH - SECOND, "2026-03-29 01:59:59 CET"),
        (FORTH, "2026-03-29 03:00:00 CEST"),
        (BACK - SECOND, "2026-10-25 02:59:59 CEST"),
        (BACK, "2026-10-25 02:00:00 CET"),
    ],
    ids=["before summer", "summer", "still summer", "the hour again"],
)
def test_moments_have_the_name_of_the_hour_they_belong_to(moment: datetime, told: str) -> None:
    with timezone.override(BERLIN):
        assert zones.exactly(moment) == told


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("UTC", "2026-03-01 12:00:00 UTC"),
        ("Asia/Kathmandu", "2026-03-01 17:45:00 UTC+5:45"),
        ("America/Sao_Paulo", "2026-03-01 09:00:00 UTC-3"),
    ],
)
def test_zone_without_a_name_of_its_own_tells_its_distance(name: str, told: str) -> None:
    with timezone.override(ZoneInfo(name)):
        assert zones.exactly(NOON) == told


def test_page_is_in_the_zone_of_the_browser_and_utc_where_it_is_unknown(reader: Client) -> None:
    make.AlertFactory(last_at=NOON - HOUR)

    assertContains(reader.get("/"), "2026-03-01 11:00:00 UTC")
    reader.cookies["zone"] = "America/New_York"
    assertContains(reader.get("/"), "2026-03-01 06:00:00 EST")


@pytest.mark.parametrize("name", ["Mars/Olympus", "../../etc/passwd", "%00", "a" * 5000])
def test_zone_that_nobody_knows_counts_for_nothing(reader: Client, name: str) -> None:
    make.AlertFactory(last_at=NOON - HOUR)
    reader.cookies["zone"] = name

    assertContains(reader.get("/"), "2026-03-01 11:00:00 UTC")


def test_chosen_zone_goes_before_that_of_the_browser(reader: Client, person: User) -> None:
    make.AlertFactory(last_at=NOON - HOUR)
    reader.cookies["zone"] = "America/New_York"

    answer = reader.post(reverse("settings"), {"zone": "Europe/Berlin"})

    assertRedirects(answer, reverse("settings"))
    assertContains(reader.get(reverse("settings")), "<option selected>Europe/Berlin</option>")
    page = reader.get("/")
    assertContains(page, "2026-03-01 12:00:00 CET")
    assertContains(page, 'data-zone="Europe/Berlin"')

    reader.post(reverse("settings"), {"zone": ""})

    assertNotContains(reader.get("/"), "CET")
    assert Viewer.objects.get(user=person).zone == ""


def test_zone_that_is_none_is_not_saved(reader: Client) -> None:
    answer = reader.post(reverse("settings"), {"zone": "Mars/Olympus"})

    assert answer.status_code == 400
    assert not Viewer.objects.exists()


def test_chosen_zone_costs_no_question(
    reader: Client, person: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.ViewerFactory(user=person)

    with django_assert_num_queries(3):  # the session, the person with the zone, the alerts
        reader.get("/panels/alerts/", headers={"HX-Request": "true"})


def test_chart_is_in_the_zone_of_its_end_and_never_runs_backwards() -> None:
    points = [(BACK + n * HOUR / 2, float(n)) for n in range(-4, 5)]

    with timezone.override(BERLIN):
        figure = json.loads(charts.lines([charts.Line("a", points)], titles=["Credits"]))

    moments = figure["data"][0]["x"]
    assert moments == sorted(moments)
    assert moments[-1] == "2026-10-25 04:00:00"
    assert figure["layout"]["xaxis"]["title"]["text"] == "Europe/Berlin, UTC+1"


def test_chart_over_game_time_belongs_to_no_zone() -> None:
    with timezone.override(BERLIN):
        drawn = charts.lines([charts.Line("a", [(NOON, 1)])], titles=["x"], over="game time")

    assert json.loads(drawn)["data"][0]["x"] == ["2026-03-01 12:00:00"]


def test_chart_of_many_readings_is_the_same_in_every_zone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fleet.selectors.pages, "MANY", 10)
    agent = make.AgentFactory()
    for n in range(48):
        make.CreditReadingFactory(agent=agent, at=NOON - n * HOUR, credits=n)

    def drawn() -> list[int]:
        scope = fleet.selectors.pages.scope()
        [series] = fleet.selectors.pages.credit_series(scope, since=None).values()
        return [point.credits for point in series]

    at_home = drawn()
    with timezone.override(ZoneInfo("Asia/Kolkata")):
        assert drawn() == at_home
    assert len(at_home) == 48


def test_game_time_stands_beside_wall_time_where_the_game_runs_faster(noon: object) -> None:
    assert ">4 min ago<" in pages.ago(NOON - timedelta(minutes=4))

    clock.set_factor(60)

    assert ">4 min ago (game 4 h)<" in pages.ago(NOON - timedelta(minutes=4))
    assert ">in 30 s (game 30 min)<" in pages.ago(NOON + timedelta(seconds=30))
    assert ">now<" in pages.ago(NOON)
