"""The only module that speaks HTTP: one request in, one answer or one honest failure out."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from json import JSONDecodeError, dumps, loads
from typing import Any, Protocol, runtime_checkable
from urllib.request import getproxies, proxy_bypass

import httpx

from . import errors

Headers = Mapping[str, str]


@runtime_checkable
class Direct(Protocol):
    """A server in this process, asked without the objects of an HTTP library.

    `body` is empty where there is none, `patience` the seconds after which the caller gives up.
    Answers status, headers (lower-case) and body; raises
    httpx.RequestError as a connection would.
    """

    def exchange(
        self, method: str, path: str, *, headers: Headers, body: bytes, patience: float
    ) -> tuple[int, Headers, bytes]: ...


Transport = httpx.BaseTransport
"""The way to a server; one that is also `Direct` is asked directly."""

CONNECT_SECONDS = 5.0
"""Who cannot be reached in this time is not reached later either; taste."""

IDLE_SECONDS = 3.0
"""Node and uvicorn close idle connections after 5 seconds (their defaults). We let go first:
a change sent into a closing connection is one whose outcome nobody knows."""

NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
"""Failures before a connection stood: the server cannot have seen the request."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `body` is the JSON, or None where there was none or no JSON."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def error(self) -> Mapping[str, Any]:
        """The game's error object; the web framework's own refusals have its members on top."""
        body = self.body if isinstance(self.body, Mapping) else {}
        error = body.get("error")
        return error if isinstance(error, Mapping) else body

    @property
    def retry_after(self) -> float | None:
        """The seconds to stay silent: told in the header, or in the body of a 429."""
        data = self.error.get("data")
        told = self.headers.get("retry-after")
        if told is None and isinstance(data, Mapping):
            told = data.get("retryAfter")
        try:
            return None if told is None else max(0.0, float(told))
        except (TypeError, ValueError):
            return None


class Wire:
    """A pool of connections to one server, on behalf of one token.

    It stands on httpx's transport, not on its Client: no cookies, no redirects. A server in
    process, of which the lab asks hundreds of thousands of questions, is asked directly, which
    costs half as much again.
    Without a proxy of its own it leaves by the environment's (HTTPS_PROXY, NO_PROXY).
    """

    def __init__(
        self,
        token: str | None,
        *,
        base_url: str,
        transport: Transport | None,
        proxy: str | None,
        timeout: float,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._transport = transport or httpx.HTTPTransport(
            proxy=proxy or _environment_proxy(base_url),
            limits=httpx.Limits(keepalive_expiry=IDLE_SECONDS),
        )
        self._direct = transport if isinstance(transport, Direct) else None
        self._headers = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
            "User-Agent": "spacefleet",
        }
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._with_body = {**self._headers, "Content-Type": "application/json"}
        self._patience = timeout
        patience = httpx.Timeout(timeout, connect=min(timeout, CONNECT_SECONDS))
        self._extensions = {"timeout": patience.as_dict()}
        # The addresses of a fleet are few and come again; parsing one takes as long as sending.
        self._url = lru_cache(maxsize=4096)(httpx.URL)
        self.date = ""
        """The server's clock as it stood in the last answer, to the second; empty where untold."""

    def send(self, method: str, path: str, body: Any = None) -> Answer:
        """Send once.

        Raises ServerUnavailable when nothing was changed for certain, OutcomeUnknown when a
        change may have been made and the answer is lost.
        """
        # An empty body with a content type is refused by the game, so there is none.
        content = b"" if body is None else dumps(body).encode()
        headers = self._headers if body is None else self._with_body
        ask = self._ask_directly if self._direct else self._ask
        try:
            return ask(method, path, headers, content)
        except httpx.RequestError as exc:
            raise _lost(exc, method=method, path=path) from exc

    def _ask(self, method: str, path: str, headers: Headers, body: bytes) -> Answer:
        request = httpx.Request(
            method,
            self._url(f"{self._base}{path}"),
            headers=headers,
            content=body or None,
            extensions=self._extensions,
        )
        response = self._transport.handle_request(request)
        try:
            content = response.read()
        finally:
            response.close()
        self.date = response.headers.get("date", "")
        return Answer(response.status_code, _json(content), response.headers)

    def _ask_directly(self, method: str, path: str, headers: Headers, body: bytes) -> Answer:
        assert self._direct is not None
        status, told, content = self._direct.exchange(
            method, path, headers=headers, body=body, patience=self._patience
        )
        return Answer(status, _json(content), told)

    def close(self) -> None:
        self._transport.close()


def _environment_proxy(base_url: str) -> str | None:
    url = httpx.URL(base_url)
    proxies = getproxies()
    if proxy_bypass(url.host):
        return None
    return proxies.get(url.scheme) or proxies.get("all")


def _lost(exc: httpx.RequestError, *, method: str, path: str) -> errors.SpaceTradersError:
    told = f"{method} {path}: {type(exc).__name__} {exc}"
    if method == "GET" or isinstance(exc, NEVER_SENT):
        return errors.ServerUnavailable(told)
    return errors.OutcomeUnknown(told)


def _json(content: bytes) -> Any:
    try:
        return loads(content) if content else None
    except (JSONDecodeError, UnicodeDecodeError):
        return None
