"""Leaving home: gates, jumps, charts (fleet.services.exploring, fleet.loops.explorer)."""

from datetime import timedelta

import pytest

from fleet.models import LedgerEntry, Passage, System, Vacancy, Waypoint
from fleet.selectors import galaxy
from fleet.services import exploring, sync
from spacefleet import clock
from tests.crew import crewed
from tests.factories import ParameterFactory

HOUR = 3_600.0
pytestmark = pytest.mark.django_db


@pytest.fixture
def crew(transactional_db):
    with crewed(gate_open=True, others=9, start_credits=3_000_000) as crew:
        yield crew


@pytest.fixture
def shut_in(transactional_db):
    with crewed(others=3) as crew:
        yield crew


def probe_of(crew):
    return crew.ships().get(symbol="CREW-2")


def at_the_gate(crew):
    exploring.watch(crew.agent, api=crew.api)
    probe = crew.put(probe_of(crew), crew.place("JUMP_GATE"), docked=False)
    crew.fly(probe, roles=("explorer",))
    return probe


def reachable(world, home):
    """Systems a ship can get to through gates that are built, by the game's own word."""
    gates, seen, queue = world.galaxy.gates, {home}, [home]
    while queue:
        here = world.systems[queue.pop()]
        if here.gate is None or world.waypoints[here.gate].under_construction:
            continue
        for gate in gates[here.gate]:
            system = gate.rpartition("-")[0]
            if system not in seen and not world.waypoints[gate].under_construction:
                seen.add(system)
                queue.append(system)
    return seen


def test_nobody_is_wanted_while_the_gate_is_under_construction(shut_in):
    said = exploring.watch(shut_in.agent, api=shut_in.api)

    assert "under construction" in said
    assert not Vacancy.objects.filter(role="explorer").exists()


def test_the_gate_is_looked_at_again_until_it_stands(shut_in):
    exploring.watch(shut_in.agent, api=shut_in.api)
    gate = shut_in.world.waypoints[shut_in.place("JUMP_GATE")]
    gate.under_construction = False
    gate.text = ""

    exploring.watch(shut_in.agent, api=shut_in.api)

    assert Vacancy.objects.get(role="explorer").wanted == 4


def test_an_open_gate_tells_where_it_leads(crew):
    exploring.watch(crew.agent, api=crew.api)

    home = System.objects.get(symbol=crew.agent.home)
    assert home.connections == crew.world.galaxy.gates[home.gate]
    assert set(home.connections) <= set(System.objects.values_list("gate", flat=True))


def test_a_probe_explores_and_charts_every_system_that_can_be_reached(crew):
    at_the_gate(crew)

    crew.run(60 * HOUR)

    explored = System.objects.exclude(explored_at=None).values_list("symbol", flat=True)
    assert set(explored) == reachable(crew.world, crew.agent.home)
    assert len(explored) > 3
    assert probe_of(crew).why.startswith("nothing left to reach")
    assert not Waypoint.objects.filter(system__in=explored, charted=False).exists()
    assert crew.differences() == {}


def test_rewards_and_antimatter_are_booked_to_exploration(crew):
    at_the_gate(crew)

    crew.run(8 * HOUR)

    charts = LedgerEntry.objects.filter(kind=LedgerEntry.Kind.CHART)
    jumps = LedgerEntry.objects.filter(good="ANTIMATTER")
    assert [each.amount for each in charts] == [log["credits"] for log in crew.log("chart")]
    assert [each.amount for each in jumps] == [log["credits"] for log in crew.log("jump")]
    assert {each.activity for each in (*charts, *jumps)} == {"exploration"}


def test_two_probes_share_the_systems_out(crew):
    probe = at_the_gate(crew)
    other = crew.commission("SHIP_PROBE", probe.waypoint, docked=False, roles=("explorer",))
    crew.fly(other)

    crew.run(2 * HOUR)

    charts = [(log["ship"], log["waypoint"]) for log in crew.log("chart")]
    assert {ship for ship, _ in charts} == {probe.symbol, other.symbol}
    assert len({waypoint for _, waypoint in charts}) == len(charts)


def test_a_jump_too_dear_is_refused_with_its_reason(crew):
    at_the_gate(crew)
    ParameterFactory(behaviour="exploration", name="dearest_jump", value="1")

    crew.run(600)

    assert crew.log("jump") == []
    assert "more than 1 for a jump" in probe_of(crew).why


def test_an_unknown_price_is_never_paid(crew):
    probe = at_the_gate(crew)

    assert "not known" in exploring.gates.refusal(None, credits=10**9, floor=0, most=10**9)
    assert exploring.price(probe) is None


@pytest.mark.parametrize("call", ["POST */jump", "POST */chart"])
def test_a_jump_or_chart_whose_answer_is_lost_is_found_and_booked_once(crew, call):
    at_the_gate(crew)
    crew.line.kill(call)

    crew.run_until_killed(12 * HOUR)
    crew.clock.jump_to(clock.now() + timedelta(seconds=120))
    crew.run(2 * HOUR)

    assert crew.differences() == {}
    assert not Passage.objects.filter(outcome=Passage.Outcome.ASKED).exists()


def test_a_chart_somebody_else_made_first_is_no_trouble(crew):
    probe = at_the_gate(crew)
    crew.run(1_000)
    probe = probe_of(crew)
    here = crew.world.waypoints[probe.waypoint]
    place = next(
        each for each in crew.world.systems[here.system].waypoints.values() if not each.charted
    )
    crew.put(probe, place.symbol, docked=False)
    place.charted_by, place.charted_at, place.text = "RIVAL", 0, ""

    said = exploring.chart(probe_of(crew), api=crew.api)

    assert said == f"somebody charted {place.symbol} first"
    assert Waypoint.objects.get(symbol=place.symbol).charted


def test_a_ship_beyond_the_gate_gets_no_post_at_home(crew):
    from fleet.conductor import match
    from fleet.rules.staffing import Slot

    probe = probe_of(crew)
    sync.write(probe, system="X1-FAR", waypoint="X1-FAR-A1", roles=["explorer"])
    scout = Slot("scout", "", "probe", 1, "", 0.0, "")
    explorer = Slot("explorer", "", "probe", 60, "", 0.0, "")

    found = match([probe_of(crew)], [scout, explorer])

    assert found.taken[probe.pk].role == "explorer"


def test_progress_is_told_in_systems(crew):
    exploring.watch(crew.agent, api=crew.api)

    seen = galaxy.progress(crew.agent.era_id)

    assert seen.explored == 1
    assert str(seen).startswith(f"1 of {seen.known} systems explored")
