"""Who takes which place: the matching of ships to vacancies with the greatest total value."""

from collections.abc import Sequence
from typing import Any

SCALE = 100  # credits are matched to the hundredth


def match(values: Sequence[Sequence[float | None]]) -> list[int | None]:
    """For each row (ship) the column (place) it takes, or None for none.

    `values[row][column]` is what that pairing is worth, in credits an hour; None forbids it and
    a worth of zero or less is never taken. The sum over all pairings is the greatest possible:
    a linear sum assignment, each row with a dummy column of worth zero.
    """
    if not values or not values[0]:
        return [None] * len(values)
    # importing OR-tools costs 0.4 s and 67 MiB: only a process that plans pays for it
    from ortools.graph.python import linear_sum_assignment

    rows, columns = len(values), len(values[0])
    solver = linear_sum_assignment.SimpleLinearSumAssignment()
    solver.add_arcs_with_cost(*_arcs(values, rows, columns))
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"assignment of {rows} ships to {columns} places: status {status}")
    found = [solver.right_mate(row) for row in range(rows)]
    return [column if column < columns else None for column in found]


def _arcs(values: Sequence[Sequence[float | None]], rows: int, columns: int) -> tuple[Any, ...]:
    """The arcs of the squared problem, as arrays of rows, columns and costs: pairs worth
    something, a way out for each ship and each place, and idle with idle."""
    import numpy

    worth = numpy.array(values, dtype=float)  # None becomes not-a-number, which is not above 0
    taking, taken = numpy.nonzero(worth > 0)
    ships, places = numpy.arange(rows), numpy.arange(columns)
    costs = [
        -numpy.rint(worth[taking, taken] * SCALE).astype(numpy.int64),
        numpy.zeros(rows + columns + rows * columns, dtype=numpy.int64),
    ]
    return (
        numpy.concatenate([taking, ships, rows + places, numpy.repeat(rows + places, rows)]),
        numpy.concatenate(
            [taken, columns + ships, places, numpy.tile(columns + ships, columns)]
        ),
        numpy.concatenate(costs),
    )
