"""Galaxies of every size: homes for all factions, gates like the live ones, hidden traits."""

from collections import Counter
from math import dist
from statistics import mean, median

import pytest

from spacefleet.universe import World, ordinary, stars
from spacefleet.universe.catalog import home
from spacefleet.universe.catalog.factions import FACTIONS
from spacefleet.universe.chance import Stream
from spacefleet.universe.scenarios import build
from spacefleet.universe.shelf import Shelf

from .conftest import recorded
from .play import NOON, Player, play

RECRUITING = [faction.symbol for faction in FACTIONS.values() if faction.recruiting]


def galaxy(systems: int, *, seed: int = 1, **options) -> World:
    return build("first_day", seed=seed, start=NOON, others=systems - 19, **options)


@pytest.fixture(scope="module")
def large() -> World:
    return galaxy(2000)


# --- size ------------------------------------------------------------------------------------


@pytest.mark.parametrize("systems", [1000, 7000])
def test_a_galaxy_has_as_many_systems_as_asked_for(systems):
    world = galaxy(systems)

    assert len(world.systems) == systems
    assert world.galaxy.count_waypoints() > 15 * systems


def test_many_systems_can_be_drawn_to_the_last_market():
    world = galaxy(1000)

    markets, yards, places = (
        len(shelf) for shelf in (world.galaxy.markets, world.galaxy.yards, world.waypoints)
    )

    assert places == world.galaxy.count_waypoints()
    assert markets > 5000
    assert yards > 300


def test_an_ordinary_galaxy_has_hundreds_of_systems_and_a_home_for_every_faction():
    world = build("first_day", seed=3, start=NOON)

    homes = [system.home_of for system in world.systems.values() if system.home_of]
    assert len(world.systems) == 250
    assert sorted(homes) == sorted(FACTIONS)
    assert homes[: len(RECRUITING)] == RECRUITING


def test_only_what_was_looked_at_has_been_drawn():
    player = play(others=500)

    drawn = [s for s in player.world.systems.values() if s.drawn_by is None]

    assert [system.symbol for system in drawn] == [player.system]
    made = player.world.galaxy.markets.made()
    assert all(market.waypoint.startswith(player.system) for market in made)


def test_what_is_drawn_does_not_depend_on_who_looks_when():
    early, late = galaxy(60, seed=9), galaxy(60, seed=9)
    for symbol in early.systems:
        early.systems[symbol].draw()
    for symbol in reversed(list(late.systems)):
        for place in late.systems[symbol].waypoints:
            late.market(place)

    for symbol, place in early.waypoints.items():
        assert late.waypoints[symbol] == place
    assert dict(early.galaxy.markets.items()) == dict(late.galaxy.markets.items())


def test_a_shelf_counts_and_contains_what_nobody_has_asked_for():
    shelf: Shelf[str] = Shelf(lambda symbol: None, lambda symbol, terms: f"{symbol} {terms}")
    shelf.order("A1", "market")
    shelf.order("B2", "market")

    assert "A1" in shelf
    assert shelf.made() == []
    assert shelf.get("C3") is None
    assert shelf["B2"] == "B2 market"
    assert shelf.made() == ["B2 market"]
    assert sorted(shelf) == ["A1", "B2"]
    with pytest.raises(KeyError):
        shelf["C3"]


@pytest.mark.parametrize("options", [{"homes": 0}, {"others": -1}])
def test_impossible_galaxies_are_refused(options):
    with pytest.raises(ValueError, match="must be at least|cannot be below"):
        build("first_day", seed=1, start=NOON, **options)


# --- homes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("faction", RECRUITING)
def test_agents_start_in_the_home_of_their_faction(faction):
    world = build("first_day", seed=7, start=NOON, others=0)

    for symbol in ("BADGER", "FOX"):
        data = Player(world, symbol=symbol).register(faction)
        here = world.systems[data["agent"]["headquarters"].rpartition("-")[0]]
        assert here.home_of == faction
        assert here.gate is not None
        assert world.waypoints[here.gate].under_construction


def test_agents_of_a_faction_spread_over_its_homes():
    world = build("first_day", seed=7, start=NOON, others=0, homes=2 * len(FACTIONS))

    seats = Counter()
    for number in range(6):
        data = Player(world, symbol=f"FOX{number}").register("VOID")
        seats[data["agent"]["headquarters"]] += 1

    assert list(seats.values()) == [3, 3]


def test_home_gates_may_be_open_from_the_beginning():
    world = build("first_day", seed=7, start=NOON, others=30, gate_open=True)

    for system in list(world.systems.values())[:19]:
        assert not world.waypoints[system.gate].under_construction
        assert world.galaxy.constructions[system.gate].complete


# --- stars and gates --------------------------------------------------------------------------------


def test_stars_are_of_the_live_types_and_only_some_types_have_gates(large):
    types = Counter(system.type for system in large.systems.values())
    gated = Counter(large.systems[symbol].type for symbol in large.galaxy.links)

    total = sum(stars.STAR_TYPES.values())
    for kind, count in stars.STAR_TYPES.items():
        assert types[kind] / 2000 == pytest.approx(count / total, abs=0.03)
    assert set(gated) == set(stars.GATE_SHARE)
    assert len(large.galaxy.links) / 2000 == pytest.approx(3101 / 6996, abs=0.03)


def test_no_two_stars_are_nearer_than_live_ones(large):
    spots = sorted((system.x, system.y) for system in large.systems.values())

    for index, spot in enumerate(spots):
        for other in spots[index + 1 :]:
            if other[0] - spot[0] >= stars.LEAST_DISTANCE:
                break
            assert dist(spot, other) >= stars.LEAST_DISTANCE


def test_systems_are_called_like_live_ones(large):
    patterns = Counter(
        "".join("A" if sign.isalpha() else "9" for sign in symbol.partition("-")[2])
        for symbol in large.systems
    )

    assert set(patterns) == set(stars.NAMES)
    assert patterns["AA99"] / 2000 == pytest.approx(0.88, abs=0.03)


@pytest.mark.parametrize("systems", [20, 60, 250])
def test_all_gates_form_one_network_in_both_directions(systems):
    world = galaxy(systems, seed=systems)
    gates = world.galaxy.gates
    reached, todo = set(), [next(iter(gates))]
    while todo:
        gate = todo.pop()
        if gate not in reached:
            reached.add(gate)
            todo.extend(gates[gate])

    assert reached == set(gates)
    assert all(gate in gates[other] for gate in gates for other in gates[gate])
    assert max(map(len, gates.values())) <= 9


def test_connections_are_as_long_and_as_many_as_live_ones(large):
    systems, links = large.systems, large.galaxy.links
    lengths = [
        dist((systems[a].x, systems[a].y), (systems[b].x, systems[b].y))
        for a, others in links.items()
        for b in others
    ]

    assert 705 <= median(lengths) <= 2034
    assert 4.0 <= mean(map(len, links.values())) <= 5.0


def test_the_recorded_stars_are_joined_like_the_recorded_network():
    """The rule by which gates are joined, on the live stars themselves."""
    from spacefleet.universe import gates
    from spacefleet.universe.galaxy import Galaxy
    from spacefleet.universe.rules import UniverseRules
    from spacefleet.universe.state import System

    live = recorded("galaxy_2026-07-04.json")
    here = Galaxy(seed=1, start=0, rules=UniverseRules())
    for symbol, kind, x, y, gate, *_ in live["systems"]:
        here.systems[symbol] = System(symbol, kind, x, y, [])
        if gate:
            here.links[symbol] = []

    gates.connect(here, chance=Stream("live"))

    def lengths(pairs):
        spots = {name: (system.x, system.y) for name, system in here.systems.items()}
        return sorted(dist(spots[a], spots[b]) for a, b in pairs)

    ours = lengths((a, b) for a, others in here.links.items() for b in others if a < b)
    theirs = lengths(live["edges"])
    assert len(ours) == pytest.approx(len(theirs), rel=0.05)
    for share in (0.05, 0.25, 0.5, 0.75, 0.9):
        mine, live_length = ours[int(share * len(ours))], theirs[int(share * len(theirs))]
        assert mine == pytest.approx(live_length, rel=0.06)


# --- ordinary systems --------------------------------------------------------------------------------


def test_a_plan_knows_how_much_will_be_drawn():
    for number in range(300):
        world_seed = f"plan {number}"
        plan = ordinary.plan(Stream(world_seed), gate=number % 2 == 0)
        assert plan.size() == plan.size()
    world = galaxy(120, seed=4)
    foretold = {name: system.size() for name, system in world.systems.items()}

    assert foretold == {name: len(system.waypoints) for name, system in world.systems.items()}


def test_ordinary_systems_hold_what_captured_ones_hold(large):
    systems = [large.systems[name] for name in list(large.galaxy.links)[19:]]
    means = {
        kind: mean(sum(w.type == kind for w in s.waypoints.values()) for s in systems)
        for kind in (
            "PLANET",
            "MOON",
            "ORBITAL_STATION",
            "GAS_GIANT",
            "FUEL_STATION",
            "ASTEROID",
        )
    }

    census = {
        "PLANET": 3.3,
        "MOON": 4.7,
        "ORBITAL_STATION": 2.3,
        "GAS_GIANT": 1.3,
        "FUEL_STATION": 2.4,
        "ASTEROID": 30.7,
    }
    for kind, expected in census.items():
        assert means[kind] == pytest.approx(expected, rel=0.2), kind


def test_gates_lie_where_captured_ones_lie_beside_their_fuel(large):
    systems = [large.systems[name] for name in list(large.galaxy.links)[19:200]]

    for system in systems:
        gate = large.waypoints[system.gate]
        fuel = [w for w in system.waypoints.values() if w.type == "FUEL_STATION"]
        assert 447 <= dist((0, 0), (gate.x, gate.y)) <= 453
        assert any(
            abs(w.x * gate.y - w.y * gate.x) < 450 * 3 and w.x * gate.x + w.y * gate.y > 0
            for w in fuel
        )


def test_places_are_called_after_their_number(large):
    import re

    for system in list(large.systems.values())[30:130]:
        names = [symbol.rpartition("-")[2] for symbol in system.waypoints]
        numbers = [int(re.fullmatch(r"[A-FXZ]{1,2}(\d+)[A-FXZ]", name)[1]) for name in names]
        assert numbers == list(range(1, len(names) + 1))
        assert all(len(name) == 4 for name, n in zip(names, numbers, strict=True) if n < 100)


def test_systems_without_a_gate_are_nearly_empty(large):
    sizes = [s.size() for name, s in large.systems.items() if name not in large.galaxy.links]

    assert 2.5 <= mean(sizes) <= 4.0
    assert max(sizes) < 30


def test_traits_are_hidden_until_charted_but_filters_see_them():
    player = play(others=40)
    system = next(
        s
        for s in player.world.systems.values()
        if not s.home_of and any("MARKETPLACE" in w.traits for w in s.waypoints.values())
    )
    path = f"/systems/{system.symbol}/waypoints"

    markets = player.get(f"{path}?traits=MARKETPLACE&limit=20")

    assert markets
    for shown in markets:
        assert [trait["symbol"] for trait in shown["traits"]] == ["UNCHARTED"]
        assert "chart" not in shown
        assert "MARKETPLACE" in player.world.waypoints[shown["symbol"]].traits
        assert player.refused("GET", f"{path}/{shown['symbol']}/market")["code"] == 4001


def test_exports_of_ordinary_markets_are_made_of_what_the_market_imports(large):
    from spacefleet.universe.catalog.supply_chain import RECIPES

    checked = 0
    for name in list(large.galaxy.links)[19:120]:
        for symbol in large.systems[name].waypoints:
            market = large.galaxy.markets.get(symbol)
            for good in market.goods.values() if market else ():
                if good.kind == "EXPORT":
                    assert set(RECIPES[good.symbol]) <= set(market.goods)
                    checked += 1
    assert checked > 300


def test_every_home_has_the_bands_of_the_template(large):
    for system in list(large.systems.values())[:19]:
        radii = {
            role.radius for role in home.ROLES if role.parent is None and role.band != "ENG"
        }
        found = [dist((0, 0), (w.x, w.y)) for w in system.waypoints.values()]
        assert all(any(abs(radius - f) <= 2 for f in found) for radius in radii)
