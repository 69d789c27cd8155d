"""Survey or extract: what one more survey brings and costs (mining.rules.aiming, impact)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.rules.prices import Quote
from mining.rules import aiming, impact
from mining.rules.aiming import Aim, Digging

HOUR = 3_600.0
PLACE = Digging(blind=30.0, pace=0.3, load=3.0, hold=10.0, request=40.0)
USUAL = [20.0, 30.0, 40.0, 50.0, 60.0]


def rich(value=60.0, units=1_000.0, seconds=HOUR):
    return Aim(value, units, seconds)


# which survey to dig by


@pytest.mark.parametrize(
    ("policy", "aims", "floor", "chosen"),
    [
        pytest.param("stopping", [rich(40), rich(60), rich(50)], None, 1, id="the best"),
        pytest.param("stopping", [rich(30.0)], None, None, id="as good as blind"),
        pytest.param("stopping", [rich(30.1)], None, 0, id="just better than blind"),
        pytest.param("stopping", [], None, None, id="none there"),
        pytest.param(
            "stopping",
            [rich(60), rich(60, seconds=90)],
            None,
            1,
            id="of equals the first to end",
        ),
        pytest.param("always", [rich(10)], None, 0, id="always, even a poor one"),
        pytest.param("never", [rich(60)], None, None, id="never"),
        pytest.param("percentile", [rich(60)], None, None, id="too few seen"),
        pytest.param("percentile", [rich(60)], 60.0, 0, id="exactly good"),
        pytest.param("percentile", [rich(60)], 60.1, None, id="just not good"),
    ],
)
def test_the_survey_to_dig_by(policy, aims, floor, chosen):
    found, why = aiming.pick(policy, aims, PLACE.blind, floor=floor)

    assert found == chosen
    assert why


@pytest.mark.parametrize(
    ("seen", "floor"), [(9, None), (10, 9.0), (100, 90.0)], ids=["nine", "ten", "a hundred"]
)
def test_good_begins_at_the_percentile_of_at_least_ten(seen, floor):
    assert aiming.good_from([float(n + 1) for n in range(seen)], 90) == floor


# whether to survey again


@pytest.mark.parametrize(
    ("policy", "digs", "aims", "floor", "again"),
    [
        pytest.param("never", False, [], None, False, id="never"),
        pytest.param("always", False, [rich()], None, True, id="always, a surveyor"),
        pytest.param("always", True, [rich()], None, False, id="always, but it can dig by one"),
        pytest.param("always", True, [], None, True, id="always, nothing to dig by"),
        pytest.param("percentile", True, [rich(60)], 60.0, False, id="a good one is there"),
        pytest.param("percentile", True, [rich(59)], 60.0, True, id="no good one is there"),
        pytest.param("percentile", False, [rich(60)], 60.0, True, id="a surveyor goes on"),
        pytest.param("stopping", False, [], None, True, id="nothing known, all to gain"),
        pytest.param("stopping", False, [rich(60)], None, False, id="none is better for long"),
        pytest.param("stopping", True, [rich(60)], None, False, id="the best there is"),
        pytest.param("stopping", True, [], None, True, id="blind digging is poor"),
    ],
)
def test_a_ship_surveys_again(policy, digs, aims, floor, again):
    wants, why = aiming.survey_again(
        policy, aims, USUAL, PLACE, digs=digs, instead=90.0 if digs else 0.0, floor=floor
    )

    assert wants is again
    assert why


@pytest.mark.parametrize(("request_worth", "again"), [(100.0, True), (10_000.0, False)])
def test_a_dear_request_is_not_spent_on_a_survey(request_worth, again):
    place = Digging(30.0, 0.3, 3.0, 10.0, request_worth)

    assert aiming.survey_again("stopping", [rich(50)], USUAL, place, digs=False)[0] is again


def test_a_survey_that_soon_ends_leaves_room_for_another():
    lasting = aiming.gain_ahead([rich(60, units=2_000)], USUAL, PLACE)
    ending = aiming.gain_ahead([rich(60, units=2_000, seconds=120)], USUAL, PLACE)
    nearly_used_up = aiming.gain_ahead([rich(60, units=20)], USUAL, PLACE)

    assert lasting == 0
    assert ending > 0
    assert nearly_used_up > 0


def test_where_markets_are_full_of_all_goods_alike_no_survey_is_worth_its_request():
    flat = [30.0] * 20

    assert aiming.survey_again("stopping", [], flat, PLACE, digs=False)[0] is False


@given(
    best=st.floats(0, 100),
    better=st.floats(0, 50),
    usual=st.lists(st.floats(0, 100), min_size=1, max_size=30),
)
def test_the_better_the_best_survey_the_less_another_brings(best, better, usual):
    place = Digging(0.0, 0.3, 3.0, 10.0)

    now = aiming.gain_now(best, usual, place)
    then = aiming.gain_now(best + better, usual, place)

    assert 0 <= then <= now


# what a survey is worth and bears


@pytest.mark.parametrize(
    ("size", "taken", "units"),
    [
        pytest.param("SMALL", 0, 901 / 3, id="a new small one"),
        pytest.param("SMALL", 450, 1.0, id="at the end"),
        pytest.param("LARGE", 0, 3731 / 3, id="a new large one"),
        pytest.param("LARGE", 1_200, (2431 - 1200) / 3, id="a large one beyond the mean"),
        pytest.param("HUGE", 0, 901 / 3, id="an unknown size counts as small"),
    ],
)
def test_units_to_expect_of_a_survey(size, taken, units):
    assert aiming.left(size, taken) == pytest.approx(units)


def test_many_kinds_cost_requests_and_are_worth_less():
    prices = {"IRON_ORE": 50.0, "COPPER_ORE": 50.0}
    pure, mixed = ["IRON_ORE"] * 4, ["IRON_ORE", "COPPER_ORE"] * 2

    assert aiming.net_value(mixed, prices, PLACE, thrift=0) == 50.0
    assert aiming.net_value(pure, prices, PLACE, thrift=1) < 50.0
    assert aiming.net_value(mixed, prices, PLACE, thrift=1) < aiming.net_value(
        pure, prices, PLACE, thrift=1
    )


def test_a_survey_serves_no_more_than_is_dug_while_it_lives():
    slow, fast = aiming.serves(0.01), aiming.serves(10.0)

    assert slow == pytest.approx(0.01 * aiming.USUAL_LIFE)
    assert fast == pytest.approx(0.64 * 901 / 3 + 0.29 * 1861 / 3 + 0.07 * 3731 / 3)


# prices after our own sales

IMPORT = Quote("IMPORT", 60, 60, "MODERATE")
EXCHANGE = Quote("EXCHANGE", 50, 180, "MODERATE")


def test_the_next_units_bring_what_markets_pay_after_what_is_aboard():
    first = impact.next_units([IMPORT], 60, ahead=0)
    later = impact.next_units([IMPORT], 60, ahead=240)

    assert 50 < first <= 60
    assert later < first - 10


def test_a_second_buyer_takes_over_where_the_first_is_full():
    alone = impact.next_units([IMPORT], 60, ahead=240)
    both = impact.next_units([IMPORT, EXCHANGE], 60, ahead=240)

    assert both > alone
    assert both == pytest.approx(50, abs=2)


@pytest.mark.parametrize(("quotes", "units"), [([], 10), ([IMPORT], 0)])
def test_nothing_is_brought_by(quotes, units):
    assert impact.next_units(quotes, units, ahead=0) == 0.0
