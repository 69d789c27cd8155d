"""One line of the report: a figure, what was recorded of it, and how to measure it here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import quantiles

from .laboratory import Laboratory

Sample = Callable[[Laboratory], list[float]]


@dataclass(frozen=True, slots=True)
class Span:
    """Lower quartile, median and upper quartile of `count` values; 0 where nobody counted."""

    low: float
    middle: float
    high: float
    count: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """`guess` names what of ours is not measured, empty if nothing is."""

    section: str
    title: str
    recorded: Span | None
    source: str
    sample: Sample
    guess: str = ""
    extent: bool = False
    """What was recorded are least, median and most instead of quartiles."""


def single(value: float, count: int = 0) -> Span:
    """The span of what was recorded as one value."""
    return Span(value, value, value, count)


def span(values: Iterable[float]) -> Span | None:
    """Quartiles of what was measured here, None if that was nothing."""
    found = list(values)
    if not found:
        return None
    if len(found) == 1:
        return single(found[0], 1)
    low, middle, high = quantiles(found, n=4, method="inclusive")
    return Span(low, middle, high, len(found))
