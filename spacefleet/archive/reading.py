"""Reading a backup: first wholly, to be sure of it, then into a database that is made for it."""

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from . import schema
from .columns import columns_of, readable
from .writing import BATCH, FORMAT, Tell

PART = "spacefleet backup "


class CannotRestore(Exception):
    """The file cannot be used here; the message says what to do. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds, found by reading all of it."""

    made_at: str
    database: str
    migrations: list[schema.Node]
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.rows.values())


def inspect(path: Path) -> Contents:
    """Read the whole file; raises CannotRestore where it is damaged, newer than this version,
    or encrypted with a key that is not in TOKEN_KEYS."""
    try:
        with gzip.open(path, "rb") as file:
            lines = map(json.loads, file)
            contents = _head(next(lines, None))
            for table in _tables(lines, contents):
                table.skim()
                contents.rows[table.name] = table.done
            return contents
    except (OSError, EOFError, ValueError, KeyError, zlib.error) as error:
        raise CannotRestore(f"{path} cannot be read to its end: {error}") from error


def restore(path: Path, contents: Contents, *, tell: Tell) -> None:
    """Replace everything in the database by what the file holds, and bring it up to date.

    The tables are made as they were when the backup was taken; then the migrations that came
    since run on real rows, as in any upgrade.
    """
    schema.drop_tables()
    schema.migrate_to(contents.migrations)
    models = schema.models_at(contents.migrations)
    with gzip.open(path, "rb") as file, transaction.atomic():
        lines = map(json.loads, file)
        next(lines)
        for table in _tables(lines, contents):
            _empty(table.name)
            _fill(table, models[table.name], tell=tell)
    for name, rows in contents.rows.items():
        if (found := schema.count(name)) != rows:
            raise CannotRestore(f"{name} holds {found} rows, the backup {rows}.")
    _reset_sequences(list(models.values()))
    call_command("migrate", interactive=False, verbosity=0)


@dataclass(slots=True)
class _Table:
    """A table in the file, whose rows are still to come."""

    name: str
    columns: list[str]
    encrypted: list[str]
    lines: Iterator[Any]
    done: int = 0

    def rows(self) -> Iterator[list[Any]]:
        for row in self.lines:
            if isinstance(row, dict):
                self._close(row)
                return
            self.done += 1
            yield row
        raise EOFError(f"it ends amid {self.name}")

    def _close(self, end: dict[str, int]) -> None:
        if end.get("rows") != self.done:
            raise ValueError(f"{self.name} has {self.done} rows, not {end.get('rows')}")

    def skim(self) -> None:
        """Read over all rows; the keys of what is encrypted are tried."""
        places = [self.columns.index(name) for name in self.encrypted]
        for row in self.rows():
            if not all(readable(row[place]) for place in places if row[place]):
                raise CannotRestore(
                    f"The tokens in {self.name} were encrypted with a key that is not in "
                    "TOKEN_KEYS. Bring secrets/token_keys of that installation along, or add "
                    "its key to TOKEN_KEYS, separated by a comma. Nothing was changed."
                )


def _head(head: Any) -> Contents:
    if not isinstance(head, dict) or not str(head.get("format", "")).startswith(PART):
        raise ValueError("it is no backup of spacefleet")
    if head["format"] != FORMAT:
        raise CannotRestore(f"It is a {head['format']}; this version reads {FORMAT}.")
    nodes = [(app, name) for app, name in head["migrations"]]
    if unknown := schema.unknown_to_us(nodes):
        names = ", ".join(".".join(node) for node in unknown)
        raise CannotRestore(
            f"The backup is of a newer version, which has the migrations {names}. "
            "Install that version, then restore. Nothing was changed."
        )
    return Contents(head["made_at"], head["database"], nodes)


def _tables(lines: Iterator[Any], contents: Contents) -> Iterator[_Table]:
    """The tables in the file, one after the other; each must be read before the next."""
    total = 0
    for head in lines:
        if "table" not in head:
            if head.get("rows") != total:
                raise ValueError(f"it has {total} rows, not {head.get('rows')}")
            return
        table = _Table(head["table"], head["columns"], head["encrypted"], lines)
        yield table
        total += table.done
    raise EOFError("its end is missing")


def _empty(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")


def _fill(table: _Table, model: type[Model], *, tell: Tell) -> None:
    writers = {column.name: column.write for column in columns_of(model)}
    translated = [
        (n, write) for n, name in enumerate(table.columns) if (write := writers[name])
    ]
    quote = connection.ops.quote_name
    names = ", ".join(quote(name) for name in table.columns)
    holes = ", ".join(["%s"] * len(table.columns))
    statement = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({holes})"
    rows = table.rows()
    with connection.cursor() as cursor:
        while batch := list(islice(rows, BATCH)):
            for row in batch:
                for n, write in translated:
                    row[n] = write(row[n])
            cursor.executemany(statement, batch)
            tell(table.name, table.done)


def _reset_sequences(models: list[type[Model]]) -> None:
    """The next row gets a number nobody has; SQLite sees to that by itself."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
