"""The server's request limit as arithmetic: two fixed windows, in whole milliseconds.

The rule (official docs): two requests a second, and when those are spent thirty more a minute;
each window opens with its first request and is full again one length later, all at once. It
holds for every address and for every account. Milliseconds are integers because float sums
disagree with themselves, and in virtual time such a disagreement waits for ever.

A request is granted here and received there a moment later, and that moment varies by up to
`margin`. So our picture of a window is sharp except for a margin around its end, where the
request might be counted to the old window or open the next. Nothing is sent in that blur; all
else follows: the k-th request to be sent arrives within a margin of its sending as the k-th,
so each is counted where we count it, whatever the delays and overtakings below the margin.

An answer narrows the blur: what is answered has been received, so its window has opened, and once
many answers came each tells how late its request can have been (`way.py`). Near and steady
servers give nearly the full rate that way, others what the margin leaves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ROUNDING = 1
"""Milliseconds by which two clocks disagree that both cut the same instant to whole ones."""

LATEST = 2
"""No request is taken for later than so many margins; a longer answer was the server's own time."""

UNSEEN = 3
"""So many margins are kept around the end of the burst, of which no answer tells; once a minute
that costs nothing worth naming."""


@dataclass(slots=True)
class Window:
    """`size` requests in `length` milliseconds from the first one on."""

    size: int
    length: int
    margin: int
    opened_at: int | None = None
    used: int = 0
    opened_by: int | None = None

    @property
    def blurs_at(self) -> int:
        """From here on the server may have closed the window, for what is sent now."""
        return self._opened + self.length - self.margin - ROUNDING

    @property
    def refills_at(self) -> int:
        """From here on the server has surely closed it."""
        latest = self._opened + self.margin if self.opened_by is None else self.opened_by
        return latest + self.length + ROUNDING

    @property
    def has_room(self) -> bool:
        return self.used < self.size

    def roll(self, now: int) -> None:
        """Forget the window once it is surely over."""
        if self.opened_at is None:
            return
        # A clock set back would otherwise keep the window open for as long.
        self.opened_at = min(self.opened_at, now)
        if now >= self.refills_at:
            self.clear()

    def is_blurred(self, now: int) -> bool:
        return self.opened_at is not None and now >= self.blurs_at

    def take(self, now: int) -> None:
        if self.opened_at is None:
            self.opened_at = now
        self.used += 1

    def confirm(self, *, sent_at: int, arrived_by: int, known: bool) -> None:
        """An answer came: if its request belongs to this window, the server has opened it.

        A `known` way tells how late the request was, even when it was later than the margin; but
        what took very much longer was hardly on its way all that time.
        """
        if self.opened_at is None or sent_at < self.opened_at:
            return
        latest = self.opened_at + (LATEST * self.margin if known else self.margin)
        by = min(arrived_by, latest)
        self.opened_by = by if self.opened_by is None else min(by, self.opened_by)

    def clear(self) -> None:
        self.opened_at, self.opened_by, self.used = None, None, 0

    def fill(self, now: int) -> None:
        """Take the window for open and used up."""
        self.opened_at = now if self.opened_at is None else self.opened_at
        self.used = self.size

    @property
    def _opened(self) -> int:
        assert self.opened_at is not None
        return self.opened_at


@dataclass(slots=True)
class Pool:
    """What one address or one account may send: the steady window first, then the burst.

    `reserve` requests of the burst are kept for urgent callers, fewer the older the window is,
    so that in the end none is wasted; `spare` are for nobody.
    """

    steady: Window
    burst: Window
    reserve: int = 0
    spare: int = 0
    silent_until: int = 0

    def ready_at(self, now: int, *, urgent: bool) -> int:
        """`now` if a request may go out at once, else a later moment at which to ask again."""
        self.steady.roll(now)
        self.burst.roll(now)
        if now < self.silent_until:
            return self.silent_until
        if self.steady.is_blurred(now):
            return self.steady.refills_at
        if self.steady.has_room:
            return now
        return min(self.steady.refills_at, self._burst_ready_at(now, urgent=urgent))

    def set_caution(self, *, margin: int, spare: int) -> None:
        self.steady.margin, self.burst.margin = margin, UNSEEN * margin
        self.spare = spare

    def take(self, now: int) -> None:
        """Count a request sent at `now`, when `ready_at` said so."""
        (self.steady if self.steady.has_room else self.burst).take(now)

    def silence(self, *, now: int, seconds: float) -> None:
        """The server refused: it counts more than we do, so nothing goes out for `seconds`.

        At least for the length of the steady window: then whatever was under way has arrived
        and its window is over, and both sides start from the same. The burst is taken for
        spent.
        """
        pause = max(round(seconds * 1000), self.steady.length) + self.steady.margin
        self.silent_until = max(self.silent_until, now + pause)
        self.steady.clear()
        self.burst.fill(now)

    def state(self) -> dict[str, Any]:
        """What a successor must know, as JSON."""
        return {
            "steady": [self.steady.opened_at, self.steady.used],
            "burst": [self.burst.opened_at, self.burst.used],
            "silent_until": self.silent_until,
        }

    def restore(self, state: Mapping[str, Any], *, now: int, complete: bool) -> None:
        """Go on from `state`; unless it is `complete`, more may have been sent after it."""
        self.silent_until = state["silent_until"]
        for window, saved in ((self.steady, state["steady"]), (self.burst, state["burst"])):
            window.clear()
            window.opened_at, window.used = saved
            window.roll(now)
            if not complete:
                window.fill(now)

    def _burst_ready_at(self, now: int, *, urgent: bool) -> int:
        burst = self.burst
        if burst.is_blurred(now):
            return burst.refills_at
        if burst.used + self.spare >= burst.size:
            return burst.refills_at if burst.used else now
        if urgent or self.reserve == 0:
            return now
        return max(now, self._released_at(now))

    def _released_at(self, now: int) -> int:
        """When the reserve has shrunk enough to leave one request to somebody not urgent.

        Of a window's useful length L, reserve * (L - elapsed) // L requests are kept; solved
        for the first millisecond at which the rest of the burst exceeds what is used.
        """
        burst = self.burst
        if burst.opened_at is None:
            return now
        useful = burst.length - burst.margin - ROUNDING
        kept_at_most = burst.size - self.spare - burst.used - 1
        if self.reserve <= kept_at_most:
            return now
        still_to_go = -(-(kept_at_most + 1) * useful // self.reserve)
        return burst.opened_at + useful - still_to_go + 1
