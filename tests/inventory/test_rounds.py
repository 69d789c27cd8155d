"""The lives of transports and depots (inventory.loops), against the universe."""

import pytest

from fleet.models import Ship
from inventory.models import Depot, Loop, Stock
from inventory.services import depots, loads
from spacefleet import clock
from tests.factories import DepotFactory, ParameterFactory, PickupFactory

LOAD = {"IRON_ORE": 38}


@pytest.fixture
def site(crew):
    """A rock not far from home."""
    return crew.place("ENGINEERED_ASTEROID")


@pytest.fixture
def port(crew):
    return crew.place("PLANET")


def hull(crew, at, **more):
    ship = crew.commission("SHIP_LIGHT_SHUTTLE", at, **more)
    crew.fly(ship)
    return ship


def parked(crew, port, **cargo):
    ship = crew.commission("SHIP_LIGHT_SHUTTLE", port, roles=("depot",), cargo=cargo)
    depot = DepotFactory(ship=ship, waypoint=port)
    for good, units in cargo.items():
        Stock.objects.create(depot=depot, good=good, units=units, updated_at=clock.now())
    return depot


# depots


def test_a_depot_flies_to_its_place_docks_and_opens_with_what_it_brought(crew, site, port):
    ship = hull(crew, site, roles=("depot",), place=port, cargo={"IRON_ORE": 5})

    crew.run(600)

    depot = Depot.objects.get()
    assert depot.parked_at is not None
    assert crew.ships().get(pk=ship.pk).nav_status == "DOCKED"
    assert list(depot.stock.values_list("good", "units")) == [("IRON_ORE", 5)]
    assert crew.differences() == {}


def test_a_parked_depot_never_moves_again(crew, site, port):
    ship = hull(crew, port, roles=("depot",), place=port)
    crew.run(5)
    Ship.objects.filter(pk=ship.pk).update(place=site, wake_at=clock.now())

    crew.run(600)

    assert crew.log("navigate") == []
    assert Depot.objects.get().waypoint == port


def test_a_depot_under_way_may_still_be_sent_elsewhere(crew, site, port):
    ship = crew.commission("SHIP_LIGHT_SHUTTLE", site, roles=("depot",), place=port)
    depot = depots.establish(ship, why="near the rocks")
    ship.place = crew.place("GAS_GIANT")

    assert depots.establish(ship, why="nearer").waypoint == ship.place
    assert Depot.objects.get() == depot


def test_a_depot_holds_its_books_against_its_hold_from_time_to_time(crew, port):
    ParameterFactory(behaviour="depot", name="reconcile_every", value="600")
    ship = hull(crew, port, roles=("depot",), place=port, cargo={"IRON_ORE": 5})
    crew.run(5)
    Stock.objects.update(units=9)

    crew.run(600)

    assert Stock.objects.get().units == 5
    assert "repaired 1 goods" in crew.ships().get(pk=ship.pk).why


# transports


def test_a_transport_waits_in_orbit_at_its_site_and_wakes_who_waits(crew, site, port):
    parked(crew, port)
    miner = crew.commission("SHIP_MINING_DRONE", site, docked=False)
    PickupFactory(ship=miner, waypoint=site)
    ship = hull(crew, port, roles=("transport",), place=site)

    crew.run(200)

    ship.refresh_from_db()
    miner.refresh_from_db()
    ship.settle(clock.now())
    assert (ship.waypoint, ship.nav_status) == (site, "IN_ORBIT")
    assert Loop.objects.get().loading_since is not None
    assert miner.stepped_at is not None


def loading(crew, site, **cargo):
    """A transport that loads at its site with this aboard."""
    ship = hull(crew, site, roles=("transport",), place=site, docked=False)
    crew.run(5)
    crew.put(ship, site, docked=False, cargo=cargo)
    Ship.objects.filter(pk=ship.pk).update(wake_at=clock.now())
    return ship


@pytest.mark.parametrize(
    ("cargo", "leaves"),
    [
        pytest.param({"IRON_ORE": 35}, False, id="one below ninety percent"),
        pytest.param({"IRON_ORE": 36}, True, id="ninety percent"),
        pytest.param({"IRON_ORE": 40}, True, id="full"),
    ],
)
def test_a_transport_leaves_when_its_hold_is_worth_the_way(crew, site, port, cargo, leaves):
    parked(crew, port)
    ship = loading(crew, site, **cargo)
    assert ship.cargo_capacity == 40

    crew.run(5)

    ship.refresh_from_db()
    assert (ship.nav_status == "IN_TRANSIT") is leaves


@pytest.mark.parametrize(("cargo", "leaves"), [({"IRON_ORE": 1}, True), ({}, False)])
def test_a_transport_loses_patience_but_never_leaves_empty(crew, site, port, cargo, leaves):
    parked(crew, port)
    ship = loading(crew, site, **cargo)

    crew.run(610)

    ship.refresh_from_db()
    assert (ship.waypoint == port) is leaves


def test_a_load_is_stored_and_the_round_is_counted(crew, site, port):
    depot = parked(crew, port)
    ship = loading(crew, site, **LOAD)

    crew.run(400)

    loop = Loop.objects.get(ship=ship)
    assert (loop.rounds, loop.units) == (1, 38)
    assert list(depot.stock.values_list("good", "units")) == [("IRON_ORE", 38)]
    assert crew.differences() == {}


def test_a_transport_waits_beside_a_full_depot_for_room(crew, site, port):
    depot = parked(crew, port, GOLD_ORE=30)
    ship = loading(crew, site, **LOAD)

    crew.run(400)

    ship.refresh_from_db()
    assert ship.why == f"waiting for room in {depot.ship}"
    assert ship.cargo == {"IRON_ORE": 28}
    assert crew.told(depot.ship).cargo == {"GOLD_ORE": 30, "IRON_ORE": 10}
    assert Loop.objects.get().rounds == 0


def test_what_a_full_depot_has_no_room_for_goes_to_another_one(crew, site, port):
    first, second = (parked(crew, port, GOLD_ORE=30), parked(crew, port, GOLD_ORE=5))
    ship = loading(crew, site, **LOAD)

    crew.run(400)

    loop = Loop.objects.get(ship=ship)
    assert (loop.depot, loop.rounds, loop.units) == (first, 1, 38)
    assert crew.told(first.ship).cargo == {"GOLD_ORE": 30, "IRON_ORE": 10}
    assert crew.told(second.ship).cargo == {"GOLD_ORE": 5, "IRON_ORE": 28}
    assert crew.differences() == {}


def test_a_third_transport_of_a_site_says_why_it_is_refused(crew, site, port):
    parked(crew, port)
    ships = [hull(crew, site, roles=("transport",), place=site) for _ in range(3)]

    crew.run(5)

    whys = [crew.ships().get(pk=ship.pk).why for ship in ships]
    assert [why.startswith("loading") for why in whys] == [True, True, False]
    assert "a third is refused" in whys[2]


def test_nothing_is_handed_over_to_a_transport_that_leaves(crew, site, port):
    parked(crew, port)
    ship = loading(crew, site, **LOAD)
    miner = crew.commission("SHIP_MINING_DRONE", site, docked=False, cargo={"IRON_ORE": 9})
    loop = Loop.objects.get(ship=ship)
    loads.end_loading(crew.ships().get(pk=ship.pk), loop)
    Loop.objects.update(loading_since=clock.now())  # what the miner read a moment before

    assert loads.hand_over(miner, api=crew.api) is None
    assert crew.log("transfer") == []


def test_a_transport_without_a_depot_is_idle(crew, site, port):
    ship = hull(crew, port, roles=("transport",), place=site)

    crew.run(5)

    ship.refresh_from_db()
    assert ship.why == "no parked depot to carry to yet"
    assert crew.line.asked == []
