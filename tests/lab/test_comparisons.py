"""Comparisons (spacefleet.lab.work, arms, statistics, compare): rows, workers and differences."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spacefleet import clock
from spacefleet.lab import compare, pool, work
from spacefleet.lab.arms import PRESETS, Arm, read_arms, seeds_from
from spacefleet.lab.orders import BadOrder, Choice, Order
from spacefleet.lab.statistics import bootstrap, paired
from spacefleet.models import Comparison, LabRun

SHORT = Order(scenario="first_day", hours=0.05)


def begun(*names: str, seeds: int = 1, base: Order = SHORT) -> Comparison:
    return work.start(base, read_arms(names or ("base", "no-purchases")), range(5, 5 + seeds))


# arms


@pytest.mark.parametrize(
    ("text", "name", "choices"),
    [
        ("base", "base", []),
        ("no-purchases", "no-purchases", ["conductor.buy_ships=no"]),
        ("eager: miner.hand_over_at=40", "eager", ["miner.hand_over_at=40"]),
        (
            "two things: miner.hand_over_at=40, conductor.scouts=2",
            "two things",
            ["miner.hand_over_at=40", "conductor.scouts=2"],
        ),
        ("empty:", "empty", []),
    ],
)
def test_arm_is_read_from_its_name_and_parameters(text, name, choices):
    arm = Arm.read(text)

    assert (arm.name, [str(choice) for choice in arm.choices]) == (name, choices)


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["base"], "two to 8 arms, not 1"),
        (["base", "base"], "a name of its own"),
        (["base", "nope"], "no preset 'nope'"),
        (["base", "x: miner.nope=1"], "miner has no parameter 'nope'"),
        (["base", "x: miner.hand_over_at=500"], "must be at most 100"),
        (["base", "<b>: miner.hand_over_at=50"], "An arm is NAME"),
    ],
)
def test_bad_arms_are_refused_with_what_is_allowed(texts, says):
    with pytest.raises(BadOrder, match=says):
        read_arms(texts)


@pytest.mark.parametrize("name", PRESETS)
def test_preset_names_parameters_that_exist(name):
    assert Arm.read(name).name == name


def test_seeds_are_counted_from_the_first():
    assert seeds_from(7, 3) == [7, 8, 9]
    with pytest.raises(BadOrder, match="1 to 1000 seeds"):
        seeds_from(7, 0)


# differences


def test_difference_is_taken_on_the_seeds_both_arms_played():
    found = {"base": {1: 10.0, 2: 30.0, 3: 20.0}, "more": {1: 15.0, 2: 36.0, 9: 999.0}}

    first, second = paired(found)

    assert first.more is None
    assert (second.more.mean, second.more.count, second.better) == (5.5, 2, 2)
    assert second.more.clear


def test_interval_of_the_same_figures_is_always_the_same():
    values = [1.0, 4.0, 2.0, 8.0, 5.0]

    assert bootstrap(values) == bootstrap(values)


def test_one_seed_has_a_mean_and_no_interval():
    found = bootstrap([4.0])

    assert (found.mean, found.low, found.high, found.clear) == (4.0, None, None, False)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=12))
def test_interval_holds_the_mean_and_lies_within_the_values(values):
    found = bootstrap(values)

    assert min(values) - 1e-6 <= found.low <= found.high <= max(values) + 1e-6
    assert found.low - 1e-6 <= found.mean <= found.high + 1e-6


def test_difference_around_zero_is_not_clear():
    found = {
        "base": dict.fromkeys(range(6), 0.0),
        "noise": dict(enumerate([3, -2, 1, -3, 2, -1.0])),
    }

    assert not paired(found)[1].more.clear


# rows and workers


@pytest.mark.django_db
def test_comparison_has_a_run_for_each_arm_and_seed(noon):
    found = begun("base", "eager: miner.hand_over_at=40", seeds=3)

    assert found.runs.count() == 6
    run = found.runs.get(arm="eager", seed=6)
    assert work.order(run) == Order(
        "first_day", 6, 0.05, choices=(Choice("miner", "hand_over_at", "40"),)
    )


@pytest.mark.django_db
def test_run_is_taken_by_one_worker_only(noon):
    found = begun()

    first, second = work.take("ada"), work.take("grace")

    assert {first.arm, second.arm} == {"base", "no-purchases"}
    assert work.take("joan") is None
    assert found.runs.filter(status="running").count() == 2


@pytest.mark.django_db
def test_run_of_a_silent_worker_is_taken_anew(noon):
    begun()
    lost, _ = work.take("ada"), work.take("ada")
    noon.sleep(work.SILENT.total_seconds() + 1)
    LabRun.objects.exclude(pk=lost.pk).update(beat_at=clock.now())

    again = work.take("grace")

    assert (again.pk, again.worker) == (lost.pk, "grace")


@pytest.mark.django_db
def test_cancelled_comparison_keeps_what_is_done(noon):
    found = begun(seeds=2)
    LabRun.objects.filter(seed=5).update(status="done", figures={})

    assert work.cancel(found)

    assert dict(found.runs.values_list("status", "seed").order_by("seed")) == {
        "done": 5,
        "cancelled": 6,
    }
    assert work.take("ada") is None
    assert not work.cancel(found)


# playing


@pytest.mark.django_db(transaction=True)
def test_runs_are_played_here_where_no_worker_lives():
    found = begun("base", "again:")

    pool.play(found, processes=1, tell=lambda comparison: None)

    found.refresh_from_db()
    assert found.status == "done"
    told = compare.as_json(found)
    base, again = told["measures"]["net_credits_per_hour"]
    assert base["own"]["mean"] == again["own"]["mean"]
    assert again["more"]["mean"] == 0
    assert [run["seed"] for run in told["runs"]] == [5, 5]
    assert "against the first" in compare.report(found)


@pytest.mark.django_db(transaction=True)
def test_failed_run_says_why_and_the_comparison_ends():
    found = begun()
    LabRun.objects.filter(arm="no-purchases").delete()
    Comparison.objects.filter(pk=found.pk).update(scenario="utopia")

    run = work.take("ada")
    work.carry_out(run)

    run.refresh_from_db()
    found.refresh_from_db()
    assert (run.status, found.status) == ("failed", "done")
    assert "There is no scenario 'utopia'" in run.error


@pytest.mark.django_db(transaction=True)
def test_worker_that_has_to_stop_gives_its_run_back():
    begun()
    run = work.take("ada")

    finished = work.carry_out(run, stop=lambda: True)

    run.refresh_from_db()
    assert not finished
    assert (run.status, run.worker, run.beat_at) == ("waiting", "", None)


@pytest.mark.django_db(transaction=True)
def test_process_of_a_cancelled_run_ends(monkeypatch):
    monkeypatch.setattr(work, "BEAT", 0.0)
    found = begun(base=Order("late_fleet", hours=24.0))
    run = work.take("ada")
    work.cancel(found)

    finished = work.carry_out(run)

    run.refresh_from_db()
    assert not finished
    assert run.status == "cancelled"
