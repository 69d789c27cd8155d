"""The ladder out of crowded depots (sales.services.crowding)."""

from datetime import timedelta

import pytest

from fleet.models import Ship, Vacancy
from inventory.models import Expansion
from sales.models import Crowding, Opportunity, Rung, Sale
from sales.services import deciding
from spacefleet import clock
from tests.factories import (
    AgentFactory,
    DepotFactory,
    MarketGoodFactory,
    ParameterFactory,
    PriceSampleFactory,
    ReservationFactory,
    ShipOrderFactory,
    ShipyardOfferFactory,
    StockFactory,
    WaypointFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(noon):
    return AgentFactory(credits=1_000_000)


@pytest.fixture
def depot(agent):
    centre = WaypointFactory(era=agent.era, symbol="X1-AA1-A1", x=0, y=0, market=True)
    return DepotFactory(
        ship__agent=agent,
        ship__fuel_capacity=400,
        ship__fuel=400,
        waypoint=centre.symbol,
        ship__waypoint=centre.symbol,
    )


def fill(depot, **goods):
    """Have so many units of each good in store."""
    for good, units in goods.items():
        StockFactory(depot=depot, good=good, units=units)
    Ship.objects.filter(pk=depot.ship_id).update(cargo=goods, cargo_units=sum(goods.values()))


def buyer(agent, good, *, price=50, age=60, volume=60):
    place = WaypointFactory(era=agent.era, x=10, y=0, type="PLANET", market=True)
    known = price is not None
    return MarketGoodFactory(
        waypoint=place,
        good=good,
        we_receive=price,
        we_pay=price,
        trade_volume=volume,
        seen_at=clock.now() - timedelta(seconds=age) if known else None,
    )


def yard(agent, price, kind="SHIP_LIGHT_HAULER"):
    place = WaypointFactory(era=agent.era, type="MOON", shipyard=True)
    return ShipyardOfferFactory(waypoint=place, ship_type=kind, price=price)


def rungs():
    return [(rung.kind, rung.worked) for rung in Rung.objects.order_by("pk")]


def later(noon, minutes):
    noon.sleep(60 * minutes)


@pytest.mark.parametrize(("units", "crowded"), [(215, False), (216, True), (217, True)])
def test_a_crowding_begins_at_exactly_ninety_percent(agent, depot, units, crowded):
    fill(depot, IRON_ORE=units)

    deciding.evaluate(agent)

    assert Crowding.objects.exists() is crowded


def test_eligible_sales_come_first_and_are_enough(agent, depot):
    fill(depot, IRON_ORE=220)
    buyer(agent, "IRON_ORE", price=40)

    said = deciding.evaluate(agent)

    rung = Rung.objects.get()
    assert (rung.kind, rung.worked) == ("sell", True)
    assert "220 units are to leave, 0 % would remain" in rung.outcome
    assert rung.inputs["percent"] == 91
    assert rung.inputs["planned"] == 220
    assert "sell: 220 units" in said
    assert Sale.objects.get().criterion == "crowded"


def test_what_cannot_be_sold_asks_for_another_depot(agent, depot):
    fill(depot, IRON_ORE=220)
    ReservationFactory(contract__agent=agent, units=220)
    yard(agent, 300_000)

    deciding.evaluate(agent)

    asked = Expansion.objects.get()
    assert rungs() == [("sell", False), ("expand", True)]
    assert (asked.waypoint, asked.ship_type) == (depot.waypoint, "SHIP_LIGHT_HAULER")


def test_the_depot_asked_for_becomes_a_vacancy_beside_the_crowded_one(agent, depot):
    fill(depot, IRON_ORE=220)
    ReservationFactory(contract__agent=agent, units=220)
    yard(agent, 300_000)

    deciding.evaluate(agent)

    wanted = Vacancy.objects.get(agent=agent, role="depot", place=depot.waypoint)
    assert (wanted.wanted, wanted.ship_type) == (2, "SHIP_LIGHT_HAULER")


def test_the_first_type_of_the_list_that_the_guard_allows_is_wanted(agent, depot):
    fill(depot, IRON_ORE=220)
    ReservationFactory(contract__agent=agent, units=220)
    yard(agent, 3_000_000, kind="SHIP_HEAVY_FREIGHTER")
    yard(agent, 300_000)

    deciding.evaluate(agent)

    tried = Rung.objects.get(kind="expand").inputs["ships"]
    assert "cash floor" in tried["SHIP_HEAVY_FREIGHTER"]
    assert tried["SHIP_BULK_FREIGHTER"] == "no shipyard we know of sells it"
    assert tried["SHIP_LIGHT_HAULER"] == "affordable"


def test_one_depot_is_asked_for_in_a_crowding(agent, depot, noon):
    fill(depot, IRON_ORE=220)
    ReservationFactory(
        contract__agent=agent, units=220, expires_at=clock.now() + timedelta(days=1)
    )
    yard(agent, 300_000)
    for _ in range(3):
        deciding.evaluate(agent)
        later(noon, 15)

    assert Expansion.objects.count() == 1


def test_a_refused_purchase_leads_to_an_emergency_sale(agent, depot):
    fill(depot, IRON_ORE=120, COPPER_ORE=100)
    ReservationFactory(contract__agent=agent, units=120)
    unseen = buyer(agent, "COPPER_ORE", price=None)

    deciding.evaluate(agent)

    sale = Sale.objects.get()
    assert rungs() == [("sell", False), ("expand", False), ("emergency", True)]
    assert "no shipyard we know of sells it" in Rung.objects.get(kind="expand").outcome
    assert (sale.good, sale.criterion, sale.market) == (
        "COPPER_ORE",
        "emergency",
        unseen.waypoint.symbol,
    )
    assert sale.units == 5, "just what gives room: 220 of 240 are five over 215"
    assert Opportunity.objects.filter(criterion="emergency", accepted=True).count() == 1


def test_an_old_price_is_good_enough_in_an_emergency(agent, depot):
    fill(depot, COPPER_ORE=220)
    old = buyer(agent, "COPPER_ORE", price=50, age=50_000)

    deciding.evaluate(agent)

    assert rungs()[-1] == ("emergency", True)
    assert Sale.objects.get().market == old.waypoint.symbol


def test_reserved_units_are_not_sold_even_in_an_emergency(agent, depot):
    fill(depot, IRON_ORE=220)
    ReservationFactory(contract__agent=agent, units=218)
    buyer(agent, "IRON_ORE", price=None)

    deciding.evaluate(agent)

    assert [sale.units for sale in Sale.objects.all()] == [2]


def test_a_depot_whose_order_is_refused_leads_to_an_emergency_sale(agent, depot, noon):
    fill(depot, IRON_ORE=220)
    yard(agent, 300_000)
    buyer(agent, "IRON_ORE", price=None)
    deciding.evaluate(agent)
    ShipOrderFactory(
        agent=agent,
        role="depot",
        place=depot.waypoint,
        ship_type="SHIP_LIGHT_HAULER",
        verdict="300,000 credits are more than 90 % of the treasury",
        ordered_at=clock.now(),
    )
    assert rungs() == [("sell", False), ("expand", True)]

    later(noon, 15)
    deciding.evaluate(agent)

    assert rungs()[2:] == [("expand", False), ("emergency", True)]
    refused = Rung.objects.filter(kind="expand").last().outcome
    assert refused.startswith("refused: 300,000 credits are more")


def test_sales_that_take_too_long_are_not_waited_for(agent, depot, noon):
    fill(depot, IRON_ORE=220)
    buyer(agent, "IRON_ORE", price=40)
    yard(agent, 300_000)
    deciding.evaluate(agent)

    later(noon, 15)
    deciding.evaluate(agent)

    assert rungs() == [("sell", True), ("expand", True)]


def test_a_crowding_ends_below_the_threshold(agent, depot, noon):
    fill(depot, IRON_ORE=220)
    buyer(agent, "IRON_ORE", price=40)
    deciding.evaluate(agent)
    Ship.objects.filter(pk=depot.ship_id).update(cargo={"IRON_ORE": 100}, cargo_units=100)

    later(noon, 45)
    deciding.evaluate(agent)

    crowding = Crowding.objects.get()
    assert crowding.ended_at == clock.now()
    assert Rung.objects.last().outcome == "41 % full after 45 min"


def test_the_same_outcome_is_written_once(agent, depot, noon):
    ParameterFactory(behaviour="depot", name="at_most", value="0")
    fill(depot, IRON_ORE=220)
    ReservationFactory(
        contract__agent=agent, units=220, expires_at=clock.now() + timedelta(days=1)
    )

    for _ in range(3):
        deciding.evaluate(agent)
        later(noon, 1)

    assert rungs() == [("sell", False), ("expand", False), ("emergency", False)]


def test_a_depot_that_came_is_the_ladders_success(agent, depot, noon):
    fill(depot, IRON_ORE=220)
    ReservationFactory(
        contract__agent=agent, units=220, expires_at=clock.now() + timedelta(days=1)
    )
    yard(agent, 300_000)
    deciding.evaluate(agent)

    later(noon, 15)
    newcomer = DepotFactory(
        ship__agent=agent,
        ship__cargo_capacity=1,
        waypoint=depot.waypoint,
        sited_at=clock.now(),
        parked_at=None,
    )
    deciding.evaluate(agent)

    last = Rung.objects.last()
    assert (last.kind, last.worked) == ("expand", True)
    assert last.outcome == f"{newcomer.ship} stores there"


def test_an_average_is_not_needed_when_crowded_but_a_price_is(agent, depot):
    fill(depot, IRON_ORE=220)
    market = buyer(agent, "IRON_ORE", price=40)
    PriceSampleFactory(waypoint=market.waypoint, good="IRON_ORE", at=clock.now())

    deciding.evaluate(agent)

    assert Opportunity.objects.get().criterion == "crowded"
