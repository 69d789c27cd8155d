"""A backup is one moment of the database, while others write."""

import threading
from pathlib import Path

import pytest
from django.db import connection

from fleet.models import LedgerEntry
from spacefleet.archive import writing
from tests import factories as make
from tests.archive.homes import rows

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_writes_meanwhile_neither_waits_nor_is_in_it(tmp_path: Path) -> None:
    entry = make.LedgerEntryFactory()
    path = tmp_path / "fleet.backup"
    wrote = threading.Event()

    def book() -> None:
        LedgerEntry.objects.create(agent=entry.agent, at=entry.at, kind="sale", amount=7)
        connection.close()
        wrote.set()

    def tell(table: str, done: int) -> None:
        if table < "fleet_ledgerentry" and not wrote.is_set():
            worker = threading.Thread(target=book)
            worker.start()
            worker.join(timeout=10)

    writing.write(path, tell=tell)

    assert wrote.is_set()
    assert [row["id"] for row in rows(path)["fleet_ledgerentry"]] == [entry.pk]
    assert LedgerEntry.objects.count() == 2


def test_nothing_stays_behind_when_it_cannot_be_written(tmp_path: Path) -> None:
    make.LedgerEntryFactory()

    def tell(table: str, done: int) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        writing.write(tmp_path / "fleet.backup", tell=tell)

    assert list(tmp_path.iterdir()) == []
