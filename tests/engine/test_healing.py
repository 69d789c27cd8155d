"""Answers that never came, and processes that died: nothing is lost and nothing done twice.

Each call is cut off in two ways after the game did what was asked: its answer is lost, or the
process is killed before it could write. What follows must be the same.
"""

from datetime import timedelta

import pytest

from allocation.models import Contract, ResourceRequest
from allocation.services import contracts, queue
from fleet.conductor import conduct
from fleet.models import Evaluator, Lane, LedgerEntry, Ship, ShipOrder, Waypoint
from fleet.services import alarms, cargo, healing, lanes, sync
from inventory.models import Stock, Transfer
from inventory.services import transfers
from mining.models import Extraction, Session, Survey
from mining.services import sites
from sales.models import Sale
from spacefleet import clock
from spacefleet.models import Alert
from spacefleet.spacetraders import errors
from tests.crew import Killed
from tests.factories import (
    DepotFactory,
    EvaluatorFactory,
    ParameterFactory,
    SiteFactory,
    StockFactory,
)

LOST, KILLED = "the answer is lost", "the process is killed"


@pytest.fixture(params=[LOST, KILLED])
def cut(crew, request):
    """Cut the next such call off once the game did it, then let the fleet go on."""

    def cut_off(call, seconds=600.0):
        crew.seconds = seconds
        if request.param == LOST:
            crew.world.faults.add(f"{call} lost 1")
            crew.run(seconds)
            return
        crew.line.kill(call)
        crew.run_until_killed(seconds)
        crew.run(seconds)

    return cut_off


def entries(kind):
    return list(LedgerEntry.objects.filter(kind=kind).order_by("pk"))


def look_at(crew, symbol):
    waypoint = Waypoint.objects.get(era=crew.agent.era, symbol=symbol)
    sync.look_at_market(waypoint, api=crew.api)
    return waypoint


def healthy(crew):
    """Rows and game agree, nobody waits to be looked at, nothing failed, nothing alarms."""
    assert crew.differences() == {}
    assert not crew.ships().exclude(last_error="").exists()
    assert not Evaluator.objects.exclude(last_error="").exists()
    assert not crew.ships().filter(suspect_since__isnull=False).exists()
    assert not Transfer.objects.filter(status__in=["reserved", "unknown"]).exists()
    assert not Alert.objects.open().exists()


# trading


@pytest.fixture
def loaded(crew):
    """A market ship beside a buyer of what it carries."""
    place = crew.market("IRON_ORE", "IMPORT")
    ship = crew.commission("SHIP_LIGHT_SHUTTLE", place, cargo={"IRON_ORE": 30})
    look_at(crew, place)
    crew.fly(ship, roles=("trader",))
    return ship


def test_a_sale_is_booked_once(crew, loaded, cut):
    cut("POST */sell")

    sold = crew.log("sell")
    assert sum(each["units"] for each in sold) == 30
    assert sum(entry.units for entry in entries("sale")) == 30
    assert sum(entry.amount for entry in entries("sale")) == sum(e["credits"] for e in sold)
    healthy(crew)


def test_of_two_trades_at_one_instant_the_missing_one_is_booked(crew, loaded):
    good = crew.world.market(loaded.waypoint).goods["IRON_ORE"]
    good.base, good.volume, good.net = 5_000, 7, 0
    cargo.sell(loaded, "IRON_ORE", 7, api=crew.api)
    crew.line.kill("POST */sell")
    with pytest.raises(Killed):
        cargo.sell(loaded, "IRON_ORE", 7, api=crew.api)
    healing.suspect(loaded, "cut short")

    healing.heal(crew.ships().get(pk=loaded.pk), api=crew.api)

    prices = [each["price"] for each in crew.log("sell")]
    assert len(set(prices)) == 2, "the second trade brought less"
    assert [entry.price for entry in entries("sale")] == prices
    assert crew.differences() == {}


def test_a_tank_is_filled_and_paid_once(crew, loaded, cut):
    crew.put(loaded, loaded.waypoint, cargo={"HYDROCARBON": 5}, fuel=3)

    cut("POST */refuel", 3_600)

    assert len(crew.log("refuel")) >= 1
    paid = -sum(entry.amount for entry in entries("fuel"))
    assert paid == -sum(each["credits"] for each in crew.log("refuel"))
    healthy(crew)


@pytest.mark.parametrize("call", ["POST */navigate", "POST */orbit"])
def test_a_flight_begins_once(crew, loaded, cut, call):
    there = crew.place("ORBITAL_STATION")
    crew.put(loaded, loaded.waypoint, cargo={})
    crew.fly(loaded, roles=("surveyor",), place=there)  # whatever flies somewhere

    cut(call, 20)

    assert [each["to"] for each in crew.log("navigate")] == [there]
    assert crew.differences() == {}


def test_a_drift_begins_once(crew, loaded, cut):
    rock, there = crew.place("ASTEROID"), crew.place("GAS_GIANT")
    crew.put(loaded, rock, cargo={}, fuel=5)
    crew.fly(loaded, roles=("surveyor",), place=there)

    cut("PATCH */nav", 20)

    assert len(crew.log("navigate")) == 1
    assert crew.log("flight mode")[0]["mode"] == "DRIFT"
    assert crew.differences() == {}


# mining


@pytest.fixture
def miner(crew):
    """A siphon drone at the gas giant, the site open, nobody to hand over to."""
    giant = crew.place("GAS_GIANT")
    drone = crew.commission(
        "SHIP_SIPHON_DRONE", giant, docked=False, roles=("miner",), place=giant
    )
    sites.open_sites(crew.agent)
    return drone


def dug(crew, action="siphon"):
    return [(each["good"], each["units"]) for each in crew.log(action)]


def written():
    return list(Extraction.objects.order_by("pk").values_list("good", "units"))


@pytest.mark.parametrize("before", [0, 2], ids=["the first load", "the third load"])
def test_a_load_is_written_down_once(crew, miner, cut, before):
    crew.fly(miner)
    while len(crew.log("siphon")) < before:
        crew.run(10)

    cut("POST */siphon", 90)

    assert len(dug(crew)) > before
    assert sorted(written()) == sorted(dug(crew))
    session = Session.objects.counted().get()
    assert session.extractions == len(dug(crew))
    assert session.units == sum(units for _, units in dug(crew))
    healthy(crew)


def test_a_cooldown_nobody_heard_of_is_waited_out(crew, miner, cut):
    crew.fly(miner)

    cut("POST */siphon", 150)

    times = [entry.at for entry in crew.world.log.of("siphon")]
    assert len(times) >= 2
    assert min(b - a for a, b in zip(times, times[1:], strict=False)) >= 60_000
    refused = [call for call in crew.line.asked if call.endswith("/cooldown")]
    assert refused == []


def test_surveys_whose_answer_was_lost_are_made_again(crew, cut):
    rock = crew.place("ASTEROID")
    SiteFactory(
        agent=crew.agent, waypoint=Waypoint.objects.get(era=crew.agent.era, symbol=rock)
    )
    ParameterFactory(behaviour="surveying", name="policy", value="always")
    surveyor = crew.commission("SHIP_SURVEYOR", rock, docked=False)
    crew.fly(surveyor, roles=("surveyor",), place=rock)

    cut("POST */survey", 200)

    assert Survey.objects.count() >= 1
    healthy(crew)


def test_goods_fetched_at_a_rock_are_no_load_of_its_ore(crew, cut):
    rock = crew.place("ENGINEERED_ASTEROID")
    stored(crew, rock, "IRON_ORE", 30)
    contracts.watch(crew.agent, api=crew.api)
    Contract.objects.update(good="IRON_ORE", destination=rock, status="accepted")
    queue.file(crew.agent, good="IRON_ORE", units=30, purpose="contract", why="a contract")
    queue.serve(crew.agent, "IRON_ORE")
    frigate = crew.put(crew.frigate, rock)
    Session.objects.create(
        ship=frigate,
        site=SiteFactory(
            agent=crew.agent,
            waypoint=Waypoint.objects.get(era=crew.agent.era, symbol=rock),
        ),
        started_at=clock.now(),
    )
    crew.fly(frigate, roles=("courier",))

    cut("POST */transfer", 5)

    assert len(crew.log("transfer")) == 1
    assert written() == []


# handing over


def test_a_load_that_was_handed_over_counts_once(crew, miner, cut):
    port = crew.place("PLANET")
    depot = DepotFactory(
        ship=crew.commission("SHIP_LIGHT_SHUTTLE", port, roles=("depot",)), waypoint=port
    )
    transport = crew.commission(
        "SHIP_LIGHT_SHUTTLE", miner.waypoint, docked=False, roles=("transport",)
    )
    crew.put(miner, miner.waypoint, docked=False, cargo={"HYDROCARBON": 14})
    crew.fly(transport, place=miner.place)
    crew.run(5)
    crew.fly(miner)

    cut("POST */transfer", 100)

    moved = sum(each["units"] for each in crew.log("transfer"))
    booked = Transfer.objects.filter(status="confirmed", receiver=transport)
    assert moved >= 14
    assert sum(booked.values_list("units", flat=True)) == moved
    assert depot.stock.count() == 0
    assert sorted(written()) == sorted(dug(crew)), "what was handed over is no new load"
    healthy(crew)


def test_healing_a_transfer_does_not_acquit_the_other_ship(crew, loaded):
    """The other ship may have lost an answer of its own: it is looked at by itself."""
    other = crew.commission("SHIP_LIGHT_SHUTTLE", loaded.waypoint)
    crew.line.kill("POST */transfer")
    with pytest.raises(Killed):
        transfers.transfer(loaded, other, "IRON_ORE", 5, kind="collect", api=crew.api)
    crew.line.kill("POST */sell")
    with pytest.raises(Killed):
        cargo.sell(loaded, "IRON_ORE", 10, api=crew.api)
    healing.suspect(loaded, "cut short", since=crew.agent.joined_at)
    healing.suspect(other, "cut short", since=crew.agent.joined_at)

    healing.heal(crew.ships().get(pk=other.pk), api=crew.api)
    crew.run(600)

    sold = sum(each["units"] for each in crew.log("sell"))
    assert sum(entry.units for entry in entries("sale")) == sold == 25
    healthy(crew)


def test_a_deposit_reaches_the_books_once(crew, cut):
    port, site = crew.place("PLANET"), crew.place("GAS_GIANT")
    hull = crew.commission("SHIP_LIGHT_SHUTTLE", port, roles=("depot",))
    depot = DepotFactory(ship=hull, waypoint=port)
    transport = crew.commission(
        "SHIP_LIGHT_SHUTTLE", port, cargo={"HYDROCARBON": 20}, roles=("transport",)
    )
    crew.fly(transport, place=site)
    crew.fly(hull, place=port)

    cut("POST */transfer", 60)

    assert Stock.objects.get(depot=depot, good="HYDROCARBON").units == 20
    assert crew.told(hull).cargo == {"HYDROCARBON": 20}
    assert len(crew.log("transfer")) == 1
    assert crew.differences() == {}
    assert not Alert.objects.open().exists()


def stored(crew, port, good, units):
    hull = crew.commission("SHIP_LIGHT_SHUTTLE", port, cargo={good: units}, roles=("depot",))
    return StockFactory(depot=DepotFactory(ship=hull, waypoint=port), good=good, units=units)


def test_goods_taken_out_of_store_are_taken_and_sold_once(crew, cut):
    port = crew.market("IRON_ORE", "IMPORT")
    look_at(crew, port)
    stock = stored(crew, port, "IRON_ORE", 30)
    request = queue.file(
        crew.agent, good="IRON_ORE", units=30, purpose="market", why="a good price"
    )
    queue.serve(crew.agent, "IRON_ORE")
    sale = Sale.objects.create(
        agent=crew.agent,
        request=request,
        good="IRON_ORE",
        units=30,
        market=port,
        expected_price=40,
        why="a good price",
        decided_at=clock.now(),
    )
    trader = crew.commission("SHIP_LIGHT_SHUTTLE", port)
    crew.fly(trader, roles=("trader",))

    cut("POST */transfer")

    for row in (stock, request, sale):
        row.refresh_from_db()
    assert (stock.units, stock.promised) == (0, 0)
    assert (request.status, request.withdrawn) == ("fulfilled", 30)
    assert (sale.status, sale.units_sold) == ("done", 30)
    assert sale.realised == sum(each["credits"] for each in crew.log("sell"))
    assert sum(each["units"] for each in crew.log("transfer")) == 30
    healthy(crew)


def test_a_ship_is_looked_at_when_nothing_of_the_dead_process_can_arrive_any_more(crew, loaded):
    """What it sent last may be on its way while its successor is there already."""
    dead = lanes.acquire(crew.agent.lane.name, owner="killed -9")
    sync.write(loaded, stepping=dead.generation, stepping_at=clock.now())
    Lane.objects.update(expires_at=clock.now() - timedelta(seconds=1))

    crew.line.asked.clear()
    crew.run(healing.IN_FLIGHT.total_seconds() - 1)
    assert crew.line.asked == []
    crew.api.sell(loaded.symbol, "IRON_ORE", 30)  # it arrives
    crew.run(60)

    assert [entry.units for entry in entries("sale")] == [30]
    healthy(crew)


# buying ships


def test_a_purchase_that_may_be_on_its_way_is_not_made_again(crew):
    yard = Waypoint.objects.filter(
        era=crew.agent.era, offers__ship_type="SHIP_MINING_DRONE"
    ).first()
    crew.put(crew.ships().get(symbol="CREW-2"), yard.symbol)
    order = ShipOrder.objects.create(
        agent=crew.agent,
        ship_type="SHIP_MINING_DRONE",
        role="miner",
        why="a post is vacant",
        waypoint=yard.symbol,
        status="buying",  # and then the process died, its request on the way
        ordered_at=clock.now(),
        decided_at=clock.now(),
    )
    EvaluatorFactory(agent=crew.agent, name="test.buy", wake_at=clock.now())

    crew.run(2)
    crew.api.purchase_ship("SHIP_MINING_DRONE", yard.symbol)  # it arrives
    crew.run(120)

    order.refresh_from_db()
    assert (order.status, len(crew.log("buy ship"))) == ("bought", 1)
    healthy(crew)


def test_a_ship_is_bought_once(crew, cut):
    yard = Waypoint.objects.filter(
        era=crew.agent.era, offers__ship_type="SHIP_MINING_DRONE"
    ).first()
    crew.put(crew.ships().get(symbol="CREW-2"), yard.symbol)
    order = ShipOrder.objects.create(
        agent=crew.agent,
        ship_type="SHIP_MINING_DRONE",
        role="miner",
        place="X1-A-B7",
        why="a post is vacant",
        ordered_at=clock.now(),
    )
    EvaluatorFactory(agent=crew.agent, name="test.buy", wake_at=clock.now())

    cut("POST /my/ships", 200)

    order.refresh_from_db()
    assert len(crew.log("buy ship")) == 1
    assert order.status == "bought"
    assert order.ship.roles == ["miner"]
    assert [-entry.amount for entry in entries("ship")] == [
        -each["credits"] for each in crew.log("buy ship")
    ]
    healthy(crew)


@pytest.fixture(autouse=True)
def _buyer(monkeypatch):
    """An evaluator that does the conductor's buying and nothing else of its work."""
    from spacefleet import jobs

    every = jobs.Every(60, f"{__name__}.buy", "only in tests")
    monkeypatch.setitem(jobs.EVALUATORS, "test.buy", every)


def buy(agent, *, api, trigger=""):
    from fleet.services import roster

    roster.settle_purchases(agent, api=api)
    for order in ShipOrder.objects.filter(agent=agent, status="open"):
        roster.execute(order, api=api)


# contracts


@pytest.fixture
def deal(crew):
    """The first contract, learned but not accepted, with its goods in store at its door; no
    faction gives another."""
    Waypoint.objects.filter(era=crew.agent.era).update(faction="")
    contracts.watch(crew.agent, api=crew.api)
    contract = Contract.objects.get()
    assert contract.status == "offered"
    stored(crew, contract.destination, contract.good, 40)
    return contract


def watching(crew):
    EvaluatorFactory(agent=crew.agent, name="allocation.contracts", wake_at=clock.now())
    EvaluatorFactory(agent=crew.agent, name="allocation.queue", wake_at=clock.now())


def payments():
    return [entry.amount for entry in entries("contract")]


def test_an_advance_is_booked_once(crew, deal, cut):
    nearly_done(crew, deal)

    cut("POST */accept", 900)

    deal.refresh_from_db()
    assert len(crew.log("accept")) == 1
    assert deal.status in ("accepted", "fulfilled")
    assert payments()[0] == deal.on_accepted
    assert ResourceRequest.objects.filter(purpose="contract").count() == 1
    healthy(crew)


def test_goods_are_delivered_once(crew, deal, cut):
    watching(crew)
    courier = crew.commission("SHIP_LIGHT_SHUTTLE", deal.destination)
    crew.fly(courier, roles=("courier",))

    cut("POST */deliver", 900)

    deal.refresh_from_db()
    delivered = sum(each["units"] for each in crew.log("deliver"))
    assert 40 <= delivered <= deal.units_required
    assert deal.units_fulfilled == delivered
    healthy(crew)


def nearly_done(crew, deal):
    """All but the goods in store has been delivered already."""
    told = crew.player.contracts[deal.game_id]
    told.delivered = told.units - 40
    contracts.store(crew.agent, crew.api.get_contract(deal.game_id))
    deal.refresh_from_db()
    watching(crew)
    courier = crew.commission("SHIP_LIGHT_SHUTTLE", deal.destination)
    crew.fly(courier, roles=("courier",))


@pytest.mark.parametrize("call", ["POST */deliver", "POST */fulfill"])
def test_a_payment_is_collected_and_booked_once(crew, deal, cut, call):
    nearly_done(crew, deal)

    cut(call, 900)

    deal.refresh_from_db()
    assert len(crew.log("fulfill")) == 1
    assert deal.status == "fulfilled"
    assert payments() == [deal.on_accepted, deal.on_fulfilled]
    healthy(crew)


def test_a_complete_contract_is_paid_even_if_its_courier_is_gone(crew, deal):
    nearly_done(crew, deal)
    crew.line.kill("POST */deliver")
    crew.run_until_killed()
    Ship.objects.filter(roles=["courier"]).update(roles=["trader"])

    crew.run(900)

    deal.refresh_from_db()
    assert deal.status == "fulfilled"
    assert payments() == [deal.on_accepted, deal.on_fulfilled]
    healthy(crew)


# writes that fail after the game acted


def test_what_could_not_be_written_is_looked_up(crew, loaded):
    """A write that fails for a reason of its own leaves the game ahead of our rows."""
    crew.told(loaded).load("GOLD_ORE", 45)  # more than a hold of ours may have aboard

    crew.run(5)
    failed = crew.ships().get(pk=loaded.pk)
    crew.told(loaded).unload("GOLD_ORE", 45)
    alarms.nudge_ship(loaded.pk)
    crew.run(600)

    assert "IntegrityError" in failed.last_error
    assert failed.suspect_since is not None
    assert sum(entry.units for entry in entries("sale")) == 30
    healthy(crew)


# the game itself is gone


def test_after_a_reset_nobody_acts_and_everybody_knows(crew, loaded):
    crew.world.reset(clock.now())

    crew.run(60)

    crew.agent.refresh_from_db()
    assert "reset" in crew.agent.halted
    assert Alert.objects.open().get().kind == "halted"
    asked = len(crew.line.asked)
    crew.run(600)
    assert len(crew.line.asked) == asked


@pytest.mark.parametrize("fault", ["html429", "503"])
def test_a_busy_server_only_delays(crew, loaded, fault):
    crew.world.faults.add(f"POST */sell {fault} 1")

    crew.run(600)

    assert sum(each["units"] for each in crew.log("sell")) == 30
    assert sum(entry.units for entry in entries("sale")) == 30
    assert clock.now() > loaded.wake_at + timedelta(seconds=1)
    assert crew.differences() == {}


def test_conducting_twice_orders_once(crew):
    for _ in range(2):
        conduct(crew.agent, api=crew.api)

    wanted = ShipOrder.objects.filter(status="open").values_list("role", "place")
    assert len(wanted) == len(set(wanted))


def test_a_lost_answer_is_an_exception_of_its_own():
    assert not issubclass(errors.OutcomeUnknown, errors.TryAgain)
    assert not issubclass(Killed, Exception)


def test_nobody_accepts_a_contract_whose_acceptance_another_ship_never_heard_of(crew, deal):
    """The ship that asked is not there to look: whoever asks next looks first."""
    crew.line.kill("POST */accept")
    with pytest.raises(Killed):
        contracts.accept(deal, api=crew.api)
    crew.line.asked.clear()

    again = Contract.objects.get()
    contracts.accept(again, api=crew.api)

    assert crew.line.asked == [f"GET /my/contracts/{deal.game_id}"]
    assert (again.status, Contract.objects.get().asked_at) == ("accepted", None)
    assert payments() == [deal.on_accepted]
    assert crew.differences() == {}


def test_an_acceptance_that_never_reached_the_game_is_asked_for_after_a_look(crew, deal):
    crew.world.faults.add("POST */accept hang 1")
    with pytest.raises(errors.OutcomeUnknown):
        contracts.accept(deal, api=crew.api)
    crew.line.asked.clear()

    contracts.accept(Contract.objects.get(), api=crew.api)

    assert crew.line.asked == [
        f"GET /my/contracts/{deal.game_id}",
        f"POST /my/contracts/{deal.game_id}/accept",
    ]
    assert payments() == [deal.on_accepted]
