"""Measure the universe against what was recorded of the real game, and write it down."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from spacefleet.universe.fidelity import FIGURES, Laboratory, write
from spacefleet.universe.stars import LIVE_SYSTEMS

SEEDS = 24
REPORT = Path(__file__).resolve().parents[3] / "docs" / "fidelity.md"


class Command(BaseCommand):
    """Simulates weeks without trade and days with it over several seeds."""

    help = "Write docs/fidelity.md: each figure of the universe beside the recorded one."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seeds", type=int, default=SEEDS, help="home systems to simulate")
        parser.add_argument(
            "--systems", type=int, default=LIVE_SYSTEMS, help="size of the galaxy measured"
        )
        parser.add_argument("--to", type=Path, default=REPORT, help="file to write")

    def handle(self, *args: Any, **options: Any) -> str:
        laboratory = Laboratory(options["seeds"], galaxy_size=options["systems"])
        text = write(FIGURES, laboratory)
        options["to"].write_text(text, encoding="utf-8")
        outside = text.count("| **outside** |")
        return (
            f"Wrote {options['to']}: {len(FIGURES)} figures, "
            f"{outside} of them outside what was recorded."
        )
