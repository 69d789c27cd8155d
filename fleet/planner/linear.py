"""The greatest value of a linear programme, or of one in which some amounts are whole."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

GAP = 0.01  # a plan within a percent of the optimum is good enough
MOST_NODES = 40  # of the search tree: work is limited, not wall time, so that runs repeat
MOST_SECONDS = 30  # and this only as a last resort


@dataclass(frozen=True, slots=True)
class Limit:
    """The sum over columns of coefficient times amount is at most `most`."""

    coefficients: Mapping[Hashable, float]
    most: float


@dataclass(frozen=True, slots=True)
class Best:
    """The greatest value, how much of each column it takes, and what one more of each limit
    would be worth."""

    value: float
    amounts: dict[Hashable, float]
    shadow: list[float]


def maximise(worth: Mapping[Hashable, float], limits: Sequence[Limit]) -> Best:
    """The amounts, none below zero, with the greatest total worth within all limits.

    `worth` is credits per unit of each column, zero where not named. Raises RuntimeError when
    there is no greatest value.
    """
    # importing OR-tools costs 0.4 s and 67 MiB: only a process that plans pays for it
    from ortools.linear_solver import pywraplp

    solver = pywraplp.Solver.CreateSolver("GLOP")
    amounts, rows = _state(solver, worth, limits, whole=())
    status = solver.Solve()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"a programme of {len(amounts)} columns: status {status}")
    return Best(
        value=solver.Objective().Value(),
        amounts={name: column.solution_value() for name, column in amounts.items()},
        shadow=[row.dual_value() for row in rows],
    )


def maximise_whole(
    worth: Mapping[Hashable, float], limits: Sequence[Limit], *, whole: Collection[Hashable]
) -> Best | None:
    """The same where the amounts of the columns `whole` are whole numbers, within `GAP` of the
    greatest. None when the search was given up without any answer; there are no shadow prices.
    """
    from ortools.linear_solver import pywraplp

    solver = pywraplp.Solver.CreateSolver("SCIP")
    amounts, _ = _state(solver, worth, limits, whole=whole)
    solver.SetTimeLimit(MOST_SECONDS * 1_000)
    solver.SetSolverSpecificParametersAsString(f"limits/nodes = {MOST_NODES}")
    precision = pywraplp.MPSolverParameters()
    precision.SetDoubleParam(precision.RELATIVE_MIP_GAP, GAP)
    status = solver.Solve(precision)
    if status not in (solver.OPTIMAL, solver.FEASIBLE):
        return None
    return Best(
        value=solver.Objective().Value(),
        amounts={name: column.solution_value() for name, column in amounts.items()},
        shadow=[],
    )


def _state(
    solver: Any,
    worth: Mapping[Hashable, float],
    limits: Sequence[Limit],
    *,
    whole: Collection[Hashable],
) -> tuple[dict[Hashable, Any], list[Any]]:
    """Tell the solver of columns, limits and goal."""
    columns = {name for limit in limits for name in limit.coefficients} | set(worth)
    # in a fixed order, so that the same programme takes the same steps
    amounts = {
        name: solver.Var(0, solver.infinity(), name in whole, "")
        for name in sorted(columns, key=repr)
    }
    rows = []
    for limit in limits:
        row = solver.Constraint(-solver.infinity(), limit.most)
        for name, coefficient in limit.coefficients.items():
            row.SetCoefficient(amounts[name], coefficient)
        rows.append(row)
    goal = solver.Objective()
    for name, credits in worth.items():
        goal.SetCoefficient(amounts[name], credits)
    goal.SetMaximization()
    return amounts, rows
