"""Times, fuel and routes (fleet.rules.travel)."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.rules import travel
from fleet.rules.travel import Hop, Place, plan
from spacefleet.universe.physics import travel as game

RECORDED = Path(__file__).resolve().parents[3] / "shared/reference/data/golden_cases.json"


def recorded(kind):
    if not RECORDED.exists():
        pytest.skip(f"no recorded flights at {RECORDED}")
    return json.loads(RECORDED.read_text())[kind]


def test_every_recorded_flight_is_timed_to_the_second():
    cases = [
        case
        for case in recorded("travel_time")["cases"]
        if "worn engine" not in case["note"]  # our rows hold the speed of a ship in repair
    ]

    wrong = [
        case
        for case in cases
        if abs(
            travel.seconds(
                case["distance"], speed=case["engine_speed"], mode=case["flight_mode"]
            )
            - case["observed_seconds"]
        )
        > case["tolerance_s"]
    ]

    assert len(cases) >= 15
    assert wrong == []


def test_every_recorded_flight_burns_what_it_burnt():
    cases = recorded("fuel")

    burnt = [travel.fuel(case["distance"], mode=case["mode"]) for case in cases]

    assert burnt == [case["fuel"] for case in cases]


@pytest.mark.parametrize(
    ("far", "speed", "mode", "took", "burnt"),
    [
        pytest.param(150.08, 9, "CRUISE", 432, 150, id="a probe's cruise"),
        pytest.param(117.0, 36, "BURN", 56, 234, id="a burn"),
        pytest.param(328.93, 30, "DRIFT", 2757, 1, id="a drift burns one unit"),
        pytest.param(9.0, 30, "CRUISE", 23, 9, id="half seconds are rounded up"),
        pytest.param(0.0, 3, "CRUISE", 23, 0, id="a hop to a moon costs time alone"),
        pytest.param(0.0, 3, "DRIFT", 98, 0, id="a drifted hop to a moon is free too"),
        pytest.param(0.0, 30, "BURN", 15, 2, id="but never a burnt one"),
        pytest.param(0.3, 30, "CRUISE", 16, 1, id="the shortest way costs one unit"),
        pytest.param(42.5, 30, "STEALTH", 58, 43, id="stealth burns like a cruise"),
    ],
)
def test_a_flight_takes_and_burns(far, speed, mode, took, burnt):
    assert travel.seconds(far, speed=speed, mode=mode) == took
    assert travel.fuel(far, mode=mode) == burnt


@given(
    far=st.floats(0, 3_000),
    speed=st.integers(1, 60),
    mode=st.sampled_from(sorted(travel.PACE)),
)
def test_the_universe_flies_by_the_same_formulas(far, speed, mode):
    assert travel.seconds(far, speed=speed, mode=mode) == game.seconds(
        far, speed=speed, mode=mode
    )
    assert travel.fuel(far, mode=mode) == game.fuel(far, mode=mode)


# routes


def line(*stops, fuel=()):
    """Places along a line at these distances, called by their letters."""
    named = zip("ABCDEFGH", stops, strict=False)
    return {name: Place(name, at, 0, name in fuel) for name, at in named}


def route(places, to, *, tank, capacity=100, origin="A", speed=10, hurry=False):
    return plan(
        places,
        origin=origin,
        destination=to,
        fuel_now=tank,
        capacity=capacity,
        speed=speed,
        hurry=hurry,
    )


def test_a_ship_cruises_straight_when_its_tank_allows():
    found = route(line(0, 60, 120, fuel="ABC"), "B", tank=100)

    assert found.hops == (Hop("B", "CRUISE", False, 165, 60),)
    assert (found.seconds, found.fuel) == (165, 60)


def test_a_ship_fills_its_tank_before_a_way_it_could_not_fly():
    found = route(line(0, 60, fuel="AB"), "B", tank=59)

    assert found.hops == (Hop("B", "CRUISE", True, 165, 60),)


def test_a_tank_that_just_suffices_is_not_filled():
    found = route(line(0, 60, fuel="AB"), "B", tank=60)

    assert [hop.refuel for hop in found.hops] == [False]


def test_a_long_way_is_flown_from_market_to_market():
    found = route(line(0, 90, 180, 270, fuel="ABCD"), "D", tank=100)

    assert [(hop.to, hop.mode, hop.refuel) for hop in found.hops] == [
        ("B", "CRUISE", False),
        ("C", "CRUISE", True),
        ("D", "CRUISE", True),
    ]


def test_a_ship_in_a_hurry_burns_twice_the_fuel_for_half_the_time():
    found = route(line(0, 40, fuel="AB"), "B", tank=100, hurry=True)

    assert found.hops == (Hop("B", "BURN", False, 65, 80),)


def test_a_ship_in_a_hurry_cruises_what_its_tank_cannot_burn():
    found = route(line(0, 60, fuel="AB"), "B", tank=100, hurry=True)

    assert [hop.mode for hop in found.hops] == ["CRUISE"]


def test_a_ship_in_a_hurry_takes_two_hops_where_they_are_quicker():
    found = route(line(0, 45, 90, fuel="ABC"), "C", tank=100, hurry=True)

    assert [(hop.to, hop.mode, hop.refuel) for hop in found.hops] == [
        ("B", "BURN", False),
        ("C", "BURN", True),
    ]


def test_a_ship_in_a_hurry_keeps_its_fuel_for_the_way_back_from_where_none_is_sold():
    found = route(line(0, 40, fuel="A"), "B", tank=100, hurry=True)

    assert [hop.mode for hop in found.hops] == ["CRUISE"]


def test_a_ship_drifts_where_no_fuel_is_to_be_had():
    found = route(line(0, 300), "B", tank=20)

    assert [(hop.mode, hop.fuel, hop.seconds) for hop in found.hops] == [("DRIFT", 1, 7515)]


def test_one_unit_is_kept_to_drift_away_from_a_place_without_fuel():
    enough = route(line(0, 99, fuel="A"), "B", tank=100)
    short = route(line(0, 100, fuel="A"), "B", tank=100)

    assert [hop.mode for hop in enough.hops] == ["CRUISE"]
    assert [hop.mode for hop in short.hops] == ["DRIFT"]


def test_who_will_leave_again_fills_up_on_the_way_to_a_place_without_fuel():
    places = line(0, 90, 190, fuel="AB")

    hasty = plan(places, origin="A", destination="C", fuel_now=200, capacity=200, speed=10)
    wise = plan(
        places,
        origin="A",
        destination="C",
        fuel_now=200,
        capacity=200,
        speed=10,
        leaves=True,
    )

    assert [hop.to for hop in hasty.hops] == ["C"]
    assert [(hop.to, hop.refuel) for hop in wise.hops] == [("B", False), ("C", True)]
    assert wise.seconds == sum(hop.seconds for hop in wise.hops)


def test_nothing_is_kept_back_where_fuel_is_sold():
    found = route(line(0, 100, fuel="AB"), "B", tank=100)

    assert [hop.mode for hop in found.hops] == ["CRUISE"]


def test_an_empty_tank_far_from_fuel_has_no_route():
    assert route(line(0, 60), "B", tank=0) is None


def test_a_hop_between_places_that_share_a_position_needs_no_fuel():
    found = route(line(0, 0), "B", tank=0)

    assert [(hop.mode, hop.fuel) for hop in found.hops] == [("CRUISE", 0)]


def test_a_ship_without_a_tank_flies_straight():
    found = route(line(0, 3_000), "B", tank=0, capacity=0)

    assert found.hops == (Hop("B", "CRUISE", False, 7515, 0),)


@pytest.mark.parametrize("capacity", [0, 100])
def test_a_ship_that_is_there_has_nothing_to_fly(capacity):
    found = route(line(0, 60), "A", tank=capacity, capacity=capacity)

    assert (found.hops, found.seconds) == ((), 0)


coordinates = st.integers(-150, 150)


@st.composite
def systems(draw):
    count = draw(st.integers(2, 9))
    names = [f"X1-A-{number}" for number in range(count)]
    return {
        name: Place(name, draw(coordinates), draw(coordinates), draw(st.booleans()))
        for name in names
    }


@st.composite
def journeys(draw):
    places = draw(systems())
    capacity = draw(st.sampled_from([20, 80, 300, 400]))
    return {
        "places": places,
        "origin": draw(st.sampled_from(sorted(places))),
        "destination": draw(st.sampled_from(sorted(places))),
        "fuel_now": draw(st.integers(0, capacity)),
        "capacity": capacity,
        "speed": draw(st.integers(3, 36)),
        "hurry": draw(st.booleans()),
    }


def fly(found, journey):
    """Fly a route hop by hop; answers the fuel left and whether each drift was needed."""
    places, at, tank = journey["places"], journey["origin"], journey["fuel_now"]
    for hop in found.hops:
        if hop.refuel:
            assert places[at].fuel, f"no fuel is sold at {at}"
            tank = journey["capacity"]
        far = travel.distance(places[at], places[hop.to])
        cruise = travel.fuel(far)
        keep = 0 if places[hop.to].fuel or not cruise else 1
        assert hop.fuel == travel.fuel(far, mode=hop.mode)
        assert hop.seconds == travel.seconds(far, speed=journey["speed"], mode=hop.mode)
        if hop.mode == "DRIFT":
            best = journey["capacity"] if places[at].fuel else tank
            assert cruise + keep > best, f"could cruise from {at} to {hop.to}"
        tank -= hop.fuel
        assert tank >= 0, f"out of fuel on the way to {hop.to}"
        assert tank >= keep, f"stranded at {hop.to}"
        at = hop.to
    assert at == journey["destination"]


@given(journey=journeys())
@settings(deadline=None)
def test_no_route_runs_out_of_fuel_or_drifts_without_need(journey):
    found = plan(**journey)

    if found is None:  # then not even a drift is possible
        assert not journey["places"][journey["origin"]].fuel
        assert journey["fuel_now"] <= 1
        return
    fly(found, journey)
    assert found.seconds == sum(hop.seconds for hop in found.hops)
    assert found.fuel == sum(hop.fuel for hop in found.hops)


@given(journey=journeys())
@settings(deadline=None)
def test_no_route_is_slower_than_the_straight_one(journey):
    places = journey["places"]
    here, there = places[journey["origin"]], places[journey["destination"]]
    far = travel.distance(here, there)
    tank = journey["capacity"] if here.fuel else journey["fuel_now"]
    keep = 0 if there.fuel or not far else 1

    found = plan(**journey)

    for mode in ("CRUISE", "DRIFT"):
        if tank >= travel.fuel(far, mode=mode) + keep and here != there:
            assert found is not None
            assert found.seconds <= travel.seconds(far, speed=journey["speed"], mode=mode)
