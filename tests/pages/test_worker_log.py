"""What workers warn of stands on the page of workers."""

import logging
from collections.abc import Iterator

import pytest
from django.db import DatabaseError
from django.test import Client
from pytest_django.asserts import assertContains

from spacefleet import workerlog
from spacefleet.models import WorkerLine
from tests import factories as make

pytestmark = pytest.mark.django_db

logger = logging.getLogger("fleet.somewhere")


@pytest.fixture(autouse=True)
def listening() -> Iterator[None]:
    """This process listens as a worker does, for the length of a test."""
    workerlog.listen()
    yield
    for name in workerlog.LOGGERS:
        logging.getLogger(name or None).removeHandler(workerlog._gathering)
    workerlog._gathering.lines.clear()


def test_warnings_and_errors_are_kept_and_what_is_less_is_not() -> None:
    logger.info("all is well")
    logger.warning("lost the lane")
    try:
        raise OSError("disk full")
    except OSError:
        logger.exception("could not write")

    workerlog.write()
    workerlog.write()

    first, second = WorkerLine.objects.order_by("pk")
    assert (first.level, first.logger, first.text) == (
        "warning",
        "fleet.somewhere",
        "lost the lane",
    )
    assert (second.level, second.short, second.long) == ("error", "OSError: disk full", True)


def test_a_library_that_keeps_its_records_to_itself_is_heard_too() -> None:
    logging.getLogger("django-q").error("a task was lost")

    workerlog.write()

    assert WorkerLine.objects.get().logger == "django-q"


def test_a_token_in_a_warning_is_not_kept() -> None:
    logger.warning("refused: Authorization: Bearer abcdefghijklmnopqrstuvwxyz0123456789")

    workerlog.write()

    assert "abcdefghijklmnop" not in WorkerLine.objects.get().text


def test_what_cannot_be_written_is_written_later(monkeypatch: pytest.MonkeyPatch) -> None:
    logger.warning("one")
    logger.warning("two")

    def away(*_: object) -> None:
        raise DatabaseError("away")

    with monkeypatch.context() as lost:
        lost.setattr(type(WorkerLine.objects), "bulk_create", away)
        with pytest.raises(DatabaseError):
            workerlog.write()
    workerlog.write()

    assert [row.text for row in WorkerLine.objects.order_by("pk")] == ["one", "two"]


def test_memory_stays_small_while_the_database_is_away() -> None:
    for n in range(workerlog.MOST + 5):
        logger.warning("line %d", n)

    workerlog.write()

    assert WorkerLine.objects.count() == workerlog.MOST
    assert WorkerLine.objects.order_by("pk")[0].text == "line 5"


def test_the_page_shows_the_newest_and_opens_long_ones(reader: Client) -> None:
    make.WorkerLineFactory(text="Traceback:\n  line 1\nOSError: disk full", level="error")

    page = reader.get("/workers/")

    assertContains(page, "<summary>OSError: disk full</summary>")
    assertContains(page, "Traceback:")
    assertContains(page, "harbour")
