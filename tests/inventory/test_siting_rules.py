"""Where to park a depot, and how full depots are (inventory.rules.siting)."""

from itertools import permutations

import pytest

from inventory.rules.siting import Berth, best, score, utilisation

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
