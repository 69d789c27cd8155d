"""Which ships dig where, chosen for the whole fleet at once (mining.rules.manning)."""

import itertools
import random

import pytest

from fleet.planner import linear
from mining.rules import manning
from mining.rules.manning import Crew, Ground, Job, Place, Step

NEAR = Place("near", {"ICE_WATER": 1.0}, most=1_000)
FAR = Place("far", {"MERITIUM_ORE": 1.0}, most=1_000)


def ground(ships, *, steps, most=1_000, carriers=0):
    """Drones that sell ice themselves or hand over ore, and freighters that carry that."""
    return Ground(
        [Crew("drones", ships), Crew("freighters", carriers)],
        [
            Job("drones", "near", "market", units=100, digs=50, cost=10),
            Job("drones", "far", "", units=60, digs=50, cost=10),
            Job("freighters", "far", "exchange", units=120, cost=50),
        ],
        [NEAR, Place("far", FAR.shares, most=most, carriers=10)],
        steps,
    )


ICE = Step("ICE_WATER", "market", units=1_000, price=10)
ORE = Step("MERITIUM_ORE", "exchange", units=1_000, price=100)


def test_ore_is_dug_when_somebody_carries_it():
    found = manning.best(ground(2, steps=[ICE, ORE], carriers=1))

    assert found.ships == {1: 2, 2: 1}
    assert found.value == pytest.approx(2 * 60 * 100 - 2 * 10 - 50)


def test_without_a_carrier_everybody_digs_what_he_can_sell_himself():
    assert manning.best(ground(2, steps=[ICE, ORE])).ships == {0: 2}


def test_a_full_market_sends_nobody_more():
    little = Step("ICE_WATER", "market", units=150, price=10)

    assert manning.best(ground(5, steps=[little])).ships == {0: 2}


def test_nobody_digs_where_a_load_costs_more_than_it_brings():
    cheap = Step("ICE_WATER", "market", units=1_000, price=0.05)

    assert manning.best(ground(5, steps=[cheap])).ships == {}


def test_a_rock_is_not_dug_faster_than_it_bears():
    found = manning.best(ground(5, steps=[ICE, ORE], most=110, carriers=3))

    assert found.ships[1] == 2


def test_a_site_has_no_more_carriers_than_it_bears():
    found = ground(5, steps=[ORE], carriers=5)
    places = [NEAR, Place("far", FAR.shares, most=1_000, carriers=1)]

    assert manning.best(Ground(found.crews, found.jobs, places, found.steps)).ships[2] == 1


def instance(seed, *, crews=4, sites=6):
    """A fleet and a system drawn by a seed."""
    chance = random.Random(seed)
    goods = ["IRON_ORE", "COPPER_ORE", "ICE_WATER", "QUARTZ_SAND", "GOLD_ORE"]
    stops = ["A", "B", "C"]
    places = []
    for number in range(sites):
        named = chance.sample(goods, chance.randint(1, 3))
        shares = {good: 1 / len(named) for good in named}
        places.append(Place(f"site {number}", shares, most=chance.choice([100, 540])))
    jobs = []
    for crew in range(crews):
        for place in places:
            jobs.append(Job(f"crew {crew}", place.name, "", chance.uniform(50, 150), 45, 20))
            stop = chance.choice(stops)
            jobs.append(Job(f"crew {crew}", place.name, stop, chance.uniform(10, 90), 25, 60))
    for place in places:
        stop = chance.choice(stops)
        jobs.append(Job("freighters", place.name, stop, chance.uniform(80, 300), 0, 200))
    own = [Crew(f"crew {number}", chance.randint(1, 3)) for number in range(crews)]
    steps = [
        Step(good, stop, chance.uniform(20, 120), base * share)
        for good, stop in itertools.product(goods, stops)
        for base in [chance.uniform(10, 90)]
        for share in (1.0, 0.8, 0.5)
    ]
    return Ground([*own, Crew("freighters", 3)], jobs, places, steps)


@pytest.mark.parametrize("seed", range(10))
def test_the_plan_is_at_most_a_percent_worse_than_the_greedy_one(seed):
    drawn = instance(seed)

    found = manning.best(drawn)

    assert found.how == "optimum"
    assert found.value >= (1 - linear.GAP) * manning.greedy(drawn).value
    assert manning.worth(drawn, found.ships) >= found.value - 1


def test_the_plan_is_within_a_percent_of_the_best_of_all_plans():
    drawn = ground(3, steps=[ICE, ORE], carriers=2)
    every = itertools.product(range(4), range(4), range(3))
    plans = [plan for plan in every if plan[0] + plan[1] <= 3]

    best = max(manning.worth(drawn, dict(enumerate(plan))) for plan in plans)

    assert manning.best(drawn).value >= 0.99 * best
