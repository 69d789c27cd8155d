"""The supervisor tells of a database that could not be used (spacefleet.storage)."""

from collections import namedtuple
from datetime import timedelta

import pytest
from django.db import OperationalError

from spacefleet import clock, health, storage
from spacefleet.models import Alert
from spacefleet.storage import Storage
from tests.factories import NOON

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def watch():
    return Storage("node")


def test_an_absence_is_told_once_the_database_is_back(watch):
    with clock.frozen_at(NOON):
        watch.away(OperationalError("database or disk is full"))
        clock.sleep(4)
        watch.away(OperationalError("disk I/O error"))
        clock.sleep(16)
        meanwhile = Alert.objects.exists()
        watch.usable()
        watch.usable()

    told = Alert.objects.get()
    assert not meanwhile
    assert (told.kind, told.subject, told.times) == ("database", "node", 1)
    assert "for 20 s from 12:00:00 UTC (disk I/O error)" in told.message


def test_what_fails_again_while_it_is_told_is_one_absence(watch, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("gone again")

    with clock.frozen_at(NOON):
        watch.away(OperationalError("gone"))
        with monkeypatch.context() as broken:
            broken.setattr(storage, "raise_alert", fail)
            with pytest.raises(OperationalError):
                watch.usable()
        clock.sleep(30)
        watch.usable()

    assert "for 30 s" in Alert.objects.get().message


def test_the_alert_is_over_when_all_went_well_for_a_while(watch):
    with clock.frozen_at(NOON):
        watch.away(OperationalError("gone"))
        watch.usable()
        watch._well_since -= storage.WELL + 1
        watch._looked_at = float("-inf")
        watch.usable()

    assert not Alert.objects.open().exists()


@pytest.mark.parametrize(("free", "told"), [(health.SPACE_NEEDED - 1, 1), (1 << 40, 0)])
def test_room_that_runs_short_is_told_before_it_is_gone(watch, monkeypatch, free, told):
    monkeypatch.setattr(health.shutil, "disk_usage", lambda path: Usage(1 << 41, 0, free))

    watch.usable()

    assert Alert.objects.open().filter(kind="disk").count() == told


def test_the_alert_of_the_disk_ends_with_the_shortage(watch, monkeypatch):
    monkeypatch.setattr(health.shutil, "disk_usage", lambda path: Usage(1 << 41, 0, 0))
    watch.usable()
    monkeypatch.undo()
    watch._looked_at -= timedelta(seconds=storage.LOOK_EVERY + 1).total_seconds()

    watch.usable()

    assert not Alert.objects.open().filter(kind="disk").exists()
