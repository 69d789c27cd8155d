"""From vacancies to slots (fleet.rules.staffing)."""

from dataclasses import replace

import pytest

from fleet.rules import staffing
from fleet.rules.staffing import Slot, stage, worth

SLOT = Slot(
    role="miner",
    place="X1-A-B7",
    needs="laser",
    rank=45,
    ship_type="SHIP_MINING_DRONE",
    value_per_hour=900.0,
    why="the richest rock",
)
SOONER = replace(SLOT, rank=44)


def test_a_more_urgent_slot_is_worth_more_than_staying_in_another():
    sooner = worth(SOONER, holds=False, flight_seconds=3_000)
    here = worth(SLOT, holds=True, flight_seconds=0)

    assert sooner > here


def test_of_two_ships_the_nearer_one_is_worth_more():
    near, far = (worth(SLOT, holds=False, flight_seconds=each) for each in (100, 101))

    assert near > far


def test_a_ship_is_not_switched_for_a_stranger_that_is_a_little_nearer():
    holder = worth(SLOT, holds=True, flight_seconds=1_000)
    stranger = worth(SLOT, holds=False, flight_seconds=0)

    assert holder > stranger


@pytest.mark.parametrize("rank", [0, 200, 5 + 49 * 60, 32_767])
def test_a_ship_that_can_fill_a_slot_is_never_rather_left_idle(rank):
    assert worth(replace(SLOT, rank=rank), holds=False, flight_seconds=1e9) > 0


def test_flights_beyond_the_longest_count_alike():
    assert worth(SLOT, holds=False, flight_seconds=5_000) == worth(
        SLOT, holds=False, flight_seconds=90_000
    )


def test_every_rank_outweighs_any_flight_and_any_switch():
    assert staffing.A_RANK > staffing.STAYING
    assert staffing.A_RANK - staffing.STAYING > 0
    assert staffing.A_RANK > 5_000 * staffing.A_SECOND


@pytest.mark.parametrize(
    ("manned", "wanted", "says"),
    [
        pytest.param([], ["miner"], "alone", id="no ship works yet"),
        pytest.param(["starter", "scout"], ["miner"], "alone", id="first ships only"),
        pytest.param(
            ["miner"], ["miner", "depot", "transport"], "no depot, transport yet", id="building"
        ),
        pytest.param(["miner", "depot"], ["miner", "depot"], "pipeline runs", id="complete"),
        pytest.param(["miner"], [], "pipeline runs", id="nothing more is wanted"),
    ],
)
def test_the_stage_is_told_from_what_is_manned(manned, wanted, says):
    assert says in stage(manned, wanted)
