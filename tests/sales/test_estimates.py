"""What markets pay now and where loads go (sales.selectors.markets, sales.services.planning)."""

from datetime import timedelta

import pytest

from fleet.models import MarketGood, Ship
from inventory.models import Stock
from sales.models import MarketIndex, Opportunity, PriceSample, Sale
from sales.params import TraderParams
from sales.selectors import markets, pace
from sales.services import deciding, prices
from spacefleet import clock
from tests.factories import (
    AgentFactory,
    DepotFactory,
    EvaluatorFactory,
    LedgerEntryFactory,
    MarketGoodFactory,
    MarketIndexFactory,
    ParameterFactory,
    PriceSampleFactory,
    SaleFactory,
    ShipFactory,
    StockFactory,
    WaypointFactory,
)
from tests.inventory.test_statements import Counted

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(noon):
    return AgentFactory()


@pytest.fixture
def depot(agent):
    centre = WaypointFactory(era=agent.era, symbol="X1-AA1-A1", x=0, y=0)
    return DepotFactory(
        ship__agent=agent,
        ship__fuel_capacity=400,
        ship__fuel=400,
        waypoint=centre.symbol,
        ship__waypoint=centre.symbol,
    )


def buyer(agent, price, *, x=5, good="IRON_ORE", age=60, samples=0, volume=60):
    place = WaypointFactory(era=agent.era, x=x, y=0, type="PLANET", market=True)
    row = MarketGoodFactory(
        waypoint=place,
        good=good,
        we_receive=price,
        we_pay=2 * round(1.12 * price),
        trade_volume=volume,
        seen_at=clock.now() - timedelta(seconds=age),
    )
    for number in range(samples):
        PriceSampleFactory(
            waypoint=place,
            good=good,
            we_receive=price,
            we_pay=2 * price,
            at=clock.now() - timedelta(minutes=10 + number),
        )
    return row


def offered(agent, good="IRON_ORE", **more):
    found = markets.offers(agent.era_id, agent.home, [good], at=clock.now(), **more)
    return found.get(good, [])


# estimates


def test_what_anybody_of_us_sold_since_the_look_counts(agent):
    row = buyer(agent, 50)
    mate = AgentFactory(era=agent.era)
    for seller, seconds in ((agent, 30), (mate, 20), (agent, 90)):
        LedgerEntryFactory(
            agent=seller,
            good="IRON_ORE",
            units=10,
            waypoint=row.waypoint.symbol,
            at=clock.now() - timedelta(seconds=seconds),
        )

    assert [offer.sold for offer in offered(agent)] == [20], "the third was before the look"


def test_what_we_bought_since_raises_the_price_again(agent):
    row = buyer(agent, 50)
    LedgerEntryFactory(
        agent=agent,
        kind="purchase",
        good="IRON_ORE",
        units=10,
        waypoint=row.waypoint.symbol,
        at=clock.now(),
    )

    assert [offer.sold for offer in offered(agent)] == [-10]


def test_open_sales_count_as_sold_where_they_go(agent):
    row = buyer(agent, 50)
    sale = SaleFactory(agent=agent, market=row.waypoint.symbol, units=30)
    SaleFactory(agent=agent, market=row.waypoint.symbol, units=5, ended_at=clock.now())

    assert [offer.sold for offer in offered(agent, planned=True)] == [30]
    assert [offer.sold for offer in offered(agent, planned=True, besides=sale.pk)] == [0]


def test_old_prices_are_no_opinion(agent):
    buyer(agent, 50, age=3_601)

    assert offered(agent, max_age=3_600) == []
    assert len(offered(agent)) == 1


# loads


def test_a_large_surplus_is_cut_into_loads_for_several_markets(agent, depot):
    ShipFactory.create_batch(
        3, agent=agent, roles=["trader"], waypoint="X1-AA1-A1", fuel=400, fuel_capacity=400
    )
    for x in (5, 6, 7):
        row = buyer(agent, 56, x=x, volume=20)
        for number in range(5):
            PriceSampleFactory(
                waypoint=row.waypoint, at=clock.now() - timedelta(minutes=5 + number)
            )
    StockFactory(depot=depot, units=120)
    ParameterFactory(behaviour="sales", name="wait_discount", value="100")

    deciding.evaluate(agent)

    sales = Sale.objects.all()
    assert [sale.units for sale in sales] == [40, 40, 40]
    assert len({sale.market for sale in sales}) == 3, "each where the ones before did not sell"


@pytest.mark.parametrize(("stay", "moved"), [("no", True), ("yes", False)])
def test_sales_leave_the_nearest_market_unless_told_to_stay(agent, depot, stay, moved):
    ParameterFactory(behaviour="sales", name="stay_home", value=stay)
    ParameterFactory(behaviour="sales", name="good_price", value="90")
    near = buyer(agent, 50, x=5, samples=5)
    far = buyer(agent, 150, x=30, samples=5)
    StockFactory(depot=depot, units=60)

    deciding.evaluate(agent)

    sale = Sale.objects.get()
    assert sale.home == near.waypoint.symbol
    assert sale.moved is moved
    assert sale.market == (far if moved else near).waypoint.symbol


def markets_of(agent):
    deciding.evaluate(agent)
    return dict(Sale.objects.values_list("good", "market"))


@pytest.fixture
def far(agent, depot):
    """A depot with three goods, of which home pays little and a far market much more."""
    ParameterFactory(behaviour="sales", name="crowded_at", value="1")
    Ship.objects.filter(pk=depot.ship_id).update(cargo_units=39)
    far = WaypointFactory(era=agent.era, x=380, y=0, type="ASTEROID_BASE", market=True)
    home = WaypointFactory(era=agent.era, x=5, y=0, type="PLANET", market=True)
    for good in ("IRON_ORE", "COPPER_ORE", "ALUMINUM_ORE"):
        for place, price, kind in ((home, 8, "IMPORT"), (far, 90, "EXCHANGE")):
            MarketGoodFactory(
                waypoint=place,
                good=good,
                kind=kind,
                we_receive=price,
                we_pay=2 * price,
                trade_volume=180,
                seen_at=clock.now(),
            )
        StockFactory(depot=depot, good=good, units=13)
    return far


def test_goods_that_pay_for_no_trip_alone_pay_for_one_together(agent, far):
    ParameterFactory(behaviour="trader", name="hour_worth", value="2500")

    assert set(markets_of(agent).values()) == {far.symbol}


def test_one_of_them_alone_stays(agent, far):
    ParameterFactory(behaviour="trader", name="hour_worth", value="2500")
    Stock.objects.exclude(good="IRON_ORE").update(units=0)

    assert far.symbol not in markets_of(agent).values()


def test_they_stay_where_the_ships_time_is_worth_more(agent, far):
    assert far.symbol not in markets_of(agent).values()


def test_the_time_of_market_ships_is_worth_what_their_sales_bring(agent, far):
    ship = ShipFactory(agent=agent, cargo_capacity=0)
    for minutes in (115, 90, 60, 30, 10):
        at = clock.now() - timedelta(minutes=minutes)
        SaleFactory(
            agent=agent,
            ship=ship,
            request__good="QUARTZ_SAND",
            good="QUARTZ_SAND",
            units=30,
            units_sold=30,
            realised=900,
            decided_at=at - timedelta(minutes=5),
            ended_at=at,
            status="done",
        )

    assert pace.hour_worth(agent.pk, TraderParams(), at=clock.now()) == 2_250
    assert pace.hour_worth(agent.pk, TraderParams(hour_worth=500), at=clock.now()) == 500
    assert markets_of(agent)["IRON_ORE"] == far.symbol


def test_few_sales_do_not_tell_what_their_time_is_worth(agent):
    SaleFactory(agent=agent, units_sold=30, realised=9, ended_at=clock.now(), status="done")

    assert pace.hour_worth(agent.pk, TraderParams(), at=clock.now()) == 10_000


def test_a_market_that_stays_poor_is_left_for_less(agent, depot):
    ParameterFactory(behaviour="sales", name="good_price", value="50")
    ParameterFactory(behaviour="sales", name="move_gain", value="200")
    near = buyer(agent, 50, x=5, samples=5)
    buyer(agent, 80, x=8, samples=5)
    StockFactory(depot=depot, units=30)
    for minutes in (0, 20, 40):
        MarketIndexFactory(
            waypoint=near.waypoint, percent=70, at=clock.now() - timedelta(minutes=minutes)
        )

    deciding.evaluate(agent)

    sale = Sale.objects.get()
    assert sale.moved
    assert "which stays poor" in sale.why


def test_a_trip_that_costs_more_than_it_brings_is_not_made(agent, depot):
    ParameterFactory(behaviour="sales", name="good_price", value="50")
    buyer(agent, 50, x=5, samples=5)
    StockFactory(depot=depot, units=2)

    deciding.evaluate(agent)

    look = Opportunity.objects.get()
    assert (look.accepted, look.failed) == (False, "worth the trip")
    assert "costs more than the load brings" in look.reason


@pytest.mark.parametrize(
    ("stock", "market", "failed"),
    [
        pytest.param(0, {}, None, id="nothing there"),
        pytest.param(40, {"age": 4_000}, "fresh price", id="too old"),
        pytest.param(40, {}, "samples", id="too few samples"),
        pytest.param(40, {"samples": 5}, "price", id="not dear enough"),
    ],
)
def test_a_rejected_look_names_the_condition_that_failed(agent, depot, stock, market, failed):
    buyer(agent, 50, **market)
    StockFactory(depot=depot, units=stock)

    deciding.evaluate(agent)

    looks = list(Opportunity.objects.values_list("failed", flat=True))
    assert looks == ([failed] if failed else [])


# prices, indices and the third trigger


def test_an_index_is_read_for_each_market_with_known_averages(agent):
    row = buyer(agent, 40, samples=5)
    MarketGood.objects.filter(pk=row.pk).update(we_receive=30, we_pay=70, seen_at=clock.now())

    prices.observe(agent)

    read = MarketIndex.objects.get()
    assert (read.waypoint, read.goods) == (row.waypoint, 1)
    assert read.percent == 78, "30 of an average of 38: five times 40, and the 30 itself"


def test_a_good_that_became_dear_rings_for_a_decision(agent):
    row = buyer(agent, 50, samples=5)
    bell = EvaluatorFactory(
        name="sales.opportunities", agent=agent, wake_at=clock.now() + timedelta(minutes=9)
    )
    MarketGood.objects.filter(pk=row.pk).update(we_receive=60, we_pay=140, seen_at=clock.now())

    prices.observe(agent)

    bell.refresh_from_db()
    assert (bell.trigger, bell.wake_at) == ("price", clock.now())


# what it costs


def many(agent, depot, count):
    """So many goods in store, each with as many markets, some of them unknown."""
    for number in range(count):
        good = f"GOOD_{number}"
        StockFactory(depot=depot, good=good, units=4)
        for _ in range(count):
            buyer(agent, 50, good=good, samples=2)
    ShipFactory.create_batch(count, agent=agent, roles=["trader"])


@pytest.mark.parametrize("count", [2, 9])
def test_a_round_of_decisions_costs_the_same_for_any_number_of_goods(agent, depot, count):
    many(agent, depot, count)

    with Counted() as seen:
        deciding.evaluate(agent)

    assert Opportunity.objects.count() == count
    assert len(seen) <= 19, "\n".join(seen.statements)


@pytest.mark.parametrize("count", [2, 9])
def test_reading_prices_costs_the_same_for_any_number_of_markets(agent, depot, count):
    many(agent, depot, count)

    with Counted() as seen:
        prices.observe(agent)

    assert PriceSample.objects.filter(at__gt=clock.now() - timedelta(minutes=5)).count()
    assert len(seen) <= 12, "\n".join(seen.statements)
