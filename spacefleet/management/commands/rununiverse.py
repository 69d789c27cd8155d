"""Serve a universe over HTTP for our own fleet or anybody's client."""

from argparse import ArgumentParser
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from spacefleet.universe import World, scenarios, server, snapshot
from spacefleet.universe.faults import FaultError


class Command(BaseCommand):
    """Builds a world or takes it up from its snapshot, and serves it until told to stop."""

    help = "Serve a local SpaceTraders universe below /v2, for example for a demo or a test."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8001, help="port, 0 for any free one")
        parser.add_argument("--seed", type=int, default=7, help="the galaxy to play in")
        parser.add_argument(
            "--speed", type=float, default=1.0, help="how many times faster time passes"
        )
        parser.add_argument(
            "--scenario", default="first_day", choices=sorted(scenarios.SCENARIOS)
        )
        parser.add_argument(
            "--snapshot", type=Path, help="file the universe survives restarts in"
        )
        parser.add_argument(
            "--strict",
            action="store_true",
            help="refuse harmless oddities that the real server refuses",
        )
        parser.add_argument(
            "--fault",
            action="append",
            default=[],
            metavar="RULE",
            help="scripted trouble, e.g. 'POST /my/ships/*/sell lost 5%%'; may be repeated",
        )
        parser.add_argument(
            "--weekly-reset",
            action="store_true",
            help="begin a new era every Sunday at 13:00 UTC, as the real game does",
        )
        parser.add_argument("--log", type=Path, help="file that notes every change, JSON lines")

    def handle(self, *args: Any, **options: Any) -> None:
        world = self._world(options)
        try:
            for rule in options["fault"]:
                world.faults.add(rule)
        except FaultError as error:
            raise CommandError(f"--fault {error}") from error
        with ExitStack() as stack:
            if options["log"] is not None:
                file = options["log"].open("a", encoding="utf-8", buffering=1)
                world.log.file = stack.enter_context(file)
            self._serve(world, options)

    def _serve(self, world: World, options: dict[str, Any]) -> None:
        try:
            server.serve(
                world,
                options["host"],
                options["port"],
                options["snapshot"],
                weekly_reset=options["weekly_reset"],
                on_ready=lambda address: self._say_ready(world, address),
            )
        except server.ServerError as error:
            raise CommandError(str(error)) from error

    def _say_ready(self, world: World, address: str) -> None:
        self.stdout.write(f"Universe ready at {address} - {world.description}")
        self.stdout.flush()

    def _world(self, options: dict[str, Any]) -> World:
        file: Path | None = options["snapshot"]
        if options["speed"] <= 0:
            raise CommandError("--speed must be above zero")
        if file is None or not file.exists():
            return scenarios.build(
                options["scenario"],
                seed=options["seed"],
                start=datetime.now(UTC),
                speed=options["speed"],
                strict=options["strict"],
            )
        return self._resume(file, options)

    def _resume(self, file: Path, options: dict[str, Any]) -> World:
        try:
            data = file.read_bytes()
            kept = snapshot.describe(data)
            for name in ("scenario", "seed", "speed"):
                if kept[name] != options[name]:
                    raise CommandError(
                        f"{file} holds a universe with --{name} {_short(kept[name])}, not "
                        f"{_short(options[name])}: start it as it was, or name another file"
                    )
            world = World.restore(data)
        except (snapshot.SnapshotError, OSError) as error:
            raise CommandError(
                f"{file} cannot be resumed: {error}. Move it away to begin anew"
            ) from error
        world.rules = replace(world.rules, strict=options["strict"])
        return world


def _short(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
