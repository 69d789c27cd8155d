"""Clients that others published play a first day here, unchanged: all at once, in one universe.

They live in an environment of their own beside ours (`make interop`), because they pin what we
do not. Without it the tests are skipped; with SPACEFLEET_INTEROP=1 that is a failure.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spacefleet.universe import World, server
from spacefleet.universe.scenarios import build
from spacefleet.universe.state import Contract

from .play import Player

CLIENTS = Path(__file__).with_name("clients")
ENVIRONMENT = Path(sys.prefix).with_name(f"{Path(sys.prefix).name}-interop")

NAMES = ("autotraders", "snakes", "sdk", "airlock")
SPEED = 200.0
LONGEST = 90
"""Wall seconds after which a client is taken to hang. Three of them send two requests a second."""


def command(name: str) -> list[str]:
    """How to start one client; skips or fails where its environment is missing."""
    if name == "airlock":
        program, package = shutil.which("node"), ENVIRONMENT / "node_modules"
        start = [str(program), str(CLIENTS / f"steer_{name}.mjs")]
    else:
        program = package = ENVIRONMENT / "bin" / "python"
        start = [str(program), str(CLIENTS / f"steer_{name}.py")]
    if program is None or not package.exists():
        reason = f"{package} is missing: make interop"
        if os.environ.get("SPACEFLEET_INTEROP") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return start


@dataclass
class Day:
    """What a client told of its day, and the world it played in."""

    world: World
    symbol: str
    outcome: dict[str, str]
    complaint: str

    @property
    def actions(self) -> Counter[str]:
        return Counter(entry.action for entry in self.world.log if entry.agent == self.symbol)


def begin(name: str, address: str, folder: Path) -> "subprocess.Popen[bytes]":
    arguments = [address, name.upper(), str(ENVIRONMENT)]
    with (folder / "told").open("wb") as told, (folder / "complaint").open("wb") as complaint:
        return subprocess.Popen(
            [*command(name), *arguments],
            cwd=folder,
            stdout=told,
            stderr=complaint,
            env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        )


def end(process: "subprocess.Popen[bytes]", *, within: float) -> str:
    """Wait for a client; what there is to complain about."""
    try:
        process.wait(timeout=max(0.1, within))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return f"no end within {LONGEST} s\n"
    return ""


def play_all(world: World, folders: dict[str, Path]) -> dict[str, Day]:
    """Every client plays a day in this world, all at the same time."""
    for name in folders:
        command(name)
    with server.running(world) as address:
        latest = time.monotonic() + LONGEST
        running = {name: begin(name, address, folders[name]) for name in folders}
        late = {
            name: end(process, within=latest - time.monotonic())
            for name, process in running.items()
        }
    return {name: read_day(world, name, folders[name], late[name]) for name in folders}


def read_day(world: World, name: str, folder: Path, late: str) -> Day:
    told = (folder / "told").read_text().splitlines()
    outcome: dict[str, str] = json.loads(told[-1]) if told else {}
    return Day(world, name.upper(), outcome, late + (folder / "complaint").read_text())


def short_day(**options: object) -> World:
    """Two trips suffice: the first contracts ask for little of one ore, and rocks are full of it."""
    start = datetime.now(UTC)
    offers = ((seed, first_offers(seed, start)) for seed in range(1, 5000))
    seed, good = next((seed, deals[0].good) for seed, deals in offers if easy(deals))
    return build(
        "first_day",
        seed=seed,
        start=start,
        speed=SPEED,
        others=0,
        wear_chance=0.0,
        stripped_yield=3.0,
        survey_minutes=(55.0, 60.0),
        deposit_weights={good: 50.0},
        **options,
    )


def first_offers(seed: int, start: datetime) -> list[Contract]:
    """The contracts of the first agents in the world of this seed."""
    world = build("first_day", seed=seed, start=start, others=0, rate_limited=False)
    for name in NAMES:
        Player(world, symbol=name.upper(), at=start).register()
    return [deal for agent in world.agents.values() for deal in agent.contracts.values()]


def easy(deals: list[Contract]) -> bool:
    return len({deal.good for deal in deals}) == 1 and all(deal.units <= 70 for deal in deals)


@pytest.fixture(scope="module")
def days(tmp_path_factory) -> dict[str, Day]:
    """The days of all clients that are there, played at the same time."""
    return play_all(short_day(), {name: tmp_path_factory.mktemp(name) for name in NAMES})


@pytest.mark.parametrize("name", NAMES)
def test_a_published_client_registers_mines_sells_and_earns_its_contract(days, name):
    day = days[name]

    assert day.outcome == {"refused": ""}, day.complaint
    agent = day.world.agents[day.symbol]
    (contract,) = agent.contracts.values()
    assert contract.fulfilled
    assert agent.credits == sum(
        entry.details.get("credits", 0) for entry in day.world.log if entry.agent == day.symbol
    )
    done = day.actions
    played = "register accept refuel orbit navigate survey extract dock deliver sell fulfill"
    assert [action for action in played.split() if not done[action]] == []


def test_a_strict_universe_refuses_those_who_call_an_empty_body_json(tmp_path):
    names = ("autotraders", "snakes", "airlock")
    folders = {name: tmp_path / name for name in names}
    for folder in folders.values():
        folder.mkdir()

    days = play_all(short_day(strict=True), folders)

    for name in ("autotraders", "snakes"):
        assert "but the request body is an empty string" in days[name].outcome["refused"]
        assert not days[name].actions["orbit"]
    assert days["airlock"].outcome == {"refused": ""}
    assert days["airlock"].actions["fulfill"]


def test_the_manual_names_these_clients_in_these_versions():
    root = Path(__file__).parents[2]
    extra = tomllib.loads((root / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]["interop"]
    wanted = {tuple(line.split("==")) for line in extra if "==" in line}
    wanted |= set(re.findall(r"(@[\w/]+)@([\d.]+)", (root / "Makefile").read_text()))

    manual = (root / "docs" / "universe.md").read_text()

    assert wanted == set(re.findall(r"^\| ([@\w/-]+) \| (\d[\d.]+) \|", manual, re.M))
