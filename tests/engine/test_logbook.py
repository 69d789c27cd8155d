"""The ships' logs: what is worth a line, and when lines are written."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from fleet.engine import Dispatcher
from fleet.models import LogLine, Ship
from fleet.services import lanes
from fleet.services.connections import Connections
from fleet.services.logbook import MOST, Logbook
from spacefleet import clock, pruning
from tests.crew import nowhere
from tests.factories import NOON, ShipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ship(noon: object) -> Ship:
    return ShipFactory(agent__lane__name="home", roles=["count"], wake_at=clock.now())


def run(book: Logbook | None, *, seconds: float) -> None:
    dispatcher = Dispatcher(
        lanes.acquire("home", owner="test"),
        connections=Connections(transport=nowhere()),
        pool=0,
        logbook=book,
    )
    dispatcher.run(until=clock.now() + timedelta(seconds=seconds))


@pytest.mark.usefixtures("record")
def test_step_that_says_something_new_leaves_a_line(ship: Ship) -> None:
    run(Logbook(), seconds=1)

    [line] = LogLine.objects.all()
    assert (line.ship, line.why, line.role) == (ship, "counted", "count")
    assert line.at == NOON


@pytest.mark.usefixtures("record")
def test_step_that_repeats_itself_leaves_none(ship: Ship) -> None:
    run(Logbook(), seconds=200)

    assert LogLine.objects.count() == 1


@pytest.mark.usefixtures("record")
def test_dispatcher_without_a_logbook_writes_no_lines(ship: Ship) -> None:
    run(None, seconds=1)

    assert not LogLine.objects.exists()


def test_many_lines_are_one_statement(ship: Ship, django_assert_num_queries: Any) -> None:
    book = Logbook()
    for n in range(50):
        book.note(ship, f"line {n}", before="", at=NOON)

    with django_assert_num_queries(1):
        book.flush()
        book.flush()

    assert LogLine.objects.count() == 50


@pytest.mark.django_db(transaction=True)
def test_lines_wait_while_the_database_is_away_and_the_oldest_go(ship: Ship) -> None:
    book = Logbook()
    for n in range(MOST + 10):
        book.note(ship, f"line {n}", before="", at=NOON)

    def away(*args: Any) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(away), pytest.raises(OperationalError):
        book.flush()
    book.flush()

    assert LogLine.objects.count() == MOST
    assert not LogLine.objects.filter(why="line 9").exists()


@pytest.mark.django_db(transaction=True)
def test_line_of_a_ship_that_is_gone_does_not_stop_the_fleet(noon: object) -> None:
    book = Logbook()
    book.note(Ship(pk=4711), "a last word", before="", at=NOON)

    book.flush()
    book.flush()

    assert not LogLine.objects.exists()


def test_old_lines_go_with_the_housekeeping(ship: Ship) -> None:
    LogLine.objects.create(ship=ship, at=NOON - timedelta(days=2, seconds=1), why="old")
    LogLine.objects.create(ship=ship, at=NOON - timedelta(days=2), why="kept")

    pruning.prune(at=NOON)

    assert [line.why for line in LogLine.objects.all()] == ["kept"]
