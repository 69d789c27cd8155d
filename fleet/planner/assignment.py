"""Who takes which place: the matching of ships to vacancies with the greatest total value."""

from collections.abc import Sequence

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
    size = rows + columns
    solver = linear_sum_assignment.SimpleLinearSumAssignment()
    for row in range(size):
        for column in range(size):
            cost = _cost(values, row, column, rows, columns)
            if cost is not None:
                solver.add_arc_with_cost(row, column, cost)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"assignment of {rows} ships to {columns} places: status {status}")
    found = [solver.right_mate(row) for row in range(rows)]
    return [column if column < columns else None for column in found]


def _cost(
    values: Sequence[Sequence[float | None]], row: int, column: int, rows: int, columns: int
) -> int | None:
    """Cost of an arc in the squared problem: real pairs, a way out for each, and idle pairs."""
    if row < rows and column < columns:
        value = values[row][column]
        return -round(value * SCALE) if value is not None and value > 0 else None
    if row < rows:
        return 0 if column == columns + row else None
    if column < columns:
        return 0 if row == rows + column else None
    return 0
