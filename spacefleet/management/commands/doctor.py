"""`manage.py doctor`: looks at everything a fleet needs and says what to do."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from spacefleet import clock, health


class Command(BaseCommand):
    help = (
        "Looks at disk, database, clocks, keys, workers, ships, game servers and tokens, and says what to do "
        "about what is wrong. Costs one request per server and one per flying agent; --offline "
        "asks nothing of the game. Ends with 1 when something is bad."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--offline", action="store_true", help="do not ask the game")
        parser.add_argument("--json", action="store_true", help="one JSON object, for machines")

    def handle(self, **options: Any) -> str | None:
        findings = []
        for finding in health.examine(at=clock.now(), ask_the_game=not options["offline"]):
            findings.append(finding)
            if not options["json"]:
                self._tell(finding)
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in findings]))
        wrong = sum(finding.level is health.Level.BAD for finding in findings)
        worries = sum(finding.level is health.Level.WORRY for finding in findings)
        if wrong:
            raise CommandError(f"{wrong} of {len(findings)} need hands, {worries} need eyes.")
        if options["json"]:
            return None
        return f"Nothing is broken; {worries} of {len(findings)} need eyes."

    def _tell(self, finding: health.Finding) -> None:
        mark = {
            health.Level.GOOD: self.style.SUCCESS("good "),
            health.Level.WORRY: self.style.WARNING("worry"),
            health.Level.BAD: self.style.ERROR("BAD  "),
        }[finding.level]
        self.stdout.write(f"{mark}  {finding.subject}: {finding.found}")
        if finding.advice:
            self.stdout.write(f"       {finding.advice}")
