"""The line before the budget: who had least of its share, then by priority, then deadline, then
arrival; waiting raises priority."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import inf

from .shares import Shares


@dataclass(eq=False, frozen=True, slots=True)
class Waiter:
    """Somebody who wants to send, in line since `since`."""

    account: str
    priority: int
    due: float
    since: int
    number: int


class Line:
    """Callers of a budget. Instants are milliseconds, priority 0 is the most urgent.

    Whoever has waited `ageing_ms` counts as one step more urgent, without end: so nobody
    starves, however many urgent ones come after. Of several accounts the one goes first that
    had least of its share.
    """

    def __init__(self, *, ageing_ms: int, shares: Shares | None = None) -> None:
        self._ageing = ageing_ms
        self._shares = shares or Shares()
        self._waiters: list[Waiter] = []
        self._arrivals = 0

    def __len__(self) -> int:
        return len(self._waiters)

    def join(self, account: str, *, priority: int, due: datetime | None, since: int) -> Waiter:
        self._arrivals += 1
        waiter = Waiter(
            account=account,
            priority=priority,
            due=due.timestamp() if due else inf,
            since=since,
            number=self._arrivals,
        )
        self._waiters.append(waiter)
        return waiter

    def leave(self, waiter: Waiter) -> None:
        self._waiters.remove(waiter)

    def first(self, now: int, is_ready: Callable[[Waiter], bool]) -> Waiter | None:
        """Whose turn it is among those who are ready."""
        ready = filter(is_ready, self._waiters)
        return min(ready, key=lambda waiter: self._rank(waiter, now), default=None)

    def _rank(self, waiter: Waiter, now: int) -> tuple[float, int, float, int]:
        aged = waiter.priority - (now - waiter.since) // self._ageing
        return self._shares.spent(waiter.account), aged, waiter.due, waiter.number
