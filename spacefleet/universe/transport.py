"""The universe in process, as an httpx transport: no sockets, time from whoever passes a clock."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime

import httpx

from .faults import HANG, LOST
from .response import Response
from .world import World

PREFIX = "/v2"


class UniverseTransport(httpx.BaseTransport):
    """Answers every request from `world`. Safe to share between threads."""

    def __init__(
        self,
        world: World,
        clock: Callable[[], datetime],
        *,
        client_ip: str = "127.0.0.1",
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        """`sleep` lets scripted delays and timeouts pass; without it they take no time."""
        self.world = world
        self.clock = clock
        self.client_ip = client_ip
        self.sleep = sleep
        self.lock = threading.Lock()

    def exchange(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        body: bytes,
        patience: float,
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Ask for a path below /v2 without building httpx's objects; see the client's Direct."""
        response = self._answer(method, path, headers, body)
        self._suffer(response, patience)
        return response.status, response.headers, response.body

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        target = request.url.raw_path.decode()
        if target.startswith(PREFIX):
            target = target[len(PREFIX) :]
        response = self._answer(request.method, target, request.headers, request.read())
        try:
            self._suffer(response, request.extensions.get("timeout", {}).get("read") or 0.0)
        except httpx.RequestError as error:
            error.request = request
            raise
        return httpx.Response(
            response.status, headers=response.headers, content=response.body, request=request
        )

    def _answer(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Response:
        with self.lock:
            return self.world.handle(
                method,
                target or "/",
                headers=headers,
                body=body,
                at=self.clock(),
                client_ip=self.client_ip,
            )

    def _suffer(self, response: Response, patience: float) -> None:
        """Let a scripted fault come true outside the lock."""
        if response.fate == LOST:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        if response.fate == HANG:
            self._pass(patience)
            raise httpx.ReadTimeout("The server never answered.")
        if response.delay:
            self._pass(response.delay)

    def _pass(self, seconds: float) -> None:
        if self.sleep is not None and seconds:
            self.sleep(seconds)
