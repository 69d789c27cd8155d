"""The backtest command (spacefleet.management.commands.backtest), run as a user runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from spacefleet.lab.figures import ratio
from spacefleet.lab.watch import plain
from spacefleet.management.commands.backtest import bar

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


def without_wall(run: dict) -> str:
    """What follows from the seed, to the byte."""
    kept = {key: value for key, value in run.items() if not key.startswith("wall_")}
    return json.dumps(kept, sort_keys=True)


@pytest.fixture(scope="module")
def run() -> dict:
    return json.loads(backtest("--hours", "0.25", "--seed", "3", "--json").stdout)


def test_same_seed_gives_the_same_figures_to_the_byte(run):
    again = json.loads(backtest("--hours", "0.25", "--seed", "3", "--json").stdout)

    assert without_wall(again) == without_wall(run)


def test_ledger_is_the_balance_of_the_game(run):
    assert run["ledger_drift"] == 0
    assert run["ledger_equals_balance"] is True
    ships = run["net_worth_end"] - run["credits_end"] - run["goods_end"]
    assert run["credits_end"] == run["credits_start"] + run["net_credits"] - ships + (
        run["net_worth_start"] - run["credits_start"]
    )


def test_requests_add_up_by_purpose_endpoint_and_status(run):
    requests = run["requests"]

    assert requests["total"] > 20
    assert requests["total"] == requests["productive"] + requests["wasted"]
    for name in ("by_purpose", "by_endpoint", "by_status"):
        assert sum(requests[name].values()) == requests["total"], name
    assert sum(requests["wasted_by_purpose"].values()) == requests["wasted"]
    assert sum(requests["by_error"].values()) <= requests["wasted"]


def test_time_of_the_ships_adds_up_and_idle_time_has_a_reason(run):
    spent = run["ship_hours"]

    assert sum(spent.values()) <= run["ships"] * run["game_hours"] + 0.01
    assert sum(run["idle_hours_by_reason"].values()) == pytest.approx(spent["idle"], abs=0.02)
    avoidable = run["avoidable_idle_hours"]
    assert set(avoidable) == {"no vacancy", "no fuel", "no stock", "no plan"}
    assert sum(avoidable.values()) <= spent["idle"] + 0.02
    assert run["avoidable_idle_share"] == pytest.approx(
        sum(avoidable.values()) / sum(spent.values()), abs=0.001
    )


def test_curve_begins_and_ends_with_the_credits_of_the_run(run):
    assert run["curve"][0]["credits"] == run["credits_start"]
    assert run["curve"][-1]["credits"] == run["credits_end"]


def test_agent_with_a_share_of_the_budget_stays_within_it():
    found = json.loads(
        backtest("--hours=0.25", "--scenario=late_fleet", "--agent-share=8", "--json").stdout
    )

    allowed = found["game_hours"] * 3600 * 2.5 * 0.08
    assert found["game_hours"] < 0.26
    assert found["requests"]["total"] <= allowed + 0.08 * 32 + 1
    assert found["requests"]["mean_wait_ms"] > 0
    assert "429" not in found["requests"]["by_status"]


def test_a_fifth_of_all_calls_is_spoiled_and_nothing_is_lost_or_unhandled():
    found = json.loads(
        backtest(
            "--hours=0.4", "--scenario=showcase", "--faults=20", "--seed=11", "--json"
        ).stdout
    )

    share = sum(found["spoiled"].values()) / found["requests"]["total"]
    assert share == pytest.approx(0.2, abs=0.05)
    assert set(found["spoiled"]) >= {"502", "503", "lost", "malformed", "html429", "slow"}
    assert found["errors"] == []
    assert found["ledger_drift"] == 0
    assert found["ledger_equals_balance"] is True
    assert found["net_credits"] > 0


def test_comparisons_are_played_without_faults():
    refused = backtest("--compare", "base", "eager-hand-over", "--faults=20")

    assert refused.returncode == 1
    assert "without faults" in refused.stderr


@pytest.mark.parametrize(
    ("argument", "says"),
    [
        ("--set=miner.nope=1", "miner has no parameter 'nope'"),
        ("--set=miner.hand_over_at=500", "must be at most 100"),
        ("--set=nonsense", "BEHAVIOUR.PARAMETER=VALUE"),
        ("--hours=0", "Hours must be above 0"),
        ("--hours=nan", "Hours must be above 0"),
        ("--scenario=utopia", "There is no scenario 'utopia'. Choose one of: crowded_depots"),
        ("--agent-share=0", "a percentage from 1 to 100"),
        ("--seed=-1", "A seed is a whole number from 0"),
        ("--faults=80", "a percentage of calls from 0 to 50"),
    ],
)
def test_bad_input_is_refused_with_what_is_allowed(argument, says):
    refused = backtest(argument)

    assert refused.returncode == 1
    assert says in refused.stderr


def test_bar_tells_game_time_and_speed():
    assert "1.50 of 6 game hours, 540 × real time, 30 s left" in bar(1.5, 6, took=10)


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("flying to X1-AB12-C3 (47 s)", "flying to"),
        ("waiting for 3 more units: QUARTZ_SAND", "waiting for more units"),
        ("no sale to carry out · parked", "no sale to carry out"),
        ("", "silent"),
    ],
)
def test_reasons_are_counted_without_names_and_numbers(why, told):
    assert plain(why) == told


def test_log_figures_of_credits_per_request_are_reproduced():
    assert ratio(190_826, 915) == pytest.approx(208.55300546448087)
    assert ratio(190_826, 1_378) == pytest.approx(138.48040638606677)
    assert ratio(190_826, 0) is None
