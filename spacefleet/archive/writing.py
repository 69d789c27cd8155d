"""Writing a backup: one snapshot of the database, row by row, while everybody else writes on."""

import gzip
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Model

from spacefleet import clock

from .columns import columns_of, line
from .schema import applied, models_at

FORMAT = "spacefleet backup 1"
BATCH = 2_000  # rows in memory at once
Tell = Callable[[str, int], None]  # a table and how many of its rows are done


def write(path: Path, *, tell: Tell) -> int:
    """Write the whole database to `path`; answers the number of rows.

    The file appears under its name when it is whole, readable by its owner only: there are
    hashes of passwords and encrypted tokens in it.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as raw:
            with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=5, filename="") as file:
                rows = _write(file, tell=tell)
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return rows


def _write(file: gzip.GzipFile, *, tell: Tell) -> int:
    total = 0
    with _snapshot():
        nodes = applied()
        head = {
            "format": FORMAT,
            "made_at": clock.now().isoformat(),
            "database": connection.vendor,
            "migrations": nodes,
        }
        file.write(line(head))
        for table, model in sorted(models_at(nodes).items()):
            total += _write_table(file, table, model, tell=tell)
        file.write(line({"rows": total}))
    return total


def _write_table(file: gzip.GzipFile, table: str, model: type[Model], *, tell: Tell) -> int:
    columns = columns_of(model)
    head = {
        "table": table,
        "columns": [column.name for column in columns],
        "encrypted": [column.name for column in columns if column.encrypted],
    }
    file.write(line(head))
    translated = [(n, column.read) for n, column in enumerate(columns) if column.read]
    done = 0
    for batch in _rows(table, [column.name for column in columns], _key(model)):
        for found in batch:
            row = list(found)
            for n, read in translated:
                row[n] = read(row[n])
            file.write(line(row))
        done += len(batch)
        tell(table, done)
    file.write(line({"rows": done}))
    return done


def _key(model: type[Model]) -> str:
    key = model._meta.pk
    assert key is not None
    return str(key.column)


def _rows(table: str, names: list[str], key: str) -> Iterator[list[tuple[Any, ...]]]:
    quote = connection.ops.quote_name
    chosen = ", ".join(quote(name) for name in names)
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {chosen} FROM {quote(table)} ORDER BY {quote(key)}")
        fetch = iter(lambda: cursor.fetchmany(BATCH), [])
        yield from itertools.takewhile(len, fetch)


@contextmanager
def _snapshot() -> Iterator[None]:
    """One moment of the database for many questions; nobody who writes waits for it.

    On SQLite that is a plain BEGIN, which Django's own transactions are not here: they ask for
    the right to write first. The write-ahead log grows until the end.
    """
    begin = (
        "BEGIN"
        if connection.vendor == "sqlite"
        else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    )
    with connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
