"""Sums over rows that do not change any more, kept in this process.

A million entries take a third of a second to add up. Rows of hours that are over stay as they are
(what is rolled up keeps its sums), so an hour is added to what is kept when it is over, and once a
day all is added up anew. What is told is exact: the rows since then are added to it each time.
"""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

SETTLED = timedelta(minutes=10)  # of wall time, after which every transaction has ended
KEPT = 64  # subjects whose sums are kept

S = TypeVar("S", bound=Hashable)
K = TypeVar("K")
Sums = dict[K, tuple[int, int]]


def settled_until(at: datetime) -> datetime:
    """Rows before this moment are added up once and kept."""
    return (at - SETTLED).replace(minute=0, second=0, microsecond=0)


class Settled(Generic[S, K]):
    """Two sums by key, over all rows of a subject; `read` adds up those from one moment to
    another, where None is no bound."""

    def __init__(self, read: Callable[[S, datetime | None, datetime | None], Sums[K]]) -> None:
        self.read = read
        self.kept: dict[S, tuple[datetime, Sums[K]]] = {}

    def sums(self, subject: S, *, at: datetime) -> Sums[K]:
        """To the last row; one query, when an hour begins one more."""
        until = settled_until(at)
        return _added(self._before(subject, until), self.read(subject, until, None))

    def forget(self) -> None:
        """Add all up anew at the next question."""
        self.kept.clear()

    def _before(self, subject: S, until: datetime) -> Sums[K]:
        known, sums = self.kept.get(subject, (None, {}))
        if known == until:
            return sums
        if known is None or known > until or known.date() != until.date():
            sums = self.read(subject, None, until)
        else:
            sums = _added(sums, self.read(subject, known, until))
        if len(self.kept) >= KEPT:
            self.kept.clear()
        self.kept[subject] = (until, sums)
        return sums


def _added(before: Sums[K], more: Sums[K]) -> Sums[K]:
    found = dict(before)
    for key, (first, second) in more.items():
        known = found.get(key, (0, 0))
        found[key] = (known[0] + first, known[1] + second)
    return found
