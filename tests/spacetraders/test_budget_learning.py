"""What the budget takes from answers and from its predecessor (learn, state, restore, usage)."""

import json
from datetime import UTC, datetime

import pytest

from spacefleet import clock
from spacefleet.spacetraders import Budget, Limits

NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    with clock.frozen_at(NOON):
        yield


def exact() -> Budget:
    return Budget(margin_ms=0, reserve=0)


def test_refusal_silences_the_lane_for_as_long_as_the_server_says():
    budget = exact()

    budget.learn({"retry-after": "7"}, 429)

    assert budget.acquire() == pytest.approx(7000, abs=30)


def test_refusal_without_a_word_on_how_long_silences_for_the_default():
    budget = exact()

    budget.learn({}, 429)

    assert budget.acquire() == pytest.approx(5000, abs=30)


def test_refusal_that_tells_the_time_in_its_body_is_believed():
    budget = exact()

    budget.learn({}, 429, retry_after=2.5)

    assert budget.acquire() == pytest.approx(2500, abs=30)


def test_refusal_silences_for_a_second_at_least():
    """By then what was under way has arrived, and both sides count from the same."""
    budget = exact()

    budget.learn({"retry-after": "0.1"}, 429)

    assert budget.acquire() == pytest.approx(1000, abs=30)


def test_refusal_of_one_account_leaves_the_others_alone():
    budget = exact()

    budget.learn({"retry-after": "7", "x-ratelimit-type": "Account"}, 429, "red")

    assert budget.acquire("blue") == 0
    assert budget.acquire("red") >= 7000


def test_refusal_takes_the_burst_for_spent():
    budget = exact()

    budget.learn({"retry-after": "1"}, 429)
    waits = [budget.acquire() for _ in range(4)]

    assert waits[0] >= 1000
    assert waits[2] >= 1000


@pytest.mark.parametrize(
    ("headers", "at_once"),
    [
        pytest.param({}, 32, id="nothing"),
        pytest.param(
            {"x-ratelimit-limit-per-second": "2", "x-ratelimit-limit-burst": "30"},
            32,
            id="what we knew",
        ),
        pytest.param(
            {"x-ratelimit-limit-per-second": "1", "x-ratelimit-limit-burst": "10"},
            11,
            id="less than we thought",
        ),
        pytest.param(
            {"x-ratelimit-limit-per-second": "many", "x-ratelimit-limit-burst": ""},
            32,
            id="nonsense",
        ),
    ],
)
def test_limits_follow_what_the_server_names(headers, at_once):
    budget = exact()

    budget.learn(headers, 200)

    assert _requests_at_once(budget) == at_once


def test_fast_universe_may_name_its_limits_multiplied_or_not():
    budget = Budget(factor=10, margin_ms=0, reserve=0)

    budget.learn({"x-ratelimit-limit-per-second": "2", "x-ratelimit-limit-burst": "30"}, 200)
    budget.learn({"x-ratelimit-limit-per-second": "20", "x-ratelimit-limit-burst": "300"}, 200)

    assert budget.usage().limit == 1500


def test_successor_goes_on_exactly_where_a_drained_lane_stopped():
    first, second = exact(), exact()
    for _ in range(30):
        first.acquire("red")

    second.restore(json.loads(json.dumps(first.state())), complete=True)
    waits = [second.acquire("red") for _ in range(3)]

    assert waits[:2] == [0, 0]
    assert waits[2] >= 1000


def test_successor_of_a_killed_lane_does_not_burst():
    first, second = exact(), exact()
    first.acquire("red")

    second.restore(first.state())
    waits = [second.acquire("red") for _ in range(7)]

    assert waits[0] >= 1000
    assert sum(waits) >= 3000


def test_successor_after_a_long_night_starts_afresh():
    first, second = exact(), exact()
    first.acquire("red")
    state = first.state()

    clock.sleep(3600)
    second.restore(state)

    assert [second.acquire("red") for _ in range(32)] == [0] * 32


def test_each_refusal_makes_the_lane_more_cautious_and_an_hour_bold_again():
    budget = exact()
    for _ in range(3):
        budget.learn({"retry-after": "0"}, 429)
        clock.sleep(60)

    cautious = _requests_at_once(budget)
    clock.sleep(3600)
    budget.acquire()
    clock.sleep(61)
    bold = _requests_at_once(budget)

    assert (cautious, bold) == (30, 32)


def _requests_at_once(budget: Budget) -> int:
    sent = 0
    while budget.acquire() == 0:
        sent += 1
    return sent


def test_refusals_that_come_together_count_once():
    budget = exact()

    for _ in range(8):
        budget.learn({"retry-after": "0"}, 429)

    assert budget.state()["caution"] == 25


def test_caution_is_handed_on():
    first, second = exact(), exact()
    first.learn({"retry-after": "0"}, 429)

    second.restore(first.state())

    assert second.state()["caution"] == 25


def test_usage_counts_the_last_minute():
    budget = exact()
    for _ in range(33):
        budget.acquire()
    budget.learn({"retry-after": "0"}, 429)
    usage = budget.usage()

    clock.sleep(61)
    later = budget.usage()

    assert (usage.granted, usage.limit, usage.waiting, usage.refused) == (33, 150, 0, 1)
    assert usage.mean_wait_ms == pytest.approx(1000 / 33, rel=0.02)
    assert (later.granted, later.refused) == (0, 0)


def test_limit_of_another_server_is_a_parameter():
    budget = Budget(Limits(per_second=5, burst=10, burst_seconds=30), margin_ms=0, reserve=0)

    waits = [budget.acquire() for _ in range(16)]

    assert waits[:15] == [0] * 15
    assert waits[15] >= 1000
    assert budget.usage().limit == 320
