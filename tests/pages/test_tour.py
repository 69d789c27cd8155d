"""The tour: every stop leads somewhere that shows what it says, and it is ended for good."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from spacefleet import roles
from spacefleet.models import TourEnd
from spacefleet.welcome import tour
from tests import factories as make
from tests.pages.scenes import busy_day

pytestmark = pytest.mark.django_db

NUMBERS = range(1, len(tour.STOPS) + 1)


@pytest.mark.parametrize("number", NUMBERS)
def test_what_a_stop_tells_to_look_for_stands_on_its_page(reader: Client, number: int) -> None:
    busy_day()

    page = reader.get(tour.address(number)).content.decode()

    headings = [
        re.sub(r"<[^>]+>", " ", each).strip()
        for each in re.findall(r"<h[12][^>]*>(.*?)</h[12]>", page, re.DOTALL)
    ]
    missing = [
        word
        for word in tour.STOPS[number - 1].look
        if not any(heading.startswith(word) for heading in headings)
    ]
    assert missing == [], headings


def test_tour_goes_from_stop_to_stop_and_ends_on_the_last(reader: Client) -> None:
    pages = [reader.get(tour.address(number)) for number in NUMBERS]

    for number, page in zip(NUMBERS, pages, strict=True):
        assertContains(page, f"Stop {number} of {len(tour.STOPS)}")
        if number < len(tour.STOPS):
            assertContains(page, f'href="{tour.address(number + 1)}"')
    assertNotContains(pages[0], ">Back<")
    assertContains(pages[-1], "Finish the tour")


@pytest.mark.parametrize("asked", ["0", "99", "-1", "x", "²", ""])
def test_stop_that_is_none_shows_no_tour(reader: Client, asked: str) -> None:
    assertNotContains(reader.get("/", {"tour": asked}), "Stop ")


def test_stop_stands_on_its_own_page_only(reader: Client) -> None:
    assertNotContains(reader.get("/fleet/", {"tour": "1"}), "Stop 1")


def test_newcomer_is_invited_until_the_tour_was_ended(reader: Client, person: User) -> None:
    assertContains(reader.get("/"), "Take the tour")

    for _ in range(2):
        assertRedirects(reader.post(reverse("tour")), reverse("overview"))

    assertNotContains(reader.get("/"), "Take the tour")
    assert TourEnd.objects.get().user == person
    assertContains(reader.get("/"), 'href="/tour/"')
    assertContains(reader.get(reverse("tour")), "Take the tour")


def test_viewer_ends_the_tour_for_nobody_else(client: Client) -> None:
    ada, bert = make.UserFactory(username="ada"), make.UserFactory(username="bert")
    roles.give(ada, roles.VIEWER)
    client.force_login(ada)

    client.post(reverse("tour"))

    assert not tour.invited(ada)
    assert tour.invited(bert)
