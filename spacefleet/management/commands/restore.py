"""`manage.py restore FILE`: reads a backup into this database, whichever kind it is."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from spacefleet import clock
from spacefleet.archive import place, progress, reading


class Command(BaseCommand):
    help = (
        "Reads a backup into the database of DATABASE_URL, SQLite or PostgreSQL, and brings it "
        "up to this version. The file is checked to its end before anything is changed. What "
        "the database held is replaced, which needs --force unless it is empty."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="what `backup` wrote")
        parser.add_argument(
            "--force", action="store_true", help="replace everything the database holds"
        )

    def handle(self, *, file: Path, force: bool, **options: Any) -> str:
        self._look_at_the_place(force)
        try:
            contents = reading.inspect(file)
            self.stdout.write(
                f"{file}: {contents.total:,} rows of {contents.database}, "
                f"taken {contents.made_at[:19]} UTC; whole, and its keys are here."
            )
            reading.restore(file, contents, tell=progress.teller(self.stdout))
        except reading.CannotRestore as error:
            raise CommandError(str(error)) from error
        ships = place.mend(made_at=datetime.fromisoformat(contents.made_at))
        return (
            f"Restored {contents.total:,} rows into {place.name()}, all counted. "
            f"{ships} ships will be read from the game before they act. Make sure that the "
            "installation this came from has stopped, then start `manage.py runworkers`. "
            "Ships bought since the backup join with `manage.py addagent`."
        )

    def _look_at_the_place(self, force: bool) -> None:
        if busy := place.at_work(clock.now()):
            raise CommandError(f"Workers use this database: stop {', '.join(busy)} first.")
        held = place.held()
        if held and not force:
            there = ", ".join(f"{rows:,} {name}" for name, rows in held.items())
            raise CommandError(
                f"{place.name()} holds {there}. Take a backup of it, then give --force "
                "to replace all of it."
            )
