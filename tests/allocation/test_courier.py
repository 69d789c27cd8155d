"""Contracts from the offer to the payment (allocation.loops.courier and what it calls)."""

import math
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from allocation.models import Contract, Reservation, ResourceRequest, Trip
from allocation.services import contracts, queue, trips
from fleet.models import Earmark, LedgerEntry, MarketGood, Waypoint, Wish
from fleet.rules import travel
from fleet.services import navigation, sync
from inventory.models import Stock
from spacefleet import clock
from tests.factories import (
    DepotFactory,
    EvaluatorFactory,
    ParameterFactory,
    TripFactory,
    VacancyFactory,
)

GOOD, HOLD = "FABRICS", 40


@pytest.fixture
def deal(crew):
    """The open contract of the agent: 60 of a good that a market of the system sells."""
    return offer(crew)


def offer(crew, *, good=GOOD, units=60, price=4_500):
    """Have the game's open contract ask for something else, and learn it."""
    told = next(iter(crew.player.contracts.values()))
    told.good, told.units, told.destination = good, units, crew.market(good, "IMPORT")
    told.on_accepted, told.on_fulfilled = units * price // 4, units * price * 3 // 4
    contracts.watch(crew.agent, api=crew.api)
    crew.line.asked.clear()
    return contracts.running(crew.agent)


def store(crew, deal, units):
    """A depot at the contract's door with some of its goods."""
    hull = crew.commission(
        "SHIP_LIGHT_HAULER", deal.destination, cargo={deal.good: units}, roles=("depot",)
    )
    depot = DepotFactory(ship=hull, waypoint=deal.destination)
    return Stock.objects.create(
        depot=depot, good=deal.good, units=units, updated_at=clock.now()
    )


def courier(crew, at, *, kind="SHIP_LIGHT_SHUTTLE", roles=("courier",), **more):
    ship = crew.commission(kind, at, **more)
    crew.fly(ship, roles=roles)
    return ship


def watching(crew):
    for name in ("allocation.contracts", "allocation.queue"):
        EvaluatorFactory(agent=crew.agent, name=name, wake_at=clock.now())


def only_this_one(crew):
    """After the open contract none is negotiated."""
    Waypoint.objects.filter(era=crew.agent.era).update(faction="")


def unsold(crew, good):
    """No market has the good."""
    MarketGood.objects.filter(waypoint__era=crew.agent.era, good=good).delete()


def units_of(log):
    return [each["units"] for each in log]


def farthest(crew, origin):
    """The market that is farthest from a place."""
    places = navigation.places(crew.frigate)
    markets = Waypoint.objects.filter(era=crew.agent.era, market=True).order_by("pk")
    return max(
        markets.values_list("symbol", flat=True),
        key=lambda symbol: travel.distance(places[origin], places[symbol]),
    )


# from the offer to the payment


def test_a_contract_for_60_with_40_in_store_withdraws_40_and_buys_20(crew, deal):
    stock = store(crew, deal, 40)
    watching(crew)
    only_this_one(crew)
    courier(crew, deal.destination)

    crew.run(4 * 3_600)

    deal.refresh_from_db()
    stock.refresh_from_db()
    assert units_of(crew.log("transfer")) == [40]
    assert sum(units_of(crew.log("purchase"))) == 20
    assert len(crew.log("deliver")) == 1 + math.ceil(20 / HOLD)
    assert sum(units_of(crew.log("deliver"))) == 60
    assert deal.status == "fulfilled"
    assert (stock.units, stock.promised) == (0, 0)
    assert crew.differences() == {}


def test_what_the_store_lacks_is_bought_in_as_few_trips_as_the_hold_allows(crew):
    deal = offer(crew, units=90)
    only_this_one(crew)
    courier(crew, deal.destination)

    crew.run(4 * 3_600)

    deal.refresh_from_db()
    assert deal.status == "fulfilled"
    assert units_of(crew.log("deliver")) == [40, 40, 10]
    assert sum(units_of(crew.log("purchase"))) == 90


def test_several_ships_share_a_contract_and_bring_no_more_than_required(crew):
    deal = offer(crew, units=100)
    only_this_one(crew)
    source = crew.market(GOOD, "EXPORT")
    ships = [courier(crew, source) for _ in range(3)]

    crew.run(4 * 3_600)

    deal.refresh_from_db()
    delivered = crew.log("deliver")
    assert deal.status == "fulfilled"
    assert sum(units_of(delivered)) == sum(units_of(crew.log("purchase"))) == 100
    assert {each["ship"] for each in delivered} == {ship.symbol for ship in ships}
    assert deal.units_under_way == 0
    assert crew.differences() == {}


def test_one_contract_follows_the_other(crew, deal):
    watching(crew)
    courier(crew, deal.destination)

    crew.run(3 * 3_600)

    assert len(crew.log("fulfill")) >= 3
    assert len(crew.log("offer")) > len(crew.log("fulfill"))
    assert Contract.objects.filter(status__in=contracts.RUNNING).count() <= 1
    assert crew.differences() == {}


def test_money_of_contracts_is_booked_apart_with_what_each_brought(crew, deal):
    watching(crew)
    only_this_one(crew)
    courier(crew, deal.destination)

    crew.run(4 * 3_600)

    deal.refresh_from_db()
    entries = LedgerEntry.objects.exclude(kind="opening")
    assert set(entries.values_list("activity", flat=True)) == {"contracts"}
    ours = entries.filter(session=deal.pk)
    assert deal.net == sum(ours.values_list("amount", flat=True)) > 0
    assert [row.amount for row in ours.filter(kind="contract").order_by("pk")] == [
        deal.on_accepted,
        deal.on_fulfilled,
    ]


def test_couriers_burn_twice_the_fuel_to_be_there_in_half_the_time(crew, deal):
    courier(crew, deal.destination)

    crew.run(5)

    assert crew.ships().get(symbol="CREW-3").flight_mode == "BURN"


def test_couriers_that_need_not_hurry_cruise(crew, deal):
    ParameterFactory(behaviour="contracts", name="hurry", value="no")
    courier(crew, deal.destination)

    crew.run(5)

    assert crew.ships().get(symbol="CREW-3").flight_mode == "CRUISE"


# judging


def test_a_price_nobody_has_seen_is_looked_at_before_anything_is_signed(crew, deal):
    only_this_one(crew)
    courier(crew, deal.destination)

    crew.run(30)

    trip = Trip.objects.get()
    assert trip.source == crew.market(GOOD, "EXPORT")
    assert crew.log("accept") == []
    crew.run(3_600)
    assert len(crew.log("accept")) == 1
    look, sign, buy = (
        min(n for n, call in enumerate(crew.line.asked) if call.endswith(word))
        for word in (f"{trip.source}/market", "/accept", "/purchase")
    )
    assert look < sign < buy


def test_a_fresh_price_is_enough_to_accept_at_once(crew, deal):
    source = Waypoint.objects.get(era=crew.agent.era, symbol=crew.market(GOOD, "EXPORT"))
    crew.put(crew.ships().get(symbol="CREW-2"), source.symbol)
    sync.look_at_market(source, api=crew.api)
    courier(crew, deal.destination)

    crew.run(5)

    deal.refresh_from_db()
    assert deal.status == "accepted"
    assert deal.expected_net > 0
    assert "for at most" in deal.judgement


def test_a_hopeless_contract_is_left_with_its_reason(crew, deal):
    unsold(crew, GOOD)
    courier(crew, deal.destination)

    crew.run(600)

    deal.refresh_from_db()
    assert deal.status == "offered"
    assert deal.judgement == f"left: nobody sells {GOOD}, and none of our mines brings it"
    assert [call for call in crew.line.asked if "contracts" in call] == []
    assert not Reservation.objects.exists()


def test_an_offer_that_was_left_is_followed_by_the_next_when_its_time_is_over(crew, deal):
    unsold(crew, GOOD)
    courier(crew, deal.destination)
    crew.run(60)

    next(iter(crew.player.contracts.values())).accept_by = 0
    Contract.objects.update(accept_by=clock.now() + timedelta(seconds=60))
    crew.run(180)

    deal.refresh_from_db()
    assert deal.status == "expired"
    assert len([call for call in crew.line.asked if call.endswith("negotiate/contract")]) == 1


def test_what_the_treasury_cannot_pay_waits_and_the_fleet_saves_for_it(crew, deal):
    ParameterFactory(behaviour="purchases", name="cash_floor", value="174000")
    watching(crew)
    courier(crew, deal.destination)

    crew.run(900)

    deal.refresh_from_db()
    assert deal.status == "offered"
    assert "may be spent" in deal.judgement
    assert Earmark.objects.get(stated_by="contracts").credits >= deal.needs > 0


def test_an_accepted_contract_is_begun_with_what_the_funds_allow(crew, deal):
    contracts.accept(deal, api=crew.api)
    deal = contracts.running(crew.agent)
    ship = courier(crew, deal.destination)
    whole = contracts.judge(deal, ship).way.to_pay
    crew.agent.refresh_from_db()
    floor = crew.agent.credits - whole // 2
    ParameterFactory(behaviour="purchases", name="cash_floor", value=str(floor))

    crew.run(1_800)

    deal.refresh_from_db()
    assert 0 < deal.units_fulfilled < deal.units_required
    assert deal.units_fulfilled == sum(each["units"] for each in crew.log("purchase"))
    crew.agent.refresh_from_db()
    assert crew.agent.credits >= floor


def test_nothing_is_bought_above_the_limit(crew, deal):
    courier(crew, deal.destination)
    crew.run(5)
    source = Trip.objects.get().source
    for good in crew.world.market(source).goods.values():
        if good.symbol == GOOD:
            good.base *= 6

    crew.run(3_600)

    deal.refresh_from_db()
    assert crew.log("purchase") == []
    assert "turned away" in Trip.objects.order_by("pk").first().outcome


def test_contracts_can_be_switched_off(crew, deal):
    ParameterFactory(behaviour="contracts", name="enabled", value="no")
    watching(crew)
    courier(crew, deal.destination)

    crew.run(3_600)

    assert Contract.objects.get().status == "offered"
    assert [call for call in crew.line.asked if "contract" in call] == []
    assert not Earmark.objects.exists()


def test_without_buying_only_the_store_fills_contracts(crew, deal):
    ParameterFactory(behaviour="contracts", name="buy", value="no")
    courier(crew, deal.destination)

    crew.run(3_600)

    assert crew.log("purchase") == []
    assert "nobody sells" in Contract.objects.get().judgement


def test_what_nobody_sells_waits_for_our_mines(crew, deal):
    unsold(crew, GOOD)
    VacancyFactory(agent=crew.agent, goods=[GOOD], filled=1)
    courier(crew, deal.destination)

    crew.run(60)

    deal.refresh_from_db()
    assert deal.status == "accepted"
    assert ResourceRequest.objects.get().units == Reservation.objects.get().units == 60
    store(crew, deal, 60)
    watching(crew)
    crew.run(3_600)
    deal.refresh_from_db()
    assert deal.status == "fulfilled"


def test_contracts_are_read_once_and_not_polled(crew, deal):
    for _ in range(3):
        contracts.watch(crew.agent, api=crew.api)

    assert crew.line.asked == []


def test_a_price_that_would_help_is_wished_for(crew, deal):
    ParameterFactory(behaviour="purchases", name="cash_floor", value="174000")
    courier(crew, deal.destination)

    crew.run(5)

    assert Wish.objects.filter(waypoint__symbol=crew.market(GOOD, "EXPORT")).exists()


# the queue and what is kept back


def test_an_older_sale_is_served_before_a_contract(crew, deal):
    store(crew, deal, 40)
    sale = queue.file(
        crew.agent, good=deal.good, units=30, purpose="market", why="a good price"
    )
    clock.sleep(1)

    contracts.accept(deal, api=crew.api)
    contracts.keep_goods(deal)
    queue.serve(crew.agent, deal.good)

    request = ResourceRequest.objects.get(purpose="contract")
    sale.refresh_from_db()
    assert (sale.claimed, request.units, request.claimed) == (30, 10, 10)


def test_a_buffer_is_kept_back_beyond_what_the_contract_takes(crew, deal):
    ParameterFactory(behaviour="contracts", name="reserve_buffer", value="5")
    store(crew, deal, 80)

    contracts.accept(deal, api=crew.api)
    contracts.keep_goods(deal)

    assert Reservation.objects.get().units == 65
    assert Reservation.objects.get().expires_at == deal.deadline_at


def test_a_fulfilled_contract_lets_its_goods_go(crew, deal):
    stock = store(crew, deal, 80)
    watching(crew)
    only_this_one(crew)
    courier(crew, deal.destination)

    crew.run(1_800)

    stock.refresh_from_db()
    assert Contract.objects.get(pk=deal.pk).status == "fulfilled"
    assert (stock.units, stock.promised) == (20, 0)
    assert Reservation.objects.get().ended_at is not None
    assert not ResourceRequest.objects.filter(status__in=queue.OPEN).exists()


# time


def test_an_accepted_contract_that_came_to_its_deadline_costs_its_advance(crew, deal):
    store(crew, deal, 40)
    contracts.accept(deal, api=crew.api)
    contracts.keep_goods(deal)
    Contract.objects.update(deadline_at=clock.now() + timedelta(minutes=5))
    clock.sleep(301)

    contracts.watch(crew.agent, api=crew.api)

    deal.refresh_from_db()
    assert deal.status == "expired"
    assert deal.net == 0
    assert LedgerEntry.objects.filter(kind="contract", amount=-deal.on_accepted).exists()
    assert Stock.objects.get().promised == 0
    assert Reservation.objects.get().ended_at is not None


def test_an_offer_nobody_accepted_in_time_is_over(crew, deal):
    Contract.objects.update(accept_by=clock.now())

    contracts.watch(crew.agent, api=crew.api)

    deal.refresh_from_db()
    assert deal.status == "expired"


# ships


def test_a_hold_full_of_other_goods_is_left_to_the_next_role(crew, deal):
    ship = courier(
        crew, deal.destination, cargo={"ICE_WATER": 35}, roles=("courier", "starter")
    )

    crew.run(0.5)

    ship.refresh_from_db()
    assert "taken by other goods" in ship.why
    assert Trip.objects.count() == 0


def test_a_mere_courier_sells_what_no_contract_asks_for_and_goes_on(crew, deal):
    market = Waypoint.objects.get(
        era=crew.agent.era, symbol=crew.market("ICE_WATER", "EXCHANGE")
    )
    crew.put(crew.ships().get(symbol="CREW-2"), market.symbol)
    sync.look_at_market(market, api=crew.api)
    only_this_one(crew)
    courier(crew, market.symbol, cargo={"ICE_WATER": 35})

    crew.run(4 * 3_600)

    deal.refresh_from_db()
    assert units_of(crew.log("sell")) == [35]
    assert deal.status == "fulfilled"
    assert crew.differences() == {}


def test_goods_aboard_already_are_handed_in_first(crew, deal):
    only_this_one(crew)
    courier(crew, deal.destination, cargo={GOOD: 25})

    crew.run(5)

    assert [trip.source for trip in Trip.objects.all()] != []
    crew.run(4 * 3_600)
    assert sum(units_of(crew.log("purchase"))) == 35
    assert Contract.objects.get().status == "fulfilled"


def test_a_slow_ship_leaves_the_rest_to_a_quick_one_that_is_back_sooner(crew, deal):
    source = crew.market(GOOD, "EXPORT")
    crew.put(crew.frigate, source)
    crew.fly(crew.frigate, roles=("courier",))
    crew.run(1)

    slow = courier(crew, farthest(crew, source))
    crew.run(60)

    slow.refresh_from_db()
    assert "sooner" in slow.why


def test_the_database_refuses_trips_for_more_than_is_missing(crew, deal):
    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.filter(pk=deal.pk).update(units_under_way=61)


def test_of_two_ships_that_set_out_for_the_same_units_one_does(crew, deal):
    first, second = (crew.commission("SHIP_LIGHT_SHUTTLE", deal.destination) for _ in range(2))
    stale = Contract.objects.get(pk=deal.pk)

    def go(contract, ship):
        return trips.begin(
            contract, ship, units=40, source="", limit=None, due_at=clock.now(), why="a test"
        )

    assert go(deal, first) is not None
    assert go(stale, second) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fulfilled", "under_way", "handed"),
    [
        pytest.param(20, 40, 40, id="all of it is missing"),
        pytest.param(50, 10, 10, id="the game told of a delivery nobody heard of"),
        pytest.param(60, 0, 0, id="the game has all of it"),
        pytest.param(0, 60, 40, id="another ship brings the rest"),
    ],
)
def test_a_trip_hands_in_no_more_than_the_contract_lacks(fulfilled, under_way, handed):
    trip = TripFactory(
        contract__units_fulfilled=fulfilled,
        contract__units_under_way=under_way,
        ship__cargo={"IRON_ORE": 40},
        ship__cargo_units=40,
        ship__cargo_capacity=40,
    )

    assert contracts._to_hand_in(trip, trip.ship) == handed


@pytest.mark.django_db
def test_a_trip_whose_goods_the_contract_has_already_ends_without_a_call():
    trip = TripFactory(
        contract__units_fulfilled=60,
        contract__units_under_way=0,
        ship__cargo={"IRON_ORE": 40},
        ship__cargo_units=40,
        ship__cargo_capacity=40,
    )

    contracts.deliver(trip, trip.ship, api=None)

    trip.refresh_from_db()
    assert trip.outcome == "nothing was left to hand in"
