"""Counting requests, and alerts that count themselves (spacefleet.requests, spacefleet.alerts)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from spacefleet import clock
from spacefleet.alerts import clear_alert, raise_alert
from spacefleet.models import Alert, RequestCount
from spacefleet.requests import RequestLog
from spacefleet.spacetraders import Call
from tests.factories import NOON, RequestCountFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def call(**changes):
    return Call(
        **{
            "purpose": "miner",
            "ship": "AGENT-1",
            "method": "POST",
            "endpoint": "/my/ships/{ship}/extract",
            "status": 201,
            "code": None,
            "waited_ms": 5,
            "took_ms": 40,
            "at": NOON,
            "productive": True,
        }
        | changes
    )


def counted():
    return list(
        RequestCount.objects.order_by("minute", "status").values_list(
            "status", "count", "productive", "waited_ms", "took_ms"
        )
    )


def test_calls_of_one_minute_are_one_row():
    log = RequestLog()
    for second in (0, 30, 59):
        log.note(call(at=NOON + timedelta(seconds=second)), agent="AGENT")
    log.note(call(at=NOON + timedelta(seconds=60)), agent="AGENT")

    log.flush()

    assert counted() == [(201, 3, 3, 15, 120), (201, 1, 1, 5, 40)]


def test_calls_counted_later_are_added():
    log = RequestLog()
    for _ in range(2):
        log.note(call(), agent="AGENT")
        log.flush()
    log.flush()

    assert counted() == [(201, 2, 2, 10, 80)]


@pytest.mark.parametrize("status", [404, 429, 502, None])
def test_failed_calls_count_too_but_not_as_productive(status):
    log = RequestLog()
    log.note(call(status=status, productive=False), agent="AGENT")

    log.flush()

    assert counted() == [(status or 0, 1, 0, 5, 40)]


def test_refusals_are_told_apart_by_the_code_of_the_game():
    log = RequestLog()
    for code in (4217, 4604, 4217, None):
        log.note(call(status=400, code=code, productive=False), agent="AGENT")

    log.flush()

    rows = RequestCount.objects.order_by("code").values_list("code", "count")
    assert list(rows) == [(0, 1), (4217, 2), (4604, 1)]


def test_nothing_is_lost_when_the_database_refuses():
    log = RequestLog()
    log.note(call(productive=True), agent="AGENT")
    log.note(call(purpose="x" * 41 if connection.vendor == "postgresql" else None), agent="A")
    with pytest.raises(Exception, match="(?i)null|too long"), transaction.atomic():
        log.flush()
    log.note(call(), agent="AGENT")
    bad = next(key for key in log._sums if "miner" not in key)
    del log._sums[bad]

    log.flush()

    assert counted() == [(201, 2, 2, 10, 80)]


def test_the_database_refuses_more_productive_calls_than_calls():
    with pytest.raises(IntegrityError), transaction.atomic():
        RequestCountFactory(count=3, productive=4)


def test_an_alert_is_one_row_however_often_it_rings():
    for _ in range(3):
        raise_alert("drift", "AGENT", "40 credits are unexplained")
        clock.sleep(60)

    alert = Alert.objects.get()
    assert (alert.times, alert.first_at, alert.last_at) == (
        3,
        NOON,
        NOON + timedelta(minutes=2),
    )


def test_a_cleared_alert_may_ring_again():
    raise_alert("drift", "AGENT", "first")
    clear_alert("drift", "AGENT")

    raise_alert("drift", "AGENT", "second")

    assert Alert.objects.count() == 2
    assert Alert.objects.open().get().message == "second"


def test_alerts_about_others_stay_open():
    raise_alert("drift", "AGENT", "ours")
    raise_alert("drift", "OTHER", "theirs")
    raise_alert("stranded", "AGENT", "another kind")

    clear_alert("drift", "AGENT")

    assert Alert.objects.open().count() == 2


def test_clearing_what_is_not_open_does_nothing():
    clear_alert("drift", "AGENT")

    assert not Alert.objects.exists()
