"""Depots: parking, books against holds, rounds of transports (inventory.services)."""

import pytest
from django.db import IntegrityError, transaction

from fleet.models import Ship, Vacancy
from fleet.services import cargo, sync, vacancies
from fleet.services.vacancies import Wanted
from inventory.models import Depot, Loop, Pickup, Stock, Transfer
from inventory.selectors import stock
from inventory.services import capacity, depots, loads
from spacefleet import clock
from spacefleet.models import Alert
from tests.factories import (
    AgentFactory,
    DepotFactory,
    EraFactory,
    LoopFactory,
    ParameterFactory,
    PickupFactory,
    ShipFactory,
    StockFactory,
    TransferFactory,
    WaypointFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def held(**cargo):
    """A parked depot with these goods in its hold."""
    return DepotFactory(
        ship__cargo=cargo, ship__cargo_units=sum(cargo.values()), ship__cargo_capacity=240
    )


def books(depot):
    return {row.good: (row.units, row.promised) for row in Stock.objects.filter(depot=depot)}


# the books against the hold


def test_books_that_agree_are_left_alone():
    depot = held(IRON_ORE=30)
    StockFactory(depot=depot, good="IRON_ORE", units=30, promised=10)

    assert depots.reconcile(depot) == []
    assert books(depot) == {"IRON_ORE": (30, 10)}
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("booked", "repaired", "says"),
    [
        pytest.param((50, 10), (30, 10), "50 in the books, 30 aboard", id="less aboard"),
        pytest.param((10, 10), (30, 10), "10 in the books, 30 aboard", id="more aboard"),
        pytest.param((50, 40), (30, 30), "50 in the books", id="promises are cut to it"),
    ],
)
def test_a_planted_drift_is_found_shown_and_repaired(booked, repaired, says):
    depot = held(IRON_ORE=30)
    StockFactory(depot=depot, good="IRON_ORE", units=booked[0], promised=booked[1])

    found = depots.reconcile(depot)

    assert says in found[0]
    assert books(depot) == {"IRON_ORE": repaired}
    alert = Alert.objects.open().get()
    assert alert.subject == depot.ship.symbol
    assert says in alert.message


def test_a_depot_that_brings_cargo_opens_its_books_without_an_alarm():
    depot = held(IRON_ORE=30, GOLD_ORE=7)

    assert depots.reconcile(depot) == []
    assert books(depot) == {"IRON_ORE": (30, 0), "GOLD_ORE": (7, 0)}
    assert not Alert.objects.exists()


@pytest.mark.parametrize("status", ["reserved", "unknown"])
def test_books_are_left_alone_while_a_transfer_is_not_settled(status):
    depot = held(IRON_ORE=30)
    StockFactory(depot=depot, good="IRON_ORE", units=25)
    TransferFactory(receiver=depot.ship, units=5, kind="deposit", status=status)

    assert depots.reconcile(depot) == []
    assert books(depot) == {"IRON_ORE": (25, 0)}


def test_goods_that_appear_later_are_a_drift_even_in_an_empty_depot():
    depot = held()
    depots.reconcile(depot)
    Ship.objects.filter(pk=depot.ship_id).update(cargo={"IRON_ORE": 3}, cargo_units=3)

    assert depots.reconcile(depot) == ["IRON_ORE: 0 in the books, 3 aboard"]
    assert "another client" in Alert.objects.open().get().message


def test_goods_nobody_booked_and_goods_that_are_gone_are_found_too():
    depot = held(GOLD_ORE=7)
    StockFactory(depot=depot, good="ICE_WATER", units=5)

    found = depots.reconcile(depot)

    assert len(found) == 2
    assert books(depot) == {"GOLD_ORE": (7, 0), "ICE_WATER": (0, 0)}


def test_the_alert_ends_when_books_and_hold_agree_again():
    depot = held(IRON_ORE=30)
    StockFactory(depot=depot, good="IRON_ORE", units=31)
    depots.reconcile(depot)

    depots.reconcile(depot)

    assert not Alert.objects.open().exists()
    assert Alert.objects.count() == 1
    depot.refresh_from_db()
    assert depot.reconciled_at == clock.now()


# holdings and how full


def test_holdings_are_summed_over_depots_richest_first():
    agent = AgentFactory()
    for good, units, promised in (
        ("IRON_ORE", 30, 10),
        ("IRON_ORE", 5, 5),
        ("GOLD_ORE", 50, 0),
    ):
        StockFactory(depot__ship__agent=agent, good=good, units=units, promised=promised)
    StockFactory(depot__ship__agent=agent, good="ICE_WATER", units=0)
    StockFactory(good="IRON_ORE", units=99)  # of another agent

    found = [(row.good, row.units, row.promised, row.free) for row in stock.holdings(agent)]

    assert found == [("GOLD_ORE", 50, 0, 50), ("IRON_ORE", 35, 15, 20)]


def test_what_is_reserved_to_arrive_counts_as_taken():
    depot = held(IRON_ORE=120)
    agent = depot.ship.agent
    TransferFactory(
        receiver=depot.ship,
        kind=Transfer.Kind.DEPOSIT,
        status=Transfer.Status.RESERVED,
        units=60,
    )
    DepotFactory(ship__agent=agent, ship__cargo_capacity=40, parked_at=None)

    fill = stock.fill(agent)

    assert (fill.units, fill.incoming, fill.capacity, fill.percent) == (120, 60, 240, 75)


def test_without_a_depot_nothing_is_full():
    assert stock.fill(AgentFactory()).percent == 0


def test_the_fullest_depot_that_holds_a_good_presses_to_sell_it():
    agent = AgentFactory()
    for units in (60, 200):
        ship = ShipFactory(agent=agent, cargo_units=units, cargo_capacity=240)
        StockFactory(depot__ship=ship, good="IRON_ORE", units=units)
    full = ShipFactory(agent=agent, cargo_units=240, cargo_capacity=240)
    StockFactory(depot__ship=full, good="GOLD_ORE", units=240)

    assert stock.crowding(agent, "IRON_ORE") == 83
    assert stock.crowding(agent, "ICE_WATER") == 0


# rounds


@pytest.fixture
def harbour():
    """A parked depot, its site, and a transport that has its place there."""
    era = EraFactory()
    agent = AgentFactory(era=era)
    site = WaypointFactory(era=era, symbol="X1-AA1-B7")
    berth = WaypointFactory(era=era, symbol="X1-AA1-A1", x=0, y=0)
    depot = DepotFactory(ship__agent=agent, waypoint=berth.symbol)
    return agent, site, depot


def transport(agent, place):
    return ShipFactory(agent=agent, roles=["transport"], place=place)


def test_a_site_has_two_transports_and_never_a_third(harbour):
    agent, site, depot = harbour

    ships = [transport(agent, site.symbol) for _ in range(3)]
    loops = [loads.loop_of(ship) for ship in ships]

    assert [loop.slot if loop else None for loop in loops] == [1, 2, None]
    assert all(loop.depot == depot for loop in loops[:2])
    assert loads.refusal(ships[2]) == (
        f"{site.symbol} has two transports already, {ships[0]} and {ships[1]}: "
        "a third is refused"
    )


@pytest.mark.parametrize("slot", [0, 3])
def test_the_database_refuses_a_third_slot(slot):
    with pytest.raises(IntegrityError), transaction.atomic():
        LoopFactory(slot=slot)


def test_the_database_refuses_two_transports_in_one_slot():
    loop = LoopFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        LoopFactory(depot=loop.depot, site=loop.site, slot=loop.slot)


def test_a_transport_keeps_its_round(harbour):
    agent, site, _ = harbour
    ship = transport(agent, site.symbol)

    first, second = loads.loop_of(ship), loads.loop_of(ship)

    assert first == second


def test_a_transport_turns_to_a_nearer_depot_when_its_hold_is_empty(harbour):
    agent, site, far = harbour
    ship = transport(agent, site.symbol)
    beside = WaypointFactory(era=agent.era, x=site.x, y=site.y + 1)
    loads.loop_of(ship)
    near = DepotFactory(ship__agent=agent, waypoint=beside.symbol)
    ship.cargo_units = 5

    loaded = loads.loop_of(ship)
    ship.cargo_units = 0
    empty = loads.loop_of(ship)

    assert loaded.depot == far
    assert empty.depot == near


def test_there_is_no_round_before_a_depot_has_parked(harbour):
    agent, site, depot = harbour
    Depot.objects.filter(pk=depot.pk).update(parked_at=None)

    assert loads.loop_of(transport(agent, site.symbol)) is None


def test_the_round_of_a_ship_with_another_role_is_forgotten(harbour):
    agent, site, _ = harbour
    kept, dropped = (transport(agent, site.symbol) for _ in range(2))
    for ship in (kept, dropped):
        loads.loop_of(ship)
    dropped.roles = ["trader"]
    dropped.save(update_fields=["roles"])

    assert loads.drop_stale(agent) == 1
    assert [loop.ship for loop in Loop.objects.all()] == [kept]


# pickups


def test_a_pickup_is_filed_once_and_keeps_its_time():
    miner = ShipFactory(cargo_units=15)

    first = loads.file_pickup(miner, at=clock.now())
    clock.sleep(60)
    second = loads.file_pickup(miner, at=clock.now())

    assert first == second
    assert Pickup.objects.get().filed_at == first.filed_at


def test_a_transport_that_begins_to_load_wakes_the_miners_that_wait(harbour):
    agent, site, _ = harbour
    loop = loads.loop_of(transport(agent, site.symbol))
    later = clock.now() + clock.game(1_800)
    waiting, elsewhere = (ShipFactory(agent=agent, wake_at=later) for _ in range(2))
    PickupFactory(ship=waiting, waypoint=site.symbol)
    PickupFactory(ship=elsewhere, waypoint="X1-AA1-Z9")

    loads.begin_loading(loop, at=clock.now())

    waiting.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (waiting.wake_at, elsewhere.wake_at) == (clock.now(), later)


def test_a_transport_does_not_leave_while_a_miner_hands_over(harbour):
    agent, site, _ = harbour
    ship = transport(agent, site.symbol)
    loop = loads.loop_of(ship)
    loads.begin_loading(loop, at=clock.now())
    cargo.lock(ship.pk, "a miner")

    busy = loads.end_loading(ship, loop)
    cargo.unlock(ship.pk, "a miner")
    free = loads.end_loading(ship, loop)

    assert (busy, free) == (False, True)
    loop.refresh_from_db()
    assert loop.loading_since is None


# what must never be


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(lambda: StockFactory(units=9, promised=10), id="promises without goods"),
        pytest.param(lambda: TransferFactory(units=0), id="a transfer of nothing"),
        pytest.param(
            lambda: TransferFactory(receiver=(ship := ShipFactory()), giver=ship),
            id="a transfer to itself",
        ),
        pytest.param(
            lambda: TransferFactory(
                receiver=TransferFactory(status="reserved").receiver, status="reserved"
            ),
            id="two open transfers to one receiver",
        ),
        pytest.param(
            lambda: TransferFactory(
                giver=TransferFactory(status="reserved").giver, status="reserved"
            ),
            id="two open transfers from one giver",
        ),
        pytest.param(
            lambda: PickupFactory(ship=PickupFactory().ship), id="two open pickups of a ship"
        ),
        pytest.param(
            lambda: ShipFactory(cargo_units=41, cargo_capacity=40), id="an overfull hold"
        ),
    ],
)
def test_the_database_refuses(broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        broken()


def test_the_database_refuses_two_rows_for_one_good_in_a_depot():
    row = StockFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.create(depot=row.depot, good=row.good, updated_at=clock.now())


# at the centre


def test_depots_at_the_centre_park_once_and_never_move(crew):
    ParameterFactory(behaviour="depot", name="siting", value="centre")
    rock, market = crew.place("ASTEROID"), crew.place("PLANET")
    wanted = Wanted(
        role="miner", place=rock, needs="laser", wanted=1, why="", rank=1, goods=["IRON_ORE"]
    )
    vacancies.state(crew.agent, "mining", [wanted])

    capacity.state(crew.agent)

    berth = Vacancy.objects.get(agent=crew.agent, role="depot")
    assert "by way of it" in berth.why or "s from" in berth.why
    ship = crew.commission("SHIP_LIGHT_SHUTTLE", market, roles=("depot",), place=market)
    parked = DepotFactory(ship=ship, waypoint=market, sited_at=clock.now())
    capacity.state(crew.agent)
    assert Vacancy.objects.get(agent=crew.agent, role="depot").place == market
    sync.write(ship, place=berth.place)
    crew.fly(ship)
    crew.run(3_600)
    assert crew.ships().get(pk=ship.pk).waypoint == market
    assert Depot.objects.get(pk=parked.pk).waypoint == market
    assert crew.log("navigate") == []
