"""The only reader of time (spacefleet.clock)."""

import threading
import time
from datetime import UTC, timedelta

import pytest

from spacefleet import clock
from spacefleet.clock import SystemClock, VirtualClock
from tests.factories import NOON


def test_time_is_aware_and_in_utc():
    assert clock.now().tzinfo is UTC


def test_virtual_time_stands_still_until_somebody_sleeps(noon):
    before = clock.now()

    clock.sleep(90)

    assert before == NOON
    assert clock.now() == NOON + timedelta(seconds=90)


def test_sleeping_a_negative_time_never_turns_the_clock_back(noon):
    clock.sleep(-5)

    assert clock.now() == NOON


def test_a_jump_into_the_past_changes_nothing():
    virtual = VirtualClock(NOON)

    virtual.jump_to(NOON - timedelta(hours=1))
    virtual.jump_to(NOON + timedelta(hours=1))

    assert virtual.now() == NOON + timedelta(hours=1)


def test_waiting_on_a_condition_lets_virtual_time_pass(noon):
    condition = threading.Condition()

    with condition:
        clock.wait(condition, 3)

    assert clock.now() == NOON + timedelta(seconds=3)


def test_a_notified_wait_on_the_system_clock_ends_early():
    condition = threading.Condition()

    def ring():
        with condition:
            condition.notify_all()

    begun = time.monotonic()
    with condition, clock.use(SystemClock()):
        threading.Timer(0.05, ring).start()
        clock.wait(condition, 30)

    assert time.monotonic() - begun < 10


def test_durations_of_the_game_shrink_with_the_time_factor():
    with clock.use(VirtualClock(NOON), factor=60):
        assert clock.factor() == 60
        assert clock.game(3_600) == timedelta(minutes=1)
        clock.sleep(60)
        assert clock.elapsed(NOON) == 3_600


def test_milliseconds_do_not_round(noon):
    clock.sleep(0.001)

    assert clock.now_ms() == int(NOON.timestamp()) * 1000 + 1


@pytest.mark.parametrize("factor", [0, -1.0])
def test_time_cannot_run_backwards(factor):
    with pytest.raises(ValueError, match="above 0"):
        clock.set_factor(factor)


def test_the_clock_before_comes_back_after_a_block(noon):
    with pytest.raises(RuntimeError), clock.use(VirtualClock(NOON + timedelta(days=1))):
        raise RuntimeError

    assert clock.now() == NOON
