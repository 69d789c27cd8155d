"""Installations in processes of their own: each with a home folder, a database and its keys."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.docs import shelf

RELEASED = Path(__file__).with_name("released.backup")
"""A busy day (tests.pages.scenes) as the first released version wrote it: every app at 0001."""
ITS_KEY = "c3BhY2VmbGVldC10ZXN0LWtleS1vZi1ub2JvZHktMDE="
SERVER = os.environ.get("CI_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")


@dataclass(frozen=True, slots=True)
class Home:
    folder: Path
    database: str = ""
    keys: str = ITS_KEY

    def run(self, *arguments: str) -> tuple[int, str]:
        """A command of ours there: how it ended and what it said."""
        kept = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
        environment = {**kept, "SPACEFLEET_HOME": str(self.folder), "TOKEN_KEYS": self.keys}
        if self.database:
            environment["DATABASE_URL"] = self.database
        done = subprocess.run(
            [sys.executable, str(shelf.ROOT / "manage.py"), *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=110,
        )
        return done.returncode, done.stdout + done.stderr

    def do(self, *arguments: str) -> str:
        """The same, where it must end well."""
        code, told = self.run(*arguments)
        assert code == 0, told
        return told

    def backup(self) -> Path:
        path = self.folder / "taken.backup"
        self.do("backup", str(path), "--force")
        return path


@contextmanager
def postgres(name: str) -> Iterator[str]:
    """The address of an empty database on the server of the gate, dropped in the end."""
    try:
        server = psycopg.connect(SERVER, autocommit=True)
    except psycopg.OperationalError as error:
        if "CI_DATABASE_URL" in os.environ:
            raise
        pytest.skip(f"no PostgreSQL at {SERVER}: {error}")
    with server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def rows(path: Path, *, without: tuple[str, ...] = ()) -> dict[str, list[dict[str, Any]]]:
    """Every row in a backup by table, as columns and values, in order of their keys."""
    found: dict[str, list[dict[str, Any]]] = {}
    names: list[str] = []
    table = ""
    for line in gzip.decompress(path.read_bytes()).splitlines():
        told = json.loads(line)
        if isinstance(told, list):
            row = dict(zip(names, told, strict=True))
            found[table].append({name: row[name] for name in names if name not in without})
        elif "table" in told:
            table, names = told["table"], told["columns"]
            found[table] = []
    return found


def edited(path: Path, change: Any) -> Path:
    """A copy of a backup with another first line."""
    first, *rest = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    head = json.loads(first)
    change(head)
    copy = path.with_name("edited.backup")
    copy.write_bytes(gzip.compress(json.dumps(head).encode() + b"\n" + b"".join(rest)))
    return copy
