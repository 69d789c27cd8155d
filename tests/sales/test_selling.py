"""Sales from the decision to the last credit (sales.services, sales.loops.trader)."""

from datetime import timedelta

import pytest

from allocation.models import ResourceRequest
from fleet.models import LedgerEntry, MarketGood, Ship, Wish
from sales.models import Opportunity, PriceSample, Sale
from sales.selectors import outlets
from sales.services import deciding, prices, selling
from spacefleet import clock
from spacefleet.universe.physics import markets
from tests.factories import (
    AgentFactory,
    DepotFactory,
    MarketGoodFactory,
    ParameterFactory,
    PriceSampleFactory,
    RequestFactory,
    ReservationFactory,
    SaleFactory,
    ShipFactory,
    StockFactory,
    WaypointFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(noon):
    return AgentFactory()


@pytest.fixture
def depot(agent):
    """A parked depot at the middle of the home system."""
    centre = WaypointFactory(era=agent.era, symbol="X1-AA1-A1", x=0, y=0)
    return DepotFactory(ship__agent=agent, waypoint=centre.symbol, ship__waypoint=centre.symbol)


def buyer(agent, price, *, x=0, y=0, good="IRON_ORE", age=60, volume=60, kind="IMPORT"):
    """A market that pays so much, seen so many seconds ago."""
    place = WaypointFactory(era=agent.era, x=x, y=y, type="PLANET", market=True)
    seen = clock.now() - timedelta(seconds=age) if age is not None else None
    return MarketGoodFactory(
        waypoint=place,
        good=good,
        kind=kind,
        we_receive=price if age is not None else None,
        we_pay=price if age is not None else None,
        trade_volume=volume,
        seen_at=seen,
    )


def history(market, *amounts):
    for number, amount in enumerate(amounts, 1):
        PriceSampleFactory(
            waypoint=market.waypoint,
            good=market.good,
            we_receive=amount,
            we_pay=amount,
            at=clock.now() - timedelta(minutes=number),
        )


# deciding


def test_a_surplus_at_a_good_price_becomes_a_sale_with_its_place_in_the_queue(agent, depot):
    StockFactory(depot=depot, units=100)
    market = buyer(agent, 55)
    history(market, 50, 50, 50, 50, 50)

    deciding.evaluate(agent, trigger="crowded")

    look = Opportunity.objects.get()
    sale = Sale.objects.get()
    assert (look.accepted, look.criterion, look.trigger) == (True, "good price", "crowded")
    assert (look.price, look.average, look.samples) == (55, 50.0, 5)
    assert (sale.units, sale.market) == (100, market.waypoint.symbol)
    assert (sale.trigger, sale.criterion) == ("crowded", "good price")
    assert 40 < sale.expected_price < 55, "the second trade brings less than the first"
    assert sale.request.status == "claimed", "the goods were free"


@pytest.mark.parametrize(
    ("samples", "accepted"), [(4, False), (5, True)], ids=["too few samples", "just enough"]
)
def test_an_average_needs_enough_samples(agent, depot, samples, accepted):
    StockFactory(depot=depot, units=100)
    history(buyer(agent, 55), *[50] * samples)

    deciding.evaluate(agent)

    look = Opportunity.objects.get()
    assert look.accepted is accepted
    assert look.samples == samples
    assert (look.average is not None) is accepted


def test_samples_outside_the_window_do_not_count(agent):
    market = buyer(agent, 55)
    history(market, 50)
    PriceSampleFactory(
        waypoint=market.waypoint, we_receive=10, at=clock.now() - timedelta(hours=25)
    )

    mean = prices.average(
        market.waypoint.symbol,
        "IRON_ORE",
        era=agent.era_id,
        since=prices.window_start(86_400),
        min_samples=1,
    )

    assert mean == (50.0, 1)


@pytest.mark.parametrize(
    ("age", "opinion"), [(3_599, True), (3_600, True), (3_601, False), (None, False)]
)
def test_stale_prices_are_no_opinion_but_a_wish_to_look(agent, depot, age, opinion):
    StockFactory(depot=depot, units=100)
    market = buyer(agent, 55, age=age)

    deciding.evaluate(agent)

    look = Opportunity.objects.get()
    assert (look.price is not None) is opinion
    assert Wish.objects.filter(waypoint=market.waypoint).exists() is not opinion


def test_a_crowded_depot_sells_at_any_known_price(agent, depot):
    StockFactory(depot=depot, units=220)
    Ship.objects.filter(pk=depot.ship_id).update(cargo={"IRON_ORE": 220}, cargo_units=220)
    history(buyer(agent, 10), 50, 50, 50, 50, 50)

    deciding.evaluate(agent)

    look = Opportunity.objects.get()
    assert (look.criterion, look.utilisation) == ("crowded", 91)


def test_near_the_reset_a_store_is_sold_out_at_any_known_price(agent, depot):
    StockFactory(depot=depot, good="IRON_ORE", units=40)
    market = buyer(agent, 30)
    history(market, 50, 50, 50, 50, 50)
    era = agent.era
    era.next_reset_at = clock.now() + timedelta(hours=6)
    era.save()

    deciding.evaluate(agent)

    row = Opportunity.objects.get()
    assert (row.accepted, row.criterion) == (True, "last call")


def test_what_a_contract_reserved_is_not_sold(agent, depot):
    StockFactory(depot=depot, units=100)
    history(buyer(agent, 55), 50, 50, 50, 50, 50)
    ReservationFactory(contract__agent=agent, units=60)

    deciding.evaluate(agent)

    look = Opportunity.objects.get()
    assert (look.reserved, look.surplus) == (60, 40)
    assert Sale.objects.get().units == 40


@pytest.mark.parametrize("gone", [{"ended_at": True}, {"expires_at": True}], ids=str)
def test_a_reservation_that_is_over_keeps_nothing_back(agent, depot, gone):
    StockFactory(depot=depot, units=100)
    history(buyer(agent, 55), 50, 50, 50, 50, 50)
    ReservationFactory(contract__agent=agent, units=60, **{name: clock.now() for name in gone})

    deciding.evaluate(agent)

    assert Opportunity.objects.get().surplus == 100


def test_what_somebody_waits_for_is_not_decided_about_again(agent, depot):
    StockFactory(depot=depot, units=100)
    history(buyer(agent, 55), 50, 50, 50, 50, 50)

    deciding.evaluate(agent)
    deciding.evaluate(agent)

    assert Opportunity.objects.count() == Sale.objects.count() == 1


def test_units_that_came_in_since_are_decided_about(agent, depot):
    stock = StockFactory(depot=depot, units=100)
    history(buyer(agent, 55, volume=10_000), 50, 50, 50, 50, 50)
    deciding.evaluate(agent)
    stock.units = 130
    stock.save(update_fields=["units"])

    deciding.evaluate(agent)

    assert [sale.units for sale in Sale.objects.order_by("pk")] == [100, 30]


def test_a_rejected_look_is_kept_with_its_reason(agent, depot):
    StockFactory(depot=depot, units=100)
    history(buyer(agent, 54), 50, 50, 50, 50, 50)

    said = deciding.evaluate(agent)

    look = Opportunity.objects.get()
    assert not look.accepted
    assert "only 108 % of the average" in look.reason
    assert "keeping everything" in said
    assert not Sale.objects.exists()


def test_an_empty_store_needs_no_decision(agent):
    assert deciding.evaluate(agent) == "nothing in store"


# the price history


def test_each_price_is_sampled_once(agent):
    market = buyer(agent, 55)

    first, again = prices.observe(agent), prices.observe(agent)
    MarketGood.objects.filter(pk=market.pk).update(
        we_receive=57, we_pay=57, seen_at=clock.now()
    )
    later = prices.observe(agent)

    assert (first, again, later) == ("1 new prices", "no new prices", "1 new prices")
    assert list(PriceSample.objects.order_by("at").values_list("we_receive", flat=True)) == [
        55,
        57,
    ]


def test_a_price_nobody_saw_is_no_sample(agent):
    buyer(agent, 55, age=None)

    assert prices.observe(agent) == "no new prices"


# the best market


def best(agent, depot, units):
    found = outlets.best_market(
        agent, "IRON_ORE", units, origin="X1-AA1-A1", ship=depot.ship, max_age=3_600
    )
    return found.waypoint if found else None


def test_a_higher_price_wins_for_a_small_load(agent, depot):
    shallow = buyer(agent, 60, volume=10)
    buyer(agent, 55, volume=100)

    assert best(agent, depot, 5) == shallow.waypoint.symbol


def test_a_deeper_market_wins_for_a_large_load(agent, depot):
    buyer(agent, 60, volume=10)
    deep = buyer(agent, 55, volume=100)

    assert best(agent, depot, 100) == deep.waypoint.symbol


def test_a_far_market_must_pay_for_the_way(agent, depot):
    near = buyer(agent, 55)
    far = buyer(agent, 60, x=60)

    assert best(agent, depot, 10) == near.waypoint.symbol
    MarketGood.objects.filter(pk=far.pk).update(we_receive=500, we_pay=500)
    assert best(agent, depot, 10) == far.waypoint.symbol


def test_without_a_fresh_price_there_is_no_best_market(agent, depot):
    buyer(agent, 60, age=3_601)

    assert best(agent, depot, 10) is None


def test_a_load_nobody_has_a_price_for_goes_to_the_nearest_that_lists_it(agent, depot):
    far, near = (buyer(agent, 0, x=x, age=None) for x in (40, 20))
    ship = depot.ship
    ship.cargo = {"IRON_ORE": 5}

    found = outlets.best_for(ship)

    assert (found.waypoint, found.proceeds) == (near.waypoint.symbol, 0)
    assert far.waypoint.symbol != near.waypoint.symbol


def test_a_load_that_pays_for_no_trip_still_finds_its_buyer(agent, depot):
    market = buyer(agent, 3, x=20)
    ship = depot.ship
    ship.cargo = {"IRON_ORE": 2}

    found = outlets.best_for(ship)

    assert found is not None, "or the hold stays blocked for ever"
    assert (found.waypoint, found.proceeds < 0) == (market.waypoint.symbol, True)


# who carries it


def queued(agent, **more):
    return SaleFactory(agent=agent, request__claimed=10, **more)


def test_the_oldest_sale_is_taken_by_one_ship(agent):
    later, first = (
        queued(agent, decided_at=clock.now() + timedelta(seconds=delay)) for delay in (5, 0)
    )
    ships = ShipFactory.create_batch(3, agent=agent)

    taken = [selling.take_next(ship) for ship in ships]

    assert taken == [[first], [later], []]
    assert [selling.current(ship) for ship in ships] == [[first], [later], []]


def test_a_sale_without_goods_waits(agent):
    SaleFactory(agent=agent, request__claimed=0)

    assert not selling.take_next(ShipFactory(agent=agent))


def test_a_ship_with_cargo_of_its_own_takes_none(agent):
    queued(agent)

    assert not selling.take_next(ShipFactory(agent=agent, cargo_units=1))


def test_sales_to_the_same_market_are_taken_along(agent):
    first = queued(agent, market="X1-AA1-B1")
    same, other = (queued(agent, market=market) for market in ("X1-AA1-B1", "X1-AA1-B2"))
    ship = ShipFactory(agent=agent)
    selling.take_next(ship)

    assert selling.take_along(ship, first.market)
    assert not selling.take_along(ship, first.market)

    assert set(selling.current(ship)) == {first, same}
    assert Sale.objects.get(pk=other.pk).status == "queued"


@pytest.mark.parametrize("status", selling.GONE)
def test_a_sale_whose_request_ended_without_goods_has_failed(agent, status):
    sale = SaleFactory(agent=agent, request__status=status)

    selling.take_next(ShipFactory(agent=agent))

    sale.refresh_from_db()
    assert (sale.status, sale.ended_at) == ("failed", clock.now())
    assert status in sale.why


# selling against the universe


def under_way(crew, ship, good, units, market):
    """A sale whose goods are aboard."""
    request = RequestFactory(
        agent=crew.agent,
        good=good,
        units=units,
        claimed=units,
        withdrawn=units,
        status=ResourceRequest.Status.FULFILLED,
    )
    return SaleFactory(
        agent=crew.agent,
        request=request,
        ship=ship,
        good=good,
        units=units,
        market=market,
        status=Sale.Status.UNDER_WAY,
        decided_at=clock.now(),
    )


def trader(crew, at, **cargo):
    ship = crew.commission("SHIP_LIGHT_HAULER", at, cargo=cargo)
    crew.fly(ship, roles=("trader",))
    return ship


def test_a_load_is_sold_in_trades_of_the_markets_volume(crew):
    place = crew.market("IRON_ORE", "IMPORT")
    good = crew.world.market(place).goods["IRON_ORE"]
    good.volume = 20
    ship = trader(crew, place, IRON_ORE=70)
    sale = under_way(crew, ship, "IRON_ORE", 70, place)
    MarketGood.objects.exclude(waypoint__symbol=place).filter(good="IRON_ORE").delete()
    ParameterFactory(behaviour="trader", name="longest_wait", value="0")

    crew.run(60)

    sale.refresh_from_db()
    trades = crew.log("sell")
    assert [each["units"] for each in trades] == [20, 20, 20, 10]
    assert (sale.status, sale.units_sold) == ("done", 70)
    assert sale.realised == sum(each["credits"] for each in trades)
    assert sale.realised_price == sale.realised / 70
    booked = LedgerEntry.objects.filter(session=sale.pk)
    assert sum(entry.amount for entry in booked) == sale.realised
    assert crew.differences() == {}


def test_a_sinking_price_sends_the_rest_to_another_market(crew):
    here, there = crew.market("IRON_ORE", "IMPORT"), crew.place("ASTEROID_BASE")
    crew.world.market(here).goods["IRON_ORE"].volume = 5
    ship = trader(crew, here, IRON_ORE=60)
    sale = under_way(crew, ship, "IRON_ORE", 60, here)
    for behaviour, name in (("trader", "hour_worth"), ("sales", "request_worth")):
        ParameterFactory(behaviour=behaviour, name=name, value="0")
    first = markets.prices(crew.world.market(here).goods["IRON_ORE"])[1]
    MarketGood.objects.filter(waypoint__symbol=there, good="IRON_ORE").update(
        we_receive=first - 2, we_pay=first, trade_volume=180, seen_at=clock.now()
    )

    crew.run(60)

    sale.refresh_from_db()
    sold = sum(each["units"] for each in crew.log("sell"))
    assert 0 < sold < 60, "the first trades bring more than the way to the other market"
    assert (sale.market, sale.status) == (there, "under way")
    assert crew.ships().get(pk=ship.pk).waypoint == there


def test_what_belongs_to_no_sale_is_sold_as_leftovers(crew):
    place = crew.market("IRON_ORE", "IMPORT")
    trader(crew, place, IRON_ORE=12)

    crew.run(60)

    assert sum(each["units"] for each in crew.log("sell")) == 12
    assert LedgerEntry.objects.get(kind="sale").session is None
    assert crew.differences() == {}


def test_a_price_that_will_rise_soon_is_waited_for(crew):
    place = crew.market("IRON_ORE", "IMPORT")
    good = crew.world.market(place).goods["IRON_ORE"]
    good.volume, good.net, good.pressure = 20, 0, 9.0
    MarketGood.objects.exclude(waypoint__symbol=place).filter(good="IRON_ORE").delete()
    ship = trader(crew, place, IRON_ORE=80)
    sale = under_way(crew, ship, "IRON_ORE", 80, place)
    ParameterFactory(behaviour="trader", name="hour_worth", value="0")
    ParameterFactory(behaviour="trader", name="longest_wait", value="1800")

    crew.run(60)
    first = [each["units"] for each in crew.log("sell")]
    sale.refresh_from_db()
    waited, why, asked = sale.waits, sale.why, len(crew.line.asked)
    crew.run(1_000)
    quiet = len(crew.line.asked) == asked
    crew.run(2_000)

    sale.refresh_from_db()
    assert 0 < sum(first) < 80
    assert (waited, quiet) == (1, True), "waiting asks nothing of the game"
    assert "waiting for the price to rise" in why
    assert (sale.status, sale.units_sold, sale.waits) == ("done", 80, 1)
