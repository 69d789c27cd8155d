"""Backup, restore, upgrade and move: a busy day goes from SQLite to PostgreSQL and back."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.archive.homes import RELEASED, Home, postgres, rows

pytestmark = pytest.mark.timeout(600)  # a dozen processes, on machines that do other work
MENDED = ("wake_at",)  # a restore wakes every ship, so that it is looked at


@dataclass(frozen=True, slots=True)
class Travels:
    """A released backup read into SQLite, moved to PostgreSQL, and back."""

    first: dict[str, Any]
    moved: dict[str, Any]
    back: dict[str, Any]
    said: str
    doctor: str
    next_numbers: dict[str, tuple[int, int]]


@pytest.fixture(scope="module")
def travels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Travels]:
    folder = tmp_path_factory.mktemp("travels")
    with postgres(f"spacefleet_travels_{os.getpid()}") as address:
        here, server, again = (
            Home(folder / "here"),
            Home(folder / "server", address),
            Home(folder / "again"),
        )
        here.do("restore", str(RELEASED))
        doctor = here.run("doctor", "--offline")[1]
        first = here.backup()
        said = server.do("restore", str(first))
        moved = server.backup()
        numbers = _next_numbers(address)
        again.do("restore", str(moved))
        yield Travels(rows(first), rows(moved), rows(again.backup()), said, doctor, numbers)


def _next_numbers(address: str) -> dict[str, tuple[int, int]]:
    """For a few tables the largest key there is, and the one the next row will get."""
    found = {}
    with psycopg.connect(address) as server:
        for table in ("fleet_ship", "fleet_ledgerentry", "auth_user"):
            largest = server.execute(f"SELECT MAX(id) FROM {table}").fetchone()
            next_one = server.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table]
            ).fetchone()
            assert largest is not None
            assert next_one is not None
            found[table] = (largest[0], next_one[0])
    return found


def test_a_released_backup_is_upgraded_with_every_row(travels: Travels) -> None:
    released = rows(RELEASED)

    kept = {
        table: len(travels.first.get(table, []))
        for table in released
        if table.startswith(("fleet", "inventory", "allocation", "sales", "mining"))
    }

    assert kept == {table: len(released[table]) for table in kept}
    assert sum(kept.values()) > 250


def test_an_upgraded_database_lacks_no_migration(travels: Travels) -> None:
    assert "migrations are not applied" not in travels.doctor
    assert "good   database" in travels.doctor


def test_rows_are_equal_on_postgresql(travels: Travels) -> None:
    assert _without(travels.moved) == _without(travels.first)


def test_rows_are_equal_back_on_sqlite(travels: Travels) -> None:
    assert _without(travels.back) == _without(travels.first)


def _without(tables: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [{key: row[key] for key in row if key not in MENDED} for row in found]
        for name, found in tables.items()
    }


def test_the_next_row_gets_a_number_nobody_has(travels: Travels) -> None:
    assert travels.next_numbers
    assert all(next_one > largest for largest, next_one in travels.next_numbers.values())


def test_every_ship_is_looked_at_before_it_acts(travels: Travels) -> None:
    flying = [ship for ship in travels.moved["fleet_ship"] if ship["lost_at"] is None]

    assert flying
    assert {ship["suspect_why"] for ship in flying} == {"read from a backup"}
    assert f"{len(flying)} ships will be read" in travels.said


def test_leases_and_nodes_of_then_are_over(travels: Travels) -> None:
    assert {lane["owner"] for lane in travels.moved["fleet_lane"]} == {""}
    assert all(node["stopped_at"] for node in travels.moved["spacefleet_node"])


def test_tokens_stay_encrypted_as_they_lie(travels: Travels) -> None:
    tokens = [agent["token"] for agent in rows(RELEASED)["fleet_agent"]]

    assert [agent["token"] for agent in travels.back["fleet_agent"]] == tokens
    assert all(token.startswith("gAAAA") for token in tokens)


def test_the_file_is_its_owner_s_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.do("migrate", "--verbosity", "0")

    assert home.backup().stat().st_mode & 0o777 == 0o600
