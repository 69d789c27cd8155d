"""Contracts from the offer to the payment (allocation.services.contracts, loops.courier)."""

from datetime import timedelta

import pytest

from allocation.models import Contract, Reservation, ResourceRequest
from allocation.services import contracts, queue
from fleet.models import LedgerEntry
from inventory.models import Stock
from spacefleet import clock
from tests.factories import (
    DepotFactory,
    EvaluatorFactory,
    ParameterFactory,
    VacancyFactory,
)


@pytest.fixture
def deal(crew):
    """The first contract of the agent, learned and judged, nothing in store."""
    contracts.watch(crew.agent, api=crew.api)
    return Contract.objects.get()


def store(crew, deal, units):
    """A depot at the contract's door with some of its goods."""
    hull = crew.commission(
        "SHIP_LIGHT_HAULER", deal.destination, cargo={deal.good: units}, roles=("depot",)
    )
    depot = DepotFactory(ship=hull, waypoint=deal.destination)
    return Stock.objects.create(
        depot=depot, good=deal.good, units=units, updated_at=clock.now()
    )


def bring(crew, stock, units):
    """More of the goods arrive in the depot."""
    hull = stock.depot.ship
    crew.told(hull).load(stock.good, units)
    crew.put(hull, hull.waypoint)
    Stock.objects.filter(pk=stock.pk).update(units=Stock.objects.get().units + units)


def courier(crew, deal):
    ship = crew.commission("SHIP_LIGHT_SHUTTLE", deal.destination)
    crew.fly(ship, roles=("courier",))
    return ship


def watching(crew):
    for name in ("allocation.contracts", "allocation.queue"):
        EvaluatorFactory(agent=crew.agent, name=name, wake_at=clock.now())


def test_a_contract_for_what_nobody_brings_is_left_with_its_reason(deal):
    assert deal.status == "offered"
    assert f"none of our mines brings {deal.good}" in deal.judgement
    assert not Reservation.objects.exists()


@pytest.mark.parametrize("source", ["a manned mine", "the store"])
def test_a_contract_for_what_we_have_is_accepted(crew, deal, source):
    if source == "the store":
        store(crew, deal, 1)
    else:
        VacancyFactory(agent=crew.agent, goods=[deal.good], filled=1)

    contracts.watch(crew.agent, api=crew.api)

    deal.refresh_from_db()
    assert deal.status == "accepted"
    assert LedgerEntry.objects.get(kind="contract").amount == deal.on_accepted
    assert Reservation.objects.get().units == deal.units_required
    request = ResourceRequest.objects.get()
    assert (request.units, request.purpose) == (deal.units_required, "contract")
    assert crew.differences() == {}


def test_an_unmanned_mine_brings_nothing(crew, deal):
    VacancyFactory(agent=crew.agent, goods=[deal.good], filled=0)

    contracts.watch(crew.agent, api=crew.api)

    deal.refresh_from_db()
    assert deal.status == "offered"


def test_contracts_can_be_switched_off(crew, deal):
    ParameterFactory(behaviour="contracts", name="accept_from_store", value="no")
    store(crew, deal, 50)

    contracts.watch(crew.agent, api=crew.api)

    deal.refresh_from_db()
    assert "switched off" in deal.judgement


def test_contracts_are_read_once_and_not_polled(crew, deal):
    crew.line.asked.clear()

    contracts.watch(crew.agent, api=crew.api)

    assert crew.line.asked == []


def test_a_contract_is_filled_in_several_trips_and_never_overfilled(crew, deal):
    stock = store(crew, deal, 40)
    watching(crew)
    ship = courier(crew, deal)

    crew.run(600)
    first = [each["units"] for each in crew.log("deliver")]
    bring(crew, stock, 40)
    crew.run(1_200)

    deal.refresh_from_db()
    delivered = [each["units"] for each in crew.log("deliver")]
    assert first == [40]
    assert sum(delivered) == deal.units_required == deal.units_fulfilled
    assert max(delivered) <= ship.cargo_capacity
    assert deal.status == "fulfilled"
    left = crew.told(ship).cargo.get(deal.good, 0) + Stock.objects.get().units
    assert left == 80 - deal.units_required
    assert crew.differences() == {}


def test_a_fulfilled_contract_lets_its_goods_go(crew, deal):
    stock = store(crew, deal, 40)
    bring(crew, stock, 40)
    watching(crew)
    courier(crew, deal)

    crew.run(1_800)

    stock.refresh_from_db()
    payments = LedgerEntry.objects.filter(kind="contract").order_by("pk")
    assert [entry.amount for entry in payments] == [deal.on_accepted, deal.on_fulfilled]
    assert stock.promised == 0
    assert Reservation.objects.get().ended_at is not None
    assert not ResourceRequest.objects.filter(status__in=queue.OPEN).exists()


@pytest.mark.parametrize(("ready", "goes"), [(9, False), (10, True)])
def test_a_courier_leaves_for_a_fair_part_of_its_hold(crew, deal, ready, goes):
    store(crew, deal, ready)
    watching(crew)
    courier(crew, deal)

    crew.run(120)

    assert bool(crew.log("transfer")) is goes


def test_an_older_sale_is_served_before_a_contract(crew, deal):
    store(crew, deal, 40)
    sale = queue.file(
        crew.agent, good=deal.good, units=30, purpose="market", why="a good price"
    )
    clock.sleep(1)

    contracts.watch(crew.agent, api=crew.api)

    request = ResourceRequest.objects.get(purpose="contract")
    sale.refresh_from_db()
    assert (sale.claimed, request.claimed) == (30, 10)


def test_a_contract_that_came_to_its_deadline_is_over(crew, deal):
    store(crew, deal, 40)
    contracts.watch(crew.agent, api=crew.api)
    Contract.objects.update(deadline_at=clock.now() + timedelta(minutes=5))
    clock.sleep(301)

    contracts.watch(crew.agent, api=crew.api)

    deal.refresh_from_db()
    assert deal.status == "expired"
    assert Stock.objects.get().promised == 0
    assert Reservation.objects.get().ended_at is not None


def test_an_offer_nobody_accepted_in_time_is_over(crew, deal):
    Contract.objects.update(accept_by=clock.now())

    contracts.watch(crew.agent, api=crew.api)

    deal.refresh_from_db()
    assert deal.status == "expired"
