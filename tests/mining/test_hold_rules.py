"""What to do about the cargo of a miner (mining.rules.holds)."""

import pytest

from mining.rules.holds import full_enough, worthless

CARGO = {"ICE_WATER": 4, "IRON_ORE": 9, "GOLD_ORE": 2}


@pytest.mark.parametrize(
    ("prices", "kept", "dropped"),
    [
        pytest.param({"ICE_WATER": 49}, set(), {"ICE_WATER": 4}, id="49 at threshold 50"),
        pytest.param({"ICE_WATER": 50}, set(), {}, id="50 stays"),
        pytest.param({"ICE_WATER": 51}, set(), {}, id="51 stays"),
        pytest.param({"ICE_WATER": 49}, {"ICE_WATER"}, {}, id="reserved stays"),
        pytest.param({}, set(), {}, id="unknown stays"),
        pytest.param({"ICE_WATER": None}, set(), {}, id="a price nobody has seen stays"),
        pytest.param({"ICE_WATER": 0}, set(), {"ICE_WATER": 4}, id="worth nothing goes"),
        pytest.param(
            {"ICE_WATER": 12, "IRON_ORE": 20, "GOLD_ORE": 400},
            set(),
            {"ICE_WATER": 4, "IRON_ORE": 9},
            id="all that is cheap goes",
        ),
        pytest.param({"COPPER_ORE": 1}, set(), {}, id="what is not aboard does not matter"),
    ],
)
def test_thrown_away_to_make_room(prices, kept, dropped):
    assert worthless(CARGO, prices, below=50, kept=kept) == dropped


@pytest.mark.parametrize(
    ("units", "capacity", "percent", "full"),
    [
        pytest.param(10, 15, 70, False, id="one below"),
        pytest.param(11, 15, 70, True, id="one above"),
        pytest.param(7, 10, 70, True, id="exactly"),
        pytest.param(15, 15, 100, True, id="to the brim"),
        pytest.param(14, 15, 100, False, id="one short of the brim"),
        pytest.param(0, 0, 70, False, id="a ship without a hold is never full"),
    ],
)
def test_a_hold_is_full_enough(units, capacity, percent, full):
    assert full_enough(units, capacity, percent) is full
