"""`manage.py runworkers`: flies the fleet until it is told to stop."""

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fleet.models import Agent
from spacefleet import housekeeping
from spacefleet.supervisor import NameTaken, Supervisor

NO_TABLES = ("no such table", "relation ")  # as SQLite and PostgreSQL say it


class Command(BaseCommand):
    help = (
        "Starts the workers of this node and keeps them alive: a dispatcher for the lane and "
        "the housekeeping. SIGTERM or Ctrl-C lets the steps under way end and stops all of it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lane", default="home", help="the lane this node serves")
        parser.add_argument(
            "--agent",
            action="append",
            default=[],
            metavar="SYMBOL",
            help="fly only this agent (may be repeated); all agents of the lane by default",
        )

    def handle(self, *, lane: str, agent: list[str], **options: Any) -> str:
        supervisor = Supervisor(lane, [name.upper() for name in agent], self._tell)
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, supervisor.stop)
        supervisor.wait_for_database()
        if supervisor.stopping:
            return "Stopped before the database was there."
        self._check(supervisor.agents)
        housekeeping.sync()
        self.stdout.write(f"flying lane {lane}, Ctrl-C stops")
        try:
            supervisor.run()
        except NameTaken as error:
            raise CommandError(str(error)) from error
        return "All workers have stopped."

    def _tell(self, text: str) -> None:
        """Say it; a database that answers but has no tables waits for a person."""
        empty = any(words in text for words in NO_TABLES)
        self.stdout.write(
            f"{text}. Make its tables with `manage.py migrate`." if empty else text
        )
        self.stdout.flush()

    def _check(self, agents: list[str]) -> None:
        known = set(Agent.objects.flying().values_list("symbol", flat=True))
        unknown = [name for name in agents if name not in known]
        if unknown:
            there = ", ".join(sorted(known)) or "none yet"
            raise CommandError(
                f"There is no agent {', '.join(unknown)} here (agents: {there}). "
                "Add one with `manage.py addagent`."
            )
        if not known:
            self.stderr.write(
                "No agent to fly yet: add one with `manage.py addagent`; the workers will see it."
            )
