"""`manage.py backup FILE`: the whole database in one file, while workers run."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from spacefleet.archive import progress, schema, writing


class Command(BaseCommand):
    help = (
        "Writes the whole database to one file that `restore` reads into SQLite and PostgreSQL "
        "alike: one moment of it, while workers go on. Tokens stay encrypted in it, so keep "
        "TOKEN_KEYS as well, apart from the file."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="such as fleet.backup")
        parser.add_argument("--force", action="store_true", help="replace a file of that name")

    def handle(self, *, file: Path, force: bool, **options: Any) -> str:
        if file.exists() and not force:
            raise CommandError(f"{file} exists: name another file, or give --force.")
        if not schema.applied():
            raise CommandError("The database has no tables: run `manage.py migrate` first.")
        try:
            rows = writing.write(file, tell=progress.teller(self.stdout))
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error}") from error
        return f"Wrote {rows:,} rows, {file.stat().st_size / 1e6:.1f} MB, to {file}."
