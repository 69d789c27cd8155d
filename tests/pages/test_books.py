"""The books: profit and loss, the ledger against the game, behaviours and eras compared."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

import fleet.selectors.pages
from fleet.models import Agent, LedgerEntry
from spacefleet.books import behaviours, eras, ledger
from tests import factories as make
from tests.factories import HOUR, NOON

pytestmark = pytest.mark.django_db

KINDS = LedgerEntry.Kind


@pytest.fixture
def agent() -> Agent:
    return make.AgentFactory(symbol="MAGPIE", credits=175_000, compared_at=NOON)


def scope() -> fleet.selectors.pages.Scope:
    return fleet.selectors.pages.scope()


def book(agent: Agent, amount: int, *, ago: timedelta = timedelta(0), **more: object) -> None:
    make.LedgerEntryFactory(agent=agent, amount=amount, at=NOON - ago, **more)


# profit and loss


def test_activity_is_split_by_what_was_paid_and_ships_stand_apart(agent: Agent) -> None:
    book(agent, 900, activity="trading")
    book(agent, -500, activity="trading", kind=KINDS.PURCHASE)
    book(agent, -72, activity="trading", kind=KINDS.FUEL)
    book(agent, -45_000, activity="growth", kind=KINDS.SHIP)
    book(agent, 175_000, activity="opening", kind=KINDS.OPENING)

    trading, growth = ledger.results(scope(), period="day", at=NOON)

    assert (trading.sales, trading.purchases, trading.fuel) == (900, -500, -72)
    assert (trading.operating, trading.net) == (328, 328)
    assert (growth.operating, growth.net) == (0, -45_000)
    assert ledger.total([trading, growth]).net == 328 - 45_000


def test_period_is_game_time_and_the_era_is_all(agent: Agent) -> None:
    agent.era.time_factor = 60
    agent.era.save()
    book(agent, 1, ago=timedelta(minutes=1))
    book(agent, 10, ago=timedelta(minutes=1, seconds=1))
    book(agent, 100, ago=timedelta(days=3))

    sums = {
        period: sum(one.net for one in ledger.results(scope(), period=period, at=NOON))
        for period in ("hour", "day", "era")
    }

    assert sums == {"hour": 1, "day": 11, "era": 111}


def test_days_are_whole_and_older_ones_stand_below(agent: Agent) -> None:
    book(agent, 5, ago=HOUR)
    book(agent, 7, ago=25 * HOUR, activity="contracts")
    book(agent, -9_000, ago=HOUR, kind=KINDS.SHIP)

    found = ledger.spans(scope(), hours=24, at=NOON)

    assert found.activities == ["contracts", "mining"]
    assert [(row.by_activity, row.total) for row in found.rows] == [([0, 5], 5), ([7, 0], 7)]


# against the game


@pytest.mark.parametrize(
    ("booked", "changes", "verdict", "agrees"),
    [
        (175_000, {}, "to the credit", True),
        (175_000, {"drift": -120}, "the game says −120 cr", False),
        (174_000, {}, "our own books disagree by +1,000 cr", False),
        (175_000, {"compared_at": None}, "not compared yet", False),
    ],
    ids=["agrees", "drift", "books", "unknown"],
)
def test_books_are_held_against_the_game(
    agent: Agent, booked: int, changes: dict[str, object], verdict: str, agrees: bool
) -> None:
    Agent.objects.filter(pk=agent.pk).update(**changes)
    book(agent, booked, kind=KINDS.OPENING)

    [row] = ledger.reconciled(scope(), at=NOON)

    assert (row.verdict, row.agrees) == (verdict, agrees)


# the ledger


def test_ledger_is_filtered_and_paged_without_scripts(reader: Client, agent: Agent) -> None:
    ship = make.ShipFactory(agent=agent, symbol="MAGPIE-7")
    for n in range(ledger.PAGE + 1):
        book(agent, 1_000 + n, ago=timedelta(seconds=n), ship=ship, good="IRON_ORE")
    book(agent, -72, kind=KINDS.FUEL)

    first = reader.get(reverse("ledger"), {"ship": "magpie-7", "good": "iron_ore"})
    second = reader.get(
        reverse("ledger"), {"ship": "magpie-7", "good": "iron_ore", "page": "2"}
    )

    assertContains(first, "+1,000 cr")
    assertContains(first, "good=IRON_ORE&amp;ship=MAGPIE-7&amp;page=2")
    assertNotContains(first, "−72 cr")
    assertContains(second, "+1,050 cr")
    assertNotContains(second, "+1,049 cr")


@pytest.mark.parametrize(
    "query", [{"page": "x"}, {"page": "0"}, {"page": "9" * 30}, {"period": "decade"}]
)
def test_nonsense_in_the_address_shows_the_first_page(
    reader: Client, agent: Agent, query: dict[str, str]
) -> None:
    book(agent, 4_711)

    assertContains(reader.get(reverse("ledger"), query), "+4,711 cr")


# behaviours


def asked(agent: Agent, purpose: str, count: int, good: int, *, ago: timedelta) -> None:
    make.RequestCountFactory(
        agent=agent.symbol, purpose=purpose, count=count, productive=good, minute=NOON - ago
    )


def test_behaviour_has_credits_an_hour_and_a_request_of_its_working_hours(
    agent: Agent,
) -> None:
    for hours, amount in ((1, 300), (2, 100), (5, 200)):
        book(agent, amount, ago=hours * HOUR, behaviour="trader")
        asked(agent, "trader", 10, 8, ago=hours * HOUR)
    make.ShipFactory(agent=agent, roles=["trader"])

    [trader] = behaviours.compared(scope(), at=NOON)

    assert (trader.ships, trader.credits, trader.hours) == (1, 600, 3)
    assert (trader.requests, trader.productive, trader.wasted) == (30, 24, 6)
    assert (trader.a_request, trader.a_productive_request) == (20, 25)
    assert trader.an_hour is not None
    assert trader.an_hour.mean == 200
    assert trader.an_hour.low is not None
    assert 100 <= trader.an_hour.low < 200


def test_one_hour_alone_has_no_interval(reader: Client, agent: Agent) -> None:
    book(agent, 300, ago=HOUR, behaviour="trader")

    assertContains(reader.get(reverse("behaviours-page")), "too few hours")


def test_running_hour_and_bought_ships_are_no_part_of_the_comparison(agent: Agent) -> None:
    book(agent, 300, ago=timedelta(0), behaviour="trader")
    book(agent, -45_000, ago=HOUR, behaviour="trader", kind=KINDS.SHIP)

    assert behaviours.compared(scope(), at=NOON) == []


def test_request_without_credits_is_no_division(reader: Client, agent: Agent) -> None:
    book(agent, 300, ago=HOUR, behaviour="trader")
    asked(agent, "scout", 4, 0, ago=HOUR)

    page = reader.get(reverse("behaviours-page"))

    assertContains(page, "none asked")
    assertContains(page, "0.0 cr")


# eras


def test_eras_are_compared_by_their_own_clock() -> None:
    past = make.AgentFactory(
        symbol="MAGPIE",
        era__archived_at=NOON - 100 * HOUR,
        era__started_at=NOON - 300 * HOUR,
        joined_at=NOON - 300 * HOUR,
    )
    fast = make.AgentFactory(symbol="MAGPIE", era__time_factor=10, joined_at=NOON - HOUR)
    make.CreditReadingFactory(
        agent=past, at=NOON - 200 * HOUR, operating_profit=50_000, requests=1_000
    )
    make.CreditReadingFactory(agent=fast, at=NOON, operating_profit=50_000, requests=500)

    now, before = eras.lives()

    assert (now.hours, now.an_hour, now.a_request) == (10, 5_000, 100)
    assert (before.hours, before.an_hour, before.a_request) == (100, 500, 50)
    assert [line.points[-1][0] - line.points[0][0] for line in eras.curves()] == [
        timedelta(0),
        timedelta(0),
    ]


def test_era_without_readings_is_unknown_and_not_zero(reader: Client) -> None:
    make.AgentFactory()

    [life] = eras.lives()

    assert (life.hours, life.profit, life.an_hour, life.a_request) == (None, None, None, None)
    assertContains(reader.get(reverse("eras")), "unknown")
