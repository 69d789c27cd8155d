"""The published results: which comparisons they rest on, and the document made of them.

Each table is a comparison whose runs are kept, so that a table that was begun is continued. The
seeds begin at 5001 and serve nothing else: no parameter was ever chosen on them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from spacefleet.lab import compare, work
from spacefleet.lab.arms import Arm
from spacefleet.lab.orders import BadOrder, Order
from spacefleet.lab.statistics import Difference, bootstrap
from spacefleet.models import Comparison, LabRun

FIRST_SEED = 5_001
WANTED_SEEDS = 20
SURVEYS = "surveys.md"
FIGURES = "## The figures\n"
SHOWN = ("net_credits_per_hour", "net_credits_per_request", "wasted_percent")


@dataclass(frozen=True, slots=True)
class Planned:
    """A table of the results: its question, its world, and its arms, the yardstick first."""

    name: str
    question: str
    scenario: str
    arms: tuple[str, ...]
    remark: str = ""


MINING_ONLY = "conductor.buy_ships=no contracts.enabled=no trading.active=no"

TABLES = (
    Planned(
        "activities",
        "Do contracts and trading pay beside mining?",
        "first_day",
        (
            "mining alone: contracts.enabled=no trading.active=no",
            "with contracts: trading.active=no",
            "with contracts and trading:",
        ),
        "A fleet that begins with a frigate and a probe and buys what it can pay.",
    ),
    Planned(
        "behaviours",
        "Does the fleet's own choice beat each behaviour?",
        "late_fleet",
        tuple(
            f"{name}: conductor.buy_ships=no contracts.enabled=no trading.active=no "
            "construction.active=no "
            f"sites.behaviour={name}"
            for name in (
                "auto",
                "pipeline",
                "extract_and_sell",
                "extract_and_transfer",
                "extract_and_transfer_or_sell",
            )
        ),
        "Fifty ships from the first minute; nobody buys any, so that all arms are worth the same. "
        "Mining only: no contracts, no trading.",
    ),
    Planned(
        "moving",
        "Should sales leave home when prices fall?",
        "tanking_prices",
        tuple(
            f"{name}: {MINING_ONLY} sites.behaviour=pipeline sites.near=300 "
            "sites.longest_trip=300 conductor.mining_drones=12 conductor.siphon_drones=0 "
            f"conductor.traders=3 conductor.transports_a_site=2 sales.stay_home={stay}"
            for name, stay in (("staying", "yes"), ("moving", "no"))
        ),
        "Every import market is flooded within two hours; exchanges, farther away, are not. "
        "Nobody buys ships, and the pipeline alone digs, at the rock near home: rare ores far away "
        "would hide what is asked.",
    ),
    Planned(
        "surveyors",
        "Do surveyors pay?",
        "late_fleet",
        (
            "with surveyors: conductor.buy_ships=no",
            "without: conductor.buy_ships=no conductor.surveyors=0",
        ),
        "Fifty ships from the first minute; nobody buys any.",
    ),
    Planned(
        "policies",
        "When to survey?",
        "late_fleet",
        (
            "never: conductor.buy_ships=no surveying.policy=never",
            "always: conductor.buy_ships=no surveying.policy=always",
            "percentile: conductor.buy_ships=no surveying.policy=percentile",
            "stopping: conductor.buy_ships=no surveying.policy=stopping",
        ),
        "Fifty ships from the first minute; nobody buys any. The whole pipeline, not one rock.",
    ),
)


def missing(table: Planned) -> str:
    """Why a table cannot be played by this version; empty when it can."""
    try:
        for text in table.arms:
            Arm.read(text)
    except BadOrder as error:
        return str(error)
    return ""


def planned(names: Sequence[str]) -> list[Planned]:
    """The tables of these names, or all. Raises BadOrder for an unknown one."""
    known = {table.name: table for table in TABLES}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise BadOrder(f"There is no table {unknown[0]!r}. Choose among: {', '.join(known)}.")
    chosen = [known[name] for name in names]
    return chosen or [table for table in TABLES if not missing(table)]


def begin(table: Planned, *, hours: float, seeds: int, fresh: bool = False) -> Comparison:
    """The comparison behind a table, begun or continued up to so many seeds."""
    arms = [Arm.read(text) for text in table.arms]
    found = None if fresh else _earlier(table, arms, hours)
    wanted = list(range(FIRST_SEED, FIRST_SEED + seeds))
    if found is None:
        base = Order(table.scenario, FIRST_SEED, hours).check()
        return work.start(base, arms, wanted, purpose=_purpose(table))
    found.seeds = sorted({*found.seeds, *wanted})
    found.status, found.ended_at = Comparison.Status.RUNNING, None
    found.save(update_fields=["seeds", "status", "ended_at"])
    work.add_runs(found)
    again = (LabRun.Status.CANCELLED, LabRun.Status.FAILED)
    found.runs.filter(status__in=again).update(status=LabRun.Status.WAITING, beat_at=None)
    work.close(found.pk)
    return found


def _purpose(table: Planned) -> str:
    return f"results: {table.name}"


def _earlier(table: Planned, arms: Sequence[Arm], hours: float) -> Comparison | None:
    """The newest comparison for a table that asked for the same."""
    rows = Comparison.objects.filter(
        purpose=_purpose(table), scenario=table.scenario, hours=hours
    )
    asked = [arm.as_json() for arm in arms]
    return next((row for row in rows.order_by("-pk") if row.arms == asked), None)


# the document


def newest(table: Planned) -> Comparison | None:
    rows = Comparison.objects.filter(purpose=_purpose(table), scenario=table.scenario)
    done = rows.filter(runs__status=LabRun.Status.DONE).distinct()
    return done.order_by("-pk").first()


def document(docs: Path) -> str:
    """docs/results.md, from the runs that are kept and from what lies in `docs` already."""
    return "\n".join([*_head(), *_tables(), *_bounds(), *_rock(docs)]).rstrip("\n") + "\n"


def _head() -> Iterator[str]:
    yield "# Results"
    yield ""
    yield (
        "What the lab measured, written by `manage.py results --write`; see [lab.md](lab.md) for "
        "how. Every arm of a table played the same seeds, from 5001 on, which served no choice "
        "of any parameter. Means with 95 % bootstrap intervals; differences are paired by seed, "
        "and an interval that holds zero shows nothing."
    )


def _tables() -> Iterator[str]:
    for table in TABLES:
        yield ""
        yield f"## {table.question}"
        yield ""
        found = newest(table)
        if found is None and (reason := missing(table)):
            yield f"This version cannot play it: {reason}"
            continue
        if found is None:
            yield f"Not played yet: `manage.py results --table {table.name}`."
            continue
        yield from _table(table, found)


def _table(table: Planned, found: Comparison) -> Iterator[str]:
    runs = compare.figures(found)
    played = sorted(set.intersection(*(set(each) for each in runs.values())))
    yield (
        f"Scenario `{found.scenario}`, {found.hours:g} game hours, {len(played)} seeds played by "
        f"every arm. {table.remark}".rstrip()
    )
    if len(played) < WANTED_SEEDS:
        yield f"**Only {len(played)} of the {WANTED_SEEDS} seeds a verdict should rest on.**"
    yield ""
    yield "```sh"
    yield (
        f"python manage.py results --table {table.name} --hours {found.hours:g} "
        f"--seeds {len(found.seeds)}"
    )
    yield "```"
    yield ""
    yield from _arms(found)
    only = {arm: {seed: each[seed] for seed in played} for arm, each in runs.items()}
    for one in compare.tables(only):
        if one.measure.name in SHOWN:
            yield from _measure(one)


def _arms(found: Comparison) -> Iterator[str]:
    for arm in found.arms:
        chosen = ", ".join(f"`{choice}`" for choice in arm["choices"]) or "the defaults"
        yield f"- **{arm['name']}**: {chosen}"
    yield ""


def _measure(table: compare.Table) -> Iterator[str]:
    unit = f" ({table.measure.unit})" if table.measure.unit else ""
    yield f"| {table.measure.label}{unit} | mean | against the first | better on |"
    yield "|---|---|---|---|"
    for line in table.lines:
        yield _row(line, table.measure)
    yield ""


def _row(line: Difference, measure: compare.Measure) -> str:
    own = compare.interval(line.own, measure)
    if line.more is None:
        return f"| {line.arm} | {own} | | |"
    more = compare.interval(line.more, measure, signed=True)
    verdict = "" if line.more.clear or line.more.low is None else ", not clear"
    return f"| {line.arm} | {own} | {more}{verdict} | {line.better} of {line.more.count} |"


def _bounds() -> Iterator[str]:
    """Mining's share of the possible, of every run of every table."""
    yield ""
    yield "## How much of the possible is that?"
    yield ""
    yield (
        "What mining sold, as a share of the [bound](lab.md#the-bound): no fleet of those ships "
        "could have sold more of what it digs. The runs are those of the tables above; each run "
        "of `manage.py backtest` tells its own."
    )
    yield ""
    yield "| scenario | game hours | arm | runs | sold of the bound (%) |"
    yield "|---|---|---|---|---|"
    for table in TABLES:
        found = newest(table)
        if found is not None:
            yield from _shares(found)


def _rock(docs: Path) -> Iterator[str]:
    """The survey policies on one rock, as `manage.py surveys` wrote them down."""
    page = docs / SURVEYS
    if not page.exists():
        return
    _, mark, figures = page.read_text(encoding="utf-8").partition(FIGURES)
    if mark:
        yield ""
        yield "## When to survey, on one rock"
        yield ""
        yield (
            f"From [{SURVEYS}]({SURVEYS}), which `manage.py surveys --write` renews and which "
            "tells how they were measured."
        )
        yield ""
        yield figures.strip()


def _shares(found: Comparison) -> Iterator[str]:
    for arm, runs in compare.figures(found).items():
        shares = [100 * run["bound"]["share"] for run in runs.values() if run["bound"]["share"]]
        if shares:
            told = bootstrap(shares)
            span = "" if told.low is None else f" ({told.low:.2f} to {told.high:.2f})"
            yield (
                f"| {found.scenario} | {found.hours:g} | {arm} | {len(shares)} | "
                f"{told.mean:.2f}{span} |"
            )
