"""What a step costs: `python -m benchmarks.engine [--ships 10 50 …] [--runs 3]` prints tables.

Each run is a fleet of the scenario `late_fleet`, smaller and larger, flown by the dispatcher
that flies for real, in a process of its own. Times are processor time, because they hold on a
busy machine too; figures are medians over the runs.
"""

import argparse
from statistics import median
from typing import Any

from .run import apart, machine

SIZES = (10, 50, 200, 500)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ships", type=int, nargs="+", default=SIZES)
    parser.add_argument("--minutes", type=float, default=30, help="game minutes measured")
    parser.add_argument("--warm", type=float, default=30, help="game minutes before that")
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    found = {
        ships: [
            apart(ships=ships, minutes=chosen.minutes, warm=chosen.warm, seed=seed)
            for seed in range(1, chosen.runs + 1)
        ]
        for ships in chosen.ships
    }
    print(f"{machine()}; median of {chosen.runs} runs of {chosen.minutes:g} game minutes\n")
    _print_sizes(found)
    print()
    _print_roles(found)


def _print_sizes(found: dict[int, list[dict[str, Any]]]) -> None:
    head = (
        "ships", "steps", "requests", "steps/s", "requests/s", "statements a step",
        "ms a step", "of it engine", "ms a request", "ms a pass", "ms a pass and ship",
    )  # fmt: skip
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for runs in found.values():
        cells = [median(row) for row in zip(*map(_figures, runs), strict=True)]
        texts = (f"{cell:,.0f}" if cell >= 100 else f"{cell:.4g}" for cell in cells)
        print("| " + " | ".join(texts) + " |")


def _figures(run: dict[str, Any]) -> list[float]:
    own = sum(cost["cpu"] for cost in run["by"].values())
    passes = [cost for name, cost in run["by"].items() if "." in name]
    a_pass = 1000 * sum(cost["cpu"] for cost in passes) / max(1, _steps(passes))
    return [
        run["ships"],
        run["steps"],
        run["requests"],
        run["steps"] / run["cpu"],
        run["requests"] / run["cpu"],
        run["statements"] / run["steps"],
        1000 * run["cpu"] / run["steps"],
        1000 * (run["cpu"] - own) / run["steps"],
        1000 * run["cpu"] / max(1, run["requests"]),
        a_pass,
        a_pass / run["ships"],
    ]


def _steps(costs: list[dict[str, Any]]) -> int:
    return int(sum(cost["steps"] for cost in costs))


def _print_roles(found: dict[int, list[dict[str, Any]]]) -> None:
    """Statements and milliseconds of a step, by role and evaluator, beside the engine's own."""
    names = sorted({name for runs in found.values() for run in runs for name in run["by"]})
    print("| statements, ms | " + " | ".join(f"{size} ships" for size in found) + " |")
    print("|" + "---|" * (len(found) + 1))
    for name in names:
        cells = (_role(name, runs) for runs in found.values())
        print(f"| `{name}` | " + " | ".join(cells) + " |")


def _role(name: str, runs: list[dict[str, Any]]) -> str:
    costs = [run["by"][name] for run in runs if name in run["by"]]
    if not costs:
        return "–"
    statements = median(cost["statements"] / cost["steps"] for cost in costs)
    cpu = median(1000 * cost["cpu"] / cost["steps"] for cost in costs)
    return f"{statements:.1f}, {cpu:.1f}"


if __name__ == "__main__":
    main()
