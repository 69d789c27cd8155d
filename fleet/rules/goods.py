"""What the goods in a hold cost: an average for each good, in whole credits.

Only what was bought has a cost. What was dug cost no credits, and what went into a depot or was
handed in has left the hold: it counts nothing, and so never more than it was.
"""

from collections.abc import Mapping, Sequence

Costs = Mapping[str, Sequence[int]]
"""Good → units aboard that were bought, and what these cost together."""


def bought(cost: Sequence[int], *, units: int, credits: int, aboard: int) -> list[int]:
    """After so many more units were bought; `aboard` are the units in the hold now."""
    had, paid = kept(cost, aboard - units)
    return [had + units, paid + credits]


def sold(cost: Sequence[int], *, units: int, aboard: int) -> list[int]:
    """After so many units were sold: bought ones leave first."""
    had, _ = cost
    return kept(cost, min(aboard, had - units))


def kept(cost: Sequence[int], units: int) -> list[int]:
    """What is left of it when at most so many of these units are still there."""
    had, paid = cost
    left = max(0, min(had, units))
    return [left, round(paid * left / had) if had else 0]


def worth(costs: Costs, cargo: Mapping[str, int]) -> int:
    """What the bought goods that are still aboard cost."""
    return sum(kept(cost, cargo.get(good, 0))[1] for good, cost in costs.items())
