"""How fast the lab plays: `python -m benchmarks.lab [--hours 24] [--seeds 1 2 3]`.

Fifty ships of the scenario `late_fleet`. A table of the runs, and where the time went.
"""

import argparse
from statistics import median
from typing import Any

from .run import apart, machine

TARGET = "the goal: 24 hours in at most 90 s, 1,300 requests a second, 6 statements a step"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=24)
    parser.add_argument("--seeds", type=int, nargs="+", default=(1, 2, 3))
    chosen = parser.parse_args()
    runs = [apart(ships=50, minutes=60 * chosen.hours, seed=seed) for seed in chosen.seeds]
    print(f"{machine()}; {chosen.hours:g} game hours of 50 ships\n({TARGET})\n")
    print("| seed | wall s | CPU s | steps | requests | requests/s | ms a request "
          "| statements a step | credits | drift |")  # fmt: skip
    print("|" + "---|" * 10)
    for run in runs:
        print(_row(str(run["seed"]), run))
    names = ("wall", "cpu", "steps", "requests", "statements", "credits", "drift")
    print(_row("median", {name: median(run[name] for run in runs) for name in names}))
    print()
    _print_costs(runs)


def _row(name: str, run: dict[str, Any]) -> str:
    return (
        f"| {name} | {run['wall']:.1f} | {run['cpu']:.1f} | {run['steps']:,.0f} "
        f"| {run['requests']:,.0f} | {run['requests'] / run['cpu']:,.0f} "
        f"| {1000 * run['cpu'] / run['requests']:.2f} "
        f"| {run['statements'] / run['steps']:.2f} | {run['credits']:,.0f} | {run['drift']:+,.0f} |"
    )


def _print_costs(runs: list[dict[str, Any]]) -> None:
    """Who took the time, the most expensive first; over all runs."""
    total = sum(run["cpu"] for run in runs)
    names = {name for run in runs for name in run["by"]}
    costs = {name: [run["by"][name] for run in runs if name in run["by"]] for name in names}
    print("| who | steps | ms a step | statements a step | of the time |")
    print("|---|---|---|---|---|")
    for name in sorted(names, key=lambda name: -_sum(costs[name], "cpu")):
        steps, cpu = _sum(costs[name], "steps"), _sum(costs[name], "cpu")
        print(
            f"| `{name}` | {steps:,.0f} | {1000 * cpu / steps:.2f} "
            f"| {_sum(costs[name], 'statements') / steps:.2f} | {cpu / total:.0%} |"
        )
    own = total - sum(_sum(each, "cpu") for each in costs.values())
    print(f"| the engine itself | | | | {own / total:.0%} |")


def _sum(costs: list[dict[str, Any]], name: str) -> float:
    return float(sum(cost[name] for cost in costs))


if __name__ == "__main__":
    main()
