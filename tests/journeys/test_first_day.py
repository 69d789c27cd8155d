"""The honest start: a frigate, a probe and 175,000 credits (scenario first_day)."""

import pytest

from allocation.models import Contract
from fleet.models import Agent, LedgerEntry, ShipOrder
from fleet.services import readings

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(240)]


def test_starter_fleet_earns_at_once(first_day):
    assert readings.operating_profit(Agent.objects.get()) > 0
    assert Contract.objects.filter(status=Contract.Status.FULFILLED, net__gt=0).exists()


def test_cash_floor_holds_after_every_purchase(first_day):
    balance = 0
    for entry in LedgerEntry.objects.order_by("pk"):
        balance += entry.amount
        if entry.kind == LedgerEntry.Kind.SHIP:
            assert balance >= 20_000


def test_refused_orders_say_why(first_day):
    waiting = ShipOrder.objects.filter(status=ShipOrder.Status.OPEN)

    assert all(order.verdict for order in waiting if order.refusals)


def test_ledger_is_exact_and_nothing_failed(first_day):
    agent = Agent.objects.get()

    assert agent.credits == first_day.play.world.agents[agent.symbol].credits
    assert agent.drift == 0
    assert first_day.brought["errors"] == []
