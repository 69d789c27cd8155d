"""Staying within the server's limit (Budget.acquire, pools)."""

import heapq
import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacefleet import clock
from spacefleet.spacetraders import Budget, Limits
from tests.spacetraders.limiter import StrictServer

NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)
HOUR_MS = 3_600_000

asks = st.lists(
    st.tuples(
        st.one_of(
            st.just(0),
            st.integers(0, 40),
            st.integers(900, 1100),
            st.integers(0, 5_000),
            st.integers(55_000, 65_000),
        ),
        st.sampled_from(["red", "blue"]),
        st.integers(0, 4),
    ),
    max_size=150,
)
"""Who asks when: the pause before the request in milliseconds, its account, its priority."""


@given(asks=asks, margin_ms=st.sampled_from([0, 50]), reserve=st.sampled_from([0, 6, 29]))
@settings(derandomize=True, max_examples=150, deadline=None)
def test_no_request_is_refused_however_they_arrive(asks, margin_ms, reserve):
    server = StrictServer()

    with clock.frozen_at(NOON):
        budget = Budget(margin_ms=margin_ms, reserve=reserve)
        for pause, account, priority in asks:
            clock.sleep(pause / 1000)
            budget.acquire(account, priority)
            server.receive(account, clock.now_ms())

    assert server.refused == 0


SHORT = {"per_second": 2, "burst": 4, "burst_seconds": 3}
"""A limit whose windows end so often that every way of crossing an end occurs."""


@given(
    habit=st.sampled_from([(0,), (0, 0, 0, 900), (0, 5, 400, 1000), (20, 300, 3000)]),
    margin_ms=st.sampled_from([0, 10, 50, 120]),
    answers_within=st.sampled_from([0, 20, 300]),
    seed=st.integers(0, 2**32),
)
@settings(derandomize=True, max_examples=100, deadline=None)
def test_no_request_is_refused_when_each_takes_its_own_time_to_arrive(
    habit, margin_ms, answers_within, seed
):
    """Delays up to the margin, overtakings included; callers pause as is their habit."""
    fate = random.Random(seed)
    arrivals, answers = [], []

    with clock.frozen_at(NOON):
        budget = Budget(Limits(**SHORT), margin_ms=margin_ms, reserve=1)
        for _ in range(150):
            clock.sleep(fate.uniform(0, fate.choice(habit)) / 1000)
            account, priority = fate.choice(["red", "red", "blue"]), fate.randint(0, 4)
            budget.acquire(account, priority)
            sent_at = clock.now_ms()
            arrives_at = sent_at + fate.choice([0, margin_ms, fate.uniform(0, margin_ms)])
            arrivals.append((arrives_at, account))
            answers.append((arrives_at + fate.uniform(0, answers_within), sent_at, account))
            _hear(budget, answers)

    server = StrictServer(limits=SHORT)
    assert [at for at, account in sorted(arrivals) if not server.receive(account, at)] == []


def _hear(budget, answers):
    """Hand the budget every answer that has come, at the moment we look."""
    for answer in [answer for answer in answers if answer[0] <= clock.now_ms()]:
        answers.remove(answer)
        _, sent_at, account = answer
        budget.learn({}, 200, account, sent_at=sent_at)


@pytest.mark.parametrize(
    ("options", "at_least"),
    [
        pytest.param({"margin_ms": 0}, 2.49, id="virtual time"),
        pytest.param({"margin_ms": 0, "reserve": 0}, 2.49, id="without a reserve"),
        pytest.param({}, 2.4, id="with the margin for a far server"),
    ],
)
def test_saturated_hour_uses_nearly_the_whole_limit(options, at_least):
    server = StrictServer()

    with clock.frozen_at(NOON):
        budget = Budget(**options)
        start, sent = clock.now_ms(), 0
        while clock.now_ms() - start < HOUR_MS:
            budget.acquire("red")
            server.receive("red", clock.now_ms())
            sent += 1

    assert sent / 3600 >= at_least
    assert server.refused == 0


def test_near_server_gives_nearly_the_whole_limit_in_spite_of_the_margin():
    with clock.frozen_at(NOON):
        budget = Budget(margin_ms=50)
        start, sent = clock.now_ms(), 0
        while clock.now_ms() - start < HOUR_MS:
            budget.acquire("red")
            sent_at = clock.now_ms()
            budget.learn({}, 200, "red", sent_at=sent_at)
            sent += 1

    assert sent / 3600 >= 2.49


@pytest.mark.parametrize(
    ("delay", "at_least"),
    [
        pytest.param(lambda fate: fate.uniform(100, 200), 2.25, id="twice the margin"),
        pytest.param(
            lambda fate: 80 + fate.expovariate(1 / 15) + 1000 * (fate.random() < 0.01),
            2.2,
            id="one in a hundred a second late",
        ),
    ],
)
def test_way_to_the_server_worse_than_the_margin_costs_little(delay, at_least):
    """Two hours: at most one refusal in a thousand requests."""
    fate, server = random.Random(7), StrictServer()
    underway, answers = [], []

    with clock.frozen_at(NOON):
        budget = Budget(margin_ms=50)
        start, sent = clock.now_ms(), 0
        while clock.now_ms() - start < 2 * HOUR_MS:
            budget.acquire("red")
            sent += 1
            now = clock.now_ms()
            heapq.heappush(underway, (now + delay(fate), now))
            while underway and underway[0][0] <= now:
                arrived_at, sent_at = heapq.heappop(underway)
                status = 200 if server.receive("red", arrived_at) else 429
                heapq.heappush(answers, (arrived_at + delay(fate), sent_at, status))
            while answers and answers[0][0] <= now:
                _, sent_at, status = heapq.heappop(answers)
                budget.learn({"retry-after": "0.5"}, status, "red", sent_at=sent_at)

    assert server.refused / sent <= 0.001
    assert sent / 7200 >= at_least


def test_fast_universe_takes_as_many_times_the_requests():
    server = StrictServer(limits={"per_second": 120, "burst": 1800})

    with clock.frozen_at(NOON):
        budget = Budget(factor=60, margin_ms=0)
        start, sent = clock.now_ms(), 0
        while clock.now_ms() - start < 120_000:
            budget.acquire("red")
            server.receive("red", clock.now_ms())
            sent += 1

    assert sent / 120 >= 60 * 2.49
    assert server.refused == 0


def test_first_requests_go_out_at_once_and_the_next_waits_for_the_second():
    with clock.frozen_at(NOON):
        budget = Budget(margin_ms=0, reserve=0)
        waits = [budget.acquire() for _ in range(33)]

    assert waits[:32] == [0] * 32
    assert waits[32] == pytest.approx(1000, abs=3)


def test_two_accounts_of_one_address_share_its_limit():
    with clock.frozen_at(NOON):
        budget = Budget(margin_ms=0, reserve=0)
        for number in range(32):
            budget.acquire(f"account {number}")
        waited = budget.acquire("one more")

    assert waited >= 1000


def test_reserve_lets_an_urgent_call_through_when_others_must_wait():
    with clock.frozen_at(NOON):
        budget = Budget(margin_ms=0, reserve=6)
        while budget.acquire(priority=3) == 0:
            pass
        budget.acquire(priority=3)
        urgent = [budget.acquire(priority=1) for _ in range(6)]

    assert urgent == [0] * 6


def test_clock_set_back_delays_by_no_more_than_one_window():
    budget = Budget(Limits(per_second=1, burst=1), margin_ms=0, reserve=0)
    with clock.frozen_at(NOON.replace(hour=18)):
        budget.acquire()
        budget.acquire()

    with clock.frozen_at(NOON):
        waited = budget.acquire()

    assert waited <= 1003
