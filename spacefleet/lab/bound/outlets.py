"""How much one market can pay for one good, whoever sells it and whenever.

Every function here errs upwards, and its docstring says why. The argument they share:

A sale of u units at net supply N brings u·p(N), p being the price law, which falls with N, and
raises N by u. Let `shift` be the most units of one sale (the trade volume, or the largest hold)
and top(y) a falling function with top(y) >= p(y - shift) wherever N may be y. Then
u·p(N) <= integral of top from N to N + u. So a sale brings at most what it adds to the potential
integral-of-top(N), and only what lowers N again (consumers, ticks, other players) can give
potential back: c units taken away from a level y give back at most c·top(y - c). Hence the total
revenue is at most

    the integral of top from the first N to the last one, plus c·top for each unit c taken away,

and the number of units sold is the length of that stretch plus all units taken away. As `top`
falls, the best use of Q units is a sum over *steps*: so many units at so much each. Deliveries
and other players' sales raise N without paying us, which only uses potential up. Buying back
where one sells costs at least what a sale brings (the purchase price is never below the selling
price), so that it never gains.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil

EXPORT, IMPORT, EXCHANGE = "EXPORT", "IMPORT", "EXCHANGE"
STEEPNESS = 0.3  # SpaceTraders 2.3, recovered from recorded prices
BUSY_LEVEL = 8.2  # trade volumes at which consumers stop at the latest
GROWS_ABOVE = 4.0  # trade volumes above which an import's volume may grow
GROWTH = 1.1
ROUNDING = 0.5  # credits that rounding half up may add to a price
PARTS = 60  # steps into which a falling price is cut; more is tighter
DEEPEST = 24.0  # trade volumes above balance, beyond which prices fall no further
WIDEST_MARGIN = 15  # percent; what the law of margins can draw at most
GROUPS = (0, 1, 2, 3, 4, 6, 8, 11, 15, 20, 26, 34, 48)


@dataclass(frozen=True, slots=True)
class Step:
    """So many units that bring at most so many credits each."""

    units: float
    price: float


@dataclass(frozen=True, slots=True)
class Outlet:
    """One good at one market as a run begins, and what its ticks can do.

    `rest` is the level in trade volumes it returns to, `pace` (0 to 1) how fast its consumers
    work, `feeds` whether something is made of it here. `growing` holds, for each tick of the run
    in which its trade volume may grow, the margins it may then draw. `ticks` counts all ticks.
    `drained` says whether other players buy an export, at most down to `drained_to`.
    """

    waypoint: str
    good: str
    kind: str
    base: int
    margin: int
    volume: int
    net: int
    rest: float
    pace: float
    feeds: bool
    ticks: int
    growing: tuple[tuple[int, ...], ...]
    ceiling: int
    recovery: float
    drained: bool = False
    drained_to: float = 0.0


@dataclass(frozen=True, slots=True)
class Course:
    """One way the trade volume can go: the largest it gets, and the steps that then hold."""

    volume: int
    steps: tuple[Step, ...]


def courses(outlet: Outlet, *, hold: int) -> Iterator[Course]:
    """Every course of an outlet, sales being of `hold` units at most.

    Imports may grow: one course for each group of numbers of growths, with the fewest growing
    ticks and the largest volume of its group, which is the best of both for whoever sells.
    """
    if outlet.kind != IMPORT:
        yield _steady(outlet, hold)
        return
    most = len(outlet.growing)
    numbers = [number for number in GROUPS if number < most] + [most]
    yield _import(outlet, fewest=0, most=0, hold=hold)
    for fewest, last in pairwise(numbers):
        yield _import(outlet, fewest=fewest + 1, most=last, hold=hold)


# imports


def _import(outlet: Outlet, *, fewest: int, most: int, hold: int) -> Course:
    """An import whose volume grows at least `fewest` and at most `most` times.

    A tick in which it grows leaves N above four trade volumes, so what consumers take in that
    tick gives back potential only above there. All other ticks are taken to come after the last
    growth, when consumers take most, and to give back at the best price there is.
    """
    volumes = _volumes(outlet, most)
    margins = sorted({outlet.margin, *(one for each in outlet.growing for one in each)})
    law = _Imports(outlet, volumes, margins if most else [outlet.margin])
    shift = min(volumes[-1], hold)
    best = law.best()

    def top(level: float) -> float:
        return min(best, law.price(level - shift))

    grown = volumes[:fewest]
    above = outlet.net < GROWS_ABOVE * outlet.volume
    while_growing = [
        Step(_taken(outlet, volume), top(GROWS_ABOVE * volume) if above else best)
        for volume in grown
    ]
    afterwards = Step((outlet.ticks - len(grown)) * _taken(outlet, volumes[-1]), best)
    return Course(
        volumes[-1], (*_falling(outlet.net, volumes[-1], top), *while_growing, afterwards)
    )


def _volumes(outlet: Outlet, most: int) -> list[int]:
    """The trade volume before and after each of `most` growths, up to the ceiling."""
    found = [outlet.volume]
    for _ in range(most):
        larger = min(max(outlet.ceiling, outlet.volume), ceil(found[-1] * GROWTH))
        found.append(larger)
    return found


def _taken(outlet: Outlet, volume: int) -> float:
    """Units that consumers take in a tick at most, whatever the activity.

    The shares of a trade volume are those of the busiest consumers at this market's pace, with
    their unevenness, or a whole trade volume where something is made of the good; one unit more
    for the rounding of units.
    """
    strong, growing = (0.7 + 0.7 * outlet.pace) * 1.05, (0.6 + 0.5 * outlet.pace) * 1.05
    weak = 0.25 * 1.15
    share = max(strong, growing, weak, 1.0 if outlet.feeds else 0.0)
    return share * volume + 1


@dataclass(frozen=True, slots=True)
class _Imports:
    """The law of import prices, maximised over every volume and margin that may hold."""

    outlet: Outlet
    volumes: Sequence[int]
    margins: Sequence[int]

    def price(self, net: float) -> float:
        """The best price at a net supply: it falls with `net` as each of those laws does."""
        return max(
            self._at(net / volume, margin)
            for volume in (self.volumes[0], self.volumes[-1])
            for margin in (self.margins[0], self.margins[-1])
        )

    def best(self) -> float:
        """The price at the lowest level ever: where the run begins, or where consumers stop.

        They stop 8.2 trade volumes below balance, or one below the level of rest; the last unit
        of rounding may lead one unit further. The volume never shrinks, so no level is lower.
        """
        outlet = self.outlet
        stops = -max(BUSY_LEVEL, 1 - outlet.rest) - 1 / outlet.volume
        lowest = min(outlet.net / outlet.volume, stops)
        return max(self._at(lowest, margin) for margin in self.margins)

    def _at(self, level: float, margin: int) -> float:
        bend = 5 - 4 * 2 ** (STEEPNESS * level)
        return max(1.0, self.outlet.base * (1 + bend * margin / 100) + ROUNDING)


# exchanges and exports


def _steady(outlet: Outlet, hold: int) -> Course:
    """An exchange or an export, whose trade volume nobody's sales make grow.

    An exchange returns to its level a fixed step at a time. An export is only filled up by its
    makers. Where other players drain it, down to `drained_to`, its volume may grow too and draw
    another margin: then any number of units may be sold at the best price of all.
    """
    if outlet.kind == EXPORT and outlet.drained:
        widest = replace(outlet, margin=WIDEST_MARGIN)
        price = export_price(widest, min(outlet.net, outlet.drained_to))
        return Course(outlet.ceiling, (Step(float("inf"), price),))
    shift = min(outlet.volume, hold)
    law = exchange_price if outlet.kind == EXCHANGE else export_price
    lowest = float(outlet.net)
    if outlet.kind == EXCHANGE:
        lowest = min(lowest, round(outlet.rest * outlet.volume))
    best = law(outlet, lowest)

    def top(level: float) -> float:
        return min(best, law(outlet, level - shift))

    recovers = outlet.recovery if outlet.kind == EXCHANGE else 0.0
    back = Step(outlet.ticks * recovers, best)
    return Course(outlet.volume, (*_falling(outlet.net, outlet.volume, top), back))


def exchange_price(outlet: Outlet, net: float) -> float:
    """What an exchange pays at most at a net supply; falls with `net`."""
    premium = 1.75 * (2 ** (STEEPNESS * abs(net) / outlet.volume) - 1)
    echo = -premium if net > 0 else premium * premium / (17 + 1.3 * premium)
    neutral = min(outlet.base - 2, outlet.base * 0.99)
    return max(1.0, neutral + outlet.base * echo / 100 + ROUNDING)


def export_price(outlet: Outlet, net: float) -> float:
    """What a market that makes a good itself pays for it: half of what it would ask then."""
    bend = 4 * 2 ** (-STEEPNESS * (net + outlet.volume) / outlet.volume) - 5
    return max(1.0, (outlet.base * (1 + bend * outlet.margin / 100) + ROUNDING) / 2 + ROUNDING)


def _falling(begin: float, volume: int, top: Callable[[float], float]) -> Iterator[Step]:
    """The area below `top` from `begin` on, cut into steps that lie above it.

    Each step takes the price at its beginning, its highest. Beyond the deepest level every unit
    brings what it brings there.
    """
    end = max(begin, 0.0) + DEEPEST * volume
    width = (end - begin) / PARTS
    for part in range(PARTS):
        yield Step(width, top(begin + part * width))
    yield Step(float("inf"), top(end))
