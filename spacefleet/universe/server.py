"""The universe over HTTP: the process that serves a world and keeps it."""

import asyncio
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import uvicorn

from .asgi import PREFIX, Application, LostAnswer, now
from .keeper import SNAPSHOT_EVERY, Keeper
from .world import World

GRACE = 3
"""Wall seconds that answers under way get at shutdown."""

KEEP_ALIVE = 75
"""Wall seconds an idle connection stays open: longer than clients wait between two calls."""


class ServerError(Exception):
    """The server cannot start or end as it should; the message says what to do."""


class _NoScriptedTrouble(logging.Filter):
    """Keeps connections broken on purpose out of the server's error log."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and record.exc_info[0] is LostAnswer)


class _Server(uvicorn.Server):
    """Runs chores beside the answers, and lets nobody hang at its end."""

    def __init__(
        self,
        application: Application,
        *,
        chores: Callable[[], list[Coroutine[Any, Any, None]]],
        on_ready: Callable[[], None],
    ) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                lifespan="off",
                ws="none",
                log_level="warning",
                access_log=False,
                timeout_keep_alive=KEEP_ALIVE,
                timeout_graceful_shutdown=GRACE,
                server_header=False,
            )
        )
        self.application = application
        self._chores = chores
        self._on_ready = on_ready
        self._busy: set[asyncio.Task[None]] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for chore in self._chores():
            self.begin(chore)
        self._on_ready()

    def begin(self, chore: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(chore)
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for task in self._busy:
            task.cancel()
        self.application.let_go()
        await super().shutdown(sockets)


def bind(host: str, port: int) -> socket.socket:
    """A listening socket, or a `ServerError` that says what to do."""
    try:
        listener = socket.create_server((host, port), backlog=256)
    except socket.gaierror as error:
        raise ServerError(
            f"{host!r} is no address of this machine: choose another --host"
        ) from error
    except OSError as error:
        raise ServerError(
            f"port {port} of {host} cannot be used ({os.strerror(error.errno or 0)}): stop the "
            "program that holds it, or choose another with --port"
        ) from error
    # Connections inherit it. Without, every answer waits 40 ms for an acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def serve(
    world: World,
    host: str = "127.0.0.1",
    port: int = 8001,
    snapshot: Path | None = None,
    *,
    snapshot_every: float = SNAPSHOT_EVERY,
    weekly_reset: bool = False,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, then write the snapshot and return; SIGHUP resets the world.

    `on_ready` is called with the address once requests are answered. Port 0 takes a free one.
    Raises `ServerError`.
    """
    _end_quietly_on_signals()
    keeper = Keeper(world, snapshot)

    def chores() -> list[Coroutine[Any, Any, None]]:
        work = [keeper.save_for_ever(snapshot_every)]
        if world.maintenance:
            work.append(keeper.begin_anew(now))
        if weekly_reset:
            work.append(keeper.keep_the_calendar(now))
        asyncio.get_running_loop().add_signal_handler(
            signal.SIGHUP, lambda: server.begin(keeper.begin_anew(now))
        )
        return work

    with bind(host, port) as listener, _without_scripted_trouble():
        address = _address(listener)
        server = _Server(
            Application(world),
            chores=chores,
            on_ready=lambda: on_ready(address) if on_ready else None,
        )
        server.run(sockets=[listener])
    try:
        keeper.save()
    except OSError as error:
        raise ServerError(f"the last snapshot could not be written: {error}") from error


@contextmanager
def running(
    world: World,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    clock: Callable[[], datetime] = now,
) -> Iterator[str]:
    """Serve in a thread for as long as the block lasts; gives the address."""
    ready = threading.Event()
    with bind(host, port) as listener, _without_scripted_trouble():
        server = _Server(Application(world, clock=clock), chores=list, on_ready=ready.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            if not ready.wait(timeout=10):
                raise ServerError("the server did not become ready")
            yield _address(listener)
        finally:
            server.should_exit = True
            thread.join()


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}{PREFIX}"


@contextmanager
def _without_scripted_trouble() -> Iterator[None]:
    logger, quiet = logging.getLogger("uvicorn.error"), _NoScriptedTrouble()
    logger.addFilter(quiet)
    try:
        yield
    finally:
        logger.removeFilter(quiet)


def _end_quietly_on_signals() -> None:
    """The server handles signals itself and raises them again when done; that is no failure."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.stdout.flush())
