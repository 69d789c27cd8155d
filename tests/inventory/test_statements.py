"""How many SQL statements a move of goods costs; the marks of transactions are not counted.

The lab lives by these figures, and so does a database that is a network away.
"""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.loops.depot import keep
from inventory.loops.transport import shuttle
from inventory.models import Loop, Stock, Transfer
from inventory.services import transfers
from inventory.services.withdrawals import withdraw
from spacefleet import clock
from tests.factories import DepotFactory, StockFactory

Kind = Transfer.Kind
MARKS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
REMEMBERED = re.compile('FROM "fleet_(parameter|control)"')  # read now and then, for all


class Counted(CaptureQueriesContext):
    """The statements inside the block, without the marks of transactions."""

    def __init__(self) -> None:
        super().__init__(connection)

    @property
    def statements(self) -> list[str]:
        texts = [each["sql"] for each in self.captured_queries]
        return [
            text for text in texts if not text.startswith(MARKS) and not REMEMBERED.search(text)
        ]

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


# steps of the loops, what the engine itself adds left out


def stepped(crew, ship, loop):
    """The statements of one step of a ship."""
    ship = crew.ships().get(pk=ship.pk)
    ship.settle(clock.now())
    ship.unwritten = {}  # inside a step of the engine, whose end writes it
    with Counted() as seen:
        wake = loop(ship, api=crew.api, at=clock.now())
    return wake.why, seen


@pytest.fixture
def transport(crew, depot):
    site = crew.place("ENGINEERED_ASTEROID")
    ship = crew.commission(
        "SHIP_LIGHT_SHUTTLE", site, docked=False, roles=("transport",), place=site
    )
    stepped(crew, ship, shuttle)
    return ship


def test_a_step_that_waits_at_the_site_costs_one_statement(crew, transport):
    why, seen = stepped(crew, transport, shuttle)

    assert why.startswith("loading")
    assert len(seen) <= 1, "\n".join(seen.statements)


def test_a_step_that_leaves_the_site_costs_few_statements(crew, transport):
    crew.put(transport, transport.waypoint, docked=False, cargo={"IRON_ORE": 40})

    why, seen = stepped(crew, transport, shuttle)

    assert why.startswith("flying")
    assert len(seen) <= 6, "\n".join(seen.statements)


def test_a_step_that_stores_costs_five_statements_beside_the_transfer(crew, transport, depot):
    Loop.objects.update(loading_since=None)
    crew.put(transport, depot.waypoint, docked=False, cargo={"IRON_ORE": 20})

    why, seen = stepped(crew, transport, shuttle)

    assert why.startswith("stored 20")
    assert len(seen) - 5 <= 5, "\n".join(seen.statements)


def test_a_step_that_holds_the_books_against_the_hold_costs_few_statements(crew, depot):
    crew.fly(depot.ship, place=depot.waypoint)

    why, seen = stepped(crew, depot.ship, keep)

    assert why.startswith("parked")
    assert len(seen) <= 6, "\n".join(seen.statements)


def test_taking_goods_out_costs_one_statement_beside_the_transfer(crew, hauler, depot):
    with Counted() as seen:
        taken = withdraw(hauler, depot, "IRON_ORE", 4, api=crew.api, why="a sale")

    assert taken == 4
    assert len(seen) <= 6, "\n".join(seen.statements)
