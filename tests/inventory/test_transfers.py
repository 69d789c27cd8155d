"""Goods from ship to ship (inventory.services.transfers): reserve, transfer, confirm."""

import pytest

from allocation.services import queue
from fleet.models import Ship
from fleet.services import cargo, healing
from inventory.models import Stock, Transfer
from inventory.services import transfers
from inventory.services.withdrawals import withdraw
from spacefleet import clock
from spacefleet.spacetraders import errors
from tests.crew import Killed
from tests.factories import ClaimFactory, DepotFactory, StockFactory

Kind, Status = Transfer.Kind, Transfer.Status


@pytest.fixture
def port(crew):
    return crew.place("PLANET")


@pytest.fixture
def giver(crew, port):
    return crew.commission("SHIP_LIGHT_SHUTTLE", port, cargo={"IRON_ORE": 30, "ICE_WATER": 5})


@pytest.fixture
def receiver(crew, port):
    return crew.commission("SHIP_LIGHT_SHUTTLE", port)


def parked(crew, port, **goods):
    """A depot at the port with goods in its hold and in its books."""
    ship = crew.commission("SHIP_LIGHT_SHUTTLE", port, cargo=goods, roles=("depot",))
    depot = DepotFactory(ship=ship, waypoint=port)
    for good, units in goods.items():
        StockFactory(depot=depot, good=good, units=units)
    return depot


def move(crew, giver, receiver, units=10, *, good="IRON_ORE", kind=Kind.COLLECT, **more):
    return transfers.transfer(giver, receiver, good, units, kind=kind, api=crew.api, **more)


def heal(crew, ship):
    ship = crew.ships().get(pk=ship.pk)
    return healing.heal(ship, api=crew.api)


def test_a_transfer_is_written_down_as_the_game_did_it(crew, giver, receiver, port):
    row = move(crew, giver, receiver, 12, why="collected")

    row.refresh_from_db()
    assert (row.status, row.units, row.waypoint) == (Status.CONFIRMED, 12, port)
    assert (giver.cargo, receiver.cargo) == (
        {"IRON_ORE": 18, "ICE_WATER": 5},
        {"IRON_ORE": 12},
    )
    assert crew.differences() == {}


@pytest.mark.parametrize(
    ("asked", "moved"), [(10, 10), (30, 30), (31, 30)], ids=["part", "all", "more than all"]
)
def test_never_more_is_moved_than_is_aboard(crew, giver, receiver, asked, moved):
    assert move(crew, giver, receiver, asked).units == moved
    assert crew.differences() == {}


def test_never_more_is_moved_than_fits(crew, giver, port):
    receiver = crew.commission("SHIP_LIGHT_SHUTTLE", port, cargo={"COPPER_ORE": 33})
    room = receiver.cargo_capacity - 33

    row = move(crew, giver, receiver, 30)

    assert row.units == min(30, room)
    assert crew.differences() == {}


@pytest.mark.parametrize("good", ["GOLD_ORE", "IRON_ORE"])
def test_nothing_is_asked_of_the_game_when_nothing_fits(crew, giver, port, good):
    full = crew.commission("SHIP_LIGHT_SHUTTLE", port)
    crew.put(full, port, cargo={"COPPER_ORE": full.cargo_capacity})
    full = crew.ships().get(pk=full.pk)

    assert move(crew, giver, full, good=good) is None
    assert crew.line.asked == []
    assert not Transfer.objects.exists()


def test_nothing_is_asked_when_the_receiver_is_in_another_state(crew, giver, port):
    orbiting = crew.commission("SHIP_LIGHT_SHUTTLE", port, docked=False)

    assert move(crew, giver, orbiting) is None
    assert crew.line.asked == []


def test_what_the_receiver_holds_now_counts_not_what_it_held_when_we_looked(
    crew, giver, receiver
):
    stale = crew.ships().get(pk=receiver.pk)
    crew.put(receiver, receiver.waypoint, cargo={"COPPER_ORE": receiver.cargo_capacity - 2})

    row = move(crew, giver, stale)

    assert row.units == 2
    assert crew.differences() == {}


# one at a time


@pytest.mark.parametrize("busy", ["giver", "receiver"])
def test_a_ship_whose_cargo_somebody_moves_is_left_alone(crew, giver, receiver, busy):
    ship = {"giver": giver, "receiver": receiver}[busy]
    assert cargo.lock(ship.pk, "somebody else")

    assert move(crew, giver, receiver) is None
    assert crew.line.asked == []
    cargo.unlock(ship.pk, "somebody else")
    assert move(crew, giver, receiver).status == Status.CONFIRMED


def test_the_lock_of_a_dead_holder_runs_out(crew, giver, receiver):
    cargo.lock(receiver.pk, "a process that died")
    before = move(crew, giver, receiver)

    clock.sleep(cargo.LOCK.total_seconds() + 1)

    assert before is None
    assert move(crew, giver, receiver).status == Status.CONFIRMED


def test_only_its_holder_gives_a_lock_back(crew, receiver):
    cargo.lock(receiver.pk, "holder")

    cargo.unlock(receiver.pk, "somebody else")

    assert not cargo.lock(receiver.pk, "a third")


def test_the_locks_are_free_after_a_transfer_however_it_ends(crew, giver, receiver):
    move(crew, giver, receiver)
    crew.world.faults.add("POST */transfer lost 1")
    with pytest.raises(errors.OutcomeUnknown):
        move(crew, giver, receiver)

    held = Ship.objects.exclude(cargo_lock="").values_list("symbol", flat=True)

    assert list(held) == []


def test_cargo_in_doubt_is_not_moved(crew, giver, receiver):
    healing.suspect(receiver, "an answer was lost")

    assert move(crew, giver, receiver) is None
    assert crew.line.asked == []


def test_a_receiver_with_an_unsettled_transfer_gets_no_other(crew, giver, receiver, port):
    other = crew.commission("SHIP_LIGHT_SHUTTLE", port, cargo={"IRON_ORE": 5})
    crew.line.kill("POST */transfer")
    with pytest.raises(Killed):
        move(crew, giver, receiver)
    crew.line.asked.clear()

    assert move(crew, other, receiver) is None
    assert crew.line.asked == []


# the depots' books


def test_a_deposit_adds_to_the_books(crew, giver, port):
    depot = parked(crew, port, IRON_ORE=3)

    move(crew, giver, depot.ship, 30, kind=Kind.DEPOSIT)
    move(crew, giver, depot.ship, 5, good="ICE_WATER", kind=Kind.DEPOSIT)

    books = dict(Stock.objects.filter(depot=depot).values_list("good", "units"))
    assert books == {"IRON_ORE": 33, "ICE_WATER": 5}
    assert books == crew.told(depot.ship).cargo


@pytest.mark.parametrize(
    ("promised", "left"),
    [
        pytest.param(18, 18, id="what is left covers the promises"),
        pytest.param(19, 18, id="promises are cut to what is left"),
    ],
)
def test_a_withdrawal_that_serves_no_promise_leaves_the_others_what_there_is(
    crew, receiver, port, promised, left
):
    depot = parked(crew, port, IRON_ORE=30)
    Stock.objects.filter(depot=depot).update(promised=promised)

    taken = withdraw(receiver, depot, "IRON_ORE", 12, api=crew.api, why="by hand")

    stock = Stock.objects.get(depot=depot)
    assert (taken, stock.units, stock.promised) == (12, 18, left)
    assert crew.differences() == {}


def test_a_withdrawal_takes_units_and_the_promise_it_keeps_together(crew, receiver, port):
    depot = parked(crew, port, IRON_ORE=30)
    Stock.objects.filter(depot=depot).update(promised=20)
    claim = ClaimFactory(stock=depot.stock.get(), units=20)

    withdraw(
        receiver,
        depot,
        "IRON_ORE",
        12,
        api=crew.api,
        why="a sale",
        reference=claim.pk,
        on_confirm=lambda row: queue.note_withdrawal(claim.pk, row),
    )

    stock = Stock.objects.get(depot=depot)
    assert (stock.units, stock.promised) == (18, 8)
    assert Transfer.objects.get().reference == claim.pk


def test_a_lost_withdrawal_keeps_its_promise_when_the_depot_is_looked_at(crew, receiver, port):
    depot = parked(crew, port, IRON_ORE=30)
    Stock.objects.filter(depot=depot).update(promised=20)
    claim = ClaimFactory(stock=depot.stock.get(), units=20)
    crew.world.faults.add("POST */transfer lost 1")
    with pytest.raises(errors.OutcomeUnknown):
        withdraw(
            receiver, depot, "IRON_ORE", 12, api=crew.api, why="a sale", reference=claim.pk
        )

    heal(crew, depot.ship)
    heal(crew, receiver)

    stock = Stock.objects.get(depot=depot)
    claim.refresh_from_db()
    assert (stock.units, stock.promised, claim.withdrawn) == (18, 8, 12)


def test_what_belongs_to_a_transfer_is_written_with_it_or_not_at_all(crew, receiver, port):
    depot = parked(crew, port, IRON_ORE=30)
    Stock.objects.filter(depot=depot).update(promised=20)

    def fails(row):
        raise RuntimeError("the other books are on fire")

    with pytest.raises(RuntimeError):
        withdraw(receiver, depot, "IRON_ORE", 12, api=crew.api, why="a sale", on_confirm=fails)

    stock = Stock.objects.get(depot=depot)
    assert (stock.units, stock.promised) == (30, 20)
    assert Transfer.objects.get().status == Status.RESERVED
    assert crew.told(receiver).cargo == {"IRON_ORE": 12}, "the game did it all the same"


# answers that never came


@pytest.mark.parametrize("healed", ["giver", "receiver"])
def test_a_transfer_whose_answer_was_lost_counts_once(crew, giver, receiver, healed):
    crew.world.faults.add("POST */transfer lost 1")
    with pytest.raises(errors.OutcomeUnknown):
        move(crew, giver, receiver, 12)
    row = Transfer.objects.get()
    assert row.status == Status.UNKNOWN
    assert crew.ships().filter(suspect_since__isnull=False).count() == 2

    said = heal(crew, {"giver": giver, "receiver": receiver}[healed])

    row.refresh_from_db()
    assert row.status == Status.CONFIRMED
    assert "transfer of 12 IRON_ORE happened" in said
    assert crew.differences() == {}
    assert len(crew.log("transfer")) == 1


def test_a_lost_deposit_reaches_the_books_once(crew, giver, port):
    depot = parked(crew, port, IRON_ORE=3)
    crew.world.faults.add("POST */transfer lost 1")
    with pytest.raises(errors.OutcomeUnknown):
        move(crew, giver, depot.ship, 30, kind=Kind.DEPOSIT)

    heal(crew, giver)
    heal(crew, depot.ship)

    assert Stock.objects.get(depot=depot).units == 33
    assert crew.differences() == {}


def test_a_transfer_that_never_reached_the_game_is_undone(crew, giver, receiver):
    crew.world.faults.add("POST */transfer hang 1")
    with pytest.raises(errors.OutcomeUnknown):
        move(crew, giver, receiver, 12)

    said = heal(crew, giver)

    assert "did not" in said
    assert Transfer.objects.get().status == Status.REFUSED
    assert crew.log("transfer") == []
    assert move(crew, giver, receiver, 12) is None, "the receiver was not looked at yet"
    heal(crew, receiver)
    assert move(crew, giver, receiver, 12).status == Status.CONFIRMED


def test_the_game_has_the_last_word_on_room(crew, giver, receiver):
    crew.told(receiver).load("GOLD_ORE", receiver.cargo_capacity - 4)  # behind our back

    with pytest.raises(errors.CargoFull):
        move(crew, giver, receiver, 12)

    assert Transfer.objects.get().status == Status.REFUSED
    receiver.refresh_from_db()
    assert receiver.suspect_since is not None
    heal(crew, receiver)
    assert crew.differences() == {}


def test_a_busy_server_leaves_everything_as_it_was(crew, giver, receiver):
    crew.world.faults.add("POST */transfer html429 1.0")

    with pytest.raises(errors.TryAgain):
        move(crew, giver, receiver, 12)

    crew.world.faults.clear()
    assert crew.differences() == {}
    assert not crew.ships().filter(suspect_since__isnull=False).exists()
    assert move(crew, giver, receiver, 12).status == Status.CONFIRMED


def test_healing_one_ship_twice_changes_nothing_more(crew, giver, receiver):
    crew.world.faults.add("POST */transfer lost 1")
    with pytest.raises(errors.OutcomeUnknown):
        move(crew, giver, receiver, 12)
    heal(crew, giver)
    before = list(Transfer.objects.values())

    healing.suspect(giver, "again")
    heal(crew, giver)

    assert list(Transfer.objects.values()) == before
    assert crew.differences() == {}
