"""How many SQL statements a step of a market ship costs; marks of transactions are not counted."""

import pytest

from fleet.services import navigation, wishes
from sales.loops import trader
from spacefleet import clock
from tests.inventory.test_statements import Counted
from tests.sales.test_selling import trader as commissioned
from tests.sales.test_selling import under_way

pytestmark = pytest.mark.django_db


def step(crew, ship):
    """One step as the engine takes it; answers the statements it cost."""
    ship = crew.ships().get(pk=ship.pk)
    ship.acting_as = "trader"
    with Counted() as seen:
        trader.sell(ship, api=crew.api, at=clock.now())
    return seen


@pytest.fixture
def market(crew):
    return crew.market("IRON_ORE", "IMPORT")


def test_a_ship_without_a_sale_asks_twice(crew, market):
    ship = commissioned(crew, market)

    seen = step(crew, ship)

    assert len(seen) <= 2, "\n".join(seen.statements)


def test_leaving_for_a_market_reads_the_sale_and_writes_the_flight(crew, market):
    here = crew.place("ASTEROID_BASE")
    ship = commissioned(crew, here, IRON_ORE=40)
    under_way(crew, ship, "IRON_ORE", 40, market)
    navigation.places(ship)

    seen = step(crew, ship)

    assert crew.ships().get(pk=ship.pk).in_transit(clock.now())
    assert len(seen) <= 6, "\n".join(seen.statements)


def test_selling_a_load_where_the_prices_are_fresh(crew, market):
    ship = commissioned(crew, market, IRON_ORE=40)
    wishes.look_here(ship, api=crew.api, max_age=0)
    under_way(crew, ship, "IRON_ORE", 40, market)

    seen = step(crew, ship)

    assert crew.log("sell")
    assert len(seen) <= 10, "\n".join(seen.statements)


def test_a_look_at_the_market_before_selling_costs_two_more(crew, market):
    ship = commissioned(crew, market, IRON_ORE=40)
    under_way(crew, ship, "IRON_ORE", 40, market)

    seen = step(crew, ship)

    assert crew.log("sell")
    assert len(seen) <= 12, "\n".join(seen.statements)
