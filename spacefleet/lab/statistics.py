"""Differences of arms that were played on the same seeds, with intervals."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean, median

RESAMPLES = 10_000
CONFIDENCE = 0.95
DICE = 20_260_301  # the intervals of the same figures are always the same


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and the interval that holds it with 95 % confidence; None for a single value."""

    mean: float
    low: float | None
    high: float | None
    count: int

    @property
    def clear(self) -> bool:
        """Whether the whole interval lies on one side of zero."""
        return self.low is not None and self.high is not None and self.low * self.high > 0


def bootstrap(values: Sequence[float]) -> Interval:
    """The mean with the percentile interval of seeded resamples. Raises ValueError without any."""
    if not values:
        raise ValueError("no values, no mean")
    return _bootstrap(tuple(values))


@lru_cache(maxsize=1024)  # a page asks for the same ones every few seconds
def _bootstrap(values: tuple[float, ...]) -> Interval:
    mean = fmean(values)
    if len(values) < 2:
        return Interval(mean, None, None, len(values))
    dice = random.Random(DICE)
    means = sorted(fmean(dice.choices(values, k=len(values))) for _ in range(RESAMPLES))
    tail = (1 - CONFIDENCE) / 2
    low, high = means[int(tail * RESAMPLES)], means[int((1 - tail) * RESAMPLES) - 1]
    return Interval(mean, low, high, len(values))


@dataclass(frozen=True, slots=True)
class Difference:
    """How one arm did, and by how much it differs from the first on the seeds both played."""

    arm: str
    own: Interval
    middle: float
    more: Interval | None
    better: int


def paired(found: Mapping[str, Mapping[int, float]]) -> list[Difference]:
    """One line an arm; `found` is arm → seed → value, the first arm is what others are held to.

    Only seeds that both arms played count for a difference. Arms without any value are left out.
    """
    first = next(iter(found.values()), {})
    lines = []
    for number, (arm, values) in enumerate(found.items()):
        if not values:
            continue
        gains = [values[seed] - first[seed] for seed in sorted(values.keys() & first.keys())]
        lines.append(
            Difference(
                arm=arm,
                own=bootstrap([values[seed] for seed in sorted(values)]),
                middle=median(values.values()),
                more=bootstrap(gains) if gains and number else None,
                better=sum(gain > 0 for gain in gains),
            )
        )
    return lines
