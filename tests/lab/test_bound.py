"""The bound (spacefleet.lab.bound): whatever is done in the universe, it is never beaten."""

import json
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fleet.planner import linear
from fleet.planner.linear import Limit
from spacefleet.lab import bound
from spacefleet.lab.bound.outlets import courses
from spacefleet.lab.bound.situation import _outlet
from spacefleet.universe import World
from spacefleet.universe.physics import markets
from spacefleet.universe.rules import UniverseRules
from spacefleet.universe.scenarios import build
from spacefleet.universe.state import Market, MarketGood
from spacefleet.universe.transport import UniverseTransport
from tests.lab.test_backtest import backtest

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
RULES = UniverseRules()
TICKS = 24


def world(scenario: str = "late_fleet", *, seed: int = 3) -> World:
    """A world in which an agent has just registered."""
    made = build(scenario, seed=seed, start=START)
    with httpx.Client(
        transport=UniverseTransport(made, lambda: START), base_url="http://universe.invalid/v2"
    ) as client:
        client.post("/register", json={"symbol": "LABRAT", "faction": "COSMIC"})
    return made


def most(made: World, *, hours: float, share: float = 1.0) -> bound.Bound:
    situation = bound.look(made, "LABRAT", hours=hours)
    return bound.most(situation, bound.of_ships(made, "LABRAT"), share=share)


# one market


@st.composite
def market_and_good(draw: st.DrawFn) -> tuple[Market, MarketGood]:
    """An import or exchange, with or without something that is made of it."""
    kind = draw(st.sampled_from(["IMPORT", "EXCHANGE"]))
    volume = 180 if kind == "EXCHANGE" else draw(st.sampled_from([6, 20, 60, 66, 110]))
    level = draw(st.floats(-7, 3))
    good = MarketGood(
        symbol="IRON_ORE",
        kind=kind,
        base=draw(st.sampled_from([15, 50, 85, 320, 1200])),
        margin=draw(st.integers(4, 11)),
        volume=volume,
        net=round(level * volume),
        rest=draw(st.floats(-7, 0)),
        pace=draw(st.floats(0, 1)),
    )
    goods = {"IRON_ORE": good}
    if draw(st.booleans()) and kind == "IMPORT":
        goods["IRON"] = MarketGood(
            symbol="IRON",
            kind="EXPORT",
            base=150,
            margin=8,
            volume=60,
            net=0,
            rest=4.0,
            pace=0.5,
        )
    market = Market("X1-A-B", goods, phase=0, key=draw(st.integers(0, 2**60)), ticks=0)
    markets.wire(market, {"IRON": ("IRON_ORE",)})
    return market, good


def sell_all_day(
    market: Market, good: MarketGood, plan: list[tuple[float, int]], *, hold: int
) -> tuple[int, int]:
    """Sell down to a price, a share of the base price a tick; answers units and credits."""
    units = credits = 0
    for number, (floor, most_sales) in enumerate(plan):
        for _ in range(most_sales):
            _, price = markets.prices(good)
            if price < floor * good.base:
                break
            load = min(good.volume, hold)
            units, credits = units + load, credits + load * price
            good.net += load
        if "IRON" in market.goods:
            market.goods["IRON"].net -= 30  # somebody buys what is made of it
        markets.tick(market, number, RULES)
    return units, credits


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    market_and_good(),
    st.lists(
        st.tuples(st.sampled_from([0.0, 0.5, 0.8, 1.0, 1.1, 1.2]), st.integers(0, 14)),
        min_size=TICKS,
        max_size=TICKS,
    ),
    st.sampled_from([15, 40, 80]),
)
def test_no_seller_gets_more_from_a_market_than_its_steps(found, plan, hold):
    market, good = found
    outlet = _outlet(RULES, market, good, index=0, ticks=range(TICKS))
    ways = [course.steps for course in courses(outlet, hold=hold)]

    units, credits = sell_all_day(market, good, plan, hold=hold)

    assert credits <= max(worth(steps, units) for steps in ways)


def worth(steps, units: float) -> float:
    """The best that `units` bring on these steps."""
    credits = 0.0
    for step in sorted(steps, key=lambda one: -one.price):
        sold = min(units, step.units)
        credits, units = credits + sold * step.price, units - sold
        if units <= 0:
            break
    return credits


def test_good_seller_gets_most_of_what_the_steps_hold():
    good = MarketGood("IRON_ORE", "IMPORT", 50, 8, 60, -240, -4.0, pace=0.5)
    market = Market("X1-A-B", {"IRON_ORE": good}, phase=0, key=7, ticks=0)
    markets.wire(market, {})
    outlet = _outlet(RULES, market, good, index=0, ticks=range(4))
    ways = [course.steps for course in courses(outlet, hold=40)]

    units, credits = sell_all_day(market, good, [(1.1, 2)] * 4, hold=40)

    assert credits > 0.75 * max(worth(steps, units) for steps in ways)


# a whole fleet


@pytest.mark.parametrize(
    ("scenario", "seed", "hours"),
    [
        ("late_fleet", 3, 0.4),
        ("crowded_depots", 11, 0.3),
        ("rivals", 8, 0.3),
    ],
)
def test_no_run_beats_the_bound(scenario, seed, hours):
    done = backtest(f"--scenario={scenario}", f"--seed={seed}", f"--hours={hours}", "--json")
    run = json.loads(done.stdout)

    assert 0 <= run["bound"]["sold"] < run["bound"]["most"]
    assert run["bound"]["share"] == pytest.approx(
        run["bound"]["sold"] / run["bound"]["most"], abs=1e-4
    )


def test_more_time_and_a_larger_share_of_requests_allow_more():
    made = world()

    short, long = most(made, hours=1), most(made, hours=4)
    rationed = most(made, hours=4, share=0.05)

    assert short.credits < long.credits
    assert rationed.credits < long.credits


def test_larger_fleet_may_earn_more_and_none_nothing():
    made = world("first_day")
    ships = bound.of_ships(made, "LABRAT")
    situation = bound.look(made, "LABRAT", hours=2)
    larger = bound.of_ships(world("late_fleet"), "LABRAT")
    nobody = bound.Fleet({}, holds=0, largest_hold=0, speed=1, seen=frozenset())

    assert bound.most(situation, ships).credits < bound.most(situation, larger).credits
    assert bound.most(situation, nobody).credits == 0


def test_bound_counts_no_more_requests_than_there_are():
    found = most(world(), hours=1, share=0.05)

    assert found.requests <= 0.05 * 2.5 * 3600 + 0.05 * 32 + 2


# the solver


def test_programme_finds_the_best_mixture():
    best = linear.maximise(
        {"ore": 3.0, "gas": 5.0},
        [
            Limit({"ore": 1.0}, 4.0),
            Limit({"gas": 2.0}, 12.0),
            Limit({"ore": 3.0, "gas": 2.0}, 18.0),
        ],
    )

    assert best.value == pytest.approx(36)
    assert best.amounts == pytest.approx({"ore": 2.0, "gas": 6.0})


def test_programme_without_end_is_refused():
    with pytest.raises(RuntimeError, match="a programme of 1 columns"):
        linear.maximise({"ore": 1.0}, [Limit({"ore": -1.0}, 0.0)])
