"""The matching of ships to places (fleet.planner.assignment)."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.planner.assignment import match

VALUES = st.one_of(st.none(), st.integers(-50, 1_000).map(float))


@st.composite
def matrices(draw):
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    return [[draw(VALUES) for _ in range(columns)] for _ in range(rows)]


def total(values, chosen):
    return sum(values[row][column] for row, column in enumerate(chosen) if column is not None)


def best_by_trying_all(values):
    """The greatest total over every way to give each ship a place or none."""
    columns = [None, *range(len(values[0]))]
    best = 0.0
    for chosen in product(columns, repeat=len(values)):
        taken = [column for column in chosen if column is not None]
        allowed = all(
            values[row][column] is not None
            for row, column in enumerate(chosen)
            if column is not None
        )
        if len(taken) == len(set(taken)) and allowed:
            best = max(best, total(values, chosen))
    return best


@given(values=matrices())
@settings(deadline=None, max_examples=60)
def test_the_matching_is_as_good_as_trying_every_one(values):
    chosen = match(values)

    taken = [column for column in chosen if column is not None]
    assert len(taken) == len(set(taken)), "two ships at one place"
    for row, column in enumerate(chosen):
        assert column is None or (values[row][column] or 0) > 0, "a forbidden pairing"
    assert total(values, chosen) == pytest.approx(best_by_trying_all(values))


@pytest.mark.parametrize(
    ("values", "chosen"),
    [
        pytest.param([], [], id="no ships"),
        pytest.param([[], []], [None, None], id="no places"),
        pytest.param([[None, 5.0]], [1], id="a forbidden place"),
        pytest.param([[0.0]], [None], id="a place worth nothing"),
        pytest.param([[9.0, 8.0], [8.0, 1.0]], [1, 0], id="the sum decides, not the first"),
        pytest.param([[3.0], [4.0]], [None, 0], id="more ships than places"),
        pytest.param([[3.01], [3.02]], [None, 0], id="hundredths decide"),
    ],
)
def test_ships_take(values, chosen):
    assert match(values) == chosen
