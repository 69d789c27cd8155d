"""What a comparison found: a table of differences for a person, a page or a file."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from spacefleet.lab.statistics import Difference, Interval, paired
from spacefleet.models import Comparison, LabRun

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of a run that arms are compared by; None where a run does not have it."""

    name: str
    label: str
    unit: str
    digits: int
    read: Callable[[Figures], float | None]


def _share_wasted(found: Figures) -> float | None:
    requests = found["requests"]
    return 100 * requests["wasted"] / requests["total"] if requests["total"] else None


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


MEASURES = (
    Measure(
        "net_credits_per_hour",
        "net credits an hour",
        "cr",
        0,
        lambda found: found["net_credits_per_hour"],
    ),
    Measure(
        "net_credits_per_request",
        "net credits a request",
        "cr",
        2,
        lambda found: found["net_credits_per_request"],
    ),
    Measure(
        "net_worth_gain",
        "net worth gained",
        "cr",
        0,
        lambda found: found["net_worth_end"] - found["net_worth_start"],
    ),
    Measure(
        "requests_per_hour",
        "requests an hour",
        "",
        0,
        lambda found: found["requests"]["total"] / found["game_hours"],
    ),
    Measure("wasted_percent", "requests wasted", "%", 2, _share_wasted),
    Measure(
        "avoidable_idle_percent",
        "ships idle that need not be",
        "%",
        2,
        lambda found: _percent(found.get("avoidable_idle_share")),
    ),
    Measure(
        "bound_percent",
        "mining's share of the possible",
        "%",
        2,
        lambda found: _percent((found.get("bound") or {}).get("share")),
    ),
)


@dataclass(frozen=True, slots=True)
class Table:
    """One measure of a comparison: a line for each arm, the first is what others are held to."""

    measure: Measure
    lines: list[Difference]


def figures(comparison: Comparison) -> dict[str, dict[int, Figures]]:
    """Arm → seed → figures of the runs that are done, in the order of the arms."""
    found: dict[str, dict[int, Figures]] = {arm["name"]: {} for arm in comparison.arms}
    rows = comparison.runs.filter(status=LabRun.Status.DONE).order_by("seed")
    for arm, seed, each in rows.values_list("arm", "seed", "figures"):
        found[arm][seed] = each or {}
    return found


def tables(found: Mapping[str, Mapping[int, Figures]]) -> list[Table]:
    """Every measure that some run has."""
    made = [Table(measure, paired(_read(found, measure))) for measure in MEASURES]
    return [table for table in made if table.lines]


def _read(
    found: Mapping[str, Mapping[int, Figures]], measure: Measure
) -> dict[str, dict[int, float]]:
    values: dict[str, dict[int, float]] = {}
    for arm, runs in found.items():
        read = {seed: measure.read(each) for seed, each in runs.items()}
        values[arm] = {seed: value for seed, value in read.items() if value is not None}
    return values


def as_json(comparison: Comparison) -> dict[str, Any]:
    """All of it for a machine; keys that begin with `wall_` depend on the machine."""
    found = figures(comparison)
    return {
        "comparison": comparison.pk,
        "scenario": comparison.scenario,
        "hours": comparison.hours,
        "agent_share": comparison.share,
        "seeds": comparison.seeds,
        "arms": comparison.arms,
        "measures": {
            table.measure.name: [asdict(line) for line in table.lines]
            for table in tables(found)
        },
        "runs": [
            each
            for arm in found.values()
            for each in (_without_curve(run) for run in arm.values())
        ],
        "failed": [
            {"arm": run.arm, "seed": run.seed, "error": run.error}
            for run in comparison.runs.filter(status=LabRun.Status.FAILED).order_by("pk")
        ],
    }


def _without_curve(run: Figures) -> Figures:
    return {key: value for key, value in run.items() if key != "curve"}


def number(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}"


def interval(found: Interval, measure: Measure, *, signed: bool = False) -> str:
    """A mean with its interval, as words: `+120 (80 to 160)`."""
    sign = "+" if signed and found.mean > 0 else ""
    mean = f"{sign}{number(found.mean, measure.digits)}"
    if found.low is None or found.high is None:
        return f"{mean} (one seed: no interval)"
    low, high = number(found.low, measure.digits), number(found.high, measure.digits)
    return f"{mean} ({low} to {high})"


def report(comparison: Comparison) -> str:
    """The tables for a person at a terminal."""
    found = figures(comparison)
    done = sum(len(runs) for runs in found.values())
    lines = [
        f"{comparison.scenario}, {comparison.hours:g} game hours, seeds "
        f"{comparison.seeds[0]} to {comparison.seeds[-1]}, {done} runs done"
    ]
    for table in tables(found):
        unit = f" ({table.measure.unit})" if table.measure.unit else ""
        lines.append(f"  {table.measure.label}{unit}, mean and 95 % interval")
        lines += [f"    {_line(one, table.measure)}" for one in table.lines]
    failed = comparison.runs.filter(status=LabRun.Status.FAILED)
    lines += [f"  failed: {run}: {run.error.splitlines()[-1]}" for run in failed]
    return "\n".join(lines)


def _line(one: Difference, measure: Measure) -> str:
    own = f"{one.arm:<24} {interval(one.own, measure)}"
    if one.more is None:
        return own
    unsure = not one.more.clear and one.more.low is not None
    verdict = ", no clear difference" if unsure else ""
    return (
        f"{own}; against the first {interval(one.more, measure, signed=True)}, "
        f"better on {one.better} of {one.more.count} seeds{verdict}"
    )
