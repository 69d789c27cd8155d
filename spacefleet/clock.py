"""The only reader of time: the system's clock, or a virtual one that a test or the lab moves.

Game time and wall time differ only on a served universe with `--speed`: there every duration
of the game passes `factor` times faster. Parameters are durations of game time; `game()` turns
them into the wall time to wait. The clock is one per process, because the steps of a
dispatcher run in threads that must agree on the hour.
"""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


class Clock(Protocol):
    """What can say the time and wait for a later one."""

    def now(self) -> datetime: ...

    def sleep(self, seconds: float) -> None: ...

    def wait(self, condition: threading.Condition, seconds: float) -> None: ...

    def patience(self, seconds: float) -> float: ...


class SystemClock:
    """The time of the machine, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(max(0.0, seconds))

    def wait(self, condition: threading.Condition, seconds: float) -> None:
        condition.wait(max(0.0, seconds))

    def patience(self, seconds: float) -> float:
        return seconds


class VirtualClock:
    """Time that stands still until somebody sleeps; sleeping moves it at once.

    Made for one thread: the lab steps ships one after the other.
    """

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += timedelta(seconds=max(0.0, seconds))

    def wait(self, condition: threading.Condition, seconds: float) -> None:
        self.sleep(seconds)

    def patience(self, seconds: float) -> float:
        return math.inf

    def jump_to(self, moment: datetime) -> None:
        """Move forward to `moment`; an earlier one changes nothing, time never runs back."""
        self._now = max(self._now, moment)


_clock: Clock = SystemClock()
_factor: float = 1.0


def now() -> datetime:
    """The present, aware, in UTC."""
    return _clock.now()


def now_ms() -> int:
    """The present in whole milliseconds since 1970, for arithmetic that must not round."""
    return (_clock.now() - EPOCH) // MILLISECOND


def sleep(seconds: float) -> None:
    """Let `seconds` of wall time pass."""
    _clock.sleep(seconds)


def wait(condition: threading.Condition, seconds: float) -> None:
    """Wait on a held `condition` until it is notified or `seconds` of wall time passed."""
    _clock.wait(condition, seconds)


def patience(seconds: float) -> float:
    """How long a calculation may take that should end within `seconds` of wall time: without end in
    virtual time, which stands still meanwhile; there only the limits on its work hold."""
    return _clock.patience(seconds)


def factor() -> float:
    """How many game seconds pass in one second of wall time."""
    return _factor


def game(seconds: float) -> timedelta:
    """The wall time in which `seconds` of game time pass."""
    return timedelta(seconds=seconds / _factor)


def elapsed(since: datetime, until: datetime | None = None) -> float:
    """The game seconds between two moments of wall time; `until` is now by default."""
    return ((until or now()) - since).total_seconds() * _factor


def set_factor(value: float) -> None:
    """Follow a server whose game time runs `value` times as fast as the wall clock.

    Raises ValueError for zero and below.
    """
    global _factor
    if value <= 0:
        raise ValueError(f"a time factor must be above 0, not {value}")
    _factor = value


@contextmanager
def use(clock: Clock, *, factor: float = 1.0) -> Iterator[Clock]:
    """Let the whole process live by `clock` inside the block."""
    global _clock, _factor
    before = _clock, _factor
    _clock, _factor = clock, factor
    try:
        yield clock
    finally:
        _clock, _factor = before


@contextmanager
def frozen_at(moment: datetime) -> Iterator[VirtualClock]:
    """Hold the clock at `moment` inside the block, moved only by sleeping."""
    clock = VirtualClock(moment)
    with use(clock):
        yield clock
