"""Every scenario is what it says, and can be played, kept and restored."""

from datetime import timedelta

import pytest

from spacefleet.universe import UniverseRules, World
from spacefleet.universe.physics.markets import prices
from spacefleet.universe.scenarios import SCENARIOS, build

from .play import NOON, Player, play


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_a_scenario_can_be_entered_and_survives_a_restart(name):
    player = play(name, others=3)
    player.wait(3600)

    status, answer = player.send("GET", "/")
    copy = World.restore(player.world.snapshot())

    assert status == 200
    assert f"scenario {name}" in answer["description"]
    assert "{" not in answer["description"]
    assert copy.rules == player.world.rules
    assert copy.snapshot() == player.world.snapshot()


def test_a_late_fleet_has_fifty_ships():
    player = play("late_fleet")

    assert player.get("/my/agent")["shipCount"] == 50


def test_crowded_depots_are_over_nine_tenths_full():
    player = play("crowded_depots")

    haulers = [s for s in player.world.ships.values() if s.type == "SHIP_LIGHT_HAULER"]

    assert len(haulers) == 3
    assert all(ship.cargo_units * 10 >= ship.cargo_capacity * 9 for ship in haulers)


def test_tanking_prices_sink_to_a_fraction_and_stay_there():
    player = play("tanking_prices")
    market = player.market_of("IRON_ORE", "IMPORT")
    paid = []

    for hours in range(0, 8, 2):
        player.world.advance(NOON + timedelta(hours=hours))
        paid.append(prices(player.world.market(market).goods["IRON_ORE"])[1])

    assert max(paid[1:]) < 0.4 * paid[0]


def test_rivals_narrow_the_margin_between_markets():
    margins = []
    for name in ("first_day", "rivals"):
        player = play(name)
        player.world.advance(NOON + timedelta(hours=12))
        cost, _ = prices(player.world.market(player.market_of("FOOD", "EXPORT")).goods["FOOD"])
        _, gain = prices(player.world.market(player.market_of("FOOD", "IMPORT")).goods["FOOD"])
        margins.append(gain - cost)

    ordinary, contested = margins
    assert contested < 0.6 * ordinary


def charted(player: Player) -> dict[str, tuple[str | None, int]]:
    """Who charted what away from home, as the game tells it now."""
    world = player.world
    away = [system for system in world.systems.values() if system.home_of is None]
    for system in away:
        for page in range(1, system.size() // 20 + 2):
            player.get(f"/systems/{system.symbol}/waypoints?limit=20&page={page}")
    places = [place for system in away for place in system.waypoints.values()]
    return {place.symbol: (place.charted_by, place.charted_at) for place in places}


def test_rivals_chart_one_system_after_the_other_whoever_looks_when():
    curious, patient = (play("rivals", others=12, homes=2) for _ in range(2))
    shares = []

    for hours in range(0, 60, 12):
        curious.at = NOON + timedelta(hours=hours)
        found = charted(curious)
        shares.append(sum(who is not None for who, _ in found.values()) / len(found))
    patient.at = curious.at
    leaders = patient.send("GET", "/")[1]["leaderboards"]["mostSubmittedCharts"]

    assert charted(patient) == found
    assert shares == sorted(shares)
    assert shares[0] < 0.05 < shares[1] < shares[-1]
    assert {who for who, _ in found.values()} <= {None, "HERON", "MAGPIE", "OSPREY"}
    assert 0 < leaders[0]["chartCount"] <= len(found)


def test_who_comes_after_a_rival_finds_the_place_charted():
    player = play("rivals", others=6, homes=1)
    ship = player.world.ships["BADGER-2"]
    first, second = [
        next(iter(system.waypoints.values()))
        for system in player.world.systems.values()
        if system.home_of is None and system.size()
    ][:2]

    player.world.put(ship, first.symbol)
    ship.docked = False
    player.post(f"{player.probe}/chart")
    player.wait(10 * 86_400)
    player.world.put(ship, second.symbol)
    refusal = player.refused("POST", f"{player.probe}/chart")

    assert refusal["code"] == 4230
    assert first.charted_by == "BADGER"
    assert second.charted_by != "BADGER"


def test_rivals_chart_in_the_next_era_too():
    player = play("rivals", others=6, homes=1)
    player.world.reset(NOON + timedelta(days=7))
    player.token, player.at = "", NOON + timedelta(days=17)

    assert all(who for who, _ in charted(player).values())


def test_lost_surveys_expire_within_minutes():
    player = play("lost_surveys")
    player.fly(player.frigate, player.places(kind="ASTEROID")[0])
    player.post(f"{player.frigate}/survey")

    lives = [
        (survey.expires_at - player.world.now) / 60_000
        for survey in player.world.surveys.values()
    ]

    assert all(2 <= life <= 8 for life in lives)


def test_the_mining_yard_may_sell_more_than_it_does_live():
    world = build("first_day", seed=7, start=NOON, others=0, also_sold=("SHIP_ORE_HOUND",))

    yard = next(y for y in world.galaxy.yards.values() if "SHIP_SURVEYOR" in y.ships)

    assert list(yard.ships) == ["SHIP_MINING_DRONE", "SHIP_SURVEYOR", "SHIP_ORE_HOUND"]


def test_rules_may_be_given_whole_or_by_name():
    whole = build("first_day", seed=7, start=NOON, others=0, rules=UniverseRules(strict=True))
    named = build("first_day", seed=7, start=NOON, others=0, strict=True)

    assert whole.rules == named.rules
    with pytest.raises(TypeError, match="gravity"):
        build("first_day", seed=7, start=NOON, gravity=9.81)


def test_every_home_system_follows_the_template():
    for seed in range(12):
        world = build("first_day", seed=seed, start=NOON, others=0, homes=3)
        assert len(world.systems) == 3
        for system in world.systems.values():
            kinds = [place.type for place in system.waypoints.values()]
            markets = [s for s in system.waypoints if s in world.galaxy.markets]
            assert 72 <= len(kinds) <= 94
            assert 25 <= len(markets) <= 29
            assert sum(s in world.galaxy.yards for s in system.waypoints) == 3
            assert (kinds.count("JUMP_GATE"), kinds.count("ENGINEERED_ASTEROID")) == (1, 1)
            assert (kinds.count("FUEL_STATION"), kinds.count("GAS_GIANT")) == (4, 1)
            assert kinds.count("PLANET") == 7
            assert all(place.charted for place in system.waypoints.values())
