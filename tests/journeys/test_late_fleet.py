"""Fifty ships at once know their own holds (scenario late_fleet)."""

import pytest

from fleet.models import Agent, Ship
from spacefleet.models import RequestCount

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(240)]
HOLDS = (4217, 4218, 4219, 4228, 4271, 4604)
"""Too much or too little aboard, docked beside one in orbit, more than a trade may have."""


def test_nobody_is_told_that_it_misjudged_a_hold_or_a_trade(late_fleet):
    assert Ship.objects.count() >= 50
    assert RequestCount.objects.filter(endpoint__endswith="/transfer").exists()
    assert RequestCount.objects.filter(endpoint__endswith="/sell").exists()

    assert not RequestCount.objects.filter(code__in=HOLDS).exists()


def test_nothing_else_is_refused_either(late_fleet):
    refused = RequestCount.objects.filter(status__gte=400).exclude(status=429)

    assert list(refused.values_list("endpoint", "code")) == []


def test_its_ledger_is_exact(late_fleet):
    assert Agent.objects.get().drift == 0
    assert late_fleet.brought["errors"] == []
