"""Depots that are full from the first minute are relieved again (scenario crowded_depots)."""

import pytest

from fleet.models import Agent, LedgerEntry
from sales.models import Crowding, Rung
from spacefleet import clock

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(240)]
SAW = {"percent", "units", "incoming", "capacity", "leaving", "crowded_at"}
TWO_HOURS = 2 * 3600


def test_depots_are_under_nine_tenths_again_within_two_hours(crowded_depots):
    crowdings = list(Crowding.objects.all())

    assert crowdings, "the scenario crowds them"
    assert crowdings[0].began_percent >= 90
    for each in crowdings:
        assert clock.elapsed(each.began_at, each.ended_at or clock.now()) <= TWO_HOURS
    assert crowdings[0].ended_at is not None


def test_every_rung_is_kept_with_its_outcome_and_what_it_saw(crowded_depots):
    rungs = list(Rung.objects.order_by("pk"))

    assert {rung.kind for rung in rungs} >= {"sell", "relieved"}
    for rung in rungs:
        assert rung.outcome
        assert rung.inputs.keys() >= SAW


def test_relief_was_paid_for(crowded_depots):
    assert LedgerEntry.objects.filter(kind="sale", activity="mining").exists()
    assert Agent.objects.get().drift == 0
