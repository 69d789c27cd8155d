"""The universe in process, as an httpx transport: no sockets, time from whoever passes a clock."""

import threading
from collections.abc import Callable
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

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        target = request.url.raw_path.decode()
        if target.startswith(PREFIX):
            target = target[len(PREFIX) :]
        body = request.read()
        with self.lock:
            response = self.world.handle(
                request.method,
                target or "/",
                headers=request.headers,
                body=body,
                at=self.clock(),
                client_ip=self.client_ip,
            )
        self._suffer(response, request)
        return httpx.Response(
            response.status, headers=response.headers, content=response.body, request=request
        )

    def _suffer(self, response: Response, request: httpx.Request) -> None:
        """Let a scripted fault come true outside the lock."""
        if response.fate == LOST:
            raise httpx.RemoteProtocolError(
                "Server disconnected without sending a response.", request=request
            )
        if response.fate == HANG:
            self._pass(request.extensions.get("timeout", {}).get("read") or 0.0)
            raise httpx.ReadTimeout("The server never answered.", request=request)
        if response.delay:
            self._pass(response.delay)

    def _pass(self, seconds: float) -> None:
        if self.sleep is not None and seconds:
            self.sleep(seconds)
