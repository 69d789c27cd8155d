"""A fleet of thousands: lists come a page at a time, sums are not added up anew each time."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fleet.models import LedgerEntry
from fleet.selectors import earnings, newest, pages, squadrons
from mining.models import Session
from tests import factories as make
from tests.factories import HOUR, NOON

pytestmark = pytest.mark.django_db


def test_ships_come_a_page_at_a_time_those_in_trouble_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(squadrons, "PAGE", 3)
    agent = make.AgentFactory()
    for n in range(1, 8):
        make.ShipFactory(agent=agent, symbol=f"BADGER-{n}", failures=n == 6)

    shown = [squadrons.roll(pages.scope(), at=NOON, page=n) for n in (1, 2, 3)]

    symbols = [[line.ship.symbol[-1] for line in roll.squadrons[0].lines] for roll in shown]
    assert symbols == [["6", "1", "2"], ["3", "4", "5"], ["7"]]
    assert [(roll.first, roll.last, roll.before, roll.after) for roll in shown] == [
        (1, 3, None, 2),
        (4, 6, 1, 3),
        (7, 7, 2, None),
    ]


def test_a_page_that_is_not_there_is_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(squadrons, "PAGE", 2)
    make.ShipFactory.create_batch(3, agent=make.AgentFactory())

    assert squadrons.roll(pages.scope(), at=NOON, page=99).page == 2


def test_the_page_of_ships_leads_to_the_next(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(squadrons, "PAGE", 2)
    make.ShipFactory.create_batch(5, agent=make.AgentFactory(symbol="BADGER"))

    page = reader.get(reverse("fleet:ships"), {"page": "2", "agent": "BADGER"}).content.decode()

    assert "Ships 3 to 4 of 5" in page
    assert "?page=1&amp;agent=BADGER" in page
    assert "?page=3&amp;agent=BADGER" in page
    assert 'hx-get="/fleet/panels/squadrons/?page=2' in page


def test_the_head_counts_all_ships_of_an_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(squadrons, "PAGE", 1)
    agent = make.AgentFactory()
    make.ShipFactory.create_batch(3, agent=agent, roles=["miner"])
    make.ShipFactory(agent=agent, roles=["scout"])

    [squadron] = squadrons.roll(pages.scope(), at=NOON).squadrons

    assert (squadron.ships, squadron.roles) == (4, [("miner", 3), ("scout", 1)])


def test_totals_hold_every_entry_before_and_after_the_hour_that_is_kept() -> None:
    agent = make.AgentFactory()
    for minutes in (0, 5, 30, 90, 600):
        make.LedgerEntryFactory(agent=agent, at=NOON - timedelta(minutes=minutes), amount=100)

    first = earnings.totals([agent.pk], at=NOON)
    make.LedgerEntryFactory(agent=agent, at=NOON, amount=11)
    again = earnings.totals([agent.pk], at=NOON)

    key = (agent.pk, "mining", LedgerEntry.Kind.SALE)
    assert (first[key], again[key]) == ((500, 5), (511, 6))


def test_settled_hours_are_added_up_once(django_assert_num_queries) -> None:
    agent = make.AgentFactory()
    make.LedgerEntryFactory(agent=agent, at=NOON - 5 * HOUR)
    earnings.totals([agent.pk], at=NOON)

    with django_assert_num_queries(1):
        earnings.totals([agent.pk], at=NOON + timedelta(minutes=5))


def test_what_is_open_comes_before_what_ended_last() -> None:
    site = make.SiteFactory()
    ended = [
        make.SessionFactory(site=site, started_at=NOON - 9 * HOUR, ended_at=NOON - n * HOUR)
        for n in (3, 1, 2)
    ]
    running = make.SessionFactory(site=site, started_at=NOON - 8 * HOUR)

    found = newest.open_first(Session.objects.all(), began="started_at", last=3)

    assert found == [running, ended[1], ended[2]]


def test_a_long_history_is_thinned_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MANY", 1_000)
    agent = make.AgentFactory()
    readings = [
        make.CreditReadingFactory.build(
            agent=agent, at=NOON - timedelta(minutes=2 * n), credits=n
        )
        for n in range(2_000)
    ]
    type(readings[0]).objects.bulk_create(readings)

    [series] = pages.credit_series(pages.scope(), since=None).values()

    assert series[-1].credits == 0, "the newest is there"
    assert 200 < len(series) <= 700


def test_a_crowded_place_names_a_few_ships_and_counts_the_others(reader: Client) -> None:
    agent = make.AgentFactory(headquarters="X1-AA1-A1")
    place = make.WaypointFactory(era=agent.era, symbol="X1-AA1-A1", market=True)
    make.ShipFactory.create_batch(15, agent=agent, waypoint=place.symbol, system="X1-AA1")

    told = reader.get("/panels/map/", headers={"HX-Request": "true"}).content.decode()

    assert told.count('href="/fleet/') == 12
    assert "and 3 more" in told
