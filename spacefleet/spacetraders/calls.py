"""How a call goes out: budget, proof, request, report; and what may be tried a second time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, TypeVar
from urllib.parse import quote, urlencode

from spacefleet import clock

from . import errors, refusals
from .budget import Budget
from .http import Answer, Wire

T = TypeVar("T")

ATTEMPTS_WHEN_LIMITED = 4
"""A 429 was not applied, whatever was asked; beyond this many in a row something is wrong."""

BACKOFF_SECONDS = (0.5, 2.0)
"""Waits before a read is tried a second and a third time; taste."""

UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError)


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request that went out, for the counts.

    `endpoint` is the template, not the address. `status` is None when no answer came, `code`
    the game's error code. `waited_ms` went by in the budget's queue, `took_ms` on the wire.
    `productive` is whether the server did what it was asked to.
    """

    purpose: str
    ship: str
    method: str
    endpoint: str
    status: int | None
    code: int | None
    waited_ms: int
    took_ms: int
    at: datetime
    productive: bool


@dataclass(frozen=True, slots=True)
class Tags:
    """For whom and how urgently calls are made; 0 is the most urgent priority."""

    purpose: str = ""
    ship: str = ""
    priority: int = 3
    due: datetime | None = None
    before_call: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One endpoint, filled in."""

    method: str
    endpoint: str
    path: str
    body: Any = None

    @property
    def mutating(self) -> bool:
        return self.method != "GET"

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @classmethod
    def to(
        cls,
        method: str,
        endpoint: str,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        symbols: Mapping[str, str],
    ) -> Self:
        path = endpoint.format_map(
            {name: quote(value, safe="") for name, value in symbols.items()}
        )
        if query:
            path = f"{path}?{urlencode(query, doseq=True)}"
        return cls(method, endpoint, path, body)


class Caller:
    """Sends requests through the budget, one at a time for each caller."""

    def __init__(
        self,
        wire: Wire,
        *,
        budget: Budget,
        account: str,
        on_call: Callable[[Call], None] | None,
        before_change: Callable[[Request, Tags], None] | None = None,
    ) -> None:
        self.wire = wire
        self.budget = budget
        self.account = account
        self.on_call = on_call
        self.before_change = before_change

    def call(self, request: Request, tags: Tags, *, read: Callable[[Any], T]) -> T:
        """Send, and read the answer's body with `read`.

        Raises SpaceTradersError, and whatever `tags.before_call` and `before_change` raise.
        """
        self._allow(request, tags)  # one that may not go out takes no turn in the budget
        answer = self._patiently(request, tags)
        try:
            return read(answer.body)
        except UNREADABLE as exc:
            told = f"{request}: unreadable answer ({type(exc).__name__} {exc})"
            lost = errors.OutcomeUnknown if request.mutating else errors.ServerUnavailable
            raise lost(told) from exc

    def _patiently(self, request: Request, tags: Tags) -> Answer:
        """The first success: again after a 429, and again for a read the server failed at."""
        limited, failed = 0, 0
        while True:
            try:
                return self._once(request, tags)
            except errors.RateLimited:
                limited += 1
                if limited >= ATTEMPTS_WHEN_LIMITED:
                    raise
            except errors.ServerUnavailable:
                if request.mutating or failed >= len(BACKOFF_SECONDS):
                    raise
                clock.sleep(BACKOFF_SECONDS[failed])
                failed += 1

    def _once(self, request: Request, tags: Tags) -> Answer:
        waited = self.budget.acquire(self.account, tags.priority, tags.due)
        if tags.before_call:
            tags.before_call()
        self._allow(request, tags)  # it may have been forbidden while it waited
        began, at = clock.now_ms(), clock.now()
        answer: Answer | None = None
        try:
            answer = self.wire.send(request.method, request.path, request.body)
        finally:
            self._report(request, tags, answer, waited=waited, began=began, at=at)
        if answer.is_success:
            return answer
        raise refusals.from_answer(
            status=answer.status,
            error=answer.error,
            mutating=request.mutating,
            where=str(request),
            retry_after=answer.retry_after,
        )

    def _allow(self, request: Request, tags: Tags) -> None:
        if request.mutating and self.before_change:
            self.before_change(request, tags)

    def _report(
        self,
        request: Request,
        tags: Tags,
        answer: Answer | None,
        *,
        waited: int,
        began: int,
        at: datetime,
    ) -> None:
        if answer:
            self.budget.learn(
                answer.headers,
                answer.status,
                account=self.account,
                retry_after=answer.retry_after,
                sent_at=began,
            )
        if not self.on_call:
            return
        success = answer is not None and answer.is_success
        self.on_call(
            Call(
                purpose=tags.purpose,
                ship=tags.ship,
                method=request.method,
                endpoint=request.endpoint,
                status=answer.status if answer else None,
                code=refusals.error_code(answer.error) if answer and not success else None,
                waited_ms=waited,
                took_ms=clock.now_ms() - began,
                at=at,
                productive=success,
            )
        )
