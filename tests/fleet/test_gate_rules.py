"""The network of gates (fleet.rules.gates) and what charts are worth (fleet.rules.charting)."""

import pytest

from fleet.rules import charting, gates


def gate(name, *, at=(0, 0), to=(), is_open=True):
    return gates.Gate(name, name.lower(), at[0], at[1], is_open, to and tuple(to) or None)


def net(*rows):
    return {row.symbol: row for row in rows}


@pytest.mark.parametrize(("distance", "seconds"), [(0, 15), (1527, 473), (2500, 765)])
def test_a_jump_cools_down_as_players_measured(distance, seconds):
    assert gates.cooldown(distance) == seconds


def test_the_quickest_way_counts_cooldowns_not_jumps():
    known = net(
        gate("A", at=(0, 0), to=["B", "D"]),
        gate("B", at=(100, 0), to=["C"]),
        gate("C", at=(200, 0), to=["D"]),
        gate("D", at=(5000, 0)),
    )

    ways = gates.ways(known, "A")

    assert ways["D"].gates == ("D",)
    assert ways["C"].gates == ("B", "C")
    assert ways["C"].seconds == 45 + 45


def test_unfinished_gates_are_neither_entered_nor_passed():
    known = net(gate("A", to=["B"]), gate("B", to=["C"], is_open=False), gate("C", to=["A"]))

    assert set(gates.ways(known, "A")) == {"A"}
    assert gates.ways(known, "B") == {}


def test_a_gate_in_doubt_is_a_goal_but_no_station():
    known = net(gate("A", to=["B"]), gate("B", to=["C"], is_open=None), gate("C"))

    assert set(gates.ways(known, "A")) == {"A", "B"}


def test_the_nearest_goal_is_the_one_reached_soonest():
    ways = {"B": gates.Way(("B",), 90.0), "C": gates.Way(("C",), 30.0)}

    assert gates.nearest(ways, ["B", "C", "Z"]) == "C"
    assert gates.nearest(ways, ["Z"]) is None


@pytest.mark.parametrize(
    ("price", "credits", "said"),
    [
        (None, 10**9, "not known"),
        (20_001, 10**9, "more than 20,000"),
        (5_000, 54_999, "leave less than 50,000"),
        (5_000, 55_000, None),
    ],
)
def test_a_jump_is_paid_only_with_known_price_and_credits_to_spare(price, credits, said):
    refused = gates.refusal(price, credits=credits, floor=50_000, most=20_000)

    assert refused is None if said is None else said in refused


def test_a_planet_is_worth_more_than_an_asteroid_and_rivals_halve_it():
    assert charting.per_request("PLANET", chance=50) == 38_500 / 4
    assert charting.per_request("ASTEROID", chance=100) == 5_000
    assert charting.per_request("SOMETHING_NEW", chance=100) == 4_500
