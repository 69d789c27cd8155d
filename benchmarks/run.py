"""One run of the lab in a process of its own, with what its steps cost: statements and CPU.

`python -m benchmarks.run '{"ships": 50, "minutes": 60, "seed": 7}'` prints one JSON object; the
tables of `benchmarks.engine` and `benchmarks.lab` are made of these.
"""

import json
import logging
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SCENARIO = "late_fleet"
OF_FIFTY = {
    "SHIP_MINING_DRONE": 16,
    "SHIP_SURVEYOR": 3,
    "SHIP_SIPHON_DRONE": 6,
    "SHIP_LIGHT_HAULER": 8,
    "SHIP_LIGHT_SHUTTLE": 4,
    "SHIP_PROBE": 11,
}
"""The ships of the scenario beside the two everybody begins with; other sizes keep the parts."""


@dataclass
class Cost:
    """What the steps of one role or evaluator cost together; `cpu` in seconds."""

    steps: int = 0
    statements: int = 0
    cpu: float = 0.0


class Meter:
    """Counts statements and processor time, of all and by who steps."""

    def __init__(self) -> None:
        self.statements = 0
        self.by: dict[str, Cost] = {}

    @contextmanager
    def watching(self) -> Iterator["Meter"]:
        """Measure the steps that are taken inside the block."""
        from django.db import connection

        from fleet.engine import dispatcher

        ship, evaluator = dispatcher.step_ship, dispatcher.step_evaluator
        dispatcher.step_ship = self._timed(ship, lambda row: row.acting_as or "no role")
        dispatcher.step_evaluator = self._timed(evaluator, lambda row: row.name)
        # The driver itself counts: a wrapper around Django's cursor would cost what it measures.
        connection.ensure_connection()
        connection.connection.set_trace_callback(self._count)
        try:
            yield self
        finally:
            connection.connection.set_trace_callback(None)
            dispatcher.step_ship, dispatcher.step_evaluator = ship, evaluator

    def _count(self, sql: str) -> None:
        """The beginning of a transaction is one, its end is not."""
        self.statements += not sql.startswith(("COMMIT", "ROLLBACK", "RELEASE"))

    def _timed(self, step: Callable[..., Any], name: Callable[[Any], str]) -> Any:
        def timed(row: Any, **given: Any) -> Any:
            statements, began = self.statements, time.process_time()
            try:
                return step(row, **given)
            finally:
                cost = self.by.setdefault(name(row), Cost())
                cost.steps += 1
                cost.statements += self.statements - statements
                cost.cpu += time.process_time() - began

        return timed


def fleet(ships: int) -> dict[str, int]:
    """A fleet of about so many ships, in the parts of the scenario."""
    share = (ships - 2) / sum(OF_FIFTY.values())
    return {kind: max(1, round(count * share)) for kind, count in OF_FIFTY.items()}


def play(*, ships: int, minutes: float, seed: int, warm: float = 0.0) -> dict[str, Any]:
    """Play so many minutes of the game, after `warm` minutes that are not measured."""
    import django

    django.setup()
    logging.disable(logging.INFO)
    from django.core.management import call_command

    from fleet.models import Agent, Ship
    from spacefleet.lab.play import playing

    call_command("migrate", run_syncdb=True, verbosity=0)
    options = {} if ships == 50 else {"start_fleet": fleet(ships)}
    meter = Meter()
    with playing(SCENARIO, seed=seed, **options) as lab:
        if warm:
            lab.run(hours=warm / 60)
        before = _asked(lab.agent)
        wall, cpu = time.perf_counter(), time.process_time()
        with meter.watching():
            steps = lab.run(hours=minutes / 60)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        agent = Agent.objects.get(pk=lab.agent.pk)
        return {
            "ships": Ship.objects.filter(agent=agent).count(),
            "minutes": minutes,
            "seed": seed,
            "steps": steps,
            "requests": _asked(agent) - before,
            "statements": meter.statements,
            "credits": agent.credits,
            "drift": agent.drift,
            "wall": wall,
            "cpu": cpu,
            "by": {name: asdict(cost) for name, cost in sorted(meter.by.items())},
        }


def _asked(agent: Any) -> int:
    from django.db.models import Sum

    from spacefleet.models import RequestCount

    rows = RequestCount.objects.filter(agent=agent.symbol)
    return rows.aggregate(total=Sum("count"))["total"] or 0


def apart(**given: Any) -> dict[str, Any]:
    """`play` in a process of its own, with a database in memory."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.run", json.dumps(given)],
        cwd=ROOT,
        env={
            **os.environ,
            "SPACEFLEET_SCRATCH": "1",
            "DJANGO_SETTINGS_MODULE": "spacefleet.settings",
        },
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def machine() -> str:
    """What it ran on, for the line above a table."""
    return (
        f"{os.cpu_count()} virtual cores, {platform.machine()}, "
        f"Python {platform.python_version()}, SQLite in memory, one process on one core"
    )


if __name__ == "__main__":
    print(json.dumps(play(**json.loads(sys.argv[1]))))
