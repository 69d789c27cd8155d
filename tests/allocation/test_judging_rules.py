"""Whether a contract is worth its time (allocation.rules.judging)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocation.rules.judging import Bounds, Case, Way, judge

BOUNDS = Bounds(freeing=25, a_request=50)


def way(source="X1-A-EXPORT", *, cost=10_000, minutes=6, fresh=True, **more):
    numbers = {"stored": 0, "bought": 20, "to_pay": cost, "highest": 500.0, "requests": 13}
    return Way(source, cost=cost, seconds=60 * minutes, fresh=fresh, **{**numbers, **more})


def case(*ways, **more):
    numbers = {
        "good": "FABRICS",
        "pays": 40_000,
        "advance": 8_000,
        "hours_left": 168.0,
        "blocked": 24.0,
        "rate": 100_000.0,
        "funds": 100_000,
        "mined": False,
    }
    return Case(ways=ways, **{**numbers, **more})


def test_what_pays_is_accepted_with_the_reason():
    verdict = judge(case(way()), BOUNDS)

    assert verdict.accept
    assert verdict.net == 30_000
    assert verdict.reason == (
        "+30,000 in 6 min with 13 requests: 20 from X1-A-EXPORT for at most 500"
    )


def test_of_two_ways_the_one_that_leaves_most_for_its_time_is_taken():
    near = way("NEAR", cost=12_000, minutes=5)
    far = way("FAR", cost=10_000, minutes=30)

    assert judge(case(far, near), BOUNDS).way is near
    assert judge(case(far, near, rate=1_000.0), BOUNDS).way is far


def test_of_two_ways_the_one_with_fewer_requests_wins_when_these_are_dear():
    few, many = way("FEW", requests=10), way("MANY", cost=9_900, requests=60)

    assert judge(case(few, many), BOUNDS).way is few
    assert judge(case(few, many), Bounds(freeing=25, a_request=0)).way is many


def test_a_contract_nobody_sells_for_is_hopeless():
    verdict = judge(case(), BOUNDS)

    assert not verdict.accept
    assert verdict.reason == "left: nobody sells FABRICS, and none of our mines brings it"


def test_what_only_our_mines_bring_is_accepted():
    verdict = judge(case(mined=True), BOUNDS)

    assert verdict.accept
    assert verdict.way is None


@pytest.mark.parametrize(
    ("blocked", "accepted"),
    [(24.0, True), (0.1, False)],
    ids=["it would block a day", "it is over soon anyway"],
)
def test_a_loss_is_taken_to_be_free_for_the_next_one(blocked, accepted):
    verdict = judge(case(way(cost=60_000), blocked=blocked), BOUNDS)

    assert verdict.accept is accepted
    assert verdict.net == -20_000
    assert ("a loss, but" in verdict.reason) is accepted


def test_a_loss_beyond_what_the_blocked_hours_are_worth_is_left():
    # 25 % of 24 blocked hours at 1,000 an hour are 6,000 credits
    verdict = judge(case(way(cost=60_000), rate=1_000.0), BOUNDS)

    assert not verdict.accept
    assert verdict.reason.startswith("left: 20 from X1-A-EXPORT")


@pytest.mark.parametrize(("hours_left", "accepted"), [(2.4, False), (2.5, True)])
def test_what_cannot_be_done_in_time_is_left(hours_left, accepted):
    verdict = judge(case(way(minutes=120), hours_left=hours_left), BOUNDS)

    assert verdict.accept is accepted


@pytest.mark.parametrize(("funds", "accepted"), [(1_999, False), (2_000, True)])
def test_the_advance_helps_to_pay_and_the_rest_must_be_there(funds, accepted):
    verdict = judge(case(way(cost=10_000), funds=funds), BOUNDS)

    assert verdict.accept is accepted
    assert verdict.needs == (0 if accepted else 2_000)


def test_nothing_is_bought_while_the_balance_is_in_doubt():
    verdict = judge(case(way(), funds=None), BOUNDS)

    assert not verdict.accept
    assert "balance" in verdict.reason


def test_goods_of_our_own_need_no_money():
    ours = way("", cost=5_000, to_pay=0, bought=0, stored=20, highest=0.0)

    assert judge(case(ours, funds=None), BOUNDS).accept


@given(
    pays=st.integers(0, 10**7),
    costs=st.lists(st.integers(0, 10**7), min_size=1, max_size=5),
    rate=st.floats(0, 10**7),
    blocked=st.floats(0, 168),
    funds=st.one_of(st.none(), st.integers(0, 10**7)),
)
def test_nothing_unpayable_or_dearer_than_being_blocked_is_accepted(
    pays, costs, rate, blocked, funds
):
    ways = [way(f"W{n}", cost=cost) for n, cost in enumerate(costs)]

    verdict = judge(case(*ways, pays=pays, rate=rate, blocked=blocked, funds=funds), BOUNDS)

    assert verdict.reason
    if verdict.accept:
        assert verdict.way.to_pay == 0 or verdict.way.to_pay <= (funds or 0) + 8_000
        assert verdict.net >= -(rate * blocked / 4)


@pytest.mark.parametrize(
    ("funds", "goes"),
    [
        pytest.param(4_999, False, id="for less than a trip is worth"),
        pytest.param(5_000, True, id="for just as much"),
        pytest.param(9_000, True, id="for most of it"),
    ],
)
def test_an_accepted_contract_buys_what_the_funds_allow_now(funds, goes):
    dear = way(cost=10_000, highest=500.0)

    verdict = judge(case(dear, funds=funds, advance=0, accepted=True, least=10), BOUNDS)

    assert verdict.accept is goes
    assert verdict.needs == 10_000, "the rest is saved up for all the same"
    if goes:
        assert f"{funds // 500} of 20 for now: {funds:,} credits may be spent" in verdict.reason


def test_an_offer_is_not_signed_before_all_of_it_can_be_paid():
    verdict = judge(case(way(), funds=1_900, advance=8_000, least=1), BOUNDS)

    assert not verdict.accept
    assert verdict.needs == 2_000
