"""The backtest command (spacefleet.management.commands.backtest), run as a user runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from spacefleet.lab.figures import ratio

ROOT = Path(__file__).resolve().parents[2]


def backtest(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "manage.py", "backtest", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


def test_same_seed_gives_the_same_figures_to_the_credit():
    runs = [
        json.loads(backtest("--hours", "0.25", "--seed", "3", "--json").stdout)
        for _ in range(2)
    ]

    first, second = (
        {key: value for key, value in run.items() if not key.startswith("wall_")}
        for run in runs
    )
    assert first == second
    assert first["ledger_drift"] == 0
    assert first["requests"]["total"] > 20


@pytest.mark.parametrize(
    ("argument", "says"),
    [
        ("--set=miner.nope=1", "miner has no parameter 'nope'"),
        ("--set=miner.hand_over_at=500", "must be at most 100"),
        ("--set=nonsense", "BEHAVIOUR.PARAMETER=VALUE"),
        ("--hours=0", "--hours must be above 0"),
    ],
)
def test_bad_input_is_refused_with_what_is_allowed(argument, says):
    refused = backtest(argument)

    assert refused.returncode == 1
    assert says in refused.stderr


def test_log_figures_of_credits_per_request_are_reproduced():
    assert ratio(190_826, 915) == pytest.approx(208.55300546448087)
    assert ratio(190_826, 1_378) == pytest.approx(138.48040638606677)
    assert ratio(190_826, 0) is None
