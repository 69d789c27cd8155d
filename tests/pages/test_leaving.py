"""An agent that is left alone promises nothing any more (allocation.services.leaving)."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from allocation.models import Claim, Reservation, ResourceRequest
from allocation.services import leaving, queue
from fleet.models import Agent
from inventory.models import Stock
from tests.factories import (
    DepotFactory,
    RequestFactory,
    ReservationFactory,
    StockFactory,
    TransferFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
Status = ResourceRequest.Status


def store(symbol):
    """A depot of an agent with thirty units, of which ten are promised and five asked for."""
    depot = DepotFactory(
        ship__agent__symbol=symbol,
        ship__cargo={"IRON_ORE": 30},
        ship__cargo_units=30,
        ship__cargo_capacity=40,
    )
    agent = depot.ship.agent
    StockFactory(depot=depot, good="IRON_ORE", units=30, promised=0)
    RequestFactory(agent=agent, good="IRON_ORE", units=10)
    queue.serve(agent, "IRON_ORE")
    RequestFactory(agent=agent, good="GOLD_ORE", units=5)
    ReservationFactory(agent=agent, good="IRON_ORE", units=7)
    return depot


def promised(depot):
    return Stock.objects.get(depot=depot, good="IRON_ORE").promised


def test_excluding_an_agent_ends_its_promises_and_leaves_its_cargo(keeper):
    depot, other = store("MAGPIE"), store("RAVEN")
    assert promised(depot) == 10

    keeper.post(f"{reverse('say', args=['exclude'])}?agent=MAGPIE")

    assert promised(depot) == 0
    rows = ResourceRequest.objects.filter(agent=depot.ship.agent)
    assert {row.status for row in rows} == {Status.CANCELLED}
    assert not Reservation.objects.filter(agent=depot.ship.agent, ended_at=None).exists()
    depot.ship.refresh_from_db()
    assert depot.ship.cargo == {"IRON_ORE": 30}
    assert Stock.objects.get(depot=depot, good="IRON_ORE").units == 30
    assert promised(other) == 10
    assert Reservation.objects.filter(agent=other.ship.agent, ended_at=None).exists()


def test_the_pages_show_what_was_left_where(keeper):
    store("MAGPIE")
    keeper.post(f"{reverse('say', args=['exclude'])}?agent=MAGPIE")

    assertContains(keeper.get(reverse("fleet:ships")), "30 units stay in 1 hold")
    assertContains(keeper.get(reverse("allocation:page")), leaving.CAUSE)


def test_what_is_being_moved_keeps_its_promise_until_the_move_is_settled():
    depot = store("MAGPIE")
    agent = depot.ship.agent
    claim = Claim.objects.get(request__agent=agent)
    moving = TransferFactory(
        giver=depot.ship,
        good="IRON_ORE",
        units=10,
        kind="withdraw",
        status="unknown",
        reference=claim.pk,
    )
    Agent.objects.filter(pk=agent.pk).update(excluded=True)

    leaving.tidy()
    meanwhile = promised(depot)
    type(moving).objects.filter(pk=moving.pk).update(status="refused")
    said = leaving.tidy()

    assert (meanwhile, promised(depot)) == (10, 0)
    assert "1 agents that are left alone" in said


def test_housekeeping_leaves_agents_that_fly_in_peace():
    depot = store("MAGPIE")

    assert leaving.tidy().startswith("0 promises of 0 agents")
    assert promised(depot) == 10
