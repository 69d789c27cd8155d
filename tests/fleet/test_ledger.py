"""Booking every credit and holding the sum against the game (fleet.services.ledger)."""

import pytest
from django.db import IntegrityError, transaction

from fleet.models import LedgerEntry, Ship
from fleet.services import healing, ledger, readings
from spacefleet.models import Alert
from tests.factories import (
    AgentFactory,
    LedgerEntryFactory,
    MarketGoodFactory,
    ShipFactory,
    ShipOrderFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
Kind = LedgerEntry.Kind


@pytest.fixture
def agent():
    return AgentFactory(credits=1_000)


def settle(agent, credits):
    with ledger.moving(agent.pk) as move:
        move.settle(credits)
    agent.refresh_from_db()
    return agent.drift


def test_a_booking_changes_the_balance(agent):
    ledger.book(agent.pk, Kind.SALE, 250)
    ledger.book(agent.pk, Kind.FUEL, -72)

    agent.refresh_from_db()
    assert agent.credits == 1_178


def test_agreement_is_no_drift(agent):
    ledger.book(agent.pk, Kind.SALE, 250)

    assert settle(agent, 1_250) == 0
    assert not Alert.objects.exists()


@pytest.mark.parametrize("difference", [1, -1, 40_000])
def test_a_difference_is_shown_and_not_smoothed_over(agent, difference):
    assert settle(agent, 1_000 + difference) == difference

    agent.refresh_from_db()
    assert agent.credits == 1_000
    assert f"{difference:+,}" in Alert.objects.open().get().message


def test_the_alert_ends_when_the_difference_is_explained(agent):
    settle(agent, 1_040)
    ledger.book(agent.pk, Kind.FEE, 40, note="found")

    assert settle(agent, 1_040) == 0
    assert not Alert.objects.open().exists()


def test_answers_of_overlapping_calls_are_not_compared(agent):
    with ledger.moving(agent.pk) as first, ledger.moving(agent.pk) as second:
        second.settle(900)
        first.settle(950)

    agent.refresh_from_db()
    assert (agent.drift, agent.compared_at) == (0, None)


def test_a_call_during_which_another_began_and_ended_is_not_compared(agent):
    with ledger.moving(agent.pk) as first:
        with ledger.moving(agent.pk):
            pass
        first.settle(900)

    agent.refresh_from_db()
    assert agent.compared_at is None


def test_the_traffic_of_one_agent_does_not_silence_another(agent):
    with ledger.moving(AgentFactory().pk):
        assert settle(agent, 1_001) == 1


@pytest.mark.parametrize("waiting", ["a suspect ship", "a purchase in doubt"])
def test_nothing_is_compared_while_something_waits_to_be_healed(agent, waiting):
    if waiting == "a suspect ship":
        healing.suspect(ShipFactory(agent=agent), "an answer was lost")
    else:
        ShipOrderFactory(agent=agent, status="buying")

    assert settle(agent, 900) == 0
    agent.refresh_from_db()
    assert agent.compared_at is None


def test_a_ship_that_may_not_fly_does_not_silence_the_comparison(agent):
    ship = ShipFactory(agent=agent)
    healing.suspect(ship, "an answer was lost")
    Ship.objects.filter(pk=ship.pk).update(excluded=True)

    assert settle(agent, 900) == -100


@pytest.mark.parametrize(
    ("kind", "behaviour", "activity"),
    [
        (Kind.OPENING, "", "opening"),
        (Kind.SHIP, "conductor", "growth"),
        (Kind.CONTRACT, "courier", "contracts"),
        (Kind.FUEL, "courier", "contracts"),
        (Kind.FUEL, "scout", "scouting"),
        (Kind.SALE, "trader", "mining"),
        (Kind.SALE, "starter", "mining"),
    ],
)
def test_a_movement_belongs_to_an_arm_of_income(kind, behaviour, activity):
    assert ledger.activity_of(kind, behaviour) == activity


def test_a_movement_of_a_ship_names_the_role_it_acts_in(agent):
    ship = ShipFactory(agent=agent, roles=["courier", "starter"])
    ship.acting_as = "starter"

    entry = ledger.book(agent.pk, Kind.SALE, 10, ship=ship)

    assert (entry.ship, entry.behaviour) == (ship, "starter")


def test_ships_and_the_opening_balance_are_no_profit(agent):
    for kind, amount in (
        (Kind.OPENING, 175_000),
        (Kind.SALE, 900),
        (Kind.FUEL, -72),
        (Kind.PURCHASE, -100),
        (Kind.CONTRACT, 2_000),
        (Kind.SHIP, -45_000),
    ):
        LedgerEntryFactory(agent=agent, kind=kind, amount=amount)
    LedgerEntryFactory(amount=99_999)  # of another agent

    assert readings.operating_profit(agent) == 2_728


def test_the_database_refuses_a_market_that_pays_more_than_it_asks():
    with pytest.raises(IntegrityError), transaction.atomic():
        MarketGoodFactory(we_receive=60, we_pay=59)


def test_the_database_refuses_a_price_of_no_age():
    with pytest.raises(IntegrityError), transaction.atomic():
        MarketGoodFactory(seen_at=None)
