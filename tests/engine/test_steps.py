"""One dispatcher, step by step (fleet.engine): what a step's end means for the ship's alarm."""

from datetime import timedelta

import pytest

from fleet.engine import Dispatcher, LeaseLost
from fleet.models import Lane, Ship
from fleet.services import alarms, lanes
from fleet.services.connections import Connections
from spacefleet import clock
from spacefleet.models import Alert, RequestCount
from tests.crew import nowhere
from tests.factories import (
    AgentFactory,
    EraFactory,
    EvaluatorFactory,
    LaneFactory,
    ParameterFactory,
    ShipFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]


@pytest.fixture
def agent(noon):
    return AgentFactory(lane__name="home")


def ship_of(agent, *roles, **more):
    return ShipFactory(agent=agent, roles=list(roles), wake_at=clock.now(), **more)


def run(seconds=1.0, *, lane="home", stop=bool, agents=()):
    """Dispatch for so long on the stopped clock; nobody can reach a server."""
    lease = lanes.acquire(lane, owner="test")
    dispatcher = Dispatcher(
        lease, agents=agents, connections=Connections(transport=nowhere()), pool=0
    )
    dispatcher.run(until=clock.now() + timedelta(seconds=seconds), stop=stop)
    return dispatcher


def fresh(row):
    return type(row).objects.get(pk=row.pk)


# alarms


def test_a_ship_steps_when_its_alarm_rings_and_not_before(agent, record):
    ship = ship_of(agent, "count")

    run(59)
    before = len(record.steps)
    run(2)

    assert (before, len(record.steps)) == (1, 2)
    assert fresh(ship).why == "counted"
    assert fresh(ship).stepped_at == fresh(ship).joined_at.replace(hour=12, minute=1)


def test_the_longest_waiting_ship_steps_first(agent, record):
    late, early = ship_of(agent, "count"), ship_of(agent, "count")
    Ship.objects.filter(pk=early.pk).update(wake_at=clock.now() - timedelta(seconds=5))

    run(1)

    assert [pk for pk, _ in record.steps] == [early.pk, late.pk]


def test_a_ship_under_way_sleeps_until_it_arrives(agent, record):
    ship = ship_of(agent, "count", under_way=True, why="flying to the rocks")

    run(1)

    assert record.steps == []
    assert fresh(ship).wake_at == ship.arrives_at
    assert fresh(ship).why == "flying to the rocks"


def test_a_ship_adopted_in_flight_says_where_it_flies_to(agent, record):
    """It came with no reason of ours, and its page shall not be silent until it arrives."""
    ship = ship_of(agent, "count", under_way=True, why="")

    run(1)

    assert fresh(ship).why == f"flying to {ship.waypoint}"


def test_a_ship_asks_its_next_role_when_one_has_nothing_to_do(agent, record):
    ship = ship_of(agent, "nothing", "count")

    run(1)

    assert len(record.steps) == 2
    assert fresh(ship).why == "counted"


@pytest.mark.parametrize(
    ("roles", "says", "seconds"),
    [
        (["nothing", "nothing"], "nothing to do", 30),
        ([], "no role yet", 900),
        (["pirate"], "pirate is no role", 600),
    ],
)
def test_a_ship_without_work_says_why_and_sleeps(agent, roles, says, seconds):
    ship = ship_of(agent, *roles)

    run(1)

    assert says in fresh(ship).why
    assert fresh(ship).wake_at - clock.now() == timedelta(seconds=seconds - 1)


# nudges


def test_a_nudge_rings_a_sleeping_ship(agent, record):
    ship = ship_of(agent, "count")
    Ship.objects.filter(pk=ship.pk).update(wake_at=clock.now() + timedelta(hours=1))

    alarms.nudge_ship(ship.pk)
    run(1)

    assert len(record.steps) == 1


def test_a_nudge_during_a_step_is_not_lost(agent, record):
    ship = ship_of(agent, "nudge_itself")

    run(1)

    assert len(record.steps) == 2
    assert fresh(ship).wake_at - clock.now() == timedelta(seconds=599)


def test_a_step_that_turns_in_circles_does_not_do_so_at_full_speed(agent, record):
    ship = ship_of(agent, "turn_in_circles")

    run(21)

    assert len(record.steps) == 6, "twice at once, then every five seconds"
    assert fresh(ship).why == "again and again"


def test_a_nudge_does_not_delay_a_ship_that_is_due(agent):
    ship = ship_of(agent, "count")
    due = clock.now() - timedelta(seconds=5)
    Ship.objects.filter(pk=ship.pk).update(wake_at=due)

    alarms.nudge_ship(ship.pk)

    assert fresh(ship).wake_at == due


def test_every_ship_that_holds_a_role_is_rung_for(agent, record):
    later = clock.now() + timedelta(hours=1)
    ships = [ship_of(agent, *roles) for roles in (["count"], ["nothing", "count"], ["look"])]
    Ship.objects.update(wake_at=later)

    alarms.nudge_role(agent.pk, "count")

    assert [fresh(ship).wake_at == later for ship in ships] == [False, False, True]


# failures


def test_a_raising_loop_delays_its_own_ship_alone_and_ever_longer(crew, record):
    place = crew.place("PLANET")
    broken, sound = (crew.commission("SHIP_LIGHT_SHUTTLE", place) for _ in range(2))
    crew.fly(broken, roles=("fail",))
    crew.fly(sound, roles=("count",))

    crew.run(1_000)

    at = [
        round((w - broken.wake_at).total_seconds()) for pk, w in record.steps if pk == broken.pk
    ]
    assert at == [0, 10, 30, 70, 150, 310, 630]
    assert sum(pk == sound.pk for pk, _ in record.steps) == 17
    assert fresh(broken).failures == 7


def test_a_failure_is_shown_with_its_traceback_and_alerts_at_the_third(crew):
    ship = crew.commission("SHIP_LIGHT_SHUTTLE", crew.place("PLANET"))
    crew.fly(ship, roles=("fail",))

    crew.run(15)
    twice = Alert.objects.open().exists()
    crew.run(20)

    assert not twice
    assert "ZeroDivisionError: a mistake of ours" in fresh(ship).last_error
    assert "step failed" in fresh(ship).why
    assert Alert.objects.open().get().subject == ship.symbol


def test_the_owner_says_how_many_failures_make_an_alert(crew):
    ship = crew.commission("SHIP_LIGHT_SHUTTLE", crew.place("PLANET"))
    ParameterFactory(behaviour="steps", name="patience", value="2", agent=crew.agent)
    crew.fly(ship, roles=("fail",))

    crew.run(5)
    once = (Alert.objects.open().exists(), fresh(ship).given_up)
    crew.run(10)

    assert once == (False, False)
    assert Alert.objects.open().get().subject == ship.symbol
    assert fresh(ship).given_up


def test_a_ship_that_steps_again_has_recovered(crew):
    ship = crew.commission("SHIP_LIGHT_SHUTTLE", crew.place("PLANET"))
    crew.fly(ship, roles=("fail",))
    crew.run(60)
    crew.fly(ship, roles=("count",))

    crew.run(5)

    assert (fresh(ship).failures, fresh(ship).last_error) == (0, "")
    assert not fresh(ship).given_up
    assert not Alert.objects.open().exists()


def test_no_failure_delays_a_ship_for_more_than_a_quarter_of_an_hour(agent):
    ship = ship_of(agent, "fail", failures=29)

    run(1)

    assert fresh(ship).wake_at - clock.now() == timedelta(seconds=899)


# who is stepped


@pytest.mark.parametrize(
    "left_alone",
    [
        pytest.param(lambda ship: Ship.objects.update(excluded=True), id="an excluded ship"),
        pytest.param(
            lambda ship: type(ship.agent).objects.update(excluded=True),
            id="a ship of an excluded agent",
        ),
        pytest.param(
            lambda ship: type(ship.agent).objects.update(halted="the token is gone"),
            id="a ship of a halted agent",
        ),
        pytest.param(lambda ship: Ship.objects.update(lost_at=clock.now()), id="a lost ship"),
        pytest.param(
            lambda ship: type(ship.agent.era).objects.update(archived_at=clock.now()),
            id="a ship of a past era",
        ),
    ],
)
def test_nobody_moves(agent, record, left_alone):
    ship = ship_of(agent, "count")
    run(1)
    before = len(record.steps)
    left_alone(ship)

    run(200)

    assert (before, len(record.steps)) == (1, 1)


def test_an_owner_who_excludes_a_ship_is_obeyed_at_the_next_tick(agent, record):
    ship = ship_of(agent, "count")
    record.meanwhile = lambda stepping: Ship.objects.filter(pk=ship.pk).update(excluded=True)

    run(600)

    assert len(record.steps) == 1


def test_a_dispatcher_drives_its_lane_and_the_agents_it_was_given(agent, record):
    mine = ship_of(agent, "count")
    ship_of(AgentFactory(lane=agent.lane, era=agent.era), "count")
    ship_of(AgentFactory(lane=LaneFactory(name="away"), era=EraFactory()), "count")

    run(1, agents=[agent.symbol])

    assert [pk for pk, _ in record.steps] == [mine.pk]


# evaluators


def test_an_evaluator_runs_by_its_period(agent, record):
    row = EvaluatorFactory(agent=agent, name="test.evaluate", wake_at=clock.now())

    run(601)

    assert record.evaluations == ["", "", ""]
    assert fresh(row).why == "evaluated"


def test_an_evaluator_hears_who_rang_it(agent, record):
    row = EvaluatorFactory(agent=agent, name="test.evaluate")

    alarms.nudge("test.evaluate", agent.pk, trigger="crowded")
    run(1)

    assert record.evaluations == ["crowded"]
    assert fresh(row).trigger == ""


def test_an_evaluator_that_is_rung_while_it_runs_runs_again(agent, record):
    EvaluatorFactory(agent=agent, name="test.evaluate")

    alarms.nudge("test.evaluate", agent.pk, trigger="again")
    run(1)

    assert record.evaluations == ["again", "rung meanwhile"]


def test_a_failing_evaluator_is_delayed_and_shown(agent, record):
    row = EvaluatorFactory(agent=agent, name="test.evaluate")
    for _ in range(3):
        alarms.nudge("test.evaluate", agent.pk, trigger="fail")
        run(1)

    row = fresh(row)
    assert row.failures == 3
    assert "ZeroDivisionError" in row.last_error
    assert row.wake_at - clock.now() == timedelta(seconds=39)
    assert Alert.objects.open().get().kind == "failing"


def test_an_evaluator_that_works_again_has_recovered(agent, record):
    row = EvaluatorFactory(agent=agent, name="test.evaluate", failures=3, last_error="x")

    alarms.nudge("test.evaluate", agent.pk, trigger="")
    run(1)

    assert (fresh(row).failures, fresh(row).last_error) == (0, "")


def test_a_job_that_is_gone_from_the_page_does_nothing(agent):
    row = EvaluatorFactory(agent=agent, name="fleet.gone", wake_at=clock.now())

    run(1)

    assert fresh(row).why == "no such job any more"


# the lease


def test_a_lane_has_one_driver(noon):
    first = lanes.acquire("home", owner="one")
    second = lanes.acquire("home", owner="two")

    assert first is not None
    assert second is None
    assert not lanes.free("home")


def test_a_lane_is_free_when_its_driver_fell_silent(noon):
    old = lanes.acquire("home", owner="one")
    clock.sleep(lanes.TTL.total_seconds())
    held = lanes.acquire("home", owner="two")
    clock.sleep(0.001)

    new = lanes.acquire("home", owner="two")

    assert held is None
    assert new.generation == old.generation + 1
    assert not lanes.renew(old)
    assert lanes.renew(new)


def test_a_driver_that_was_merely_slow_keeps_its_lane(noon):
    lease = lanes.acquire("home", owner="one")
    clock.sleep(3_600)

    assert lanes.renew(lease)
    assert lanes.acquire("home", owner="two") is None


def test_only_its_driver_gives_a_lane_back(noon):
    old = lanes.acquire("home", owner="one")
    clock.sleep(60)
    lanes.acquire("home", owner="two")

    lanes.release(old)

    assert not lanes.free("home")


def test_a_dispatcher_that_lost_its_lane_stops_and_takes_nothing_back(agent, record):
    ship_of(agent, "count")
    stale = lanes.acquire("home", owner="one")
    clock.sleep(60)
    lanes.acquire("home", owner="two")

    with pytest.raises(LeaseLost):
        Dispatcher(stale, connections=Connections(transport=nowhere()), pool=0).run()

    assert record.steps == []
    assert Lane.objects.get(name="home").owner == "two"


def test_no_call_goes_out_when_the_lease_cannot_be_proven(agent, record):
    ship = ship_of(agent, "dock")
    lease = lanes.acquire("home", owner="one")
    dispatcher = Dispatcher(lease, connections=Connections(transport=nowhere()), pool=0)
    dispatcher._proved_at -= lanes.TTL.total_seconds()  # the database was away so long

    with pytest.raises(LeaseLost):
        dispatcher.prove()

    assert not RequestCount.objects.exists()
    assert fresh(ship).why == ""


def test_a_dispatcher_that_proves_its_lease_again_goes_on(agent, record):
    ship_of(agent, "count")
    lease = lanes.acquire("home", owner="one")
    dispatcher = Dispatcher(lease, connections=Connections(transport=nowhere()), pool=0)
    dispatcher.lost = "the lease could not be proven for 13 s"

    dispatcher.run(until=clock.now() + timedelta(seconds=1))

    assert len(record.steps) == 1
    assert dispatcher.lost == ""
    assert lanes.free("home")


def test_a_drained_dispatcher_gives_the_lane_back_at_once(agent, record):
    ship_of(agent, "count")

    run(600, stop=lambda: True)

    assert record.steps == []
    assert lanes.free("home")


def test_what_the_budget_learned_is_kept_for_the_successor(agent):
    run(1)

    lane = Lane.objects.get(name="home")
    assert lane.budget != {}
    assert lane.usage != {}


def test_a_ship_whose_step_an_earlier_dispatcher_left_is_looked_at_first(agent, record):
    ship = ship_of(agent, "count")
    began = clock.now() - timedelta(minutes=5)
    Ship.objects.filter(pk=ship.pk).update(
        stepping=0, stepping_at=began, wake_at=clock.now() + timedelta(hours=1)
    )

    run(1)

    ship = fresh(ship)
    assert record.steps == []
    assert ship.suspect_since == began
