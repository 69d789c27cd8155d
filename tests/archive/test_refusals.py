"""A restore that cannot be right says why, and changes nothing."""

import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from fleet.models import LedgerEntry
from spacefleet import clock
from spacefleet.archive import reading
from tests import factories as make
from tests.archive.homes import ITS_KEY, RELEASED, edited

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def its_key(settings: Any) -> None:
    settings.TOKEN_KEYS = [ITS_KEY]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    path = tmp_path / "copy.backup"
    path.write_bytes(RELEASED.read_bytes())
    return path


def test_a_database_with_a_fleet_is_not_replaced_without_force(copy: Path) -> None:
    make.LedgerEntryFactory()

    with pytest.raises(CommandError, match="holds 1 agents, 1 ledger entries"):
        call_command("restore", str(copy))

    assert LedgerEntry.objects.count() == 1


def test_a_database_that_workers_use_is_not_replaced(copy: Path) -> None:
    make.NodeFactory(name="harbour", beat_at=clock.now())

    with pytest.raises(CommandError, match="stop harbour first"):
        call_command("restore", str(copy), "--force")


def test_foreign_keys_are_named_before_anything_changes(copy: Path, settings: Any) -> None:
    settings.TOKEN_KEYS = ["b3RoZXItdGVzdC1rZXktb2Ytbm9ib2R5LTAwMDAwMDE="]

    with pytest.raises(CommandError, match="not in TOKEN_KEYS"):
        call_command("restore", str(copy))


def test_an_older_key_still_opens_a_backup(copy: Path, settings: Any) -> None:
    settings.TOKEN_KEYS = ["b3RoZXItdGVzdC1rZXktb2Ytbm9ib2R5LTAwMDAwMDE=", ITS_KEY]

    assert reading.inspect(copy).rows["fleet_agent"] == 2


@pytest.mark.parametrize("part", [0.2, 0.6, 0.98])
def test_half_a_file_is_refused(copy: Path, part: float) -> None:
    whole = copy.read_bytes()
    copy.write_bytes(whole[: int(len(whole) * part)])

    with pytest.raises(reading.CannotRestore, match="cannot be read to its end"):
        reading.inspect(copy)


def test_a_file_without_its_last_line_is_refused(copy: Path) -> None:
    lines = gzip.decompress(copy.read_bytes()).splitlines(keepends=True)
    copy.write_bytes(gzip.compress(b"".join(lines[:-1])))

    with pytest.raises(reading.CannotRestore, match="its end is missing"):
        reading.inspect(copy)


def test_a_lost_row_is_noticed(copy: Path) -> None:
    lines = gzip.decompress(copy.read_bytes()).splitlines(keepends=True)
    row = next(n for n, line in enumerate(lines) if line.startswith(b"["))
    copy.write_bytes(gzip.compress(b"".join([*lines[:row], *lines[row + 1 :]])))

    with pytest.raises(reading.CannotRestore, match="rows, not"):
        reading.inspect(copy)


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("not a backup")

    with pytest.raises(reading.CannotRestore, match="cannot be read"):
        reading.inspect(other)


def test_a_backup_of_a_newer_version_names_what_is_missing(copy: Path) -> None:
    newer = edited(copy, lambda head: head["migrations"].append(["fleet", "9999_warp"]))

    with pytest.raises(reading.CannotRestore, match=r"newer version.*fleet\.9999_warp"):
        reading.inspect(newer)


def test_a_file_is_not_overwritten_without_force(copy: Path) -> None:
    with pytest.raises(CommandError, match="--force"):
        call_command("backup", str(copy))


def test_the_contents_say_when_and_what(copy: Path) -> None:
    found = reading.inspect(copy)

    assert datetime.fromisoformat(found.made_at) == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert found.database == "sqlite"
    assert found.rows["fleet_ship"] == 18
