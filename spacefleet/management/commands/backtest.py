"""`manage.py backtest`: the fleet against the universe in virtual time, as figures."""

import json
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from spacefleet.lab.arms import PRESETS, Arm, read_arms, seeds_from
from spacefleet.lab.orders import BadOrder, Choice, Order
from spacefleet.lab.scratch import TOLD, again_on_scratch
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
            "--faults",
            type=float,
            default=0.0,
            metavar="PERCENT",
            help="of all calls fail, dawdle or lose their answer (default 0)",
        )
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="BEHAVIOUR.PARAMETER=VALUE",
            help="a parameter for this run (may be repeated)",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--progress",
            choices=["bar", "lines"],
            default="bar",
            help="on standard error: a bar where a person watches, or lines for a program",
        )
        parser.add_argument(
            "--compare",
            nargs="+",
            metavar="ARM",
            help=(
                "play several arms on the same seeds and tell their differences; an arm is a "
                f"preset ({', '.join(PRESETS)}) or 'NAME: BEHAVIOUR.PARAMETER=VALUE ...'"
            ),
        )
        parser.add_argument(
            "--seeds", type=int, default=5, help="of a comparison, from --seed on (default 5)"
        )
        parser.add_argument(
            "--processes",
            type=int,
            help="runs at once where no workers run (default: all cores)",
        )

    def handle(self, **options: Any) -> None:
        try:
            order = _order(options)
            if options["compare"]:
                if order.faults:
                    raise BadOrder("Comparisons are played without faults.")
                arms = read_arms(options["compare"])
                seeds = seeds_from(order.seed, options["seeds"])
        except BadOrder as error:
            raise CommandError(str(error)) from error
        if options["compare"]:
            self._compare(order, arms, seeds, options)
            return
        if not settings.SCRATCH:
            raise SystemExit(again_on_scratch())
        from spacefleet.lab import report, runs

        outcome = runs.play(order, tell=self._progress(order.hours, options["progress"]))
        if options["json"]:
            self.stdout.write(json.dumps(outcome, sort_keys=True))
        else:
            self.stdout.write(report.report(outcome))

    def _compare(
        self, order: Order, arms: list[Arm], seeds: list[int], options: dict[str, Any]
    ) -> None:
        """Have all runs played, by the workers or here, and tell what they found."""
        from spacefleet.lab import compare, pool, work

        _need_tables()
        comparison = work.start(order, arms, seeds)
        try:
            pool.play(comparison, processes=options["processes"], tell=self._tell_runs)
        except KeyboardInterrupt:
            work.cancel(comparison)
            raise CommandError(
                f"Cancelled; what comparison {comparison.pk} found so far is on /lab/."
            ) from None
        comparison.refresh_from_db()
        if options["json"]:
            self.stdout.write(json.dumps(compare.as_json(comparison), sort_keys=True))
        else:
            self.stdout.write(compare.report(comparison))

    def _tell_runs(self, comparison: Any) -> None:
        """How many runs are done, and the game hours of all together, where a person watches."""
        if not self.stderr.isatty():
            return
        rows = list(comparison.runs.values_list("status", "played"))
        done = sum(status == "done" for status, _ in rows)
        played, all_of_it = sum(hours for _, hours in rows), comparison.hours * len(rows)
        filled = min(BAR, round(BAR * played / all_of_it))
        self.stderr.write(
            f"[{'#' * filled}{'.' * (BAR - filled)}] {done} of {len(rows)} runs, "
            f"{played:,.1f} of {all_of_it:,.1f} game hours  ",
            ending="\r",
        )
        self.stderr.flush()

    def _progress(self, hours: float, how: str) -> Any:
        """A bar with game time and speed where a person watches, or lines."""
        begun = said = time.monotonic()
        lines = how == "lines"
        watched = lines or self.stderr.isatty()

        def tell(played: float) -> bool:
            nonlocal said
            now = time.monotonic()
            if watched and (now - said >= WORD_EVERY or played >= hours):
                said = now
                words = f"{TOLD}{played:.3f}" if lines else bar(played, hours, now - begun)
                self.stderr.write(words, ending="\n" if lines else "\r")
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


def _need_tables() -> None:
    """Comparisons are kept: make the tables of a new database, and refuse an old one."""
    tables = connection.introspection.table_names()
    if not tables:
        call_command("migrate", verbosity=0, interactive=False)
    elif "spacefleet_comparison" not in tables:
        raise CommandError(
            "The database lacks the lab's tables. Run `manage.py migrate` first."
        )


def _order(options: dict[str, Any]) -> Order:
    return Order(
        scenario=options["scenario"],
        seed=options["seed"],
        hours=options["hours"],
        share=options["agent_share"] / 100,
        choices=tuple(Choice.read(text) for text in options["set"]),
        faults=options["faults"],
    ).check()
