"""What planning takes and gains: `python -m benchmarks.planner [--runs 3]` prints two tables.

The first plans who digs where and who carries (`mining.rules.manning`) for fleets and systems made
up by a fixed generator; the second matches ships to places (`fleet.planner.assignment`). Beside each
stands the greedy choice: always the step, or the pair, that adds most. The gap is that to the upper
bound of the relaxed programme, in which ships may be divided, so the true gap is smaller.
"""

import argparse
import random
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

from fleet.planner import assignment, linear
from mining.rules import manning
from mining.rules.manning import Crew, Ground, Job, Place, Step

from .run import machine

SIZES = ((10, 20), (30, 60), (100, 200))  # ships, places
GREEDY_UP_TO = 60  # places: greedy solves a programme for each candidate of each step
GOODS = tuple(f"ORE_{letter}" for letter in "ABCDEFGHIJ")
STOPS = tuple(f"stop {number}" for number in range(6))


def ground(ships: int, places: int, *, seed: int) -> Ground:
    """A system made up: rocks with three ores each, six stops, drones, frigates and haulers."""
    chance = random.Random(seed)
    crews = [
        Crew("drones", ships // 2),
        Crew("siphons", ships // 5),
        Crew("haulers", ships - ships // 2 - ships // 5),
    ]
    sites = [
        Place(
            f"rock {number}",
            dict.fromkeys(chance.sample(GOODS, 3), 1 / 3),
            most=chance.choice((60.0, 120.0)),
            carriers=2,
        )
        for number in range(places)
    ]
    steps = [
        Step(good, stop, 60.0, price * 0.94**number)
        for good in GOODS
        for stop in chance.sample(STOPS, 2)
        for price in (chance.uniform(20, 320),)
        for number in range(6)
    ]
    return Ground(crews, _jobs(crews, sites, chance), sites, steps)


def _jobs(crews: Sequence[Crew], sites: Sequence[Place], chance: random.Random) -> list[Job]:
    found = []
    for crew in crews[:2]:
        for site in sites:
            digs = 3600 / chance.uniform(70, 90)
            found.append(Job(crew.name, site.name, "", 3 * digs, digs, 40 * digs))
            for stop in chance.sample(STOPS, 2):
                share = chance.uniform(0.3, 0.9)  # of its time; the rest it flies
                found.append(
                    Job(crew.name, site.name, stop, 3 * digs * share, digs * share, 900)
                )
    for site in sites:
        for stop in chance.sample(STOPS, 3):
            trips = chance.uniform(2, 8)
            found.append(Job("haulers", site.name, stop, 40 * trips, 0.0, 300 * trips))
    return found


def bound(whole: Ground) -> float:
    """What a fleet whose ships may be divided would earn: no plan earns more."""
    return linear.maximise(manning._worth(whole), list(manning._limits(whole))).value


def pairs(ships: int, places: int, *, seed: int) -> list[list[float]]:
    chance = random.Random(seed)
    return [[chance.uniform(-200, 2_000) for _ in range(places)] for _ in range(ships)]


def best_pair_first(values: Sequence[Sequence[float]]) -> float:
    """The greedy matching: the pair worth most of what is left, again and again."""
    order = sorted(
        (
            (value, row, column)
            for row, line in enumerate(values)
            for column, value in enumerate(line)
        ),
        reverse=True,
    )
    rows, columns, total = set(), set(), 0.0
    for value, row, column in order:
        if value > 0 and row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            total += value
    return total


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.perf_counter()
    return work(), time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="instances of each size")
    runs = parser.parse_args().runs
    print(f"{machine()}; median of {runs} instances\n")
    _print_manning(runs)
    print()
    _print_matching(runs)


def _print_manning(runs: int) -> None:
    print("| ships × places | plan, s | greedy, s | plan, credits/h | gain over greedy | gap |")
    print("|---|---|---|---|---|---|")
    for ships, places in SIZES:
        rows = [_manned(ships, places, seed) for seed in range(1, runs + 1)]
        took, greedy_took, value, gain, gap = (
            median(column) if None not in column else None for column in zip(*rows, strict=True)
        )
        print(
            f"| {ships} × {places} | {took:.2f} | {_or_none(greedy_took, '.2f')} | {value:,.0f} | "
            f"{_or_none(gain, '+.1%')} | {gap:.2%} |"
        )


def _manned(ships: int, places: int, seed: int) -> tuple[Any, ...]:
    whole = ground(ships, places, seed=seed)
    chosen, took = timed(lambda: manning.best(whole))
    most = bound(whole)
    gap = 1 - chosen.value / most
    if places > GREEDY_UP_TO:
        return took, None, chosen.value, None, gap
    greedy, greedy_took = timed(lambda: manning.greedy(whole))
    return took, greedy_took, chosen.value, chosen.value / greedy.value - 1, gap


def _print_matching(runs: int) -> None:
    print("| ships × places | match, s | value | gain over greedy |")
    print("|---|---|---|---|")
    for ships, places in (*SIZES, (500, 500)):
        rows = [_matched(ships, places, seed) for seed in range(1, runs + 1)]
        took, value, gain = (median(column) for column in zip(*rows, strict=True))
        print(f"| {ships} × {places} | {took:.3f} | {value:,.0f} | {gain:+.1%} |")


def _matched(ships: int, places: int, seed: int) -> tuple[float, float, float]:
    values = pairs(ships, places, seed=seed)
    chosen, took = timed(lambda: assignment.match(values))
    value = sum(values[row][column] for row, column in enumerate(chosen) if column is not None)
    return took, value, value / best_pair_first(values) - 1


def _or_none(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


if __name__ == "__main__":
    main()
