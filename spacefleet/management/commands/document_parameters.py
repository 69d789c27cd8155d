"""`manage.py document_parameters`: the page of parameters, written from their declarations."""

import inspect
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from fleet.forms import allowed
from spacefleet import parameters
from spacefleet.parameters import Described

PAGE = Path(settings.BASE_DIR) / "docs" / "parameters.md"
PREFACE = """\
# Parameters

Numbers of taste, each with a default that flies. Change one in the admin under *Fleet ›
Parameters*: choose behaviour and name, write the value as text, and name an agent or a ship if it
is not meant for all. Of several values the narrowest holds: **default < installation < agent <
ship**. A changed value holds from the next step on; nothing is restarted. The page of a ship
shows each value in force and where it comes from.

Durations are seconds of game time: in a universe of speed 60 a minute of them passes in a second.
Percentages are whole numbers, limits are inclusive.

Printed by `manage.py document_parameters`; `--write` renews this file.
"""
HEAD = "| parameter | value | meaning |\n|---|---|---|"


class Command(BaseCommand):
    help = "Prints docs/parameters.md as the parameters are declared; --write renews the file."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="renew docs/parameters.md")

    def handle(self, *, write: bool, **options: Any) -> str:
        if not write:
            return page()
        PAGE.write_text(page(), encoding="utf-8")
        return f"Wrote {len(parameters.everything())} parameters to {PAGE}."


def page() -> str:
    """The whole of docs/parameters.md."""
    by_behaviour = groupby(parameters.everything(), key=lambda row: row.behaviour)
    sections = ["\n".join(_section(name, list(rows))) for name, rows in by_behaviour]
    return "\n\n".join([PREFACE.rstrip(), *sections]) + "\n"


def _section(behaviour: str, rows: list[Described]) -> Iterator[str]:
    told = inspect.getdoc(parameters.parameter_class(behaviour)) or ""
    purpose = " ".join(told.split("\n\n")[0].split())
    yield f"## {behaviour}\n\n{purpose}\n\n{HEAD}"
    for row in rows:
        yield f"| `{row.name}` | {allowed(row)} | {row.meaning} |"
