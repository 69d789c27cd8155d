"""More room for crowded depots (inventory.services.expansion), behind the purchase guard."""

import pytest

from fleet import conductor
from fleet.models import ShipOrder, ShipyardOffer, Vacancy, Waypoint
from inventory.models import Depot, Expansion
from inventory.services import capacity, depots, expansion
from spacefleet import clock
from tests.factories import DepotFactory, ParameterFactory

Outcome = Expansion.Outcome
WHY = "depots 95 % full after selling"


@pytest.fixture
def port(crew):
    return crew.place("PLANET")


@pytest.fixture
def depot(crew, port):
    ship = crew.commission(
        "SHIP_LIGHT_SHUTTLE", port, roles=("depot",), place=port, cargo={"IRON_ORE": 38}
    )
    return DepotFactory(ship=ship, waypoint=port, sited_at=clock.now())


@pytest.fixture
def yard(crew):
    """A shipyard whose only known offer is a light hauler."""
    row = Waypoint.objects.filter(era=crew.agent.era, shipyard=True).order_by("pk").first()
    ShipyardOffer.objects.filter(waypoint__era=crew.agent.era).delete()
    return ShipyardOffer.objects.create(
        waypoint=row, ship_type="SHIP_LIGHT_HAULER", price=90_000, seen_at=clock.now()
    )


def fund(crew, credits):
    type(crew.agent).objects.filter(pk=crew.agent.pk).update(credits=credits)


def test_room_is_ordered_beside_the_fullest_depot_with_all_it_saw(crew, depot, yard, port):
    clock.sleep(1)

    row = expansion.ask(crew.agent, why=WHY)

    assert (row.outcome, row.ship_type, row.waypoint) == (
        Outcome.ORDERED,
        "SHIP_LIGHT_HAULER",
        port,
    )
    assert row.inputs["percent"] == 95
    assert row.inputs["guard"]["SHIP_LIGHT_HAULER"] is None
    assert "no shipyard" in row.inputs["guard"]["SHIP_HEAVY_FREIGHTER"]


def test_room_becomes_a_vacancy_and_an_order_of_the_conductor(crew, depot, yard, port):
    clock.sleep(1)
    row = expansion.ask(crew.agent, why=WHY)

    capacity.state(crew.agent)
    crew.fly(depot.ship, roles=("depot",), place=port)
    conductor.conduct(crew.agent, api=crew.api)

    vacancy = Vacancy.objects.get(agent=crew.agent, role="depot", place=port)
    assert (vacancy.wanted, vacancy.ship_type) == (2, "SHIP_LIGHT_HAULER")
    order = ShipOrder.objects.get(agent=crew.agent, role="depot")
    assert (order.ship_type, order.place) == ("SHIP_LIGHT_HAULER", port)
    expansion.follow(crew.agent)
    row.refresh_from_db()
    assert row.outcome == Outcome.ORDERED, "a ship has to get to the yard first"


def test_asking_twice_is_asking_once(crew, depot, yard):
    first = expansion.ask(crew.agent, why=WHY)
    clock.sleep(60)

    assert expansion.ask(crew.agent, why=WHY) == first
    assert Expansion.objects.count() == 1


def test_what_the_treasury_cannot_pay_is_refused_at_once_and_written_down(crew, depot, yard):
    fund(crew, 100_000)

    row = expansion.ask(crew.agent, why=WHY)

    row.refresh_from_db()
    assert row.outcome == Outcome.REFUSED
    assert "light hauler: 90,000 of 100,000 credits" in row.reason
    assert "cash floor" in row.reason


def test_a_refusal_stands_for_a_while_and_is_asked_again_then(crew, depot, yard):
    fund(crew, 100_000)
    first = expansion.ask(crew.agent, why=WHY)
    fund(crew, 500_000)
    clock.sleep(3_599)
    early = expansion.ask(crew.agent, why=WHY)
    clock.sleep(1)

    late = expansion.ask(crew.agent, why=WHY)

    assert early == first
    assert late != first
    assert late.outcome == Outcome.ORDERED


def test_without_a_depot_there_is_nothing_to_expand(crew, yard):
    assert expansion.ask(crew.agent, why=WHY).outcome == Outcome.REFUSED


def test_a_new_depot_beside_the_crowded_one_grants_it(crew, depot, yard, port):
    clock.sleep(1)
    row = expansion.ask(crew.agent, why=WHY)
    clock.sleep(300)
    ship = crew.commission("SHIP_LIGHT_HAULER", port, roles=("depot",), place=port)
    DepotFactory(ship=ship, waypoint=port, sited_at=clock.now())

    expansion.follow(crew.agent)

    row.refresh_from_db()
    assert (row.outcome, row.reason) == (Outcome.GRANTED, f"{ship} stores there")
    capacity.state(crew.agent)
    wanted = Vacancy.objects.filter(agent=crew.agent, role="depot", place=port)
    assert not wanted.filter(wanted__gt=2).exists()
    assert Depot.objects.count() == 2


def test_room_that_does_not_come_in_time_has_failed(crew, depot, yard):
    row = expansion.ask(crew.agent, why=WHY)
    clock.sleep(1_800)

    capacity.watch(crew.agent)

    row.refresh_from_db()
    assert (row.outcome, row.given_up) == (Outcome.FAILED, True)
    assert "in time" in row.reason


def test_a_fleet_that_buys_nothing_refuses_room(crew, depot, yard):
    ParameterFactory(behaviour="conductor", name="buy_ships", value="no")

    row = expansion.ask(crew.agent, why=WHY)

    assert row.outcome == Outcome.REFUSED
    assert "switched off" in row.reason


def test_a_ship_with_another_duty_leaves_no_depot_to_be_replaced(crew, depot, yard, port):
    """What was planned for a ship must not make the conductor buy another in its place."""
    gone = crew.commission("SHIP_LIGHT_SHUTTLE", port, roles=("transport",), place=port)
    DepotFactory(ship=gone, waypoint=port, sited_at=clock.now(), parked_at=None)
    fund(crew, 1)  # so that the guard refuses any more room

    clock.sleep(1)
    row = expansion.ask(crew.agent, why=WHY)

    assert row.inputs["depots"] == 1
    assert list(depots.manned(crew.agent)) == [depot]
    assert depots.open_depots(crew.agent) == [depot]
