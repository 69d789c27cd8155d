"""Where to park a depot, and how full depots are (inventory.rules.siting)."""

import random
from itertools import combinations, permutations

import pytest

from inventory.rules.siting import Berth, Trips, best, centre, score, trip, utilisation

PENALTY = 600


def berth(name, seconds, bought, *, marketplace=True):
    return Berth(name, float(seconds), bought, marketplace)


@pytest.mark.parametrize(
    ("berths", "chosen"),
    [
        pytest.param([], None, id="nowhere"),
        pytest.param([berth("A", 100, 0.0), berth("B", 90, 0.0)], "B", id="the nearest"),
        pytest.param(
            [berth("A", 100, 0.0), berth("B", 699, 1.0)], "B", id="where its goods are bought"
        ),
        pytest.param(
            [berth("A", 100, 0.0), berth("B", 701, 1.0)], "A", id="unless it is too far"
        ),
        pytest.param(
            [berth("A", 100, 0.0, marketplace=False), berth("B", 100, 0.0)],
            "B",
            id="the marketplace of two equals",
        ),
        pytest.param([berth("B", 100, 0.5), berth("A", 100, 0.5)], "A", id="the first name"),
    ],
)
def test_a_depot_parks_at(berths, chosen):
    found = best(berths, no_buyer_penalty=PENALTY)

    assert (found.waypoint if found else None) == chosen


def test_the_order_of_the_berths_does_not_matter():
    berths = [
        berth("A", 100, 0.5),
        berth("B", 100, 0.5, marketplace=False),
        berth("C", 400, 1.0),
        berth("D", 390, 1.0),
    ]

    chosen = {best(order, no_buyer_penalty=PENALTY).waypoint for order in permutations(berths)}

    assert chosen == {"D"}


@pytest.mark.parametrize(
    ("bought", "points"), [(0.0, 700), (0.5, 400), (1.0, 100)], ids=["nothing", "half", "all"]
)
def test_goods_nobody_buys_there_cost_seconds(bought, points):
    assert score(berth("A", 100, bought), PENALTY) == points


@pytest.mark.parametrize(
    ("units", "incoming", "capacity", "percent"),
    [
        pytest.param(0, 0, 0, 0, id="no depot"),
        pytest.param(0, 0, 40, 0, id="empty"),
        pytest.param(35, 0, 40, 87, id="rounded down, never crowded too early"),
        pytest.param(36, 0, 40, 90, id="exactly crowded"),
        pytest.param(30, 6, 40, 90, id="what is promised to arrive counts"),
        pytest.param(40, 0, 40, 100, id="full"),
    ],
)
def test_depots_are_full_to(units, incoming, capacity, percent):
    assert utilisation(units, incoming, capacity) == percent


# the centre of a system


def drawn(seed, *, sites=4, berths=9):
    """Sites and berths at random positions, some of the berths marketplaces."""
    chance = random.Random(seed)
    spots = {f"B{number}": (chance.random(), chance.random()) for number in range(berths)}
    markets = set(chance.sample(sorted(spots), 4))
    trips = []
    for number in range(sites):
        x, y = chance.random(), chance.random()
        seconds = {
            name: 100 + 1_000 * abs(complex(a - x, b - y)) for name, (a, b) in spots.items()
        }
        trips.append(Trips(f"site {number}", seconds))
    return trips, markets


def felt(trips, berth, markets, detour):
    return trips.seconds[berth] * (1 if berth in markets else 1 + detour / 100)


def total(trips, chosen, markets, detour):
    return sum(min(felt(each, berth, markets, detour) for berth in chosen) for each in trips)


@pytest.mark.parametrize("most", [1, 2, 3])
@pytest.mark.parametrize("seed", range(10))
def test_the_berths_of_all_sites_are_the_best_of_all_sets_of_berths(seed, most):
    trips, markets = drawn(seed)

    found = centre(trips, most=most, markets=markets, market_detour=10)

    sets = combinations(trips[0].seconds, most)
    least = min(total(trips, each, markets, 10) for each in sets)
    assert len(set(found.values())) <= most
    assert set(found) == {each.site for each in trips}
    assert sum(felt(each, found[each.site], markets, 10) for each in trips) == pytest.approx(
        least
    )


@pytest.mark.parametrize(
    ("market", "chosen"),
    [(109, "market"), (111, "rock")],
    ids=["10 % longer", "more than that"],
)
def test_a_marketplace_is_preferred_up_to_a_tenth_of_extra_travel(market, chosen):
    trips = [Trips("site", {"rock": 100.0, "market": float(market)})]

    found = centre(trips, most=1, markets={"market"}, market_detour=10)

    assert found == {"site": chosen}


def test_a_depot_that_stands_keeps_its_berth_and_counts():
    trips = [Trips("site", {"near": 100.0, "far": 900.0})]

    found = centre(trips, most=1, markets={"near", "far"}, market_detour=10, standing=["far"])

    assert found == {"site": "far"}


def test_without_sites_or_berths_there_is_no_centre():
    assert centre([], most=2, markets=set(), market_detour=10) == {}
    assert centre([Trips("site", {})], most=1, markets=set(), market_detour=10) == {}


@pytest.mark.parametrize(
    ("onward", "seconds"),
    [
        pytest.param([0.0, 0.0], 100, id="all is bought at the berth"),
        pytest.param([200.0, 0.0], 200, id="half of it a flight away"),
        pytest.param([None, 0.0], 400, id="half of it nowhere"),
        pytest.param([9_000.0, 9_000.0], 700, id="no buyer is farther than none"),
        pytest.param([], 700, id="nothing known of its goods"),
    ],
)
def test_travel_and_saleability_are_one_score(onward, seconds):
    assert trip(100, onward, no_buyer_penalty=PENALTY) == seconds
