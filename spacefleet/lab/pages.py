"""What the page of the lab shows: comparisons with their progress, and what one of them found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, Sum

from spacefleet.charts import Line
from spacefleet.lab import compare
from spacefleet.lab.play import START
from spacefleet.lab.statistics import Difference
from spacefleet.models import Comparison, LabRun

LAST = 20
DONE, FAILED = LabRun.Status.DONE, LabRun.Status.FAILED


@dataclass(frozen=True, slots=True)
class Progress:
    """A comparison and how far it is: runs, and game hours of all runs together."""

    comparison: Comparison
    runs: int
    done: int
    failed: int
    played: float
    hours: float


def comparisons(*, first: int = LAST) -> list[Progress]:
    """The newest ones; one query."""
    rows = Comparison.objects.select_related("started_by").annotate(
        all_runs=Count("runs"),
        done_runs=Count("runs", filter=Q(runs__status=DONE)),
        failed_runs=Count("runs", filter=Q(runs__status=FAILED)),
        hours_played=Sum("runs__played", default=0.0),
    )
    return [
        Progress(
            row,
            runs=row.all_runs,
            done=row.done_runs,
            failed=row.failed_runs,
            played=row.hours_played,
            hours=row.hours * row.all_runs,
        )
        for row in rows.order_by("-pk")[:first]
    ]


def chosen(text: str) -> Comparison | None:
    """The comparison a request asks for, or the newest one; None without any.

    Raises LookupError for one that is not there.
    """
    if not text:
        return Comparison.objects.order_by("-pk").first()
    found = Comparison.objects.filter(pk=text).first() if text.isdecimal() else None
    if found is None:
        raise LookupError(f"There is no comparison {text[:20]} in the lab.")
    return found


@dataclass(frozen=True, slots=True)
class Cell:
    """One arm under one measure, in words."""

    arm: str
    own: str
    more: str
    better: str
    clear: bool


@dataclass(frozen=True, slots=True)
class Shown:
    label: str
    unit: str
    lines: list[Cell]


def shown(comparison: Comparison) -> list[Shown]:
    """The tables of a comparison, as far as its runs are done; one query."""
    return [
        Shown(
            table.measure.label,
            table.measure.unit,
            [_cell(line, table.measure) for line in table.lines],
        )
        for table in compare.tables(compare.figures(comparison))
    ]


def _cell(line: Difference, measure: compare.Measure) -> Cell:
    if line.more is None:
        return Cell(line.arm, compare.interval(line.own, measure), "", "", False)
    return Cell(
        line.arm,
        compare.interval(line.own, measure),
        compare.interval(line.more, measure, signed=True),
        f"{line.better} of {line.more.count}",
        line.more.clear,
    )


def runs(comparison: Comparison, *, first: int = 200) -> list[LabRun]:
    rows = comparison.runs.order_by("seed", "pk").defer("figures")
    return list(rows[:first])


def curves(comparison: Comparison) -> list[Line]:
    """The mean of each arm over its seeds: credits above, net credits of each activity below."""
    drawn: list[Line] = []
    for arm, found in compare.figures(comparison).items():
        points = _mean([run["curve"] for run in found.values()])
        above = [(at, credits) for at, credits, _ in points]
        drawn.append(Line(arm, above))
        activities = sorted({name for _, _, sums in points for name in sums})
        drawn += [
            Line(f"{arm}: {name}", [(at, sums.get(name, 0.0)) for at, _, sums in points], row=1)
            for name in activities
        ]
    return [line for line in drawn if line.points]


def _mean(
    found: list[list[dict]],
) -> list[tuple[datetime, float, dict[str, float]]]:
    """Points that all runs have, averaged."""
    by_hour: dict[float, list[dict]] = {}
    for curve in found:
        for point in curve:
            by_hour.setdefault(round(point["hour"] * 4) / 4, []).append(point)
    return [
        (
            START + timedelta(hours=hour),
            sum(point["credits"] for point in points) / len(points),
            _sums(points),
        )
        for hour, points in sorted(by_hour.items())
        if len(points) >= len(found)
    ]


def _sums(points: Iterable[dict]) -> dict[str, float]:
    points = list(points)
    names = sorted({name for point in points for name in point["by_activity"]})
    return {
        name: sum(point["by_activity"].get(name, 0) for point in points) / len(points)
        for name in names
    }
