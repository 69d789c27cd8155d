"""Survey policies compared: paired by seed, with bootstrap intervals, as a table.

The seeds of the published table were used for nothing else; the numbers of the rules were chosen
on others (10,000 and up).
"""

import random
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from statistics import fmean

from mining.rules.aiming import Policy

from .rock import Crew, Result, Rule, work_rock

FIRST_SEED = 20_001
SEEDS = 200
HOURS = 4.0
RESAMPLES = 2_000

CREWS = {
    "normal": Crew("8 drones, 1 surveyor", diggers=8, surveyors=1),
    "scarce": Crew(
        "16 drones, 1 surveyor, a rock that bears them", diggers=16, surveyors=1, a_minute=20
    ),
    "spared": Crew(
        "16 drones, 1 surveyor, the rock spared at 9 a minute", diggers=16, surveyors=1
    ),
    "hounds": Crew(
        "8 ore hounds that dig and survey", both=8, laser="MOUNT_MINING_LASER_II", hold=40
    ),
    "alone": Crew(
        "1 frigate that digs and surveys",
        both=1,
        laser="MOUNT_MINING_LASER_II",
        surveyor="MOUNT_SURVEYOR_II",
        hold=40,
    ),
}
RULES = {
    "never survey": Rule(Policy.NEVER),
    "always survey": Rule(Policy.ALWAYS),
    "90th percentile": Rule(Policy.PERCENTILE),
    "stopping": Rule(Policy.STOPPING),
}
OURS, THAT_RULE, NEVER = "stopping", "90th percentile", "never survey"


@dataclass(frozen=True, slots=True)
class Interval:
    """A relative difference in percent, with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:+.1f} % ({self.low:+.1f} … {self.high:+.1f})"


@dataclass(frozen=True, slots=True)
class Line:
    """One crew at one kind of markets: results by rule, one for each seed, in their order."""

    crew: Crew
    saturating: bool
    results: dict[str, list[Result]]

    def mean(self, rule: str, figure: str) -> float:
        return fmean(self._figures(rule, figure))

    def against(self, other: str, figure: str) -> Interval:
        """What the stopping rule brings more than another one, per `per_request` or `per_hour`."""
        return difference(self._figures(OURS, figure), self._figures(other, figure))

    def _figures(self, rule: str, figure: str) -> list[float]:
        return [getattr(result, figure) for result in self.results[rule]]


def difference(ours: Sequence[float], theirs: Sequence[float]) -> Interval:
    """How much more `ours` are than `theirs` on average, both in the order of the same seeds."""
    pairs = list(zip(ours, theirs, strict=True))
    chance = random.Random(0)  # the table is the same whoever makes it
    drawn = sorted(_relative(chance.choices(pairs, k=len(pairs))) for _ in range(RESAMPLES))
    low, high = drawn[RESAMPLES // 40], drawn[-RESAMPLES // 40 - 1]
    return Interval(_relative(pairs), low, high)


def _relative(pairs: Sequence[tuple[float, float]]) -> float:
    return 100 * (sum(our for our, _ in pairs) / sum(their for _, their in pairs) - 1)


def compare(
    crew: str,
    *,
    saturating: bool,
    seeds: Iterable[int] = range(FIRST_SEED, FIRST_SEED + SEEDS),
    hours: float = HOURS,
    workers: int = 0,
) -> Line:
    """Every rule on every seed; `workers` processes share the work, 0 does it here."""
    seeds = list(seeds)
    results: dict[str, list[Result]] = {}
    for name, rule in RULES.items():
        run = partial(
            work_rock, crew=CREWS[crew], rule=rule, saturating=saturating, hours=hours
        )
        results[name] = _each(run, seeds, workers)
    return Line(CREWS[crew], saturating, results)


def _each(run: Callable[[int], Result], seeds: list[int], workers: int) -> list[Result]:
    if not workers:
        return [run(seed) for seed in seeds]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(run, seeds, chunksize=10))


def table(lines: Iterable[Line]) -> str:
    """The comparison as Markdown: what each rule brings, and ours against two of them."""
    return "\n\n".join(_section(line) for line in lines)


def _section(line: Line) -> str:
    markets = "markets as they are" if line.saturating else "markets that never saturate"
    rows = [
        f"**{line.crew.name}, {markets}**",
        "",
        "| rule | credits a request | credits an hour | surveys | aimed |",
        "|---|---|---|---|---|",
    ]
    for rule, results in line.results.items():
        surveys = fmean(each.surveys for each in results)
        aimed = fmean(each.aimed / each.extractions for each in results)
        rows.append(
            f"| {rule} | {line.mean(rule, 'per_request'):.1f} | "
            f"{line.mean(rule, 'per_hour'):,.0f} | {surveys:.0f} | {100 * aimed:.0f} % |"
        )
    rows += [
        "",
        "| stopping against | a request | an hour |",
        "|---|---|---|",
    ]
    for other in RULES:
        if other != OURS:
            rows.append(
                f"| {other} | {line.against(other, 'per_request')} | "
                f"{line.against(other, 'per_hour')} |"
            )
    return "\n".join(rows)
