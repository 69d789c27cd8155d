"""What planning takes and gains: `python -m benchmarks.planner [--runs 3]` prints three tables.

The first plans who digs where and who carries (`mining.rules.manning.best`) for fleets and systems
made up by a fixed generator, the second does so for fifty small instances; the third matches ships to
places (`fleet.planner.assignment`). Beside each stands the greedy choice: always the step, or the
pair, that adds most (`mining.rules.greedy`). The gap is that to the greatest plan of whole ships,
found by a search without limits; where that has not ended in a minute, to its proven bound, so that
the true gap is smaller.
"""

import argparse
import random
import time
from collections.abc import Callable, Sequence
from statistics import mean, median
from typing import Any

from fleet.planner import assignment, linear
from mining.rules import manning, programme
from mining.rules.greedy import greedy
from mining.rules.programme import Crew, Ground, Job, Place, Step

from .run import machine

SIZES = ((10, 20), (30, 60), (100, 200))  # ships, places
SMALL = (5, 6)  # ships and places of the fifty instances
FIFTY = range(1, 51)  # their seeds
EXACT = linear.Effort(gap=0.0, nodes=None, seconds=60.0)
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
    """What the best plan of whole ships earns, or no plan exceeds if a minute was too short."""
    columns = [("job", number) for number in range(len(whole.jobs))]
    found = linear.maximise_whole(
        programme.goal(whole), list(programme.limits(whole)), whole=columns, effort=EXACT
    )
    if found is None:
        return linear.maximise(programme.goal(whole), list(programme.limits(whole))).value
    return max(found.value, found.bound)


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
    _print_fifty()
    print()
    _print_matching(runs)


def _print_manning(runs: int) -> None:
    print("| ships × places | plan, s | greedy, s | plan, credits/h | gain over greedy | gap |")
    print("|---|---|---|---|---|---|")
    for ships, places in SIZES:
        rows = [_manned(ships, places, seed) for seed in range(1, runs + 1)]
        took, greedy_took, value, gain, gap = (
            median(column) for column in zip(*rows, strict=True)
        )
        print(
            f"| {ships} × {places} | {took:.2f} | {greedy_took:.2f} | {value:,.0f} | "
            f"{gain:+.1%} | {gap:.2%} |"
        )


def _manned(ships: int, places: int, seed: int) -> tuple[float, float, float, float, float]:
    whole = ground(ships, places, seed=seed)
    chosen, took = timed(lambda: manning.best(whole))
    (_, value), greedy_took = timed(lambda: greedy(whole))
    gap = max(0.0, 1 - chosen.value / bound(whole))
    return took, greedy_took, chosen.value, chosen.value / value - 1, gap


def _print_fifty() -> None:
    """The fifty small instances: whether the plan is ever worse than the greedy one."""
    rows = [_manned(*SMALL, seed=seed) for seed in FIFTY]
    gains, gaps = [row[3] for row in rows], [row[4] for row in rows]
    print(
        f"{len(rows)} instances of {SMALL[0]} ships × {SMALL[1]} places: worse than greedy "
        f"{sum(gain < -1e-9 for gain in gains)} times, gain {mean(gains):+.1%} (median "
        f"{median(gains):+.1%}, most {max(gains):+.1%}), gap to the optimum {mean(gaps):.2%} "
        f"(most {max(gaps):.2%}), {max(row[0] for row in rows):.2f} s at most"
    )


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


if __name__ == "__main__":
    main()
