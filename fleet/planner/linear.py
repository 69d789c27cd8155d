"""The greatest value of a linear programme, or of one in which some amounts are whole."""

import math
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

GAP = 0.01  # a plan within a percent of the optimum is good enough
MOST_NODES = 40  # of the search tree: work is limited, not wall time, so that runs repeat
MOST_SECONDS = 30.0  # and this only as a last resort


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard a search tries: how near to the greatest it ends, how many nodes of its tree and
    rounds of cuts at the root it makes (None: as many as it likes), and wall seconds at most."""

    gap: float = GAP
    nodes: int | None = MOST_NODES
    root_rounds: int | None = None
    seconds: float = MOST_SECONDS

    def told(self) -> str:
        """As the solver reads it."""
        told = {"limits/nodes": self.nodes, "separating/maxroundsroot": self.root_rounds}
        lines = [f"{name} = {value}" for name, value in told.items() if value is not None]
        return "\n".join(lines)


USUAL = Effort()


@dataclass(frozen=True, slots=True)
class Limit:
    """The sum over columns of coefficient times amount is at most `most`."""

    coefficients: Mapping[Hashable, float]
    most: float


@dataclass(frozen=True, slots=True)
class Best:
    """The greatest value, how much of each column it takes, what one more of each limit would be
    worth, and by how much a unit of each column is worth too little to be taken. `bound` is what
    nothing can exceed, where a search ended before it was certain."""

    value: float
    amounts: dict[Hashable, float]
    shadow: list[float]
    lacks: dict[Hashable, float] = field(default_factory=dict)
    bound: float = 0.0


def maximise(
    worth: Mapping[Hashable, float],
    limits: Sequence[Limit],
    *,
    most: Mapping[Hashable, float] | None = None,
) -> Best:
    """The amounts, none below zero, with the greatest total worth within all limits.

    `worth` is credits per unit of each column, zero where not named; `most` is the largest amount
    of a column, without end where not named. Raises RuntimeError when there is no greatest value.
    """
    # importing OR-tools costs 0.4 s and 67 MiB: only a process that plans pays for it
    from ortools.linear_solver import pywraplp

    solver = pywraplp.Solver.CreateSolver("GLOP")
    amounts, rows = _state(solver, worth, limits, whole=(), most=most or {})
    status = solver.Solve()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"a programme of {len(amounts)} columns: status {status}")
    return Best(
        value=solver.Objective().Value(),
        amounts={name: column.solution_value() for name, column in amounts.items()},
        shadow=[row.dual_value() for row in rows],
        lacks={name: max(0.0, -column.reduced_cost()) for name, column in amounts.items()},
    )


def maximise_whole(
    worth: Mapping[Hashable, float],
    limits: Sequence[Limit],
    *,
    whole: Collection[Hashable],
    effort: Effort = USUAL,
) -> Best | None:
    """The same where the amounts of the columns `whole` are whole numbers, within `effort.gap` of
    the greatest. None when the search was given up without any answer; there are no shadow prices.
    """
    from ortools.linear_solver import pywraplp

    solver = pywraplp.Solver.CreateSolver("SCIP")
    amounts, _ = _state(solver, worth, limits, whole=whole, most={})
    solver.SetTimeLimit(math.ceil(effort.seconds * 1_000))
    solver.SetSolverSpecificParametersAsString(effort.told())
    precision = pywraplp.MPSolverParameters()
    precision.SetDoubleParam(precision.RELATIVE_MIP_GAP, effort.gap)
    status = solver.Solve(precision)
    if status not in (solver.OPTIMAL, solver.FEASIBLE):
        return None
    return Best(
        value=solver.Objective().Value(),
        amounts={name: column.solution_value() for name, column in amounts.items()},
        shadow=[],
        bound=solver.Objective().BestBound(),
    )


def _state(
    solver: Any,
    worth: Mapping[Hashable, float],
    limits: Sequence[Limit],
    *,
    whole: Collection[Hashable],
    most: Mapping[Hashable, float],
) -> tuple[dict[Hashable, Any], list[Any]]:
    """Tell the solver of columns, limits and goal."""
    columns = {name for limit in limits for name in limit.coefficients} | set(worth)
    # in a fixed order, so that the same programme takes the same steps
    endless = solver.infinity()
    amounts = {
        name: solver.Var(0, most.get(name, endless), name in whole, "")
        for name in sorted(columns, key=repr)
    }
    rows = []
    for limit in limits:
        row = solver.Constraint(-endless, limit.most)
        for name, coefficient in limit.coefficients.items():
            row.SetCoefficient(amounts[name], coefficient)
        rows.append(row)
    goal = solver.Objective()
    for name, credits in worth.items():
        goal.SetCoefficient(amounts[name], credits)
    goal.SetMaximization()
    return amounts, rows
