"""`manage.py demo`: everything at once on this machine, until Ctrl-C."""

import json
import signal
from pathlib import Path
from typing import Any

from django import db
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from spacefleet import owner
from spacefleet.demo import Demo, DemoError, Plan
from spacefleet.universe.scenarios import SCENARIOS


class Command(BaseCommand):
    help = (
        "Brings up a universe of our own, registers an agent, starts the workers and the "
        "dashboard, and says how it goes. Ctrl-C ends everything it started; starting again "
        "goes on where it was. With --real and SPACETRADERS_TOKEN it plays the real game."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--scenario",
            default="showcase",
            choices=sorted(SCENARIOS),
            help="how the universe begins (default showcase)",
        )
        parser.add_argument(
            "--speed", type=float, default=60.0, help="game time against wall time (default 60)"
        )
        parser.add_argument(
            "--seed", type=int, default=7, help="of the universe: galaxy and dice (default 7)"
        )
        parser.add_argument(
            "--port", type=int, default=8000, help="of the dashboard (default 8000)"
        )
        parser.add_argument(
            "--universe-port", type=int, default=8001, help="of the universe (default 8001)"
        )
        parser.add_argument(
            "--symbol", default="PIONEER", help="name of the new agent (default PIONEER)"
        )
        parser.add_argument("--faction", default="COSMIC", help="its faction (default COSMIC)")
        parser.add_argument(
            "--for",
            dest="seconds",
            type=float,
            help="run headless for so many seconds, then end",
        )
        parser.add_argument(
            "--json", action="store_true", help="print one JSON object at the end"
        )
        parser.add_argument("--fresh", action="store_true", help="begin a new universe")
        parser.add_argument(
            "--password", action="store_true", help="say the owner's password, and end"
        )
        parser.add_argument("--real", action="store_true", help="play the real game")

    def handle(self, **options: Any) -> None:
        if options["password"]:
            self._say_password()
            return
        if options["speed"] <= 0:
            raise CommandError("--speed must be above zero.")
        if options["seconds"] is not None and options["seconds"] <= 0:
            raise CommandError("--for must be above zero.")
        plan = Plan(
            scenario=options["scenario"],
            speed=options["speed"],
            seed=options["seed"],
            port=options["port"],
            universe_port=options["universe_port"],
            symbol=options["symbol"].upper(),
            faction=options["faction"].upper(),
            headless=options["seconds"] is not None,
            real=options["real"],
            fresh=options["fresh"],
            home=Path(settings.HOME),
        )
        out = self.stderr if options["json"] else self.stdout

        def tell(text: str) -> None:
            out.write(text)
            out.flush()  # a pipe would hold it back, and the address with it

        demo = Demo(plan, tell=tell)
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, demo.stop)
        try:
            outcome = demo.run(seconds=options["seconds"])
        except DemoError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(outcome))

    def _say_password(self) -> None:
        try:
            self.stdout.write(owner.password_of_owner(Path(settings.HOME)))
        except db.Error as error:
            raise CommandError(
                "The database cannot be read, or there is none yet: the first start of the demo "
                f"makes it ({str(error).splitlines()[0]})."
            ) from error
