"""Survey or extract: which survey to dig by, and whether one more survey is worth its price.

Optimal stopping with recall: a survey stays until it expires or is exhausted, so the question is
only whether the next one can be expected to bring more than it costs. What it brings is counted
over the units it would improve, at prices after our own sales; what it costs is a request and,
of a ship that could dig instead, the time.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from . import deposits

# What players published of surveys: units until exhausted (least, most often, most) by size,
# how often each size comes, how long surveys live, and how many deposits they name.
CAPACITY = {
    "SMALL": (48.0, 400.0, 453.0),
    "MODERATE": (110.0, 700.0, 1051.0),
    "LARGE": (500.0, 800.0, 2431.0),
}
FREQUENCY = {"SMALL": 0.64, "MODERATE": 0.29, "LARGE": 0.07}
LIVES = (630.0, 1290.0, 1950.0, 2610.0, 3270.0)  # seconds, each a fifth of all surveys
USUAL_LIFE = 1950.0
NAMED = (3, 7)

NOTHING: Mapping[str, int] = {}
ENOUGH_SEEN = 10  # surveys of a place before one can be called better than most there
HISTORY = 100  # surveys of a place that tell what is usual there


class Policy(StrEnum):
    """How ships decide about surveys."""

    STOPPING = "stopping"
    NEVER = "never"
    ALWAYS = "always"
    PERCENTILE = "percentile"


@dataclass(frozen=True, slots=True)
class Aim:
    """A usable survey as a decision sees it: `value` credits a unit, `units` to expect of it
    yet, `seconds` until it expires."""

    value: float
    units: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Digging:
    """What goes on at a place.

    `blind` credits a unit without a survey, `pace` units a second of all ships together, `load`
    units of one extraction, `hold` units aboard when a ship hands over, `request` credits that
    a request brings at what is dug now.
    """

    blind: float
    pace: float
    load: float
    hold: float
    request: float = 0.0


# what a survey is worth


def net_value(
    listed: Sequence[str],
    prices: dict[str, float],
    digging: Digging,
    *,
    thrift: float,
    aboard: Mapping[str, int] = NOTHING,
) -> float:
    """Credits a unit of digging by these deposits, less what sorting many kinds costs.

    Every kind of good in a hold takes a request of its own to be handed over, those `aboard`
    anyway; `thrift` is the weight of that, 0 where requests are plentiful.
    """
    value = deposits.survey_value(listed, prices)
    if not (listed and thrift and digging.request):
        return value
    room = max(0.0, digging.hold - sum(aboard.values()))
    loads = room / digging.load + 0.5
    kinds: float = sum(
        1 - (1 - count / len(listed)) ** loads
        for good, count in Counter(listed).items()
        if good not in aboard
    )
    return value - thrift * digging.request * kinds / (loads * digging.load)


def left(size: str, taken: float) -> float:
    """Units to expect of a survey of which `taken` units were dug and that is not exhausted."""
    low, often, high = CAPACITY.get(size, CAPACITY["SMALL"])
    return max((low + often + high) / 3 - taken, (high - taken) / 3, 1.0)


@lru_cache(maxsize=256)
def serves(pace: float) -> float:
    """Units that a new survey can be expected to serve where `pace` units a second are dug."""
    units = 0.0
    for size, share in FREQUENCY.items():
        low, often, high = CAPACITY[size]
        bears = (low + often + high) / 3
        units += share * sum(min(bears, pace * life) for life in LIVES) / len(LIVES)
    return units


@lru_cache(maxsize=64)
def typical(goods: tuple[str, ...], count: int = HISTORY) -> tuple[tuple[str, ...], ...]:
    """What surveys of a place with these goods are like, while few have been seen there."""
    if not goods:
        return ()
    chance = random.Random(0)  # the same each time: a table, not a game
    return tuple(tuple(chance.choices(goods, k=chance.randint(*NAMED))) for _ in range(count))


# what one more survey would bring


def cover(aims: Sequence[Aim], digging: Digging, seconds: float) -> list[tuple[float, float]]:
    """What the next `seconds` of digging bring: credits a unit and units, the best first.

    Surveys are used from the best on, none longer than it lives; the rest is dug blind.
    """
    room = digging.pace * seconds
    found = []
    for aim in sorted(aims, key=lambda each: -each.value):
        if aim.value <= digging.blind or room <= 0:
            break
        units = min(aim.units, digging.pace * aim.seconds, room)
        found.append((aim.value, units))
        room -= units
    if room > 0:
        found.append((digging.blind, room))
    return found


def gain_ahead(aims: Sequence[Aim], usual: Sequence[float], digging: Digging) -> float:
    """Credits to expect of one more survey, made by a ship that has nothing better to do.

    Its value is one of `usual`, equally likely; it replaces the worst of what would be dug
    while surveys live.
    """
    units = min(serves(1e9), digging.pace * USUAL_LIFE)
    total = 0.0
    for value, part in reversed(cover(aims, digging, USUAL_LIFE)):
        part = min(part, units)
        total += part * sum(each - value for each in usual if each > value)
        units -= part
        if units <= 0:
            break
    return total / len(usual) if usual else 0.0


def gain_now(
    best: float, usual: Sequence[float], digging: Digging, *, foresight: float = 1.0
) -> float:
    """Credits to expect of one more survey, made by a ship that could dig.

    It can survey again whenever the best survey ends, so only what is better than `best`
    counts, for as long as a survey serves. `foresight` weighs that the others stay useful.
    """
    if not usual:
        return 0.0
    better = sum(each - best for each in usual if each > best) / len(usual)
    return foresight * serves(round(digging.pace, 4)) * better


# the decisions, each with its reason


def pick(
    policy: str, aims: Sequence[Aim], blind: float, *, floor: float | None = None
) -> tuple[int | None, str]:
    """Which of the surveys to dig by, as its position, and why; None digs without.

    `floor` is what the percentile rule asks of a survey, None while too few were seen.
    """
    if policy == Policy.NEVER or not aims:
        return None, "no survey to dig by" if policy != Policy.NEVER else "surveys are not used"
    best = max(range(len(aims)), key=lambda each: (aims[each].value, -aims[each].seconds))
    value = aims[best].value
    if policy == Policy.PERCENTILE:
        if floor is None:
            return None, "too few surveys seen to call one good"
        if value < floor:
            return (
                None,
                f"the best survey is worth {value:.0f} a unit, good begins at {floor:.0f}",
            )
        return best, f"a good survey, {value:.0f} a unit where good begins at {floor:.0f}"
    if policy == Policy.STOPPING and value <= blind:
        return None, f"{blind:.0f} a unit without a survey, {value:.0f} with the best"
    return best, f"{value:.0f} a unit with the best of {len(aims)} surveys, {blind:.0f} without"


def good_from(values: Sequence[float], percent: int) -> float | None:
    """The value from which a survey is among the better ones of a place, by its past ones.

    None while fewer than ENOUGH_SEEN were seen.
    """
    if len(values) < ENOUGH_SEEN:
        return None
    return deposits.percentile(values, percent)


def survey_again(
    policy: str,
    aims: Sequence[Aim],
    usual: Sequence[float],
    digging: Digging,
    *,
    digs: bool,
    instead: float = 0.0,
    floor: float | None = None,
    foresight: float = 1.0,
) -> tuple[bool, str]:
    """Whether a ship should survey now, and why or why not.

    `digs` says that it could dig instead, which would bring `instead` credits in the time of a
    survey.
    """
    if policy == Policy.NEVER:
        return False, "surveys are not used"
    if policy == Policy.ALWAYS:
        return not (digs and aims), "surveys whenever it can"
    best = max((aim.value for aim in aims), default=digging.blind)
    if policy == Policy.PERCENTILE:
        if digs and floor is not None and best >= floor and aims:
            return (
                False,
                f"a good survey is there: {best:.0f} a unit, good begins at {floor:.0f}",
            )
        return True, "no good survey yet" if digs else "looks for good surveys"
    best = max(best, digging.blind)
    if digs:
        more = gain_now(best, usual, digging, foresight=foresight)
    else:
        more = gain_ahead(aims, usual, digging)
    cost = digging.request + instead
    said = f"one more survey brings {more:,.0f} credits and costs {cost:,.0f}"
    return more > cost, said
