"""Which ships dig where, who carries it away, and what it sells for: one programme for all.

Ships that are alike form a crew. A crew may do several jobs: dig at a site and carry the load to a
stop by itself, dig there and hand over, or carry from a site to a stop. A stop is a position with
markets. Two sites may fill the same market, and a carrier may have too little to carry, so no job
is worth anything by itself: the whole plan is what is chosen.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from fleet.planner import linear
from fleet.planner.linear import Limit

ENOUGH = 1e-6  # credits an hour: a plan that is better by less is no better


@dataclass(frozen=True, slots=True)
class Crew:
    """Ships that are alike and stand at the same place."""

    name: str
    ships: int


@dataclass(frozen=True, slots=True)
class Job:
    """What a ship of a crew can do: units it moves and credits it costs, an hour.

    `digs` counts its extractions an hour, none of a carrier. `stop` is where the load goes, empty
    for a digger that hands over.
    """

    crew: str
    site: str
    stop: str
    units: float
    digs: float = 0.0
    cost: float = 0.0

    @property
    def carries(self) -> bool:
        return not self.digs


@dataclass(frozen=True, slots=True)
class Place:
    """A site: the share of each good in what is dug there, and how many extractions an hour and
    how many carriers it bears."""

    name: str
    shares: Mapping[str, float]
    most: float
    carriers: int = 1_000


@dataclass(frozen=True, slots=True)
class Step:
    """So many units an hour of a good bring this price at a stop; further steps bring less."""

    good: str
    stop: str
    units: float
    price: float


@dataclass(frozen=True, slots=True)
class Ground:
    """All there is to choose from."""

    crews: Sequence[Crew]
    jobs: Sequence[Job]
    places: Sequence[Place]
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Manning:
    """How many ships take each job, by its position, what that brings an hour, and how it was
    found."""

    ships: Mapping[int, int]
    value: float
    how: str
    sold: Mapping[tuple[str, str], float] = field(default_factory=dict)


def best(ground: Ground) -> Manning:
    """The plan of greatest value; the greedy one where the search gave up, or found no better."""
    columns = [("job", number) for number in range(len(ground.jobs))]
    found = linear.maximise_whole(_worth(ground), list(_limits(ground)), whole=columns)
    if found is not None:
        chosen = {
            number: round(found.amounts[column])
            for number, column in enumerate(columns)
            if round(found.amounts.get(column, 0.0))
        }
        return Manning(chosen, found.value, "optimum", _sold(found.amounts))
    return greedy(ground)


def greedy(ground: Ground) -> Manning:
    """One ship after the other, or a digger and a carrier together, where it adds most."""
    chosen: dict[int, int] = {}
    value = 0.0
    while True:
        steps = [(worth(ground, _with(chosen, more)), more) for more in _next(ground, chosen)]
        best_value, more = max(steps, default=(value, ()))
        if best_value <= value + ENOUGH:
            return Manning(chosen, value, "greedy")
        chosen, value = _with(chosen, more), best_value


def worth(ground: Ground, chosen: Mapping[int, int]) -> float:
    """Credits an hour when so many ships take each job, the goods sold as well as possible."""
    if not chosen:
        return 0.0
    jobs = range(len(ground.jobs))
    fixed = [Limit({("job", number): 1.0}, chosen.get(number, 0)) for number in jobs]
    goal = _worth(ground)
    costs = sum(ground.jobs[number].cost * count for number, count in chosen.items())
    for number in jobs:
        del goal["job", number]
    return linear.maximise(goal, [*_limits(ground), *fixed]).value - costs


def _next(ground: Ground, chosen: Mapping[int, int]) -> Iterable[tuple[int, ...]]:
    left = {crew.name: crew.ships for crew in ground.crews}
    for number, count in chosen.items():
        left[ground.jobs[number].crew] -= count
    digs = _dug(ground, chosen)
    most = {place.name: place.most for place in ground.places}

    def fits(*numbers: int) -> bool:
        more = _dug(ground, dict.fromkeys(numbers, 1))
        need: dict[str, int] = defaultdict(int)
        for number in numbers:
            need[ground.jobs[number].crew] += 1
        return all(left[crew] >= count for crew, count in need.items()) and all(
            digs[site] + each <= most[site] for site, each in more.items()
        )

    for number, job in enumerate(ground.jobs):
        if not fits(number):
            continue
        yield (number,)
        if not job.stop:
            for other, carrier in enumerate(ground.jobs):
                if carrier.carries and carrier.site == job.site and fits(number, other):
                    yield (number, other)


def _dug(ground: Ground, chosen: Mapping[int, int]) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for number, count in chosen.items():
        found[ground.jobs[number].site] += ground.jobs[number].digs * count
    return found


def _with(chosen: Mapping[int, int], more: Iterable[int]) -> dict[int, int]:
    found = dict(chosen)
    for number in more:
        found[number] = found.get(number, 0) + 1
    return found


# the programme


def _worth(ground: Ground) -> dict[Hashable, float]:
    goal: dict[Hashable, float] = {
        ("sell", number): step.price for number, step in enumerate(ground.steps)
    }
    goal |= {("job", number): -job.cost for number, job in enumerate(ground.jobs)}
    return goal


def _limits(ground: Ground) -> Iterable[Limit]:
    jobs = list(enumerate(ground.jobs))
    for crew in ground.crews:
        own: dict[Hashable, float] = {
            ("job", number): 1.0 for number, job in jobs if job.crew == crew.name
        }
        yield Limit(own, crew.ships)
    for place in ground.places:
        here = [(number, job) for number, job in jobs if job.site == place.name]
        yield Limit({("job", n): job.digs for n, job in here if job.digs}, place.most)
        yield Limit({("job", n): 1.0 for n, job in here if job.carries}, place.carriers)
        yield from _handed_over(place, here, ground)
    yield from _markets(ground)
    for number, step in enumerate(ground.steps):
        yield Limit({("sell", number): 1.0}, step.units)


def _handed_over(
    place: Place, here: Sequence[tuple[int, Job]], ground: Ground
) -> Iterable[Limit]:
    """No more of a good is carried than is handed over, and no more in all than carriers bear."""
    bought = {(step.good, step.stop) for step in ground.steps}
    stops = sorted({job.stop for _, job in here if job.carries})  # in order: the solver notices
    for good, share in place.shares.items():
        carried: dict[Hashable, float] = {
            ("carry", place.name, good, stop): 1.0 for stop in stops if (good, stop) in bought
        }
        given: dict[Hashable, float] = {
            ("job", n): -share * job.units for n, job in here if not job.stop
        }
        yield Limit({**carried, **given}, 0.0)
    for stop in stops:
        load: dict[Hashable, float] = {
            ("carry", place.name, good, stop): 1.0
            for good in place.shares
            if (good, stop) in bought
        }
        bears: dict[Hashable, float] = {
            ("job", n): -job.units for n, job in here if job.carries and job.stop == stop
        }
        yield Limit({**load, **bears}, 0.0)


def _markets(ground: Ground) -> Iterable[Limit]:
    """No more is sold of a good at a stop than comes there."""
    steps: dict[tuple[str, str], dict[Hashable, float]] = defaultdict(dict)
    for number, step in enumerate(ground.steps):
        steps[step.good, step.stop]["sell", number] = 1.0
    shares = {place.name: place.shares for place in ground.places}
    for (good, stop), sold in steps.items():
        come: dict[Hashable, float] = {}
        for number, job in enumerate(ground.jobs):
            share = shares[job.site].get(good, 0.0)
            if not share or job.stop != stop:
                continue
            if job.carries:
                come["carry", job.site, good, stop] = -1.0
            else:
                come["job", number] = -share * job.units
        yield Limit({**sold, **come}, 0.0)


def _sold(amounts: Mapping[Hashable, float]) -> dict[tuple[str, str], float]:
    """Units an hour carried from each site, by site and good."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    for name, units in amounts.items():
        if isinstance(name, tuple) and name[0] == "carry" and units > ENOUGH:
            found[name[1], name[2]] += units
    return dict(found)
