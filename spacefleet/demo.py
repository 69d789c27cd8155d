"""The demo: a universe, an agent, the workers and the dashboard, brought up and taken down."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django import db
from django.conf import settings
from django.core.management import call_command

from fleet.models import Agent, Era
from fleet.services import joining
from spacefleet import clock, collected, outcome, owner
from spacefleet.processes import die_with_parent, manage

READY = 30.0  # wall seconds for a child to answer
PATIENCE = 20.0  # wall seconds for a child to end by itself
PROGRESS_EVERY = 2.0


class DemoError(Exception):
    """The demo cannot run; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to bring up, and where."""

    scenario: str
    speed: float
    seed: int
    port: int
    universe_port: int
    symbol: str
    faction: str
    headless: bool
    real: bool
    fresh: bool
    home: Path


@dataclass(slots=True)
class Child:
    """A process of ours, with the file its output goes to."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def end(self) -> None:
        """Ask it to end, wait, and make sure."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass(slots=True)
class Demo:
    """Runs the whole of it in the foreground; `stop` ends it from a signal handler."""

    plan: Plan
    tell: Callable[[str], object]
    children: list[Child] = field(default_factory=list)
    stopping: bool = False

    def stop(self, signum: int = 0, frame: object = None) -> None:
        self.stopping = True

    def run(self, *, seconds: float | None = None) -> dict[str, Any]:
        """Bring everything up, watch it until stopped or for `seconds`, take it down.

        Answers what the run brought. Raises DemoError when it cannot run.
        """
        server = self._server()
        os.environ["SPACETRADERS_URL"] = settings.SPACETRADERS_URL = server
        self._prepare_database()
        password = "" if self.plan.headless else owner.enter(self.plan.home)
        try:
            agent = self._agent(server)
            before = outcome.reading(agent)
            if not self.plan.headless:
                self._start_web(password)
            self._start("workers", "runworkers", "--agent", agent.symbol)
            self._watch(agent, seconds=seconds)
            self._end("workers")
            outcome.audit(agent)
            return outcome.between(agent, before)
        finally:
            self._take_down()

    # bringing up

    def _server(self) -> str:
        """The address of the game: the real one if asked for, else a universe of our own."""
        if self.plan.real:
            if not os.environ.get("SPACETRADERS_TOKEN"):
                raise DemoError(
                    "--real needs the token of your agent in SPACETRADERS_TOKEN. "
                    "Without --real a universe of our own is used."
                )
            self.tell("THIS PLAYS THE REAL GAME: it flies your ships and spends your credits.")
            return str(settings.REAL_GAME_URL)
        return f"http://127.0.0.1:{self.plan.universe_port}/v2"

    def _prepare_database(self) -> None:
        try:
            call_command("migrate", verbosity=0, interactive=False)
        except db.Error as error:
            raise DemoError(
                f"The database cannot be used: {str(error).splitlines()[0]}. Check DATABASE_URL, "
                "and that the server is running."
            ) from error

    def _agent(self, server: str) -> Agent:
        if self.plan.real:
            return self._join(
                lambda: joining.adopt(
                    server, token=os.environ["SPACETRADERS_TOKEN"], tell=self.tell
                )
            )
        self._start_universe()
        return self._known_agent(server) or self._join(
            lambda: joining.register(
                server,
                symbol=self._free_symbol(),
                faction=self.plan.faction,
                tell=self.tell,
            )
        )

    def _join(self, how: Callable[[], Agent]) -> Agent:
        try:
            return how()
        except joining.CannotJoin as error:
            raise DemoError(str(error)) from error

    def _known_agent(self, server: str) -> Agent | None:
        """The agent of an earlier run, if this universe still knows it."""
        rows = Agent.objects.flying().filter(era__server=server).select_related("era")
        for agent in rows.order_by("-pk"):
            try:
                joining.adopt(server, token=agent.token, tell=lambda text: None)
            except joining.CannotJoin:
                self._retire(agent)
                continue
            self.tell(f"going on with {agent}")
            agent.refresh_from_db()
            return agent
        return None

    def _retire(self, agent: Agent) -> None:
        """The universe this agent lived in is gone: its rows stay, under their own era."""
        Era.objects.filter(pk=agent.era_id).update(
            archived_at=clock.now(), reset_date=f"{agent.era.reset_date}~{agent.era_id}"[:20]
        )

    def _free_symbol(self) -> str:
        taken = set(Agent.objects.values_list("symbol", flat=True))
        if self.plan.symbol not in taken:
            return self.plan.symbol
        return f"{self.plan.symbol[:8]}-{secrets.token_hex(2).upper()}"

    def _start_universe(self) -> None:
        self._need_port(self.plan.universe_port, "--universe-port", "the universe")
        folder = self.plan.home / "demo"
        folder.mkdir(parents=True, exist_ok=True)
        snapshot = (
            folder / f"{self.plan.scenario}-{self.plan.seed}-{self.plan.speed:g}.universe"
        )
        if self.plan.fresh:
            snapshot.unlink(missing_ok=True)
        child = self._start(
            "universe",
            "rununiverse",
            "--port",
            str(self.plan.universe_port),
            "--seed",
            str(self.plan.seed),
            "--speed",
            str(self.plan.speed),
            "--scenario",
            self.plan.scenario,
            "--snapshot",
            str(snapshot),
        )
        self._wait_for(child, self.plan.universe_port)

    def _start_web(self, password: str) -> None:
        self._need_port(self.plan.port, "--port", "the dashboard")
        collected.renew()
        self.children.append(
            self._spawn(
                "web",
                [
                    sys.executable,
                    "-m",
                    "gunicorn",
                    "--bind",
                    f"127.0.0.1:{self.plan.port}",
                    "--worker-class",
                    "gthread",
                    "--threads",
                    "8",
                    "--log-level",
                    "warning",
                    "spacefleet.wsgi",
                ],
            )
        )
        self._wait_for(self.children[-1], self.plan.port)
        self.tell(f"dashboard  http://127.0.0.1:{self.plan.port}/")
        self.tell(f"user       {owner.OWNER}")
        self.tell(f"password   {password}")

    def _need_port(self, port: int, option: str, what: str) -> None:
        with contextlib.closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise DemoError(
                    f"Port {port} for {what} is in use. Stop what listens there, "
                    f"or choose another port with {option}."
                ) from error

    def _start(self, name: str, *arguments: str) -> Child:
        child = self._spawn(name, manage(*arguments))
        self.children.append(child)
        return child

    def _spawn(self, name: str, command: list[str]) -> Child:
        log = self.plan.home / "log" / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as file:
            return Child(name, _popen(command, file), log)

    def _wait_for(self, child: Child, port: int) -> None:
        """Until the child listens on its port; its last words when it ends instead."""
        ends = time.monotonic() + READY
        while time.monotonic() < ends and not self.stopping:
            if child.process.poll() is not None:
                raise DemoError(f"The {child.name} did not start: {_last_words(child.log)}")
            with contextlib.closing(socket.socket()) as probe:
                probe.settimeout(0.2)
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        if not self.stopping:
            raise DemoError(f"The {child.name} does not answer; see {child.log}")

    # watching

    def _watch(self, agent: Agent, *, seconds: float | None) -> None:
        ends = time.monotonic() + seconds if seconds else float("inf")
        said = time.monotonic()
        while not self.stopping and time.monotonic() < ends:
            for child in self.children:
                if child.process.poll() is not None:
                    raise DemoError(
                        f"The {child.name} ended unexpectedly: {_last_words(child.log)}"
                    )
            if time.monotonic() - said >= PROGRESS_EVERY:
                said = time.monotonic()
                with contextlib.suppress(db.Error):
                    self.tell(outcome.progress(agent))
            time.sleep(0.2)

    def _take_down(self) -> None:
        """The workers first, so that nothing asks a universe that is gone; then the rest."""
        for name in ("workers", "web", "universe"):
            self._end(name)

    def _end(self, name: str) -> None:
        for child in self.children:
            if child.name == name:
                self.tell(f"stopping {name}")
                child.end()
        self.children = [child for child in self.children if child.name != name]


def _popen(command: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    """A child in a session of its own, so that Ctrl-C reaches us alone and we end it in order."""
    return subprocess.Popen(
        command,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        preexec_fn=lambda: die_with_parent(signal.SIGTERM),
    )


def _last_words(log: Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else f"nothing was said, see {log}"
