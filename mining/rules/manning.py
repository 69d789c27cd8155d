"""Which ships dig where, who carries it away, and what it sells for: one programme for all."""

import math
from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace

from fleet.planner import linear
from fleet.planner.linear import Effort

from . import greedy
from .programme import Ground, goal, limits

ENOUGH = 1e-6  # credits an hour: a plan that is better by less is no better
MANY = 400  # jobs from which only the promising ones are searched
PROMISING = 250  # of them, beside those of the relaxed and of the greedy plan
ROOT_ROUNDS = 5  # of cuts at the root of a large search: more cost more than they bring


@dataclass(frozen=True, slots=True)
class Manning:
    """How many ships take each job, by its position, what that brings an hour, and how it was
    found."""

    ships: Mapping[int, int]
    value: float
    how: str
    sold: Mapping[tuple[str, str], float] = field(default_factory=dict)


def best(ground: Ground, *, seconds: float = math.inf) -> Manning:
    """The plan of greatest value that was found: the search's, or the greedy one where the search
    gave up after so many wall seconds or found none better; `how` says which and why."""
    seconds = min(seconds, linear.MOST_SECONDS)
    large = len(ground.jobs) > MANY
    stepwise, value = greedy.greedy(ground, hurried=large)
    found = (
        _search(ground, stepwise, seconds) if large else _solve(ground, Effort(seconds=seconds))
    )
    if found is None:
        return Manning(stepwise, value, "greedy: the search gave up")
    if found.value < value - ENOUGH:
        return Manning(stepwise, value, "greedy: the search found none better")
    return found


def _solve(ground: Ground, effort: Effort) -> Manning | None:
    """The plan of the integer programme; None where no plan was found in time."""
    if effort.seconds <= 0:
        return None
    columns = [("job", number) for number in range(len(ground.jobs))]
    found = linear.maximise_whole(
        goal(ground), list(limits(ground)), whole=columns, effort=effort
    )
    if found is None:
        return None
    chosen = {
        number: round(found.amounts[column])
        for number, column in enumerate(columns)
        if round(found.amounts.get(column, 0.0))
    }
    return Manning(chosen, found.value, _certainty(found), _sold(found.amounts))


def _certainty(found: linear.Best) -> str:
    """How near to the greatest value the search certainly came."""
    gap = 1 - found.value / found.bound if found.bound > ENOUGH else 0.0
    return "optimum" if gap <= linear.GAP + ENOUGH else f"within {math.ceil(100 * gap)} %"


def _search(ground: Ground, stepwise: Mapping[int, int], seconds: float) -> Manning | None:
    """The plan among the promising jobs of a large ground: those that lack least to be taken where
    ships may be divided, and those of the greedy plan."""
    relaxed = linear.maximise(goal(ground), list(limits(ground)))
    numbers = range(len(ground.jobs))
    ranked = sorted(numbers, key=lambda number: (relaxed.lacks["job", number], number))
    taken = {number for number in numbers if relaxed.amounts["job", number] > ENOUGH}
    kept = sorted({*ranked[:PROMISING], *taken, *stepwise})
    jobs = [ground.jobs[number] for number in kept]
    sites = {job.site for job in jobs}
    places = [place for place in ground.places if place.name in sites]
    found = _solve(
        replace(ground, jobs=jobs, places=places),
        Effort(root_rounds=ROOT_ROUNDS, seconds=seconds),
    )
    if found is None:
        return None
    ships = {kept[number]: count for number, count in found.ships.items()}
    how = f"{found.how} of the {len(kept)} most promising of {len(ground.jobs)} jobs"
    return replace(found, ships=ships, how=how)


def _sold(amounts: Mapping[Hashable, float]) -> dict[tuple[str, str], float]:
    """Units an hour carried from each site, by site and good."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    for name, units in amounts.items():
        if isinstance(name, tuple) and name[0] == "carry" and units > ENOUGH:
            found[name[1], name[2]] += units
    return dict(found)
