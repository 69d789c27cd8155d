"""The universe over HTTP: the command, its address, its snapshot, its end."""

import asyncio
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from spacefleet.universe import server, snapshot
from spacefleet.universe.scenarios import build

from .play import NOON

ROOT = Path(__file__).resolve().parents[2]


class Served:
    """A `rununiverse` in a process of its own."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "manage.py", "rununiverse", *arguments]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONWARNINGS": "default"},
        )

    def wait_until_ready(self) -> str:
        """The address it announces."""
        assert self.process.stdout is not None
        readable, _, _ = select.select([self.process.stdout], [], [], 30)
        line = self.process.stdout.readline() if readable else ""
        assert line.startswith("Universe ready at "), line + self.end()[1]
        return line.split()[3]

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Exit code and what it complained about."""
        self.process.send_signal(number)
        _, complaint = self.process.communicate(timeout=20)
        return self.process.returncode, complaint


def in_a_loop_of_its_own(work: Coroutine[Any, Any, None]) -> None:
    """Run to its end in another thread: a browser of other tests may keep a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result(timeout=30)


def register(address: str) -> dict[str, str]:
    body = {"symbol": "BADGER", "faction": "COSMIC"}
    answer = httpx.post(f"{address}/register", json=body)
    assert answer.status_code == 201
    return {"Authorization": f"Bearer {answer.json()['data']['token']}"}


def test_a_universe_survives_its_end_and_forgets_nothing(tmp_path):
    file, log = tmp_path / "universe.snapshot", tmp_path / "changes.log"
    arguments = ("--port", "0", "--seed", "3", "--speed", "20", "--snapshot", str(file))

    first = Served(*arguments, "--log", str(log), "--fault", "GET /my/agent lost 1")
    address = first.wait_until_ready()
    headers = register(address)
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{address}/my/agent", headers=headers)
    port = address.split(":")[2].split("/")[0]
    taken = Served("--port", port)
    complaint = taken.process.communicate(timeout=20)[1]
    ended = first.end()
    second = Served("--port", "0", "--snapshot", str(file))
    address = second.wait_until_ready()
    agent = httpx.get(f"{address}/my/agent", headers=headers).json()["data"]
    ended_again = second.end(signal.SIGINT)

    assert (taken.process.returncode, ended, ended_again) == (1, (0, ""), (0, ""))
    assert f"port {port}" in complaint
    assert "--port" in complaint
    assert agent["symbol"] == "BADGER"
    lines = log.read_text().splitlines()
    assert any(line.endswith("Z BADGER register credits=175000") for line in lines)
    assert lines[-1].endswith("Z - fault kind=lost method=GET path=/my/agent")


def test_another_universe_is_not_mistaken_for_this_one(tmp_path):
    file = tmp_path / "universe.snapshot"
    file.write_bytes(build("first_day", seed=3, start=datetime.now(UTC), others=0).snapshot())

    refused = Served("--port", "0", "--seed", "4", "--snapshot", str(file))
    complaint = refused.process.communicate(timeout=20)[1]

    assert refused.process.returncode == 1
    assert "--seed 3, not 4" in complaint


def test_a_client_that_is_kept_waiting_for_ever_does_not_hold_up_the_end(tmp_path):
    served = Served("--port", "0", "--systems", "1", "--fault", "GET /factions hang 100%")
    address = served.wait_until_ready()

    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(httpx.get, f"{address}/factions", timeout=30)
        while not hanging.running():
            time.sleep(0.01)
        httpx.get(f"{address}/agents")
        ended = served.end()

        assert ended == (0, "")
        with pytest.raises(httpx.TransportError):
            hanging.result()


def test_an_era_that_was_ending_when_the_server_ended_ends_with_the_next_start(tmp_path):
    file = tmp_path / "universe.snapshot"
    world = build("first_day", seed=3, start=datetime.now(UTC), others=0)
    world.maintenance = True
    file.write_bytes(world.snapshot())

    served = Served("--port", "0", "--snapshot", str(file))
    address = served.wait_until_ready()
    status = 503
    while status == 503:
        time.sleep(0.2)
        status = httpx.get(address).status_code
    served.end()

    assert status == 200


def test_an_older_copy_never_takes_the_place_of_a_newer_one(tmp_path):
    file = tmp_path / "universe.snapshot"
    world = build("first_day", seed=3, start=NOON, others=0)
    keeper = server.Keeper(world, file)
    older = snapshot.capture(world)
    world.advance(NOON + timedelta(seconds=1))

    keeper.save()
    newest = file.read_bytes()
    keeper.write(older)

    assert file.read_bytes() == newest


def test_a_snapshot_is_replaced_only_by_a_complete_one(tmp_path):
    file = tmp_path / "universe.snapshot"
    world = build("first_day", seed=3, start=datetime.now(UTC), others=0)
    keeper = server.Keeper(world, file)

    keeper.save()
    first = file.read_bytes()
    keeper.save()

    assert file.read_bytes() == first
    assert [entry.name for entry in tmp_path.iterdir()] == [file.name]


def test_a_served_world_answers_clients_and_browsers():
    world = build("showcase", seed=3, start=datetime.now(UTC), speed=60.0, others=0)
    with server.running(world) as address:
        root = address.removesuffix("/v2")
        headers = register(address)

        page = httpx.get(root)
        doubled = httpx.get(f"{root}/v2//my//agent", headers=headers)
        patched = httpx.patch(
            f"{address}/my/ships/BADGER-1/nav", json={"flightMode": "BURN"}, headers=headers
        )
        idle = httpx.get(f"{address}/my/ships/BADGER-1/cooldown", headers=headers)
        formed = httpx.post(
            f"{address}/my/ships/BADGER-1/refuel", data={"units": "1"}, headers=headers
        )
        found = httpx.get(
            f"{address}/systems/{next(iter(world.systems))}/waypoints",
            params={"traits": ["SHIPYARD", "MARKETPLACE"]},
        )

    assert "BADGER" in page.text
    assert "showcase" in page.text
    assert "<script" not in page.text
    assert doubled.json()["data"]["credits"] == 1_500_000
    assert patched.json()["data"]["nav"]["flightMode"] == "BURN"
    assert (idle.status_code, idle.content) == (204, b"")
    assert formed.status_code == 200
    assert found.json()["meta"]["total"] == 3


def test_odd_paths_and_methods_are_refused_by_the_game_itself():
    world = build("first_day", seed=3, start=datetime.now(UTC), others=0)
    with server.running(world) as address:
        broken = httpx.get(f"{address}/systems/X1%0AYZ/waypoints")
        unknown = httpx.options(f"{address}/my/agent")
        outside = httpx.get(address.removesuffix("/v2") + "/nowhere")

    assert broken.json()["error"]["code"] == 404
    assert unknown.json()["message"] == "Route OPTIONS:/v2/my/agent not found"
    assert (outside.status_code, outside.content) == (404, b"")


def test_a_slow_answer_does_not_hold_up_the_others():
    world = build("first_day", seed=3, start=datetime.now(UTC), others=0)
    world.faults.add("GET /factions slow:1.0 100%")
    with server.running(world) as address, ThreadPoolExecutor(1) as pool:
        began = time.monotonic()

        slow = pool.submit(httpx.get, f"{address}/factions")
        httpx.get(f"{address}/agents")
        quick = time.monotonic() - began
        slow.result()
        took = time.monotonic() - began

    assert quick < 0.9
    assert took >= 1.0


def test_a_new_era_follows_a_while_of_maintenance():
    world = build("first_day", seed=3, start=NOON, others=0)
    keeper = server.Keeper(world, None)
    seen = []

    async def watch() -> None:
        task = asyncio.create_task(keeper.begin_anew(lambda: NOON, pause=0.01))
        await asyncio.sleep(0)
        seen.append((world.maintenance, world.reset_date))
        await task
        seen.append((world.maintenance, world.reset_date))

    in_a_loop_of_its_own(watch())

    assert seen == [(True, "2026-07-06"), (False, "2026-07-07")]


def test_the_calendar_ends_an_era_at_the_announced_hour():
    world = build("first_day", seed=3, start=NOON, others=0)
    keeper = server.Keeper(world, None)
    announced = world.next_reset()

    async def wait_for_the_end() -> None:
        task = asyncio.create_task(keeper.keep_the_calendar(lambda: announced))
        await asyncio.sleep(0.05)
        task.cancel()

    in_a_loop_of_its_own(wait_for_the_end())

    assert world.maintenance


def test_a_used_port_is_told_in_words():
    with server.bind("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]

        with pytest.raises(server.ServerError, match=f"port {port} of 127.0.0.1"):
            server.bind("127.0.0.1", port)
