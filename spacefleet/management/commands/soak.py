"""`manage.py soak`: a fleet of real workers while processes, database, disk and server break."""

import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from spacefleet.processes import manage
from spacefleet.soak.plan import PROFILES, SQLITE, Plan
from spacefleet.universe.scenarios import SCENARIOS

INSIDE = "_SPACEFLEET_SOAK"
"""The variable that tells the second process of a soak its scratch folder."""


class Command(BaseCommand):
    help = (
        "Serves a universe, flies it with real workers on a scratch database, and breaks "
        "things at random instants; after each break all books are held against the game. "
        "Ends with 1 when something was lost, doubled or left standing. Loopback only; ends "
        "everything it started."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hours", type=float, default=0.25, help="wall hours at most")
        parser.add_argument(
            "--faults",
            choices=sorted(PROFILES),
            default="kills",
            help="; ".join(f"{name}: {each.meaning}" for name, each in PROFILES.items()),
        )
        parser.add_argument("--kills", type=int, help="end after so many kills")
        parser.add_argument("--breaks", type=int, help="end after so many breaks")
        parser.add_argument(
            "--only",
            action="append",
            default=[],
            metavar="TROUBLE",
            help="draw this kind of trouble of the profile alone (may be repeated)",
        )
        parser.add_argument(
            "--database",
            default=SQLITE,
            metavar="sqlite|postgres|URL",
            help="a scratch file, a PostgreSQL server of its own, or an empty database",
        )
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--speed", type=float, default=10.0, help="game time against wall time"
        )
        parser.add_argument("--scenario", default="late_fleet", choices=sorted(SCENARIOS))
        parser.add_argument("--port", type=int, default=18100, help="of the universe")
        parser.add_argument(
            "--database-port", type=int, default=54400, help="of the PostgreSQL of its own"
        )
        parser.add_argument(
            "--limit",
            type=float,
            default=45.0,
            help="wall seconds in which all must be well after a break",
        )
        parser.add_argument(
            "--settle",
            type=int,
            default=1,
            metavar="N",
            help=(
                "all must be well after each Nth break (default each); in between the next comes "
                "once the ships move again"
            ),
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options: Any) -> None:
        from spacefleet.soak import database

        if INSIDE not in os.environ:
            self._again(options)
        folder = Path(os.environ[INSIDE])
        plan = _plan(options, folder)
        try:
            base = database.of(plan.database, folder, port=plan.database_port)
            report = self._soak(plan, base, quiet=options["json"])
        except (database.Unavailable, ValueError, OSError) as error:
            raise CommandError(str(error)) from error
        self._tell_outcome(report, as_json=options["json"])
        if report["broken"]:
            sys.exit(1)

    def _again(self, options: dict[str, Any]) -> None:
        """Begin anew with settings that name the scratch database: the process stays ours."""
        from spacefleet.soak import database

        folder = Path(tempfile.mkdtemp(prefix="spacefleet-soak-"))
        try:
            base = database.of(options["database"], folder, port=options["database_port"])
        except database.Unavailable as error:
            raise CommandError(str(error)) from error
        hidden = ("SPACETRADERS_TOKEN", "SPACETRADERS_ACCOUNT_TOKEN", "SPACEFLEET_SCRATCH")
        environment = {name: text for name, text in os.environ.items() if name not in hidden}
        environment |= {
            INSIDE: str(folder),
            "SPACEFLEET_HOME": str(folder),
            "DATABASE_URL": base.url,
        }
        command = manage(*sys.argv[1:])
        os.execve(command[0], command, environment)

    def _soak(self, plan: Plan, base: Any, *, quiet: bool) -> dict[str, Any]:
        from spacefleet.soak.run import soak

        out = self.stderr if quiet else self.stdout
        stopped: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda signum, frame: stopped.append(signum))

        def tell(text: str) -> None:
            out.write(text)
            out.flush()

        return soak(plan, base, tell=tell, stop=lambda: bool(stopped))

    def _tell_outcome(self, report: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report))
            return
        self.stdout.write(json.dumps(report, indent=1))
        if report["broken"]:
            self.stdout.write(
                f"{len(report['broken'])} invariants broke. What to look at: the workers' log "
                f"{report['log']} around the times above; --seed {report['seed']} draws the same."
            )


def _plan(options: dict[str, Any], folder: Path) -> Plan:
    if (
        options["speed"] <= 0
        or options["hours"] <= 0
        or options["limit"] <= 0
        or options["settle"] < 1
    ):
        raise CommandError("--speed, --hours, --limit and --settle must be above zero.")
    return Plan(
        hours=options["hours"],
        profile=options["faults"],
        kills=options["kills"],
        seed=options["seed"],
        speed=options["speed"],
        scenario=options["scenario"],
        database=options["database"],
        port=options["port"],
        database_port=options["database_port"],
        folder=folder,
        limit=options["limit"],
        settle=options["settle"],
        breaks=options["breaks"],
        only=_only(options["only"], options["faults"]),
    )


def _only(names: list[str], profile: str) -> tuple[str, ...]:
    known = PROFILES[profile].troubles
    for name in names:
        if name not in known:
            raise CommandError(f"{name!r} is no trouble of {profile}: {', '.join(known)}.")
    return tuple(names)
