"""The universe over HTTP: an ASGI application, and the process that serves and keeps it."""

import asyncio
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.responses import Response as HttpResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from . import page
from .faults import HANG, LOST
from .response import Response
from .world import World

PREFIX = "/v2"
METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"]
SNAPSHOT_EVERY = 10.0
"""Wall seconds between snapshots while serving."""

RESET_PAUSE = 5.0
"""Wall seconds of maintenance before a new era begins, when one is asked for with SIGHUP."""

GRACE = 3
"""Wall seconds that answers under way get at shutdown."""

log = logging.getLogger(__name__)


class ServerError(Exception):
    """The server cannot start; the message says what to do."""


def now() -> datetime:
    return datetime.now(UTC)


class LostAnswer(Exception):
    """Breaks a connection on purpose, for a scripted fault."""


class _BrokenResponse(HttpResponse):
    """Sends its head and breaks the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send(
            {
                "type": "http.response.start",
                "status": self.status_code,
                "headers": self.raw_headers,
            }
        )
        raise LostAnswer


class _NoScriptedTrouble(logging.Filter):
    """Keeps connections broken on purpose out of the server's error log."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and record.exc_info[0] is LostAnswer)


class Keeper:
    """Holds a world, the lock around it, and the file it survives in."""

    def __init__(self, world: World, snapshot: Path | None) -> None:
        self.world = world
        self.snapshot = snapshot
        self.lock = threading.Lock()

    def save(self) -> None:
        """Write the snapshot: a new file beside the old one takes its place when complete."""
        if self.snapshot is None:
            return
        with self.lock:
            data = self.world.snapshot()
        fresh = self.snapshot.with_name(self.snapshot.name + ".new")
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.snapshot)

    async def save_for_ever(self, every: float) -> None:
        while True:
            await asyncio.sleep(every)
            try:
                await asyncio.to_thread(self.save)
            except OSError as error:
                log.warning("the snapshot could not be written: %s", error)

    async def keep_the_calendar(self, clock: Callable[[], datetime]) -> None:
        """Begin a new era whenever the announced hour has come."""
        while True:
            announced = self.world.next_reset()
            while clock() < announced:
                await asyncio.sleep(1)
            await self.begin_anew(clock)

    async def begin_anew(
        self, clock: Callable[[], datetime], *, pause: float = RESET_PAUSE
    ) -> None:
        """What the weekly reset does: a while of 503, then a new era."""
        self.world.maintenance = True
        await asyncio.sleep(pause)
        with self.lock:
            self.world.reset(clock())
        log.warning("a new era has begun: reset date %s", self.world.reset_date)


def app(
    world: World,
    *,
    clock: Callable[[], datetime] = now,
    snapshot: Path | None = None,
    snapshot_every: float = SNAPSHOT_EVERY,
    weekly_reset: bool = False,
    on_ready: Callable[[], None] | None = None,
) -> Starlette:
    """The ASGI application: the API below /v2, a page for people at the root."""
    keeper = Keeper(world, snapshot)

    async def api(request: Request) -> HttpResponse:
        body = await request.body()
        with keeper.lock:
            response = world.handle(
                request.method,
                _target(request),
                headers=request.headers,
                body=body,
                at=clock(),
                client_ip=request.client.host if request.client else "unknown",
            )
        return await _deliver(response, request)

    async def stray(request: Request, error: Exception) -> HttpResponse:
        """Odd methods and paths the routes below miss: still the game's to refuse."""
        if request.scope["path"].startswith(PREFIX + "/"):
            return await api(request)
        return HttpResponse(status_code=404)

    async def front(request: Request) -> HttpResponse:
        with keeper.lock:
            world.advance(clock())
            text = page.render(world, address=str(request.base_url).rstrip("/"))
        return HTMLResponse(text)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        tasks = {asyncio.create_task(keeper.save_for_ever(snapshot_every))}
        if weekly_reset:
            tasks.add(asyncio.create_task(keeper.keep_the_calendar(clock)))
        if threading.current_thread() is threading.main_thread():
            asyncio.get_running_loop().add_signal_handler(
                signal.SIGHUP, lambda: tasks.add(asyncio.create_task(keeper.begin_anew(clock)))
            )
        if on_ready is not None:
            on_ready()
        yield
        for task in tasks:
            task.cancel()
        keeper.save()

    return Starlette(
        routes=[
            Route("/", front, methods=["GET"]),
            Route(PREFIX, api, methods=METHODS),
            Route(PREFIX + "/{rest:path}", api, methods=METHODS),
        ],
        exception_handlers={404: stray, 405: stray},
        lifespan=lifespan,
    )


def _target(request: Request) -> str:
    """The path below /v2 with its query, as it was sent."""
    path = request.scope["path"][len(PREFIX) :] or "/"
    query = request.scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path


async def _deliver(response: Response, request: Request) -> HttpResponse:
    if response.delay:
        await asyncio.sleep(response.delay)
    if response.fate == HANG:
        while not await request.is_disconnected():
            await asyncio.sleep(0.5)
        return HttpResponse(status_code=504)
    kind = _BrokenResponse if response.fate == LOST else HttpResponse
    return kind(response.body, status_code=response.status, headers=response.headers)


def bind(host: str, port: int) -> socket.socket:
    """A listening socket, or a `ServerError` that says what to do."""
    try:
        listener = socket.create_server((host, port), backlog=256)
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
    """
    _end_quietly_on_signals()
    with bind(host, port) as listener:
        address = _address(listener)
        server = _server(
            app(
                world,
                snapshot=snapshot,
                snapshot_every=snapshot_every,
                weekly_reset=weekly_reset,
                on_ready=(lambda: on_ready(address)) if on_ready else None,
            )
        )
        with _without_scripted_trouble():
            server.run(sockets=[listener])


@contextmanager
def running(
    world: World,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    snapshot: Path | None = None,
    clock: Callable[[], datetime] = now,
) -> Iterator[str]:
    """Serve in a thread for as long as the block lasts; gives the address."""
    ready = threading.Event()
    with bind(host, port) as listener, _without_scripted_trouble():
        server = _server(app(world, clock=clock, snapshot=snapshot, on_ready=ready.set))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            if not ready.wait(timeout=10):
                raise ServerError("the server did not become ready")
            yield _address(listener)
        finally:
            server.should_exit = True
            thread.join()


def _server(application: Starlette) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            application,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=GRACE,
            server_header=False,
        )
    )


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
