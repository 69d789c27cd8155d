"""Dispatchers with threads, and two of them at one lane (fleet.engine)."""

import contextlib
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection

from fleet.engine import Dispatcher, LeaseLost
from fleet.models import Lane, Ship
from fleet.services import lanes
from fleet.services.connections import Connections
from spacefleet import clock, jobs
from tests.crew import crewed, nowhere
from tests.engine import duties
from tests.factories import AgentFactory, ShipFactory

pytestmark = pytest.mark.django_db(transaction=True)
SHIPS = 50


@pytest.fixture
def record(monkeypatch):
    for name, role in duties.ROLES.items():
        monkeypatch.setitem(jobs.ROLES, name, role)
    yield duties.renew()
    duties.renew()


@pytest.fixture
def system_time():
    with clock.use(clock.SystemClock()):
        yield


def fleet(role, count=SHIPS):
    agent = AgentFactory(lane__name="home")
    return ShipFactory.create_batch(count, agent=agent, roles=[role], wake_at=clock.now())


def drive(dispatcher, seconds):
    """Run a dispatcher in a thread; a lost lease is its expected end."""

    def run():
        with contextlib.suppress(LeaseLost):
            dispatcher.run(until=clock.now() + timedelta(seconds=seconds))
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_steps_of_different_ships_overlap_and_of_one_ship_never(system_time, record):
    fleet("hurry", 8)
    seen = []
    record.meanwhile = lambda ship: seen.append(sum(record.under_way.values()))
    lease = lanes.acquire("home", owner="one")

    Dispatcher(lease, connections=Connections(transport=nowhere()), pool=4).run(
        until=clock.now() + timedelta(seconds=1)
    )

    assert record.overlaps == []
    assert len(record.steps) == len(set(record.steps)) > 20
    assert max(seen, default=0) > 1
    assert set(record.under_way.values()) == {0}


def test_two_dispatchers_race_and_each_step_happens_once(record):
    with crewed(start_fleet={"SHIP_PROBE": SHIPS - 2}) as crew:
        name, inner = crew.agent.lane.name, crew.line
        with clock.use(clock.SystemClock()):
            for ship in crew.ships():
                crew.fly(ship, roles=("hurry",))
            stale = Dispatcher(
                lanes.acquire(name, owner="one"),
                connections=Connections(transport=inner),
                pool=4,
            )
            stale._beaten_at = time.monotonic()  # it will not notice for three seconds
            Lane.objects.update(expires_at=clock.now() - timedelta(seconds=1))
            current = Dispatcher(
                lanes.acquire(name, owner="two"),
                connections=Connections(transport=inner),
                pool=4,
            )
            threads = [drive(each, 2.0) for each in (stale, current)]
            for thread in threads:
                thread.join(timeout=60)

    assert min(stale.steps, current.steps) > 5, "both took part"
    assert len(record.steps) == len(set(record.steps))
    assert not Ship.objects.filter(stepping=current.lease.generation).exists()


def test_a_dead_dispatchers_ships_move_on_with_the_next(system_time, record):
    ships = fleet("count", 3)
    dead = lanes.acquire("home", owner="killed -9")
    Ship.objects.filter(pk=ships[0].pk).update(
        stepping=dead.generation, stepping_at=clock.now()
    )
    assert lanes.acquire("home", owner="two") is None
    Lane.objects.update(expires_at=clock.now() - timedelta(seconds=1))

    successor = lanes.acquire("home", owner="two")
    Dispatcher(successor, connections=Connections(transport=nowhere()), pool=0).run(
        until=clock.now() + timedelta(seconds=0.2)
    )

    assert {pk for pk, _ in record.steps} == {ships[1].pk, ships[2].pk}
    assert Ship.objects.get(pk=ships[0].pk).suspect_since is not None


@pytest.mark.parametrize("pool", [0, 2])
def test_a_dispatcher_outlives_a_database_that_went_away(record, pool):
    with crewed() as crew:
        crew.fly(crew.frigate, roles=("lose_database",))
        lease = lanes.acquire(crew.agent.lane.name, owner="one")
        dispatcher = Dispatcher(
            lease, connections=Connections(transport=crew.line, margin_ms=0), pool=pool
        )

        with clock.use(
            clock.SystemClock()
        ):  # a virtual one would not wait for a pool's threads
            dispatcher.run(
                until=clock.now() + timedelta(seconds=30), stop=lambda: len(record.steps) == 2
            )

        frigate = crew.frigate
        assert f"GET /my/ships/{frigate.symbol}" in crew.line.asked, "it looked before it acted"
        assert len(record.steps) == 2
        assert (frigate.suspect_since, frigate.stepping, frigate.why) == (None, None, "counted")
        assert crew.differences() == {}


def test_a_dispatcher_ends_with_its_steps_done(system_time, record):
    fleet("hurry", 6)
    lease = lanes.acquire("home", owner="one")
    dispatcher = Dispatcher(lease, connections=Connections(transport=nowhere()), pool=3)

    thread = drive(dispatcher, 0.5)
    thread.join(timeout=30)

    assert not thread.is_alive()
    assert not Ship.objects.filter(stepping__isnull=False).exists()
    assert lanes.free("home")
