"""An agent adopted in the middle of its life, hours later: nothing of it was lost."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from allocation.models import Contract
from fleet.models import Agent, Evaluator, LedgerEntry, Ship
from spacefleet import clock
from spacefleet.lab.play import Play
from spacefleet.models import Alert
from tests.factories import NOON
from tests.journeys.veteran import DELIVERED, Life, adopt, lived

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]

HOURS = 3


@pytest.fixture(scope="module")
def adopted(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Life, Agent]]:
    """Adopted, and flown on for three hours."""
    with django_db_blocker.unblock(), transaction.atomic():
        with clock.frozen_at(NOON) as virtual:
            life = lived(virtual)
            agent = adopt(life)
            Play(life.world, life.transport, agent, virtual).run(hours=HOURS)
            yield life, agent
        transaction.set_rollback(True)
    clock.set_factor(1.0)


def test_its_ledger_is_its_balance(adopted: tuple[Life, Agent]) -> None:
    life, agent = adopted

    agent.refresh_from_db()
    assert (agent.credits, agent.drift) == (life.player.credits, 0)
    booked = LedgerEntry.objects.filter(agent=agent).values_list("amount", flat=True)
    assert sum(booked) == life.player.credits


def test_its_contract_is_finished_with_credit_for_what_was_delivered(
    adopted: tuple[Life, Agent],
) -> None:
    life, agent = adopted

    first = life.contract
    row = Contract.objects.get(agent=agent, game_id=first.id)
    assert first.fulfilled
    assert row.status == Contract.Status.FULFILLED
    delivered = [
        each.details["units"]
        for each in life.world.log.of("deliver")
        if each.details.get("contract") == first.id
    ]
    assert sum(delivered) == first.units
    assert delivered[0] == DELIVERED


def test_what_was_aboard_was_used_or_sold(adopted: tuple[Life, Agent]) -> None:
    life, _ = adopted

    assert life.world.log.of("jettison") == []
    sold = [each for each in life.world.log.of("sell") if each.details["good"] == "IRON_ORE"]
    assert sold


def test_nothing_failed(adopted: tuple[Life, Agent]) -> None:
    _, agent = adopted

    assert not Ship.objects.filter(agent=agent, failures__gt=0).exists()
    assert not Evaluator.objects.filter(agent=agent, failures__gt=0).exists()
    assert list(Alert.objects.open().values_list("kind", "message")) == []
