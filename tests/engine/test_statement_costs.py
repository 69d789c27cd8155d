"""What a step costs in statements: the engine's own share, and the moves every loop makes.

The lab lives by these figures, and so does a database that is a network away. They are exact:
who adds a statement says so here.
"""

from datetime import timedelta

import pytest
from django.db import connection

from fleet.engine import Dispatcher
from fleet.models import MarketGood, Ship
from fleet.services import alarms, cargo, lanes, ledger, navigation, wishes
from fleet.services.connections import Connections
from spacefleet import clock
from tests.crew import crewed, nowhere
from tests.factories import AgentFactory, EvaluatorFactory, ShipFactory, WaypointFactory

pytestmark = pytest.mark.django_db


class Count:
    """The statements inside the block, with the beginnings of transactions."""

    def __init__(self):
        self.texts = []

    def __enter__(self):
        self._wrapper = connection.execute_wrapper(self._note)
        self._wrapper.__enter__()
        return self

    def __exit__(self, *error):
        self._wrapper.__exit__(*error)

    def _note(self, execute, sql, *args):
        if 'FROM "fleet_control"' not in sql:  # read at most four times a second, see controls
            self.texts.append(sql)
        return execute(sql, *args)

    def __len__(self):
        return len(self.texts)

    def looks(self):
        return sum('"agent_id" FROM' in sql and "ORDER BY 2 ASC" in sql for sql in self.texts)


def dispatched(seconds):
    lease = lanes.acquire("home", owner="test")
    dispatcher = Dispatcher(lease, connections=Connections(transport=nowhere()), pool=0)
    with Count() as count:
        dispatcher.run(until=clock.now() + timedelta(seconds=seconds))
    return dispatcher.steps, count


@pytest.fixture
def agent(noon):
    return AgentFactory(lane__name="home")


# the engine's own


@pytest.mark.usefixtures("record")
def test_a_step_costs_two_statements_beside_its_own_work(agent):
    ShipFactory.create_batch(10, agent=agent, roles=["count"], wake_at=clock.now())
    steps, few = dispatched(30)
    ShipFactory.create_batch(10, agent=agent, roles=["count"], wake_at=clock.now())
    more_steps, many = dispatched(60)

    assert (steps, more_steps) == (10, 20)
    assert len(many) - many.looks() - (len(few) - few.looks()) == 2 * 10


@pytest.mark.usefixtures("record")
def test_a_pass_of_an_evaluator_costs_two_statements_beside_its_own_work(agent):
    EvaluatorFactory(agent=agent, name="test.evaluate", wake_at=clock.now())
    _, one = dispatched(10)
    clock.sleep(290)
    EvaluatorFactory(agent=AgentFactory(lane=agent.lane), name="test.evaluate")
    steps, two = dispatched(10)

    assert steps == 2
    # the second agent is read once a second: one statement more
    assert len(two) - len(one) == 2 + 1


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize("ships", [2, 30])
def test_one_look_serves_all_that_rings_in_a_quarter_of_a_minute(agent, ships):
    """A look is two statements: one for ships, one for evaluators."""
    ShipFactory.create_batch(ships, agent=agent, roles=["count"], wake_at=clock.now())

    steps, count = dispatched(59)

    assert steps == ships
    assert count.looks() == 2


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize("ships", [1, 100])
def test_ships_that_sleep_cost_nothing(agent, ships):
    asleep = clock.now() + timedelta(hours=1)
    ShipFactory.create_batch(ships, agent=agent, roles=["count"], wake_at=asleep)

    steps, count = dispatched(600)

    assert steps == 0
    assert len(count) - count.looks() == 4  # the lease: marks looked for, proven, given back
    assert count.looks() == 2


@pytest.mark.usefixtures("agent")
def test_ringing_is_one_statement_for_however_many_ships(agent):
    ShipFactory.create_batch(5, agent=agent, roles=["miner"])

    with Count() as count:
        alarms.nudge_role(agent.pk, "miner")

    assert len(count) == 1
    assert {ship.wake_at for ship in Ship.objects.all()} == {clock.now()}


# what the game said


@pytest.fixture
def crew(db):
    with crewed() as crew:
        yield crew


def stepping(ship):
    """The ship as a loop gets it: what is noted is written with the end of the step."""
    ship.unwritten = {}
    return ship


def test_a_flight_is_written_with_the_end_of_its_step(crew):
    ship = stepping(crew.frigate)
    goal = crew.place("ASTEROID")
    navigation.route(ship, goal)

    with Count() as count:
        navigation.navigate(ship, goal, api=crew.api)

    assert len(count) == 0
    assert ship.unwritten["nav_status"] == "IN_TRANSIT"
    assert crew.frigate.nav_status == "DOCKED"


def test_what_is_unwritten_goes_with_the_next_write_and_outlives_a_reread(crew):
    ship = stepping(crew.frigate)
    navigation.orbit(ship, api=crew.api)

    ship.refresh_from_db()
    assert ship.nav_status == "IN_ORBIT"
    with Count() as count:
        navigation.sync.write(ship, cargo={}, cargo_units=0)

    assert len(count) == 1
    assert crew.frigate.nav_status == "IN_ORBIT"
    assert ship.unwritten == {}


def test_a_sale_costs_the_transaction_its_three_rows_and_one_comparison(crew):
    market = crew.market("FUEL", MarketGood.Kind.EXCHANGE)
    ship = stepping(crew.commission("SHIP_LIGHT_SHUTTLE", market, cargo={"FUEL": 4}))
    cargo.sell(ship, "FUEL", 1, api=crew.api)
    cargo.sell(ship, "FUEL", 1, api=crew.api)

    with Count() as count:
        cargo.sell(ship, "FUEL", 1, api=crew.api)

    assert [text.split()[0] for text in count.texts] == [
        "SAVEPOINT",
        "UPDATE",
        "INSERT",
        "UPDATE",
        "RELEASE",
        "SELECT",
    ]


def test_a_look_around_is_one_statement_where_all_is_fresh(crew):
    market = crew.market("FUEL", MarketGood.Kind.EXCHANGE)
    ship = crew.commission("SHIP_LIGHT_SHUTTLE", market)
    wishes.look_here(ship, api=crew.api)

    with Count() as count:
        said = wishes.look_here(ship, api=crew.api)

    assert (said, len(count)) == ("", 1)


def test_what_waits_to_be_healed_is_asked_with_the_balance(agent):
    WaypointFactory()

    with Count() as count:
        assert not ledger.unsettled(agent.pk)

    assert len(count) == 1
