"""Sums that are kept: exact to the last row, and read again only as far as needed."""

from datetime import datetime, timedelta

from spacefleet.settled import Settled
from tests.factories import HOUR, NOON

Rows = list[tuple[datetime, int]]


class Shelf:
    """Rows in memory that count which of them were read."""

    def __init__(self) -> None:
        self.rows: Rows = [(NOON - n * HOUR, 1) for n in range(1, 6)]
        self.read: list[tuple[datetime | None, datetime | None]] = []

    def __call__(
        self, _: str, since: datetime | None, until: datetime | None
    ) -> dict[str, tuple[int, int]]:
        self.read.append((since, until))
        found = [
            amount
            for at, amount in self.rows
            if (since is None or at >= since) and (until is None or at < until)
        ]
        return {"all": (sum(found), len(found))} if found else {}


def test_sums_hold_every_row_whenever_they_are_asked() -> None:
    shelf = Shelf()
    settled: Settled[str, str] = Settled(shelf)
    told = []

    for n in range(60):
        at = NOON + n * timedelta(minutes=25)
        shelf.rows.append((at, 10))
        told.append(settled.sums("", at=at)["all"])

    assert told == [(5 + 10 * (n + 1), 5 + n + 1) for n in range(60)]


def test_hours_that_are_over_are_read_once() -> None:
    shelf = Shelf()
    settled: Settled[str, str] = Settled(shelf)
    settled.sums("", at=NOON)
    shelf.read.clear()

    settled.sums("", at=NOON + HOUR / 2)
    settled.sums("", at=NOON + HOUR)

    eleven = NOON - HOUR
    assert shelf.read == [(eleven, NOON), (NOON, None), (NOON, None)]


def test_sums_of_one_subject_are_not_those_of_another() -> None:
    settled: Settled[str, str] = Settled(lambda name, since, until: {name: (1, 1)})

    assert (settled.sums("a", at=NOON), settled.sums("b", at=NOON)) == (
        {"a": (2, 2)},
        {"b": (2, 2)},
    )


def test_each_day_all_is_added_up_anew() -> None:
    shelf = Shelf()
    settled: Settled[str, str] = Settled(shelf)
    settled.sums("", at=NOON)
    shelf.rows[4] = (shelf.rows[4][0], 100)  # somebody mended an old row

    assert settled.sums("", at=NOON + HOUR)["all"][0] == 5
    assert settled.sums("", at=NOON + 13 * HOUR)["all"][0] == 104
