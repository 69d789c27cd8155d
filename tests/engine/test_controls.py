"""What the owner orders, the engine obeys: pause, drain, recall, stop and emergency stop."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from fleet.engine import Dispatcher
from fleet.models import Control, Evaluator, MarketGood, Ship, ShipOrder
from fleet.rules.orders import Order, strictest
from fleet.services import controls, lanes, roster
from fleet.services.connections import Connections
from spacefleet import clock
from tests import factories as make
from tests.crew import nowhere
from tests.factories import NOON

pytestmark = pytest.mark.django_db

Mode = Control.Mode


def dispatch(seconds=1.0):
    lease = lanes.acquire("home", owner="test")
    Dispatcher(lease, connections=Connections(transport=nowhere()), pool=0).run(
        until=clock.now() + timedelta(seconds=seconds)
    )


@pytest.fixture
def agent(noon, record):
    return make.AgentFactory(lane__name="home")


@pytest.fixture
def ship(agent):
    return make.ShipFactory(agent=agent, roles=["look"], wake_at=clock.now())


def why(ship):
    return Ship.objects.get(pk=ship.pk).why


# rules


def test_the_strictest_order_holds():
    orders = [Order("pause", by="ada"), Order("stop", by="bo"), Order("drain")]

    assert strictest(orders, at=NOON).by == "bo"


def test_an_order_that_is_over_holds_no_more():
    assert strictest([Order("stop", until=NOON)], at=NOON) is None


def test_an_order_says_who_and_why():
    assert Order("stop", by="ada", why="a look").said == "stopped by ada: a look"


# stop


@pytest.mark.parametrize("scope", ["ship", "agent", "all"])
def test_a_stopped_ship_takes_no_step_and_says_why(ship, record, scope):
    wanted = {"ship": {"ship": ship}, "agent": {"agent": ship.agent}, "all": {}}[scope]
    controls.give(Mode.STOP, by="ada", why="a look at the fuel", **wanted)

    dispatch(1200)

    assert record.steps == []
    assert why(ship) == "stopped by ada: a look at the fuel"


def test_a_resumed_ship_steps_at_once(ship, record):
    controls.give(Mode.STOP, ship=ship)
    dispatch(5)

    controls.release(ship=ship)
    dispatch(1)

    assert len(record.steps) == 1


def test_a_stop_of_one_ship_leaves_the_others_alone(ship, record):
    other = make.ShipFactory(agent=ship.agent, roles=["count"], wake_at=clock.now())
    controls.give(Mode.STOP, ship=ship)

    dispatch(1)

    assert [pk for pk, _ in record.steps] == [other.pk]


def test_a_stop_with_an_end_ends_by_itself(ship, record):
    controls.give(Mode.STOP, ship=ship, until=clock.now() + timedelta(seconds=90))

    dispatch(89)
    before = len(record.steps)
    dispatch(2)

    assert (before, len(record.steps)) == (0, 1)


def test_evaluators_of_a_stopped_agent_do_not_run(agent, record):
    row = make.EvaluatorFactory(agent=agent, name="test.evaluate", wake_at=clock.now())
    controls.give(Mode.STOP, agent=agent, by="ada")

    dispatch(400)

    assert record.evaluations == []
    assert Evaluator.objects.get(pk=row.pk).why == "stopped by ada"


def test_a_newer_order_replaces_the_older_one_of_its_scope(agent):
    controls.give(Mode.STOP, agent=agent)
    controls.give(Mode.PAUSE, agent=agent)

    assert [row.mode for row in Control.objects.all()] == ["pause"]


def test_an_order_rings_a_ship_that_sleeps(ship):
    Ship.objects.filter(pk=ship.pk).update(wake_at=clock.now() + timedelta(hours=3))

    controls.give(Mode.STOP, agent=ship.agent, by="ada")
    dispatch(1)

    assert why(ship) == "stopped by ada"


# emergency stop


def test_an_emergency_stop_in_the_middle_of_a_step_lets_no_further_call_out(ship, record):
    """The step is under way when somebody presses the button: its next call is not made."""
    calls = []
    record.meanwhile = lambda ship: controls.give(
        Mode.EMERGENCY, by="ada", why="prices are odd"
    )
    transport = nowhere()
    inner = transport.handler
    transport.handler = lambda request: calls.append(request) or inner(request)
    lease = lanes.acquire("home", owner="test")
    Ship.objects.filter(pk=ship.pk).update(roles=["interrupted"])

    Dispatcher(lease, connections=Connections(transport=transport), pool=0).run(
        until=clock.now() + timedelta(seconds=300)
    )

    assert calls == []
    told = Ship.objects.get(pk=ship.pk)
    assert told.why == "emergency stop by ada: prices are odd"
    assert told.suspect_why == "an emergency stop cut its step short"


def test_a_ship_cut_short_by_an_emergency_is_looked_at_first_when_it_is_over(crew):
    ship = crew.frigate
    crew.fly(ship, roles=("starter",))
    controls.give(Mode.EMERGENCY, by="ada")
    crew.run(30)
    asked = list(crew.line.asked)
    Ship.objects.filter(pk=ship.pk).update(
        suspect_since=clock.now(), suspect_why="an emergency stop cut its step short"
    )

    controls.release()
    crew.run(1)

    assert asked == []
    assert crew.line.asked[0] == f"GET /my/ships/{ship.symbol}"


def test_an_emergency_is_never_for_one_ship_alone(ship):
    with pytest.raises(IntegrityError, match="fleet_one_ship_has_no_emergency"):
        controls.give(Mode.EMERGENCY, ship=ship)


# pause and drain, in the universe


def test_a_paused_fleet_buys_no_ship_and_says_why(agent):
    place = make.WaypointFactory(era=agent.era, shipyard=True)
    make.ShipyardOfferFactory(waypoint=place, ship_type="SHIP_PROBE", price=10)
    order = make.ShipOrderFactory(agent=agent, ship_type="SHIP_PROBE")
    controls.give(Mode.PAUSE, by="ada", why="saving")

    assert roster.execute(order, api=None) is None

    order.refresh_from_db()
    assert order.status == ShipOrder.Status.OPEN
    assert order.verdict == "new work is paused by ada: saving"


def loaded(crew, role):
    """A shuttle with ore aboard at a market that buys it."""
    market = crew.market("IRON_ORE", MarketGood.Kind.IMPORT)
    ship = crew.commission("SHIP_LIGHT_SHUTTLE", market, cargo={"IRON_ORE": 12})
    crew.fly(ship, roles=(role,))
    return ship


def test_a_paused_starter_sells_what_it_dug_and_rests(crew):
    ship = crew.frigate
    market = crew.market("IRON_ORE", MarketGood.Kind.IMPORT)
    crew.put(ship, market, cargo={"IRON_ORE": 12})
    controls.give(Mode.PAUSE, agent=crew.agent, by="ada", why="saving")
    rock = make.SiteFactory(agent=crew.agent, waypoint=waypoint(crew, crew.place("ASTEROID")))
    crew.fly(ship, roles=("starter",))

    crew.run(3_600)

    ship.refresh_from_db()
    assert ship.cargo == {}
    assert ship.why == "new work is paused by ada: saving"
    assert crew.log("extract") == []
    assert rock.open
    assert crew.differences() == {}


@pytest.mark.parametrize(("mode", "left"), [(Mode.PAUSE, {"IRON_ORE": 12}), (Mode.DRAIN, {})])
def test_a_drained_ship_sells_what_no_duty_of_it_would(crew, mode, left):
    ship = loaded(crew, "scout")
    controls.give(mode, ship=ship, by="ada")

    crew.run(1_800)

    ship.refresh_from_db()
    assert ship.cargo == left
    assert ship.why.endswith("by ada")
    assert crew.differences() == {}


def test_a_recalled_ship_flies_home_with_what_it_has_and_stays(crew):
    ship = loaded(crew, "scout")
    controls.give(Mode.RECALL, ship=ship, by="ada")

    crew.run(3_600)

    ship.refresh_from_db()
    assert ship.waypoint == crew.agent.headquarters
    assert ship.cargo == {"IRON_ORE": 12}
    assert ship.why == f"recalled by ada; is at {crew.agent.headquarters}"


def waypoint(crew, symbol):
    from fleet.models import Waypoint

    return Waypoint.objects.get(era=crew.agent.era, symbol=symbol)
