"""What a fleet may choose from when it mans its sites, and the integer programme made of it.

Ships that are alike form a crew. A crew may do several jobs: dig at a site and carry the load to a
stop by itself, dig there and hand over, or carry from a site to a stop. A stop is a position with
markets. Two sites may fill the same market, and a carrier may have too little to carry, so no job
is worth anything by itself: the whole plan is what is chosen.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from fleet.planner import linear
from fleet.planner.linear import Limit

Market = tuple[str, str]  # a good and the stop where it is sold


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


def goal(ground: Ground) -> dict[Hashable, float]:
    found: dict[Hashable, float] = {
        ("sell", number): step.price for number, step in enumerate(ground.steps)
    }
    found |= {("job", number): -job.cost for number, job in enumerate(ground.jobs)}
    return found


def limits(ground: Ground) -> Iterable[Limit]:
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


# what a plan sells


class Sales(NamedTuple):
    """Credits an hour of a plan after its costs, and what one more unit an hour would bring: at a
    market, handed over at a site, and of room in the carriers from a site to a stop."""

    value: float
    at_market: Mapping[Market, float]
    handed_over: Mapping[Market, float]
    room: Mapping[tuple[str, str], float]


class Seller:
    """Sells what plans bring as well as possible; made once for many plans of one ground."""

    def __init__(self, ground: Ground) -> None:
        self.jobs = ground.jobs
        self.shares = {place.name: place.shares for place in ground.places}
        self.ladders: dict[Market, list[Step]] = defaultdict(list)
        for step in sorted(ground.steps, key=lambda step: -step.price):
            self.ladders[step.good, step.stop].append(step)
        stops: dict[str, set[str]] = defaultdict(set)
        for job in ground.jobs:
            if job.carries:
                stops[job.site].add(job.stop)
        self.stops = {site: sorted(found) for site, found in stops.items()}

    def sell(self, chosen: Mapping[int, int]) -> Sales:
        """The best sales of so many ships in each job, which must be within all limits."""
        direct: dict[Market, float] = defaultdict(float)
        handed: dict[Market, float] = defaultdict(float)
        room: dict[tuple[str, str], float] = defaultdict(float)
        value = 0.0
        for number, count in chosen.items():
            job = self.jobs[number]
            value -= job.cost * count
            if job.carries:
                room[job.site, job.stop] += job.units * count
                continue
            for good, share in self.shares[job.site].items():
                where = (good, job.stop) if job.stop else (job.site, good)
                (direct if job.stop else handed)[where] += share * job.units * count
        carried, handed_over, rooms, shared = self._carried(direct, handed, room)
        value += carried
        at_market = dict(shared)
        for market, ladder in self.ladders.items():
            if market not in shared:
                sold, at_market[market] = down(ladder, direct.get(market, 0.0))
                value += sold
        return Sales(value, at_market, handed_over, rooms)

    def _carried(
        self,
        direct: Mapping[Market, float],
        handed: Mapping[Market, float],
        room: Mapping[tuple[str, str], float],
    ) -> tuple[float, dict[Market, float], dict[tuple[str, str], float], dict[Market, float]]:
        """What carriers bring beside what comes to the same markets without them, and the worth of
        one more unit handed over, of room, and at those markets."""
        sites = sorted({site for site, _ in handed} | {site for site, _ in room})
        ways = [
            (site, good, stop)
            for site in sites
            for good in self.shares[site]
            for stop in self.stops.get(site, ())
            if (good, stop) in self.ladders
        ]
        if not ways:
            return 0.0, {}, {}, {}
        given: dict[Hashable, dict[Hashable, float]] = defaultdict(dict)
        bears: dict[Hashable, dict[Hashable, float]] = defaultdict(dict)
        comes: dict[Market, dict[Hashable, float]] = defaultdict(dict)
        for way in ways:
            site, good, stop = way
            given[site, good][way] = 1.0
            bears[site, stop][way] = 1.0
            comes[good, stop][way] = -1.0
        arrive = sum(handed.values())
        prices: dict[Hashable, float] = {}
        tops: dict[Hashable, float] = {}
        for market, row in comes.items():
            left = direct.get(market, 0.0) + arrive
            for number, step in enumerate(self.ladders[market]):
                if left < 0:
                    break  # nothing can come so far down the ladder
                name = (*market, number)
                row[name], prices[name], tops[name] = 1.0, step.price, step.units
                left -= step.units
        rows = [Limit(row, handed.get(name, 0.0)) for name, row in given.items()]  # type: ignore[call-overload]
        rows += [Limit(row, room.get(name, 0.0)) for name, row in bears.items()]  # type: ignore[call-overload]
        rows += [Limit(row, direct.get(market, 0.0)) for market, row in comes.items()]
        found = linear.maximise(prices, rows, most=tops)
        worth = iter(found.shadow)
        return (
            found.value,
            {name: next(worth) for name in given},  # type: ignore[misc]
            {name: next(worth) for name in bears},  # type: ignore[misc]
            {market: next(worth) for market in comes},
        )


def down(ladder: Sequence[Step], units: float) -> tuple[float, float]:
    """Credits for so many units down a ladder of prices, and what one more would bring."""
    earned = 0.0
    for step in ladder:
        if units < step.units:
            return earned + units * step.price, step.price
        earned += step.units * step.price
        units -= step.units
    return earned, 0.0


def worth(ground: Ground, chosen: Mapping[int, int]) -> float:
    """Credits an hour when so many ships take each job, the goods sold as well as possible."""
    return Seller(ground).sell(chosen).value


def broken(ground: Ground, chosen: Mapping[int, int]) -> Collection[str]:
    """Names of the crews and places of which a plan asks more than they have."""
    ships: dict[str, int] = defaultdict(int)
    digs: dict[str, float] = defaultdict(float)
    carriers: dict[str, int] = defaultdict(int)
    for number, count in chosen.items():
        job = ground.jobs[number]
        ships[job.crew] += count
        digs[job.site] += job.digs * count
        carriers[job.site] += count if job.carries else 0
    found = {crew.name for crew in ground.crews if ships[crew.name] > crew.ships}
    for place in ground.places:
        if digs[place.name] > place.most + 1e-6 or carriers[place.name] > place.carriers:
            found.add(place.name)
    return found
