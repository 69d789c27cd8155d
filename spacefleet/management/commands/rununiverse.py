"""`rununiverse`: a local game server, for our own fleet or anybody's client."""

import sys
from argparse import ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    DjangoHelpFormatter,
)

from spacefleet.universe import World, keeper, options, scenarios, server, snapshot
from spacefleet.universe.events import Entry

SCENARIO, SEED, SPEED = "first_day", 7, 1.0
EVERY_WEEK = "sun 13:00"

EPILOG = """\
scenarios:
{scenarios}

examples:
  rununiverse                                      the game as a new agent meets it
  rununiverse --speed 60 --scenario showcase       an hour of it a minute, with money to spend
  rununiverse --systems 1000 --gates open          room to explore at once
  rununiverse --snapshot my.universe               end it, start it again: it goes on
  rununiverse --fault 'POST /my/* lost 5%' --fault '* * html429 every 200' --log -
  rununiverse --set rate_limited=false --set wear_chance=0

signals:
  SIGTERM, SIGINT    answer what has been asked, write the snapshot, end with code 0
  SIGHUP             end the era: seconds of 503, then a new galaxy and reset date

docs/universe.md tells a client's author all there is to know.
"""


class _Help(RawDescriptionHelpFormatter, DjangoHelpFormatter):
    """Keeps the lines of the epilog."""


class Command(BaseCommand):
    """Builds a world or takes it up from its snapshot, and serves it until told to stop."""

    help = (
        "Serve a local SpaceTraders universe below /v2: the whole game in memory, for clients, "
        "demos and tests. A page for people is at the root of the same address."
    )
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        listed = "\n".join(f"  {name:<16} {text}" for name, text in _scenarios())
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = _Help
        parser.epilog = EPILOG.format(scenarios=listed)
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        _add_place(parser)
        _add_world(parser)
        _add_manners(parser)

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            world = self._world(given)
            for rule in given["fault"]:
                world.faults.add(rule)
        except ValueError as error:
            raise CommandError(str(error)) from error
        with ExitStack() as stack:
            if given["log"] is not None:
                world.log.tell = stack.enter_context(_Log(given["log"]))
            self._serve(world, given)

    def _serve(self, world: World, given: dict[str, Any]) -> None:
        try:
            server.serve(
                world,
                given["host"],
                given["port"],
                given["snapshot"],
                snapshot_every=given["snapshot_every"],
                weekly_reset=given["weekly_reset"] is not None,
                on_ready=lambda address: self._say_ready(world, address),
            )
        except server.ServerError as error:
            raise CommandError(str(error)) from error

    def _say_ready(self, world: World, address: str) -> None:
        self.stdout.write(f"Universe ready at {address} - {world.description}")
        self.stdout.flush()

    # --- the world ------------------------------------------------------------------------

    def _world(self, given: dict[str, Any]) -> World:
        """The world of the snapshot, or a fresh one; raises `ValueError` for what cannot be."""
        if given["speed"] is not None and not 0 < given["speed"] < float("inf"):
            raise CommandError("--speed must be above zero")
        asked, manners = _asked(given)
        file: Path | None = given["snapshot"]
        if file is not None and not file.parent.is_dir():
            raise CommandError(f"--snapshot {file}: there is no folder {file.parent}")
        if file is None or not file.exists():
            return scenarios.build(
                given["scenario"] or SCENARIO,
                seed=SEED if given["seed"] is None else given["seed"],
                start=datetime.now(UTC),
                speed=given["speed"] or SPEED,
                **asked,
                **manners,
            )
        world = self._resume(file, given, asked)
        world.adopt(**manners)
        return world

    def _resume(self, file: Path, given: dict[str, Any], asked: dict[str, Any]) -> World:
        try:
            data = file.read_bytes()
            kept = snapshot.describe(data)
            _require_same(file, kept, given, asked)
            return World.restore(data)
        except (snapshot.SnapshotError, OSError) as error:
            raise CommandError(
                f"{file} cannot be resumed: {error}. Move it away to begin anew"
            ) from error


# --- what may be given ---------------------------------------------------------------------------


def _add_place(parser: CommandParser) -> None:
    place = parser.add_argument_group("where and for how long")
    place.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: %(default)s)"
    )
    place.add_argument(
        "--port", type=_port, default=8001, help="0 takes any free one (default: %(default)s)"
    )
    place.add_argument(
        "--snapshot",
        type=Path,
        metavar="FILE",
        help="keep the universe across restarts; what the file says need not be said again",
    )
    place.add_argument(
        "--snapshot-every",
        type=_seconds,
        default=keeper.SNAPSHOT_EVERY,
        metavar="SECONDS",
        help="wall seconds between two snapshots (default: %(default)g)",
    )
    place.add_argument(
        "--log",
        metavar="FILE",
        help="note every change: '-' on the screen, FILE.jsonl as JSON, other files as text",
    )


def _add_world(parser: CommandParser) -> None:
    world = parser.add_argument_group("the world")
    world.add_argument(
        "--scenario",
        choices=sorted(scenarios.SCENARIOS),
        help=f"where the game begins, see below (default: {SCENARIO})",
    )
    world.add_argument(
        "--seed", type=int, help=f"the galaxy and every die cast in it (default: {SEED})"
    )
    world.add_argument(
        "--speed", type=float, help=f"how many times faster time passes (default: {SPEED:g})"
    )
    world.add_argument(
        "--systems",
        type=int,
        metavar="N",
        help="systems of the galaxy (default: 250; live 7,000)",
    )
    world.add_argument(
        "--gates",
        choices=("building", "open"),
        help="whether home gates are still to be built, as live, or open",
    )
    world.add_argument(
        "--rivals", type=int, metavar="N", help="other agents that trade and chart (default: 0)"
    )
    world.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another value for a parameter of docs/fidelity.md; may be repeated",
    )


def _add_manners(parser: CommandParser) -> None:
    manners = parser.add_argument_group("how it deals with clients")
    manners.add_argument(
        "--strict",
        action="store_true",
        help="refuse an empty body that is called JSON, as the real server does",
    )
    manners.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="RULE",
        help="scripted trouble, e.g. 'POST /my/ships/*/sell lost 5%%'; may be repeated",
    )
    manners.add_argument(
        "--weekly-reset",
        nargs="?",
        const=EVERY_WEEK,
        metavar="WHEN",
        help=f"begin a new era every week at WHEN, UTC ('{EVERY_WEEK}' as live if not told)",
    )


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise ArgumentTypeError(f"{text!r}: expected a number from 0 to 65535")
    return int(text)


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0.1 <= number < float("inf"):
        raise ArgumentTypeError(f"{text!r}: expected seconds, at least 0.1")
    return number


def _scenarios() -> Iterable[tuple[str, str]]:
    for name, make in sorted(scenarios.SCENARIOS.items()):
        yield name, (make.__doc__ or "").partition("\n")[0]


# --- what was given ------------------------------------------------------------------------------


def _asked(given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Parameters that make a world, and those it may be served with; raises `OptionError`."""
    asked = dict(map(options.setting, given["set"]))
    if given["systems"] is not None:
        asked |= options.systems(given["systems"])
    if given["gates"] is not None:
        asked["gate_open"] = given["gates"] == "open"
    if given["rivals"] is not None:
        asked |= [options.setting(f"rivals={given['rivals']}")]
    asked["strict"] = given["strict"] or asked.get("strict", False)
    if given["weekly_reset"] is not None:
        asked |= options.hour_of_week(given["weekly_reset"])
    manners = {name: asked.pop(name) for name in asked.keys() & options.MANNERS}
    return asked, manners


def _require_same(
    file: Path, kept: dict[str, Any], given: dict[str, Any], asked: dict[str, Any]
) -> None:
    """What makes a world cannot be changed while it goes on."""
    wanted = {name: given[name] for name in ("scenario", "seed", "speed", "systems")} | asked
    there = scenarios.settings(kept["scenario"]) | kept["options"] | kept
    there["systems"] = there["homes"] + there["others"]
    for name, value in wanted.items():
        if value is not None and there[name] != value:
            raise CommandError(
                f"{file} holds a universe with {_flag(name)} {_short(there[name])}, not "
                f"{_short(value)}: start it as it was, or name another file"
            )


def _flag(name: str) -> str:
    own = ("scenario", "seed", "speed", "systems", "rivals")
    return f"--{name}" if name in own else f"--set {name}"


def _short(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


class _Log:
    """Writes entries to a file as they come, as text or as JSON."""

    def __init__(self, name: str) -> None:
        self._line: Callable[[Entry], str] = Entry.text
        if name == "-":
            self._file: TextIO = sys.stdout
            return
        if name.endswith(".jsonl"):
            self._line = Entry.json
        try:
            self._file = open(name, "a", encoding="utf-8", buffering=1)  # noqa: SIM115
        except OSError as error:
            raise CommandError(f"--log {name}: {error.strerror}") from error

    def __call__(self, entry: Entry) -> None:
        print(self._line(entry), file=self._file, flush=True)

    def __enter__(self) -> "_Log":
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not sys.stdout:
            self._file.close()
