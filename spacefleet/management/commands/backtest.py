"""`manage.py backtest`: the fleet against the universe in virtual time, as figures."""

import json
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from spacefleet.lab.orders import BadOrder, Choice, Order
from spacefleet.lab.scratch import again_on_scratch
from spacefleet.universe.scenarios import SCENARIOS

WORD_EVERY = 0.3  # wall seconds between two words of progress
BAR = 30


class Command(BaseCommand):
    help = (
        "Plays the fleet's own code against the universe in process on a virtual clock and a "
        "scratch database in memory, and prints what it brought. Same seed, same figures."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hours", type=float, default=24.0, help="game hours to play")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument(
            "--scenario", default="first_day", help=f"one of {', '.join(sorted(SCENARIOS))}"
        )
        parser.add_argument(
            "--agent-share",
            type=float,
            default=100.0,
            metavar="PERCENT",
            help="the part of the request budget this fleet may spend (default 100)",
        )
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="BEHAVIOUR.PARAMETER=VALUE",
            help="a parameter for this run (may be repeated)",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options: Any) -> None:
        try:
            order = _order(options)
        except BadOrder as error:
            raise CommandError(str(error)) from error
        if not settings.SCRATCH:
            raise SystemExit(again_on_scratch())
        from spacefleet.lab import report, runs

        outcome = runs.play(order, tell=self._progress(order.hours))
        if options["json"]:
            self.stdout.write(json.dumps(outcome, sort_keys=True))
        else:
            self.stdout.write(report.report(outcome))

    def _progress(self, hours: float) -> Any:
        """A bar with game time and speed, where a person watches."""
        begun = said = time.monotonic()
        watched = self.stderr.isatty()

        def tell(played: float) -> bool:
            nonlocal said
            now = time.monotonic()
            if watched and (now - said >= WORD_EVERY or played >= hours):
                said = now
                self.stderr.write(bar(played, hours, now - begun), ending="\r")
                self.stderr.flush()
            return False

        return tell


def bar(played: float, hours: float, took: float) -> str:
    """How far a run is: game hours, and game time against wall time."""
    done = min(BAR, round(BAR * played / hours))
    speed = played * 3600 / max(took, 1e-6)
    left = (hours - played) * 3600 / speed if speed else 0.0
    return (
        f"[{'#' * done}{'.' * (BAR - done)}] {played:.2f} of {hours:g} game hours, "
        f"{speed:,.0f} × real time, {left:,.0f} s left  "
    )


def _order(options: dict[str, Any]) -> Order:
    return Order(
        scenario=options["scenario"],
        seed=options["seed"],
        hours=options["hours"],
        share=options["agent_share"] / 100,
        choices=tuple(Choice.read(text) for text in options["set"]),
    ).check()
