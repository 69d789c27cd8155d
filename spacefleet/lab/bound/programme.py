"""The linear programme whose value no mining fleet beats.

Whatever a fleet does in a run, count its extractions by kind of ship and by what was aimed at,
the units of each good it carried to each market, and the units it sold at each step of that
market's price (`outlets`). These counts keep every limit below, so the greatest worth within the
limits is at least what the fleet sold. What is left out (fuel, surveying, ships waiting for each
other, holds that are full, rocks that tire, prices nobody has seen) can only make it earn less.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from math import ceil, floor, log, sqrt

from fleet.planner import linear
from fleet.planner.linear import Limit

from .outlets import Course, Outlet, courses
from .situation import Fleet, Kind, Situation

DOUBT = 1e-9
"""The chance that luck with yields beats what is allowed for it. All other limits are certain."""

SECONDS = 3600.0
STATIC, BURST, PERIOD = (
    2,
    30,
    60.0,
)  # requests at once, more of them, seconds of the second pool
BURN = 12.5  # seconds for a unit of distance at speed 1 in the fastest mode, measured
START_AND_END = 14.5  # seconds that every flight takes besides: 15, measured, less the rounding
SLACK = 1e-6  # part of the value by which the solver may be wrong

Row = dict[Hashable, float]


@dataclass(frozen=True, slots=True)
class Bound:
    """The most that can be earned, and how: units sold by good, extractions, what binds."""

    credits: float
    units: dict[str, float]
    extractions: float
    requests: float


def most(situation: Situation, fleet: Fleet, *, share: float = 1.0) -> Bound:
    """The most that `fleet` can get for what it digs and siphons in `situation`.

    `share` is the part of the request budget it may spend.
    """
    programme = _Programme(situation, fleet, share)
    best = linear.maximise(programme.worth, list(programme.limits()))
    units: dict[str, float] = {}
    extractions = requests = 0.0
    for name, amount in best.amounts.items():
        match name:
            case ("carry", str(good), _):
                units[good] = units.get(good, 0.0) + amount
            case ("aimed" | "plain" | "siphon", *_):
                extractions += amount
    requests = sum(
        programme.cost.get(name, 0.0) * amount for name, amount in best.amounts.items()
    )
    return Bound(
        credits=best.value * (1 + SLACK),
        units={good: round(amount, 1) for good, amount in sorted(units.items()) if amount > 0},
        extractions=extractions,
        requests=requests,
    )


class _Programme:
    """Columns and limits. A column is a tuple that begins with what it counts."""

    def __init__(self, situation: Situation, fleet: Fleet, share: float) -> None:
        self.situation = situation
        self.fleet = fleet
        self.share = share
        self.seconds = situation.hours * SECONDS
        self.worth: Row = {}
        self.cost: Row = {}  # requests
        self.fed: dict[str, Row] = {good: {} for good in self._goods()}
        self.carried: Row = {}
        self._doubts = 2 * len(self.fed) + 3

    def _goods(self) -> list[str]:
        return sorted({outlet.good for outlet in self.situation.outlets})

    def limits(self) -> Iterator[Limit]:
        if not self.fleet.largest_hold:
            return
        yield from self._working()
        for outlet in self.situation.outlets:
            yield from self._selling(outlet)
        yield from self._goods_in_hand()
        yield Limit(self.carried, self.fleet.holds * self.seconds)
        yield Limit(self.cost, self._requests())

    # digging

    def _working(self) -> Iterator[Limit]:
        """Cooldowns: between two extractions of a ship lies the rest after the first.

        So n of them take at least n - 1 rests. An extraction with a survey may give any good that
        lies at some rock and that a surveyor of the fleet can name; one without gives each good
        of its rock with equal chance; a siphon gives its gases with their weights.
        """
        aimed: Row = {}
        for number, (kind, ships) in enumerate(self.fleet.kinds.items()):
            time: Row = {}
            if kind.lasers:
                time |= dict.fromkeys(self._digs(number, kind, aimed), float(kind.laser_rest))
            if kind.siphons and self.situation.gases:
                time[self._siphons(number, kind)] = float(kind.siphon_rest)
            longest = max(kind.laser_rest, kind.siphon_rest)
            yield Limit(time, ships * (self.seconds + longest))
        for good in self._nameable():
            aimed["dug", good] = 1.0
            self.fed.setdefault(good, {})["dug", good] = -1.0
        if aimed:
            yield Limit(aimed, self._luck(laser=True))
        yield self._all_of_it()

    def _digs(self, number: int, kind: Kind, aimed: Row) -> Iterator[Hashable]:
        """Columns of one kind's extractions; each costs a request."""
        mean = float(sum(kind.lasers))
        if self._nameable():
            aimed["aimed", number] = -mean
            self.cost["aimed", number] = 1.0
            yield ("aimed", number)
        for where, deposit in enumerate(self.situation.deposits):
            column = ("plain", number, where)
            self.cost[column] = 1.0
            for good in deposit.goods:
                self.fed.setdefault(good, {})[column] = -mean / len(deposit.goods)
            yield column

    def _siphons(self, number: int, kind: Kind) -> Hashable:
        column = ("siphon", number)
        weights = self.situation.rules.gas_weights
        total = sum(weights.get(gas, 1.0) for gas in self.situation.gases)
        self.cost[column] = 1.0
        for gas in self.situation.gases:
            share = weights.get(gas, 1.0) / total
            self.fed.setdefault(gas, {})[column] = -sum(kind.siphons) * share
        return column

    def _nameable(self) -> list[str]:
        """Goods that lie at some rock and that a survey of this fleet can name."""
        lying = {good for each in self.situation.deposits for good in each.goods | each.aimed}
        return sorted(lying & self.fleet.seen)

    def _luck(self, *, laser: bool) -> float:
        """Units by which yields may beat their mean, all extractions of a run together.

        Azuma and Hoeffding: the chance that a sum of numbers with ranges r, each fair given what
        came before, ever beats its mean by t is at most exp(-2 t² / the sum of r²).
        """
        spread = 1 + self.situation.rules.yield_spread
        squares = 0.0
        for kind, ships in self.fleet.kinds.items():
            strengths = kind.lasers if laser else kind.siphons
            rest = kind.laser_rest if laser else kind.siphon_rest
            reach = sum(strength * spread + 0.5 for strength in strengths)
            squares += ships * (floor(self.seconds / rest) + 1) * reach**2
        return sqrt(squares / 2 * log(self._doubts / DOUBT))

    def _all_of_it(self) -> Limit:
        """All goods together: no more is carried than was dug, siphoned and aboard at first.

        Each good by itself may be luckier than all of them.
        """
        row: Row = {
            ("carry", outlet.good, outlet.waypoint): 1.0 for outlet in self.situation.outlets
        }
        for number, kind in enumerate(self.fleet.kinds):
            mean = float(sum(kind.lasers))
            row["aimed", number] = -mean
            row |= dict.fromkeys(
                (("plain", number, where) for where in range(len(self.situation.deposits))),
                -mean,
            )
            row["siphon", number] = -float(sum(kind.siphons))
        luck = self._luck(laser=True) + self._luck(laser=False)
        return Limit(row, sum(self.situation.aboard.values()) + luck)

    def _goods_in_hand(self) -> Iterator[Limit]:
        """No more of a good is carried to markets than was dug, siphoned or aboard at first."""
        for good, row in sorted(self.fed.items()):
            gas = good in self.situation.gases
            luck = self._luck(laser=True) + (self._luck(laser=False) if gas else 0.0)
            if row:
                yield Limit(row, self.situation.aboard.get(good, 0) + luck)

    # carrying and selling

    def _selling(self, outlet: Outlet) -> Iterator[Limit]:
        """What a market pays: one course, or a mixture, of its trade volume.

        Every unit sold was carried there. In flight it takes a place in a hold, for at least the
        time of the fastest ship on the straight way from the nearest rock or giant.
        """
        hold = self.fleet.largest_hold
        carry = ("carry", outlet.good, outlet.waypoint)
        self.fed[outlet.good][carry] = 1.0
        self._cost_of_carrying(carry, outlet)
        sold: Row = {carry: -1.0}
        mixture: Row = {}
        for number, course in enumerate(courses(outlet, hold=hold)):
            mode = ("course", outlet.good, outlet.waypoint, number)
            mixture[mode] = 1.0
            yield from self._steps(outlet, course, mode, sold)
        yield Limit(sold, 0.0)
        yield Limit(mixture, 1.0)

    def _steps(self, outlet: Outlet, course: Course, mode: tuple, sold: Row) -> Iterator[Limit]:
        """One sale is a request and moves at most a trade volume, or the largest hold."""
        at_once = min(course.volume, self.fleet.largest_hold)
        for number, step in enumerate(course.steps):
            column = ("sell", *mode[1:], number)
            self.worth[column] = step.price
            self.cost[column] = 1 / at_once
            sold[column] = 1.0
            yield Limit({column: 1.0, mode: -min(step.units, self._everything())}, 0.0)

    def _cost_of_carrying(self, carry: Hashable, outlet: Outlet) -> None:
        """A flight is a request and takes at most the largest hold.

        The time of a flight is rounded, of its distance as well: half a unit and half a second.
        """
        distance = self.situation.distances[outlet.good, outlet.waypoint]
        if distance < 1:
            return
        seconds = (distance - 0.5) * BURN / self.fleet.speed + START_AND_END
        if not self.situation.aboard.get(outlet.good):
            self.carried[carry] = seconds
            self.cost[carry] = 1 / self.fleet.largest_hold

    def _everything(self) -> float:
        """More units than can be sold at all: as many as requests can move."""
        return self._requests() * self.fleet.largest_hold

    def _requests(self) -> float:
        """Requests that the game grants in this time at most, with both pools full at first."""
        if self.share < 1:
            steady = (STATIC + BURST / PERIOD) * self.share * self.seconds
            return steady + max(1.0, (STATIC + BURST) * self.share) + 1
        return STATIC * (self.seconds + 1) + BURST * (ceil(self.seconds / PERIOD) + 1)
