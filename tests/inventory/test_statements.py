"""How many SQL statements a move of goods costs; the marks of transactions are not counted.

The lab lives by these figures, and so does a database that is a network away.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Stock, Transfer
from inventory.services import transfers
from tests.factories import DepotFactory, StockFactory

Kind = Transfer.Kind
MARKS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


class Counted(CaptureQueriesContext):
    """The statements inside the block, without the marks of transactions."""

    def __init__(self) -> None:
        super().__init__(connection)

    @property
    def statements(self) -> list[str]:
        texts = [each["sql"] for each in self.captured_queries]
        return [text for text in texts if not text.startswith(MARKS)]

    def __len__(self) -> int:
        return len(self.statements)


@pytest.fixture
def port(crew):
    return crew.place("PLANET")


@pytest.fixture
def hauler(crew, port):
    return crew.commission("SHIP_LIGHT_SHUTTLE", port, cargo={"IRON_ORE": 20, "ICE_WATER": 5})


@pytest.fixture
def depot(crew, port):
    ship = crew.commission("SHIP_LIGHT_SHUTTLE", port, cargo={"IRON_ORE": 9}, roles=("depot",))
    found = DepotFactory(ship=ship, waypoint=port)
    StockFactory(depot=found, good="IRON_ORE", units=9)
    return found


@pytest.mark.parametrize(
    ("kind", "most"),
    [
        pytest.param(Kind.COLLECT, 4, id="reserve, lock, both holds, confirm"),
        pytest.param(Kind.DEPOSIT, 5, id="and the stock that grows"),
        pytest.param(Kind.WITHDRAW, 5, id="and the stock that shrinks"),
    ],
)
def test_a_transfer_costs_few_statements(crew, hauler, depot, kind, most):
    giver, receiver = hauler, depot.ship
    if kind == Kind.WITHDRAW:
        giver, receiver = receiver, giver

    with Counted() as seen:
        row = transfers.transfer(giver, receiver, "IRON_ORE", 4, kind=kind, api=crew.api)

    assert row.status == Transfer.Status.CONFIRMED
    assert len(seen) <= most, "\n".join(seen.statements)


def test_a_wrong_belief_costs_one_look_more(crew, hauler, depot):
    stale = crew.ships().get(pk=hauler.pk)
    crew.put(hauler, hauler.waypoint, cargo={"IRON_ORE": 7})

    with Counted() as seen:
        row = transfers.transfer(
            stale, depot.ship, "IRON_ORE", 20, kind=Kind.DEPOSIT, api=crew.api
        )

    assert row.units == 7
    assert Stock.objects.get(depot=depot).units == 16
    assert len(seen) <= 8, "\n".join(seen.statements)
