"""The request budget of a lane: who may send next, and when, so that the server never refuses.

One budget serves all threads and all agents that leave by one address. It keeps the server's
two windows for the address and for each account (`pools.py`), serves its callers in order
(`line.py`) and each agent its share (`shares.py`). Waiting goes through the clock, so that it costs nothing
in virtual time.
"""

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from spacefleet import clock

from . import refusals
from .caution import Caution
from .line import Line, Waiter
from .pools import Pool, Window
from .shares import Shares
from .way import Way

URGENT = 1
"""Callers of this priority and more urgent ones may spend the reserve of the burst."""

PATIENCE_MS = 1_000
"""The longest nap while somebody else is first in line; who is served wakes all others."""

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The server's limit: so many a second, and a burst of more in `burst_seconds`.

    2, 30 and 60 are the official figures; the limit of third-party servers may differ.
    """

    per_second: int = 2
    burst: int = 30
    burst_seconds: int = 60


@dataclass(frozen=True, slots=True)
class Usage:
    """The last minute, for the dashboard. `limit` is what a minute can hold at most."""

    granted: int
    limit: int
    waiting: int
    mean_wait_ms: float
    refused: int


class Budget:
    """Grants requests within the server's limit; safe to share between threads.

    `factor` multiplies the counts, for a universe that runs faster. `margin_ms` is how much
    the time from here to the server may vary without harm: 50 leaves 2.404 requests a second
    of 2.5 to a server farther away than that, until the answers have shown by how much it does
    vary (`way.py`); in virtual time 0 is right. `reserve` requests
    of the burst wait for callers of priority 0 and 1. In `ageing_seconds` of waiting a caller
    gains one step of priority, so nobody starves.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        factor: float = 1.0,
        *,
        margin_ms: int = 50,
        reserve: int = 6,
        ageing_seconds: float = 20.0,
    ) -> None:
        self.limits = limits or Limits()
        self.factor = factor
        self._margin = margin_ms
        self._reserve = reserve
        self._condition = threading.Condition()
        self._caution = Caution()
        self._way = Way()
        self._address = self._new_pool()
        self._accounts: dict[str, Pool] = {}
        self._shares = Shares()
        self._line = Line(ageing_ms=max(1, round(ageing_seconds * 1000)), shares=self._shares)
        self._granted: deque[tuple[int, int]] = deque()
        self._refused: deque[int] = deque()

    def acquire(
        self,
        account: str = "",
        priority: int = 3,
        due: datetime | None = None,
        at: datetime | None = None,
    ) -> int:
        """Wait until a request may go out; it must then go out at once.

        `at` is since when the caller has wanted it, now by default. Answers the milliseconds
        waited in here.
        """
        with self._condition:
            began = clock.now_ms()
            waiter = self._line.join(
                account, priority=priority, due=due, since=_ms(at) if at else began
            )
            try:
                while pause := self._pause(waiter):
                    clock.wait(self._condition, pause / 1000)
                return self._grant(waiter, began)
            finally:
                self._line.leave(waiter)
                self._condition.notify_all()

    def learn(
        self,
        headers: Mapping[str, str],
        status: int,
        account: str = "",
        retry_after: float | None = None,
        sent_at: int | None = None,
    ) -> None:
        """Fold an answer back in: the limits it names, a refusal, that it came at all.

        The seconds to stay silent after a 429 come as `retry_after`, else from the headers;
        `sent_at` is when its request went out, in milliseconds.
        """
        with self._condition:
            self._learn_limits(headers)
            if status == 429:
                self._learn_refusal(headers, account, retry_after)
            elif sent_at is not None:
                self._learn_receipt(account, sent_at)
            self._condition.notify_all()

    def divide(self, parts: Mapping[str, float]) -> None:
        """Let each account have so many parts of the budget where all want more than there is."""
        with self._condition:
            self._shares.divide(parts)

    def spent(self, account: str) -> float:
        """What an account has had of its share, to compare with others: the least goes first."""
        with self._condition:
            return self._shares.spent(account)

    def usage(self) -> Usage:
        with self._condition:
            self._forget_before(clock.now_ms() - MINUTE_MS)
            waits = [waited for _, waited in self._granted]
            per_second, burst = self._counts()
            return Usage(
                granted=len(waits),
                limit=per_second * 60 + burst * 60 // self.limits.burst_seconds,
                waiting=len(self._line),
                mean_wait_ms=sum(waits) / len(waits) if waits else 0.0,
                refused=len(self._refused),
            )

    def state(self) -> dict[str, Any]:
        """What a successor in this lane must know, as JSON."""
        with self._condition:
            return {
                "at": clock.now_ms(),
                "caution": self._caution.level,
                "address": self._address.state(),
                "accounts": {name: pool.state() for name, pool in self._accounts.items()},
            }

    def restore(self, state: Mapping[str, Any], *, complete: bool = False) -> None:
        """Go on where a predecessor saved its `state`.

        Unless the state is `complete`, saved after the last request (or says so itself), the
        predecessor may have sent more until it died, so all windows are taken for used up. A state so old that all
        its windows are over says nothing.
        """
        with self._condition:
            now = clock.now_ms()
            complete = complete or bool(state.get("complete"))
            if now - int(state["at"]) >= 2 * self.limits.burst_seconds * 1000:
                return
            self._caution = Caution(level=int(state["caution"]), since=now)
            self._apply_caution()
            self._address.restore(state["address"], now=now, complete=complete)
            for name, saved in state["accounts"].items():
                self._pool(name).restore(saved, now=now, complete=complete)

    def _pause(self, waiter: Waiter) -> int:
        """Milliseconds until it is worth asking again; 0 when it is the waiter's turn."""
        now = clock.now_ms()
        ready_at = self._ready_at(waiter, now)
        if ready_at > now:
            return ready_at - now
        first = self._line.first(now, lambda other: self._ready_at(other, now) <= now)
        return 0 if first is waiter else PATIENCE_MS

    def _ready_at(self, waiter: Waiter, now: int) -> int:
        urgent = waiter.priority <= URGENT
        return max(
            self._address.ready_at(now, urgent=urgent),
            self._pool(waiter.account).ready_at(now, urgent=urgent),
        )

    def _grant(self, waiter: Waiter, began: int) -> int:
        now = clock.now_ms()
        if self._caution.relaxes(now):
            self._apply_caution()
        self._address.take(now)
        self._pool(waiter.account).take(now)
        self._shares.note(waiter.account)
        self._forget_before(now - MINUTE_MS)
        self._granted.append((now, now - began))
        return now - began

    def _forget_before(self, at: int) -> None:
        while self._granted and self._granted[0][0] <= at:
            self._granted.popleft()
        while self._refused and self._refused[0] <= at:
            self._refused.popleft()

    def _pool(self, account: str) -> Pool:
        pool = self._accounts.get(account)
        if pool is None:
            pool = self._accounts[account] = self._new_pool()
        return pool

    def _new_pool(self) -> Pool:
        per_second, burst = self._counts()
        length = self.limits.burst_seconds * 1_000
        pool = Pool(
            steady=Window(size=per_second, length=1_000, margin=self._margin),
            burst=Window(size=burst, length=length, margin=self._margin),
            reserve=self._reserved(burst),
        )
        self._warn(pool)
        return pool

    def _counts(self) -> tuple[int, int]:
        """The sizes of the two windows, with the factor."""
        return (
            max(1, int(self.limits.per_second * self.factor)),
            max(1, int(self.limits.burst * self.factor)),
        )

    def _reserved(self, burst: int) -> int:
        """The reserve at this size of the burst, never so large that nothing is left."""
        return min(burst - 1, self._reserve * burst // self.limits.burst)

    def _learn_limits(self, headers: Mapping[str, str]) -> None:
        """Believe the sizes the server names, unless they are those we know."""
        told = (
            _whole(headers.get("x-ratelimit-limit-per-second")),
            _whole(headers.get("x-ratelimit-limit-burst")),
        )
        known = (self.limits.per_second, self.limits.burst)
        if not all(told) or told in (known, self._counts()):
            return
        per_second, burst = told
        self.limits = Limits(per_second, burst, self.limits.burst_seconds)
        self.factor = 1.0
        for pool in (self._address, *self._accounts.values()):
            pool.steady.size, pool.burst.size = per_second, burst
            pool.reserve = self._reserved(burst)

    def _learn_receipt(self, account: str, sent_at: int) -> None:
        """The request has arrived: at the latest now, and no later than its answer tells."""
        if not self._margin:
            return  # a clock on which all arrives at once
        took = max(0, clock.now_ms() - sent_at)
        late = self._way.late_by(took)
        known = late is not None
        by = sent_at + (min(took, late + self._caution.level) if late is not None else took)
        for pool in (self._address, self._pool(account)):
            pool.steady.confirm(sent_at=sent_at, arrived_by=by, known=known)

    def _learn_refusal(
        self, headers: Mapping[str, str], account: str, retry_after: float | None
    ) -> None:
        now = clock.now_ms()
        self._refused.append(now)
        if now >= self._address.silent_until:
            # Requests under way together are refused together and tell the same.
            self._caution.refused(now)
            self._apply_caution()
        if retry_after is None:
            retry_after = _seconds(headers.get("retry-after"))
        for pool in self._refusing(headers, account):
            pool.silence(now=now, seconds=retry_after)

    def _apply_caution(self) -> None:
        for pool in (self._address, *self._accounts.values()):
            self._warn(pool)

    def _warn(self, pool: Pool) -> None:
        margin = self._margin + self._caution.level
        pool.set_caution(margin=margin, spare=int(self._caution.spare * self.factor))

    def _refusing(self, headers: Mapping[str, str], account: str) -> tuple[Pool, ...]:
        """The pools the server may have meant: it names the kind, "IP Address" as seen live."""
        kind = headers.get("x-ratelimit-type", "").lower()
        if "account" in kind:
            return (self._pool(account),)
        if "ip" in kind:
            return (self._address,)
        return (self._address, self._pool(account))


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _whole(text: str | None) -> int:
    try:
        return max(0, int(text or 0))
    except ValueError:
        return 0


def _seconds(text: str | None) -> float:
    try:
        return max(0.0, float(text or ""))
    except ValueError:
        return refusals.DEFAULT_RETRY_AFTER
