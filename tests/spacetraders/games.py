"""Small servers for tests: they answer what they are told and remember what they were asked."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import httpx

from spacefleet.spacetraders import Budget, Client

Answer = httpx.Response | Exception | tuple[int, Any]


class Script:
    """Answers one after the other: a response, (status, JSON), or an exception to raise."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if not self.answers:
            raise AssertionError(f"nothing more was to be asked, but {request.url} was")
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else _json(*answer)

    @property
    def asked(self) -> list[str]:
        return [
            f"{request.method} {request.url.raw_path.decode()}" for request in self.requests
        ]

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content or "null") for request in self.requests]


def _json(status: int, body: Any) -> httpx.Response:
    return httpx.Response(status, json=body)


def client(game: Callable[[httpx.Request], httpx.Response], **options: Any) -> Client:
    options.setdefault("budget", Budget(margin_ms=0, reserve=0))
    return Client(
        options.pop("token", "a token"),
        base_url="http://game.test/v2",
        transport=httpx.MockTransport(game),
        **options,
    )


def refusal(code: int, message: str = "No.", **data: Any) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "data": data}}


def page(
    items: Iterable[Any], *, total: int, number: int = 1, limit: int = 20
) -> dict[str, Any]:
    return {"data": list(items), "meta": {"total": total, "page": number, "limit": limit}}
