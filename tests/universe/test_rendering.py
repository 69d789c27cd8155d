"""What is kept of an answer is what would be answered anew, whatever happens in between."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spacefleet.universe import World
from spacefleet.universe.api import render

from .play import Player
from .test_conservation import Table, move

MOMENT = st.tuples(st.just("wait"), st.sampled_from([0.001, 0.25, 0.999, 1.0, 1.001, 69.0]))
FITTINGS = st.tuples(
    st.sampled_from(["mounts", "modules"]),
    st.sampled_from(["install", "remove"]),
    st.sampled_from(
        ["MOUNT_MINING_LASER_I", "MODULE_CARGO_HOLD_I", "MODULE_MINERAL_PROCESSOR_I"]
    ),
)


def shown(world: World) -> dict[str, str]:
    """Everything that remembers how it looks, as it is shown."""
    galaxy = world.galaxy
    texts = {name: render.ship(world, ship) for name, ship in world.ships.items()}
    for market in galaxy.markets.made():
        texts[f"market {market.waypoint}"] = render.market(world, market, prices=True)
    for yard in galaxy.yards.made():
        texts[f"yard {yard.waypoint}"] = render.yard(world, yard, prices=True)
    for place in galaxy.waypoints.made():
        texts[place.symbol] = render.waypoint(world, place)
    return texts


def rendered_anew(world: World) -> dict[str, str]:
    """The same, from copies that remember nothing."""
    galaxy = world.galaxy
    texts = {}
    for name, ship in world.ships.items():
        copy = replace(ship, outfit="", route="", text="", text_until=0)
        texts[name] = render.ship(world, copy)
    for market in galaxy.markets.made():
        copy = replace(market, listing="", prices="")
        texts[f"market {market.waypoint}"] = render.market(world, copy, prices=True)
    for yard in galaxy.yards.made():
        copy = replace(yard, prices="")
        texts[f"yard {yard.waypoint}"] = render.yard(world, copy, prices=True)
    for place in galaxy.waypoints.made():
        texts[place.symbol] = render.waypoint(world, replace(place, text="", stop=""))
    return texts


class Yard(Table):
    """The table of two players, at which ships are worn and refitted as well."""

    def play(self, action: str, *words: object) -> None:
        if action in ("mounts", "modules"):
            ship = "/my/ships/BADGER-3"
            self.badger.send("POST", f"{ship}/{action}/{words[0]}", {"symbol": words[1]})
        else:
            super().play(action, *words)


@pytest.mark.parametrize("speed", [0.5, 1.0, 60.0])
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(st.one_of(move, MOMENT, FITTINGS), max_size=40))
def test_what_is_remembered_is_never_out_of_date(speed, moves):
    table = Yard(start_credits=900_000, wear_chance=0.5, speed=speed)

    for made in moves:
        table.play(*made)
        table.world.advance(table.badger.at)
        assert shown(table.world) == rendered_anew(table.world)


def test_a_ship_is_shown_under_way_and_then_at_its_end(player: Player):
    target = player.places(kind="ENGINEERED_ASTEROID")[0]
    player.post(f"{player.frigate}/orbit")
    player.post(f"{player.frigate}/navigate", {"waypointSymbol": target})

    flying = [player.get(player.frigate)["nav"]["status"] for _ in range(2)]
    player.wait(3600)
    there = player.get("/my/ships")[0]["nav"]["status"]

    assert (flying, there) == (["IN_TRANSIT"] * 2, "IN_ORBIT")


def test_a_cooldown_is_counted_down_a_second_at_a_time(player: Player):
    player.fly(player.frigate, player.places(kind="ENGINEERED_ASTEROID")[0])
    player.post(f"{player.frigate}/extract")

    told = []
    for _ in range(4):
        told.append(player.get(player.frigate)["cooldown"]["remainingSeconds"])
        player.wait(0.5)

    assert told[0] == told[1] + (told[0] != told[1])
    assert told[0] - told[2] == told[1] - told[3] == 1
