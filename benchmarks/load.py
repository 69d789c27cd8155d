"""Clients of a universe in another process, and what they and the server make of a second.

The clients are as cheap as clients can be: they send prepared bytes and read answers to their
end, so that the server is measured and not they.
"""

import asyncio
import json
import multiprocessing
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle
from multiprocessing.connection import Connection
from statistics import quantiles
from typing import Any
from urllib.parse import urlsplit

from spacefleet.universe import server
from spacefleet.universe.scenarios import build

SPEED = 100_000.0
"""The request limit grows with it, so that it does not end the measurement."""


@dataclass(frozen=True)
class Outcome:
    """Calls a second, server CPU of a call, and how long clients waited; milliseconds."""

    rate: float
    cpu: float
    typical: float
    slow: float
    longest: float

    def __str__(self) -> str:
        return (
            f"{self.rate:,.0f} /s, {self.cpu:.3f} ms CPU a call, waited {self.typical:.1f} ms "
            f"(99 %: {self.slow:.1f}, at most {self.longest:.0f})"
        )


@dataclass
class Served:
    """A universe in another process."""

    address: str
    pipe: Connection

    def cpu(self) -> float:
        """Seconds of processor time it has used so far."""
        self.pipe.send(None)
        return float(self.pipe.recv())


@contextmanager
def served(**options: Any) -> Iterator[Served]:
    """Serve `options` of the scenario in another process for as long as the block lasts."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, options))
    process.start()
    try:
        yield Served(here.recv(), here)
    finally:
        process.terminate()
        process.join()


def _serve(pipe: Connection, options: dict[str, Any]) -> None:
    def tell() -> None:
        while True:
            pipe.recv()
            pipe.send(time.process_time())

    def ready(address: str) -> None:
        pipe.send(address)
        threading.Thread(target=tell, daemon=True).start()

    file = options.pop("snapshot", None)
    every = options.pop("snapshot_every", 10.0)
    options = {"speed": SPEED, **options}
    world = build("first_day", seed=7, start=datetime.now(UTC), **options)
    server.serve(world, port=0, snapshot=file, snapshot_every=every, on_ready=ready)


class Client:
    """One connection over which prepared requests go, one after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.waits: list[float] = []

    @classmethod
    async def connect(cls, address: str) -> "Client":
        parts = urlsplit(address)
        return cls(*await asyncio.open_connection(parts.hostname, parts.port))

    async def send(self, request: bytes) -> bytes:
        """The body of the answer, which must be a success."""
        began = time.perf_counter()
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        _, _, after = head.partition(b"content-length: ")
        body = await self.reader.readexactly(int(after.partition(b"\r")[0] or b"0"))
        self.waits.append(time.perf_counter() - began)
        if not head.startswith(b"HTTP/1.1 20"):
            raise RuntimeError((head + body).decode())
        return body


def request(method: str, path: str, *, token: str = "", body: object | None = None) -> bytes:
    content = b"" if body is None else json.dumps(body).encode()
    head = (
        f"{method} /v2{path} HTTP/1.1\r\nHost: universe\r\nContent-Length: {len(content)}\r\n"
    )
    if body is not None:
        head += "Content-Type: application/json\r\n"
    if token:
        head += f"Authorization: Bearer {token}\r\n"
    return f"{head}\r\n".encode() + content


async def _player(address: str, number: int) -> tuple[Client, str]:
    """A client with an agent of its own, and the agent's token."""
    client = await Client.connect(address)
    body = {"symbol": f"BADGER{number}", "faction": "COSMIC"}
    told = await client.send(request("POST", "/register", body=body))
    return client, json.loads(told)["data"]["token"]


def reads(symbol: str) -> list[tuple[str, str]]:
    return [
        ("GET", "/my/agent"),
        ("GET", f"/my/ships/{symbol}-1"),
        ("GET", "/my/ships?limit=20"),
        ("GET", "/my/contracts"),
    ]


def mixed(symbol: str) -> list[tuple[str, str]]:
    """As a fleet calls: half of it changes something."""
    ship = f"/my/ships/{symbol}-1"
    return [
        ("POST", f"{ship}/orbit"),
        ("GET", ship),
        ("POST", f"{ship}/dock"),
        ("GET", "/my/agent"),
    ]


def measure(universe: Served, calls: Any, *, clients: int, seconds: float) -> Outcome:
    """So many clients, each waiting for every answer, for so long."""
    return asyncio.run(_measure(universe, calls, clients=clients, seconds=seconds))


async def _measure(universe: Served, calls: Any, *, clients: int, seconds: float) -> Outcome:
    first = int(time.time() * 1000) % 100_000_000
    players = [await _player(universe.address, first + number) for number in range(clients)]
    cpu, began = universe.cpu(), time.perf_counter()
    ends = began + seconds
    async with asyncio.TaskGroup() as group:
        for number, (client, token) in enumerate(players):
            asked = [request(*call, token=token) for call in calls(f"BADGER{first + number}")]
            group.create_task(_work(client, asked, ends))
    took, cpu = time.perf_counter() - began, universe.cpu() - cpu
    waits = sorted(wait * 1000 for client, _ in players for wait in client.waits[1:])
    marks = quantiles(waits, n=100)
    return Outcome(len(waits) / took, cpu / len(waits) * 1000, marks[49], marks[98], waits[-1])


async def _work(client: Client, asked: list[bytes], ends: float) -> None:
    for one in cycle(asked):
        await client.send(one)
        if time.perf_counter() >= ends:
            break
    client.writer.close()
