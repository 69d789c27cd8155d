"""`manage.py results`: plays what the published tables rest on, and writes docs/results.md."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from spacefleet.lab.orders import LONGEST, BadOrder


class Command(BaseCommand):
    help = (
        "Plays the comparisons behind docs/results.md, as far as their runs are not kept from an "
        "earlier time, and prints the document. May be stopped and called again: it goes on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--table", action="append", default=[], help="only this table (may be repeated)"
        )
        parser.add_argument("--seeds", type=int, default=20, help="of each arm (default 20)")
        parser.add_argument(
            "--hours", type=float, default=12.0, help="game hours of a run (default 12)"
        )
        parser.add_argument("--processes", type=int, help="runs at once (default: all cores)")
        parser.add_argument("--fresh", action="store_true", help="play everything anew")
        parser.add_argument(
            "--no-play", action="store_true", help="only write what is there already"
        )
        parser.add_argument("--write", action="store_true", help="write docs/results.md")

    def handle(self, **options: Any) -> None:
        from spacefleet.lab import results

        if not 0 < options["hours"] <= LONGEST or not 1 <= options["seeds"] <= 1000:
            raise CommandError(f"Take up to {LONGEST:g} hours and 1 to 1000 seeds.")
        try:
            tables = results.planned(options["table"])
            if not options["no_play"]:
                for table in tables:
                    self._play(table, options)
        except BadOrder as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Stopped. What is done is kept: call again to go on.") from None
        docs = Path(settings.BASE_DIR) / "docs"
        written = results.document(docs)
        if options["write"]:
            path = docs / "results.md"
            path.write_text(written, encoding="utf-8")
            self.stdout.write(f"wrote {path.relative_to(settings.BASE_DIR)}")
        else:
            self.stdout.write(written)

    def _play(self, table: Any, options: dict[str, Any]) -> None:
        from spacefleet.lab import pool, results

        found = results.begin(
            table, hours=options["hours"], seeds=options["seeds"], fresh=options["fresh"]
        )
        said = -1

        def tell(comparison: Any) -> None:
            nonlocal said
            done = comparison.runs.filter(status="done").count()
            if done != said:
                said = done
                self.stderr.write(
                    f"{table.name}: {done} of {comparison.runs.count()} runs done"
                )

        pool.play(found, processes=options["processes"], tell=tell)
