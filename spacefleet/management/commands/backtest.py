"""`manage.py backtest`: the fleet against the universe in virtual time, as figures."""

import json
import os
import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from spacefleet import parameters
from spacefleet.processes import manage
from spacefleet.universe.scenarios import SCENARIOS

CHUNK = 0.25  # game hours between two words of progress


class Command(BaseCommand):
    help = (
        "Plays the fleet's own code against the universe in process on a virtual clock and a "
        "scratch database in memory, and prints what it brought. Same seed, same figures."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hours", type=float, default=24.0, help="game hours to play")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--scenario", default="first_day", choices=sorted(SCENARIOS))
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="BEHAVIOUR.PARAMETER=VALUE",
            help="a parameter for this run (may be repeated)",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options: Any) -> None:
        if not 0 < options["hours"] <= 24 * 7:
            raise CommandError("--hours must be above 0 and at most a week, 168.")
        chosen = [_choice(text) for text in options["set"]]
        if not settings.SCRATCH:
            raise SystemExit(_again_on_scratch())
        outcome = self._play(options, chosen)
        if options["json"]:
            self.stdout.write(json.dumps(outcome, sort_keys=True))
        else:
            self.stdout.write(_table(outcome))

    def _play(
        self, options: dict[str, Any], chosen: list[tuple[str, str, str]]
    ) -> dict[str, Any]:
        from fleet.models import Parameter
        from spacefleet import outcome
        from spacefleet.lab.figures import figures
        from spacefleet.lab.play import playing

        call_command("migrate", run_syncdb=True, verbosity=0)
        begun = time.monotonic()
        with playing(options["scenario"], seed=options["seed"]) as play:
            for behaviour, name, value in chosen:
                Parameter.objects.create(behaviour=behaviour, name=name, value=value)
            before = outcome.reading(play.agent)
            played, steps = 0.0, 0
            while played < options["hours"]:
                part = min(CHUNK, options["hours"] - played)
                steps += play.run(hours=part)
                played += part
                self._progress(played, options["hours"], time.monotonic() - begun)
            found = figures(play.agent, before)
        took = time.monotonic() - begun
        return {
            "scenario": options["scenario"],
            "seed": options["seed"],
            "parameters": [f"{b}.{n}={v}" for b, n, v in chosen],
            "steps": steps,
            **found,
            "wall_seconds": round(took, 2),
            "wall_requests_per_second": round(found["requests"]["total"] / took, 1),
        }

    def _progress(self, played: float, hours: float, took: float) -> None:
        if not self.stderr.isatty():
            return
        done = round(30 * played / hours)
        speed = played * 3600 / took
        self.stderr.write(
            f"\r[{'#' * done}{'.' * (30 - done)}] {played:.2f} of {hours:g} game hours, "
            f"{speed:,.0f} × real time",
            ending="\n" if played >= hours else "",
        )
        self.stderr.flush()


def _choice(text: str) -> tuple[str, str, str]:
    """A parameter as behaviour, name and value. Raises CommandError for what is not allowed."""
    key, separator, value = text.partition("=")
    behaviour, dot, name = key.strip().partition(".")
    if not (separator and dot):
        raise CommandError(f"--set wants BEHAVIOUR.PARAMETER=VALUE, not {text!r}.")
    try:
        parameters.parse(behaviour, name, value)
    except ValueError as error:
        raise CommandError(str(error)) from error
    return behaviour, name, value.strip()


def _again_on_scratch() -> int:
    """Run this very command in a process of its own, whose database is a scratch in memory."""
    environment = {**os.environ, "SPACEFLEET_SCRATCH": "1", "LOG_LEVEL": "ERROR"}
    return subprocess.run(manage(*sys.argv[1:]), env=environment).returncode


def _table(found: dict[str, Any]) -> str:
    """The outcome for a person."""
    lines = [
        f"{found['scenario']}, seed {found['seed']}, {found['game_hours']:g} game hours, "
        f"{found['ships']} ships at the end",
        f"  credits            {found['credits_start']:>14,} → {found['credits_end']:,}",
        f"  net worth          {found['net_worth_start']:>14,} → {found['net_worth_end']:,}",
        f"  net credits        {found['net_credits']:>14,}  "
        f"({found['net_credits_per_hour']:,.0f} an hour)",
        f"  requests           {found['requests']['total']:>14,}  "
        f"({found['requests']['wasted']} wasted, "
        f"{100 * found['requests']['share_of_limit']:.0f} % of the limit)",
        f"  credits a request  {found['net_credits_per_request'] or 0:>14.1f}  "
        f"({found['net_credits_per_productive_request'] or 0:.1f} a productive one)",
        f"  ledger drift       {found['ledger_drift']:>14}",
    ]
    for activity, sums in found["by_activity"].items():
        lines.append(
            f"  {activity:<18} {sums['net_credits']:>14,}  "
            f"({sums['net_credits_per_hour']:,.0f} an hour)"
        )
    lines += [f"  error: {text}" for text in found["errors"]]
    lines.append(
        f"  took {found['wall_seconds']} s, {found['wall_requests_per_second']:,} requests a second"
    )
    return "\n".join(lines)
