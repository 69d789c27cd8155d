"""`manage.py surveys`: survey policies compared on a rock of its own, as tables."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from spacefleet.lab import surveying

PAGE = Path(settings.BASE_DIR) / "docs" / "surveys.md"
MARK = "## The figures\n"


class Command(BaseCommand):
    help = (
        "Compares the ways to decide about surveys in a narrow laboratory, paired by seed, and "
        "prints tables with 95 % bootstrap intervals."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seeds", type=int, default=surveying.SEEDS)
        parser.add_argument(
            "--first-seed",
            type=int,
            default=surveying.FIRST_SEED,
            help="below 20,000 for choosing the numbers of a rule",
        )
        parser.add_argument("--hours", type=float, default=surveying.HOURS, help="of the game")
        parser.add_argument(
            "--crews",
            nargs="+",
            default=list(surveying.CREWS),
            choices=list(surveying.CREWS),
            metavar="CREW",
            help=f"of: {', '.join(surveying.CREWS)}",
        )
        parser.add_argument("--workers", type=int, default=0, help="processes; 0 uses this one")
        parser.add_argument(
            "--write", action="store_true", help="put them into docs/surveys.md"
        )

    def handle(self, **options: Any) -> None:
        if options["seeds"] < 2:
            raise CommandError("--seeds must be at least 2: an interval needs them.")
        first = options["first_seed"]
        sections = []
        for crew in options["crews"]:
            for saturating in (False, True):
                line = surveying.compare(
                    crew,
                    saturating=saturating,
                    seeds=range(first, first + options["seeds"]),
                    hours=options["hours"],
                    workers=options["workers"],
                )
                sections.append(surveying.table([line]))
                self.stdout.write(sections[-1] + "\n")
                self.stdout.flush()
        if options["write"]:
            self._write(sections, options)

    def _write(self, sections: list[str], options: dict[str, Any]) -> None:
        text = PAGE.read_text(encoding="utf-8")
        kept = text[: text.index(MARK) + len(MARK)]
        last = options["first_seed"] + options["seeds"] - 1
        intro = (
            f"\n`python manage.py surveys --write`: seeds {options['first_seed']:,} to {last:,}, "
            f"{options['hours']:g} game hours each; 95 % bootstrap intervals of the paired "
            "differences in brackets.\n\n"
        )
        PAGE.write_text(kept + intro + "\n\n".join(sections) + "\n", encoding="utf-8")
        self.stdout.write(f"Wrote {PAGE}.")
