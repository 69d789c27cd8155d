"""The published results (spacefleet.lab.results): kept runs, continued, written as a document."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from spacefleet.lab import results
from spacefleet.lab.arms import Arm
from spacefleet.models import LabRun
from tests.lab.sample import figures

NOWHERE = Path("nowhere")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _still(noon: object) -> None:
    """The clock stands at noon."""


def played(table: results.Planned, *, seeds: int) -> None:
    found = results.begin(table, hours=2.0, seeds=seeds)
    for run in found.runs.filter(status="waiting"):
        credits = 1000 + run.seed + (500 if run.arm == found.arms[1]["name"] else 0)
        LabRun.objects.filter(pk=run.pk).update(
            status="done", figures=figures(credits, run.seed), played=2
        )


def test_all_tables_are_those_that_this_version_can_play():
    assert results.planned([]) == [each for each in results.TABLES if not results.missing(each)]
    assert results.TABLES[0] in results.planned([])


def test_table_of_another_version_is_left_out_and_says_why():
    table = results.Planned(
        "x", "Is it so?", "first_day", ("a: miner.nope=1", "b: miner.nope=2")
    )

    assert "miner has no parameter 'nope'" in results.missing(table)


def test_table_that_was_begun_is_continued():
    table = results.TABLES[0]
    played(table, seeds=2)

    found = results.begin(table, hours=2.0, seeds=3)

    assert found.seeds == [5001, 5002, 5003]
    states = sorted(found.runs.values_list("status", flat=True))
    assert states == ["done"] * 2 * len(table.arms) + ["waiting"] * len(table.arms)


def test_other_hours_or_a_fresh_start_begin_anew():
    table = results.TABLES[0]
    first = results.begin(table, hours=2.0, seeds=1)

    assert results.begin(table, hours=4.0, seeds=1).pk != first.pk
    assert results.begin(table, hours=2.0, seeds=1, fresh=True).pk != first.pk


def test_document_tells_means_differences_seeds_and_commands():
    table = results.TABLES[0]
    played(table, seeds=3)

    told = results.document(NOWHERE)

    assert f"manage.py results --table {table.name} --hours 2 --seeds 3" in told
    assert "3 seeds played by every arm" in told
    assert "Only 3 of the 20 seeds" in told
    assert "+500 (500 to 500) | 3 of 3 |" in told
    assert "| 5.00 (5.00 to 5.00) |" in told


def test_only_seeds_that_every_arm_played_count():
    table = results.TABLES[0]
    played(table, seeds=3)
    LabRun.objects.filter(seed=5003, arm=Arm.read(table.arms[1]).name).update(
        status="failed", figures=None
    )

    assert "2 seeds played by every arm" in results.document(NOWHERE)


def test_table_without_runs_says_how_to_play_it():
    assert f"Not played yet: `manage.py results --table {results.TABLES[0].name}`" in (
        results.document(NOWHERE)
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--table=nope"], "There is no table 'nope'"),
        (["--hours=0"], "up to 168 hours"),
        (["--seeds=0"], "1 to 1000 seeds"),
    ],
)
def test_bad_input_is_refused(words, says):
    with pytest.raises(CommandError, match=says):
        call_command("results", *words)


def test_survey_policies_are_taken_over_from_their_page(tmp_path):
    (tmp_path / "surveys.md").write_text("# Surveys\n\n## The figures\n\nnever: 12\n")

    told = results.document(tmp_path)

    assert "`manage.py surveys --write`" in told
    assert told.endswith("never: 12\n")
