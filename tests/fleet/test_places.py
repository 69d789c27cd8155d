"""What the route planner knows of a system (fleet.services.navigation.places_of)."""

import pytest

from fleet.services import navigation
from tests.factories import EraFactory, MarketGoodFactory, WaypointFactory

pytestmark = pytest.mark.django_db


def market(era, **goods):
    waypoint = WaypointFactory(era=era, type="PLANET", market=True)
    for good, kind in goods.items():
        MarketGoodFactory(waypoint=waypoint, good=good, kind=kind)
    return waypoint


@pytest.mark.parametrize(
    ("goods", "sells_fuel"),
    [
        pytest.param({"FUEL": "EXCHANGE"}, True, id="a fuel station"),
        pytest.param({"FUEL": "EXPORT"}, True, id="a refinery"),
        pytest.param({"FUEL": "EXCHANGE", "FOOD": "IMPORT"}, True, id="one that imports food"),
        pytest.param({"FUEL": "IMPORT"}, False, id="one that only buys fuel"),
        pytest.param({"FOOD": "EXCHANGE"}, False, id="one without fuel"),
    ],
)
def test_ships_refuel_at(goods, sells_fuel):
    era = EraFactory()
    waypoint = market(era, **goods)

    known = navigation.places_of(era.pk, waypoint.system)

    assert known[waypoint.symbol].fuel is sells_fuel


def test_places_of_two_eras_do_not_mix():
    before, now = EraFactory(), EraFactory()
    market(before, FUEL="EXCHANGE")
    waypoint = market(now, FUEL="EXCHANGE")

    known = navigation.places_of(now.pk, waypoint.system)

    assert list(known) == [waypoint.symbol]
