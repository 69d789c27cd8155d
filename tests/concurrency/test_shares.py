"""Ten agents at one address: each has its share of the requests (fleet.engine, Budget)."""

from collections import Counter
from datetime import timedelta

import httpx
import pytest

from fleet.engine import Dispatcher
from fleet.engine.agenda import Agenda, Job
from fleet.services import lanes, parameters
from fleet.services.connections import Connections
from spacefleet import clock, jobs
from spacefleet.models import RequestCount
from spacefleet.spacetraders import Budget
from spacefleet.spacetraders.shares import CREDIT, Shares
from spacefleet.universe.limits import Limiter
from tests.engine import duties
from tests.factories import (
    NOON,
    AgentFactory,
    EraFactory,
    LaneFactory,
    ParameterFactory,
    ShipFactory,
)

AGENTS, SHIPS, MINUTES = 10, 20, 20


class Server(httpx.BaseTransport):
    """Tells each agent of itself, and counts what the real limiter would refuse."""

    def __init__(self, agents):
        self.symbols = {agent.token: agent.symbol for agent in agents}
        self.limiter = Limiter(1.0)
        self.asked = Counter()
        self.refused = 0

    def handle_request(self, request):
        symbol = self.symbols[request.headers["authorization"].removeprefix("Bearer ")]
        verdict = self.limiter.check(clock.now_ms(), address="ours", account=symbol)
        self.refused += not verdict.allowed
        self.asked[symbol] += 1
        told = {
            "symbol": symbol,
            "headquarters": "X1-AA1-A1",
            "credits": 1_000,
            "startingFaction": "COSMIC",
            "shipCount": SHIPS,
        }
        return httpx.Response(200, json={"data": told})


def greedy_step(ship, *, api, at):
    """As many requests a step as the agent's number has in its last digit, and again at once."""
    for _ in range(1 + ship.agent_id % 5):
        api.get_my_agent()
    return duties.wake_in(0.001, "asked")


@pytest.fixture
def saturated(db, monkeypatch):
    """Ten agents whose two hundred ships want more than the address may ask."""
    monkeypatch.setitem(
        jobs.ROLES, "greedy", jobs.Role(f"{__name__}.greedy_step", 3, "only in tests")
    )
    with clock.frozen_at(NOON):
        era = EraFactory()
        lane = LaneFactory(name="home")
        agents = [
            AgentFactory(era=era, lane=lane, token=f"token-{number}")
            for number in range(AGENTS)
        ]
        for number, agent in enumerate(agents):
            # the first has a fifth of the ships: who has fewer must not get less
            count = SHIPS if number else SHIPS // 5
            ShipFactory.create_batch(count, agent=agent, roles=["greedy"], wake_at=clock.now())
        yield agents, Server(agents)


def fly(server, minutes):
    lease = lanes.acquire("home", owner="test")
    connections = Connections(transport=server, margin_ms=0)
    dispatcher = Dispatcher(lease, connections=connections, pool=0)
    dispatcher.run(until=clock.now() + timedelta(minutes=minutes))
    return connections


def test_each_of_ten_agents_gets_its_share_within_two_percent(saturated):
    agents, server = saturated

    fly(server, MINUTES)

    total = sum(server.asked.values())
    assert total >= 2.4 * 60 * MINUTES, "the address was saturated"
    assert server.refused == 0
    for agent in agents:
        assert server.asked[agent.symbol] == pytest.approx(total / AGENTS, rel=0.02)
    booked = Counter()
    for symbol, count in RequestCount.objects.values_list("agent", "count"):
        booked[symbol] += count
    assert booked == server.asked, "each request is counted for the agent that made it"


def test_an_agent_with_two_parts_gets_twice_as_much(saturated):
    agents, server = saturated
    ParameterFactory(agent=agents[3], behaviour="requests", name="parts", value="2")
    parameters.forget()

    # the parts are read with a heartbeat of the lane, once all agents have been heard of
    connections = Connections(transport=server, margin_ms=0)
    for agent in agents:
        connections.client(agent)
    connections.share_out()
    lease = lanes.acquire("home", owner="test")
    Dispatcher(lease, connections=connections, pool=0).run(
        until=clock.now() + timedelta(minutes=MINUTES)
    )

    total = sum(server.asked.values())
    assert server.asked[agents[3].symbol] == pytest.approx(2 * total / 11, rel=0.02)
    assert server.asked[agents[4].symbol] == pytest.approx(total / 11, rel=0.02)


# shares by themselves


def test_who_had_least_of_its_share_goes_first():
    shares = Shares()
    shares.divide({"LARGE": 2.0})
    for account in ("SMALL", "LARGE", "LARGE"):
        shares.note(account)

    assert shares.spent("SMALL") == shares.spent("LARGE") == 1.0


def test_who_was_silent_for_long_does_not_stop_all_others():
    shares = Shares()
    for _ in range(1_000):
        shares.note("BUSY")

    assert shares.spent("IDLE") == 1_000 - CREDIT


def test_waiting_callers_of_several_agents_are_served_by_their_shares():
    with clock.frozen_at(NOON):
        budget = Budget(margin_ms=0)
        for _ in range(3):
            budget.acquire("BUSY")

        assert budget.spent("BUSY") == 3.0
        assert budget.spent("IDLE") == 0.0


def test_jobs_of_one_agent_keep_their_order_and_agents_take_turns():
    agenda = Agenda()
    rung = [NOON + timedelta(seconds=number) for number in range(6)]
    agenda.learn(
        [Job(at, "ship", pk, agent=1 if pk < 4 else 2) for pk, at in enumerate(rung)],
        horizon=rung[-1],
    )

    taken = agenda.take(rung[-1], 4, lambda agent: 0.0)

    assert [job.pk for job in taken] == [0, 4, 1, 5]
    assert [job.pk for job in agenda.take(rung[-1], 9)] == [2, 3]
