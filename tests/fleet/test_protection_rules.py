"""The circuit breaker's arithmetic (fleet.rules.protection)."""

import pytest

from fleet.rules.protection import Hour, Limits, Lot, allowed, runaway

LIMITS = Limits(share=50, at_least=100_000, ships=3)


@pytest.mark.parametrize(
    ("hour", "stopped"),
    [
        pytest.param(Hour(1_000_000, -500_000, 0, 0), False, id="half of it may go"),
        pytest.param(Hour(1_000_000, -500_001, 0, 0), True, id="and no more"),
        pytest.param(Hour(50_000, -100_000, 0, 0), False, id="a small loss is none"),
        pytest.param(Hour(50_000, -100_001, 0, 0), True, id="a small agent is guarded too"),
        pytest.param(Hour(1_000_000, -900_000, 400_000, 0), False, id="goods aboard count"),
        pytest.param(Hour(-200_000, -100_001, 0, 0), True, id="debts leave the floor"),
        pytest.param(Hour(1_000_000, 900_000, 0, 3), False, id="so many ships"),
        pytest.param(Hour(1_000_000, 900_000, 0, 4), True, id="too many ships"),
    ],
)
def test_buying_stops_when_an_hour_lost_too_much(hour, stopped):
    assert bool(runaway(hour, LIMITS)) is stopped


def test_the_reason_names_loss_and_limit():
    assert runaway(Hour(0, -250_000, 0, 0), LIMITS) == (
        "lost 250,000 credits in a game hour, 100,000 are allowed"
    )
    assert runaway(Hour(0, 0, 0, 9), LIMITS) == "bought 9 ships in a game hour, 3 are allowed"


def test_an_hour_that_earned_lost_nothing():
    assert Hour(10, 5, 0, 0).lost == 0
    assert allowed(Hour(10, 5, 0, 0), LIMITS) == 100_000


@pytest.mark.parametrize(
    ("units", "aboard", "worth"), [(40, 40, 4_000), (40, 10, 1_000), (40, 99, 4_000), (0, 5, 0)]
)
def test_what_is_aboard_is_worth_what_it_cost(units, aboard, worth):
    assert Lot(units, 4_000, aboard).worth == worth
