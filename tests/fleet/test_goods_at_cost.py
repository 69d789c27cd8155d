"""Bought goods count at their cost while they are aboard (fleet.rules.goods)."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fleet.models import CreditReading, LedgerEntry
from fleet.rules import goods
from fleet.services import cargo, readings
from spacefleet import outcome


def test_two_purchases_are_averaged():
    first = goods.bought([0, 0], units=10, credits=1_000, aboard=10)

    both = goods.bought(first, units=10, credits=2_000, aboard=20)

    assert both == [20, 3_000]
    assert goods.sold(both, units=5, aboard=15) == [15, 2_250]


def test_what_left_the_hold_unseen_counts_nothing():
    assert goods.worth({"FOOD": [20, 3_000]}, {"FOOD": 5}) == 750
    assert goods.worth({"FOOD": [20, 3_000]}, {}) == 0
    assert goods.bought([20, 3_000], units=10, credits=500, aboard=10) == [10, 500]


def test_what_was_dug_counts_nothing():
    mixed = goods.bought([0, 0], units=10, credits=1_000, aboard=30)

    assert goods.worth({"IRON_ORE": mixed}, {"IRON_ORE": 30}) == 1_000
    assert goods.sold(mixed, units=10, aboard=20) == [0, 0], "what was bought leaves first"


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.booleans(), st.integers(1, 60), st.integers(0, 5_000)), max_size=12)
)
def test_cost_is_never_negative_nor_more_than_was_paid(trades):
    cost, aboard, paid = [0, 0], 0, 0
    for buy, units, price in trades:
        if buy:
            aboard, paid = aboard + units, paid + units * price
            cost = goods.bought(cost, units=units, credits=units * price, aboard=aboard)
        else:
            units = min(units, aboard)
            aboard -= units
            cost = goods.sold(cost, units=units, aboard=aboard)
        assert 0 <= cost[0] <= aboard
        assert 0 <= cost[1] <= paid
    if not aboard:
        assert cost == [0, 0]


@pytest.mark.django_db
def test_a_purchase_on_its_way_is_no_loss(crew):
    market = crew.market("IRON_ORE", "EXCHANGE")
    ship = crew.commission("SHIP_LIGHT_SHUTTLE", market, roles=())
    before = outcome.reading(crew.agent)

    trade = cargo.buy(ship, "IRON_ORE", 30, api=crew.api)

    assert readings.goods_value(crew.agent) == trade.total > 0
    assert readings.operating_profit(crew.agent) == 0
    assert outcome.reading(crew.agent).net_worth == before.net_worth
    assert LedgerEntry.objects.get(kind="purchase").amount == -trade.total
    readings.read(crew.agent)
    assert CreditReading.objects.get().goods_value == trade.total


@pytest.mark.django_db
def test_with_the_sale_the_gain_is_the_ledgers(crew):
    market = crew.market("IRON_ORE", "EXCHANGE")
    ship = crew.commission("SHIP_LIGHT_SHUTTLE", market, roles=())
    cargo.buy(ship, "IRON_ORE", 30, api=crew.api)

    cargo.sell(ship, "IRON_ORE", 30, api=crew.api)

    booked = sum(LedgerEntry.objects.exclude(kind="opening").values_list("amount", flat=True))
    assert readings.goods_value(crew.agent) == 0
    assert readings.operating_profit(crew.agent) == booked < 0
