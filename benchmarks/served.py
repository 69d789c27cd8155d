"""Does the lab tell the truth? The same scenario and seed in virtual time and served over HTTP.

    python benchmarks/served.py --scenario first_day --hours 1 --speed 20 --seeds 3

For each seed: `manage.py demo` brings up a universe of that speed, the workers and a database of
their own and lets them fly for the hours; `manage.py backtest` plays the same in virtual time for
as long as the served fleet had. Both begin with the same world, ships and credits.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import fmean
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 240.0  # wall seconds for a served run to come up and go down


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def manage(*words: str, home: str, patience: float) -> dict[str, Any]:
    """The JSON object that one of our commands prints."""
    environment = {**os.environ, "SPACEFLEET_HOME": home, "LOG_LEVEL": "ERROR"}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "manage.py", *words, "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=patience,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"manage.py {' '.join(words)} failed:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def served(scenario: str, *, seed: int, hours: float, speed: float) -> dict[str, Any]:
    seconds = hours * 3600 / speed
    with tempfile.TemporaryDirectory() as home:
        return manage(
            "demo",
            f"--scenario={scenario}",
            f"--seed={seed}",
            f"--speed={speed:g}",
            f"--for={seconds:g}",
            f"--universe-port={free_port()}",
            home=home,
            patience=seconds + PATIENCE,
        )


def played(scenario: str, *, seed: int, hours: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as home:
        return manage(
            "backtest",
            f"--scenario={scenario}",
            f"--seed={seed}",
            f"--hours={hours:g}",
            home=home,
            patience=1800,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scenario", default="first_day")
    parser.add_argument("--hours", type=float, default=1.0, help="game hours")
    parser.add_argument("--speed", type=float, default=20.0)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=5001, help="the first seed")
    asked = parser.parse_args()
    pairs = []
    print("seed   game hours   credits served   credits in the lab   requests   in the lab")
    for seed in range(asked.seed, asked.seed + asked.seeds):
        real = served(asked.scenario, seed=seed, hours=asked.hours, speed=asked.speed)
        lab = played(asked.scenario, seed=seed, hours=real["game_hours"])
        pairs.append((real["credits_end"], lab["credits_end"]))
        print(
            f"{seed:<6} {real['game_hours']:>10.3f} {real['credits_end']:>16,} "
            f"{lab['credits_end']:>20,} {real['requests']:>10,} "
            f"{lab['requests']['total']:>12,}",
            flush=True,
        )
    mean_real, mean_lab = (fmean(values) for values in zip(*pairs, strict=True))
    print(
        f"mean credits: served {mean_real:,.0f}, lab {mean_lab:,.0f}, "
        f"{mean_lab / mean_real - 1:+.2%} in the lab"
    )


if __name__ == "__main__":
    main()
