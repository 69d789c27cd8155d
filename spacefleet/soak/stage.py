"""The stage of a soak: universe, database, agent, and nodes of workers as real processes."""

import os
import re
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

from django import db
from django.core.management import call_command

from fleet.models import Agent, Lane
from fleet.services import joining
from spacefleet import clock
from spacefleet.processes import die_with_parent, manage
from spacefleet.universe import World, scenarios, server

from . import tree
from .database import Database, Postgres
from .plan import Plan
from .witness import Witness

OURS = "node"  # the node that is always there
LAST_TRY = 20.0  # wall seconds for a supervisor to end by itself

EXPECTED = (
    "reincarnated ",  # django-q says so of every part of a cluster it replaces
    "Failed to pull task from broker",  # and so when the database is away
)
_LOUD = re.compile(r"^\S+ \S+ (ERROR|CRITICAL) +(.*)$")
AWAY = ("OperationalError", "InterfaceError", "AdminShutdown", "disk I/O error")


class Voices:
    """What all processes say, line by line, into a file and into our ears."""

    def __init__(self, file: Path) -> None:
        self.lines: list[str] = []
        self._read, self.write = os.pipe()
        self._file = file.open("a")
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with os.fdopen(self._read, errors="replace") as pipe:
            for line in pipe:
                self.lines.append(line.rstrip())
                self._file.write(line)
                self._file.flush()

    def errors(self, since: int = 0) -> list[str]:
        """Lines of the level ERROR and above that no break explains, each with its last word."""
        lines, found = self.lines[since:], []
        for number, line in enumerate(lines):
            match = _LOUD.match(line)
            if match and not any(word in line for word in EXPECTED):
                last = _last_word(lines, number)
                if not any(word in last for word in AWAY):
                    found.append(f"{match[2]}: {last}" if last else match[2])
        return found


def _last_word(lines: list[str], number: int) -> str:
    """The exception of the traceback below a line, if there is one."""
    if number + 1 >= len(lines) or not lines[number + 1].startswith("Traceback"):
        return ""
    for line in lines[number + 2 :]:
        if re.match(r"^[\w.]+(Error|Exception|Shutdown|Lost)\b", line):
            return line
    return ""


class Stage:
    """Everything of a soak that can break. Times are wall seconds."""

    def __init__(self, plan: Plan, base: Database) -> None:
        self.plan = plan
        self.database = base
        self.mark = uuid.uuid4().hex
        self.voices = Voices(plan.folder / "workers.log")
        self.supervisors: dict[str, subprocess.Popen[bytes]] = {}
        self.witness: Witness
        self.agent: Agent
        self.address = ""

    @contextmanager
    def open(self) -> Iterator["Stage"]:
        """Everything is up inside the block, and gone behind it."""
        try:
            if isinstance(self.database, Postgres):
                self.database.create()
            call_command("migrate", verbosity=0, interactive=False)
            if Agent.objects.exists():
                raise ValueError("there are agents in this database: a soak wants an empty one")
            world = scenarios.build(
                self.plan.scenario,
                seed=self.plan.seed,
                start=clock.now(),
                speed=self.plan.speed,
            )
            self.witness = Witness(world)
            with server.running(cast(World, self.witness), port=self.plan.port) as self.address:
                self.agent = joining.register(
                    self.address, symbol="SOAK", faction="COSMIC", tell=lambda text: None
                )
                yield self
                self.end()
        finally:
            tree.end(self.mark)
            db.connections.close_all()
            self.database.close()

    @property
    def world(self) -> World:
        return self.witness.world

    def trouble(self, rules: list[str]) -> None:
        """Let the server spoil its answers by these rules from now on."""
        self.world.faults.clear()
        for rule in rules:
            self.world.faults.add(rule)

    # processes

    def start(self, node: str = OURS, *, zone: str = "UTC") -> None:
        """Start the supervisor of a node, as systemd would."""
        self.supervisors[node] = subprocess.Popen(
            manage("runworkers", "--agent", self.agent.symbol),
            env={
                **os.environ,
                "SPACETRADERS_URL": self.address,
                "SPACEFLEET_NODE": node,
                "SPACEFLEET_LAB_WORKERS": "0",
                "PYTHONUNBUFFERED": "1",
                "TZ": zone,
                tree.MARK: self.mark,
            },
            stdin=subprocess.DEVNULL,
            stdout=self.voices.write,
            stderr=self.voices.write,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(signal.SIGKILL),
        )

    def processes(self, kind: str = "", queue: str = "") -> list[tree.Process]:
        """Living processes of the workers, of all kinds and queues or of one."""
        return [
            each
            for each in tree.find(self.mark)
            if kind in ("", each.kind) and each.queue.startswith(queue)
        ]

    def dispatcher(self) -> tree.Process | None:
        """The worker that holds the lane."""
        return self.flies(self.processes("worker"))

    def flies(self, living: list[tree.Process]) -> tree.Process | None:
        """The one of these processes that holds the lane."""
        owner = Lane.objects.values_list("owner", flat=True).get(pk=self.agent.lane_id)
        told = re.search(r"pid (\d+)@", owner)
        number = int(told[1]) if told else 0
        return next((one for one in living if one.pid == number and one.kind == "worker"), None)

    def generation(self) -> int:
        return Lane.objects.values_list("generation", flat=True).get(pk=self.agent.lane_id)

    def end_node(self, node: str) -> float:
        """SIGTERM to a supervisor; answers how long it took until all of its node was gone."""
        began = time.monotonic()
        supervisor = self.supervisors.pop(node)
        supervisor.terminate()
        with suppress(subprocess.TimeoutExpired):
            supervisor.wait(LAST_TRY)
        return time.monotonic() - began

    def end(self) -> float:
        """End all nodes in order; answers how long the slowest took."""
        return max([self.end_node(node) for node in list(self.supervisors)], default=0.0)

    def facts(self) -> dict[str, Any]:
        return {
            "requests": self.witness.requests,
            "spoiled_requests": self.witness.spoiled,
            "changes": len(self.witness.log),
        }
