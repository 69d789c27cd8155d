"""Ladders, splits and indices (sales.rules.outlets, splitting, indices)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.rules.prices import Quote
from sales.rules import indices, outlets, splitting
from sales.rules.outlets import Costs, Offer
from sales.rules.splitting import Rest, Split


def offer(price=1_000, *, pay=2_240, volume=20, age=0.0, sold=0.0, activity="WEAK"):
    quote = Quote("IMPORT", price, volume, "MODERATE", pay, activity)
    return Offer("X1-AA1-A1", "IRON", quote, age, sold)


# what a market pays now


def test_a_fresh_price_is_what_was_seen():
    assert offer().price() == 1_000


def test_what_we_sold_since_lowers_the_price():
    assert offer(sold=20).price() < offer(sold=10).price() < 1_000


def test_an_old_price_has_risen_by_what_was_consumed():
    assert offer(age=2).price() > offer(age=1).price() > 1_000


def test_an_old_price_is_trusted_less():
    fresh, old = (outlets.gross(offer(age=age), 20, discount=10) for age in (0.0, 4.0))

    assert old < fresh
    assert outlets.trust(4, 10) == pytest.approx(0.6)
    assert outlets.trust(100, 50) == outlets.LEAST_TRUST


def test_a_trip_costs_fuel_and_every_request_of_it():
    gross = outlets.gross(offer(), 40)

    net = outlets.net(offer(), 40, Costs(fuel=100, request=50, requests=4))

    assert net == gross - 100 - 50 * (4 + 2), "two trades of twenty"


# selling now or later


def test_all_is_sold_now_when_as_much_comes_in_as_is_consumed():
    assert outlets.worthwhile(offer(), 100, wait=1, discount=0, inflow=50) == 100


def test_a_trade_that_would_bring_more_later_waits():
    lively = offer(activity="STRONG")

    assert outlets.worthwhile(lively, 100, wait=1, discount=0, inflow=0) == 0
    assert outlets.worthwhile(lively, 100, wait=1, discount=100, inflow=0) == 100


def test_the_first_trades_are_sold_and_the_deep_ones_wait():
    sold = outlets.worthwhile(offer(activity="STRONG"), 100, wait=1, discount=20, inflow=0)

    assert 0 < sold < 100
    assert sold % 20 == 0


# the rest of a load


@pytest.mark.parametrize(
    ("here", "elsewhere", "waiting", "best"),
    [
        pytest.param([0, 50], [40, 0], [45, 0], Split(1, Rest.HERE, 50), id="here"),
        pytest.param([0, 50], [60, 0], [45, 0], Split(0, Rest.ELSEWHERE, 60), id="elsewhere"),
        pytest.param([0, 50], [40, 0], [55, 0], Split(0, Rest.WAIT, 55), id="later"),
        pytest.param(
            [0, 50, 70],
            [60, 35, 0],
            [10, 10, 0],
            Split(1, Rest.ELSEWHERE, 85),
            id="one here, one elsewhere",
        ),
        pytest.param([0, 50], [50, 0], [50, 0], Split(1, Rest.HERE, 50), id="equal: here"),
    ],
)
def test_the_best_split_is_taken(here, elsewhere, waiting, best):
    assert splitting.best(here, elsewhere, waiting) == best


@given(
    rows=st.lists(
        st.tuples(st.floats(1, 500), st.floats(-200, 900), st.floats(-200, 900)),
        min_size=1,
        max_size=8,
    )
)
def test_no_split_beats_the_chosen_one(rows):
    here = [0.0]
    for credits, _, _ in rows:
        here.append(here[-1] + credits)
    elsewhere = [away for _, away, _ in rows] + [0.0]
    waiting = [later for _, _, later in rows] + [0.0]

    found = splitting.best(here, elsewhere, waiting)

    all_of_them = [here[-1]]
    all_of_them += [here[n] + elsewhere[n] for n in range(len(rows))]
    all_of_them += [here[n] + waiting[n] for n in range(len(rows))]
    assert found.credits == pytest.approx(max(all_of_them))


# the price index


@pytest.mark.parametrize(
    ("pairs", "percent"),
    [
        pytest.param([], None, id="nothing known"),
        pytest.param([(50, 50.0)], 100, id="as usual"),
        pytest.param([(40, 50.0), (60, 50.0)], 100, id="one up, one down"),
        pytest.param([(40, 50.0), (5, 0.0)], 80, id="an average of nothing says nothing"),
        pytest.param([(400, 500.0), (9, 10.0)], 85, id="dear and cheap goods count alike"),
    ],
)
def test_an_index_is_the_mean_of_prices_in_percent_of_their_averages(pairs, percent):
    assert indices.index(pairs) == percent


@pytest.mark.parametrize(
    ("readings", "poor"),
    [
        pytest.param([], False, id="nobody looked"),
        pytest.param([(0, 80), (1_800, 80)], True, id="long enough"),
        pytest.param([(0, 80), (1_799, 80)], False, id="a second too short"),
        pytest.param([(0, 85), (1_800, 80)], False, id="exactly at the mark again"),
        pytest.param([(0, 84), (900, 85), (1_800, 80)], False, id="with a break"),
        pytest.param([(0, 84), (1_900, 84), (2_000, 99)], True, id="since it fell"),
    ],
)
def test_home_stays_poor_when_it_was_for_a_while(readings, poor):
    assert indices.stays_poor(readings, poor_at=85, poor_for=1_800) is poor


@pytest.mark.parametrize(
    ("home", "best", "poor", "moves"),
    [
        pytest.param(None, 10, False, True, id="nobody at home buys it"),
        pytest.param(100, 104, False, False, id="one below the gain"),
        pytest.param(100, 105, False, True, id="exactly the gain"),
        pytest.param(100, 101, True, True, id="a little more, and home stays poor"),
        pytest.param(100, 100, True, False, id="no more, though home stays poor"),
        pytest.param(-50, -40, False, False, id="both lose"),
        pytest.param(-50, 10, False, True, id="home loses"),
    ],
)
def test_sales_move_for_a_clear_gain_or_when_home_stays_poor(home, best, poor, moves):
    assert indices.moves(home, best, gain=5, poor=poor) is moves
