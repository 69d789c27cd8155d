"""The machine's time zone is no business of ours: an hour that is skipped or comes twice."""

import logging
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from fleet.models import CreditReading, Evaluator
from spacefleet import clock, logs
from spacefleet.models import RequestCount
from tests.crew import Crew

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

FORWARD = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # London skips 01:00 to 02:00
BACK = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # and has that hour twice


@pytest.fixture(params=["Europe/London", "America/St_Johns", "UTC"])
def zone(request, monkeypatch):
    """The process lives in this zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    "at", [FORWARD, BACK], ids=["an hour is skipped", "an hour comes twice"]
)
def test_a_fleet_flies_through_a_clock_change_as_through_any_hour(zone, record, at):
    with clock.frozen_at(at) as virtual:
        crew = Crew(virtual)
        ship = crew.commission("SHIP_LIGHT_SHUTTLE", crew.place("PLANET"))
        asker = crew.commission("SHIP_LIGHT_SHUTTLE", crew.place("PLANET"))
        crew.fly(ship, roles=("count",))
        crew.fly(asker, roles=("look",))
        Evaluator.objects.create(name="fleet.readings", agent=crew.agent, wake_at=clock.now())
        crew.run(2 * 3_600)

        steps = [alarm for pk, alarm in record.steps if pk == ship.pk]
        gaps = {(b - a).total_seconds() for a, b in zip(steps, steps[1:], strict=False)}
        read = CreditReading.objects.order_by("at").values_list("at", flat=True)
        counted = Counter(
            RequestCount.objects.filter(ship=asker.symbol).values_list("minute", flat=True)
        )

    assert len(steps) == 120
    assert gaps == {60.0}
    assert {b - a for a, b in zip(read, read[1:], strict=False)} <= {
        timedelta(seconds=60),
        timedelta(seconds=60, milliseconds=1),
    }
    assert max(counted.values()) == 1, "no minute is counted twice"


@pytest.mark.parametrize("at", [FORWARD, BACK])
def test_logs_tell_utc(zone, at):
    record = logging.makeLogRecord({"msg": "x", "created": at.timestamp()})

    assert logs.Lines("{asctime}", style="{").format(record) == at.strftime(
        "%Y-%m-%dT%H:%M:%S.000000Z"
    )


@pytest.mark.parametrize("at", [FORWARD + timedelta(hours=n) for n in range(3)])
def test_milliseconds_of_the_clock_are_those_since_1970_in_utc(zone, at):
    with clock.frozen_at(at):
        assert clock.now_ms() == int(at.timestamp() * 1000)
