"""The universe as an ASGI application: the API below /v2, a page for people at the root.

No framework in between: the game routes and refuses by itself, and its doors are to be as fast
as what is behind them. Everything that touches the world runs on the event loop, one call after
the other, so nothing needs a lock.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any

from . import page
from .faults import HANG, LOST
from .response import Response
from .world import World

PREFIX = "/v2"
MOST_BYTES = 1024 * 1024
"""Longest body that is read: the default of the framework below the game. Live limit unknown."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_READ_HEADERS = {b"authorization": "authorization", b"content-type": "content-type"}
_NOT_FOUND = Response(404, {}, b"")
_NEVER_SENT = Response(504, {}, b"-")
_TOO_LARGE = Response(
    413,
    {"content-type": "application/json; charset=utf-8"},
    b'{"statusCode":413,"code":"FST_ERR_CTP_BODY_TOO_LARGE",'
    b'"error":"Payload Too Large","message":"Request body is too large"}',
)
_BROKEN = Response(
    500,
    {"content-type": "application/json; charset=utf-8"},
    b'{"error":{"code":500,"message":"Something unexpected went wrong!"}}',
)

log = logging.getLogger(__name__)


def now() -> datetime:
    return datetime.now(UTC)


class LostAnswer(Exception):
    """Breaks a connection on purpose, for a scripted fault."""


class BodyTooLarge(Exception):
    """The body is longer than `MOST_BYTES`."""


class Application:
    """Answers HTTP calls from one world at the instants a clock tells."""

    def __init__(
        self,
        world: World,
        *,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.world = world
        self.clock = clock
        self._hanging: set[asyncio.Task[object]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One HTTP call from its first byte to its last."""
        path = scope["path"]
        if path.startswith(PREFIX + "/") or path == PREFIX:
            await self._play(scope, receive, send)
        elif path == "/" and scope["method"] in ("GET", "HEAD"):
            await _send(self._front(scope), send)
        else:
            await _send(_NOT_FOUND, send)

    def let_go(self) -> None:
        """Break the connections whose answers a scripted fault holds back for ever."""
        for task in self._hanging:
            task.cancel()

    # --- calls ---------------------------------------------------------------------------

    async def _play(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await _read(receive)
        except BodyTooLarge:
            return await _send(_TOO_LARGE, send)
        if body is None:
            return None
        return await self._deliver(self._handle(scope, body), receive, send)

    def _handle(self, scope: Scope, body: bytes) -> Response:
        client, method = scope["client"], scope["method"]
        try:
            return self.world.handle(
                "GET" if method == "HEAD" else method,
                _target(scope),
                headers=_headers(scope),
                body=body,
                at=self.clock(),
                client_ip=client[0] if client else "unknown",
            )
        except Exception:
            log.exception("%s %s failed", method, scope["path"])
            return _BROKEN

    def _front(self, scope: Scope) -> Response:
        self.world.advance(self.clock())
        named = [value for name, value in scope["headers"] if name == b"host"]
        host = named[0].decode("latin-1") if named else "{}:{}".format(*scope["server"])
        text = page.render(self.world, address=f"http://{host}")
        return Response(200, {"content-type": "text/html; charset=utf-8"}, text.encode())

    async def _deliver(self, answer: Response, receive: Receive, send: Send) -> None:
        """Send an answer, with whatever a scripted fault does to it."""
        if answer.fate == HANG:
            return await self._hang(receive, send)
        if answer.delay:
            await asyncio.sleep(answer.delay)
        await send(_head(answer))
        if answer.fate == LOST:
            raise LostAnswer
        return await send({"type": "http.response.body", "body": answer.body})

    async def _hang(self, receive: Receive, send: Send) -> None:
        """Say nothing until the client gives up; break the connection if the server ends first."""
        waiting = asyncio.create_task(_disconnected(receive))
        self._hanging.add(waiting)
        try:
            await waiting
        except asyncio.CancelledError:
            await send(_head(_NEVER_SENT))
            raise LostAnswer from None
        finally:
            self._hanging.discard(waiting)


async def _read(receive: Receive) -> bytes | None:
    """The whole body; None if the client left before its end. Raises `BodyTooLarge`."""
    body = bytearray()
    while (message := await receive())["type"] == "http.request":
        body += message.get("body", b"")
        if len(body) > MOST_BYTES:
            raise BodyTooLarge
        if not message.get("more_body"):
            return bytes(body)
    return None


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _target(scope: Scope) -> str:
    """The path below /v2 with its query, as it was sent."""
    path = scope["raw_path"].decode("latin-1")[len(PREFIX) :] or "/"
    query = scope["query_string"]
    return f"{path}?{query.decode('latin-1')}" if query else path


def _headers(scope: Scope) -> dict[str, str]:
    """The headers the game reads."""
    return {
        known: value.decode("latin-1")
        for name, value in scope["headers"]
        if (known := _READ_HEADERS.get(name))
    }


def _head(answer: Response) -> MutableMapping[str, Any]:
    headers = [(name.encode(), value.encode()) for name, value in answer.headers.items()]
    if answer.status != 204:
        headers.append((b"content-length", b"%d" % len(answer.body)))
    return {"type": "http.response.start", "status": answer.status, "headers": headers}


async def _send(answer: Response, send: Send) -> None:
    await send(_head(answer))
    await send({"type": "http.response.body", "body": answer.body})
