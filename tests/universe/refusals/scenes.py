"""What scenes are made of.

A scene arranges the world of a player whose frigate stands docked at headquarters, and gives the
request that is then refused with its code.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from spacefleet.universe.state import Ship
from tests.universe.play import Player

SCENES: dict[int, Callable[[Player], "Ask"]] = {}


@dataclass(frozen=True, slots=True)
class Ask:
    """A request; `token` is the player's own unless told."""

    method: str
    path: str
    body: object | None = None
    token: str | None = None
    content_type: str = "application/json"


Scene = Callable[[Player], Ask]


def scene(code: int) -> Callable[[Scene], Scene]:
    def note(arrange: Scene) -> Scene:
        SCENES[code] = arrange
        return arrange

    return note


def act(player: Player, action: str, body: object | None = None) -> Ask:
    return Ask("POST", f"{player.frigate}/{action}", body)


def frigate(player: Player) -> Ship:
    return player.world.ships[f"{player.symbol}-1"]


def put(player: Player, waypoint: str, *, docked: bool = False) -> Ship:
    """Set the frigate down somewhere without flying it there."""
    vessel = frigate(player)
    player.world.put(vessel, waypoint)
    vessel.docked, vessel.arrives_at = docked, 0
    return vessel


def hold(player: Player, good: str, units: int) -> Ship:
    frigate(player).load(good, units)
    return frigate(player)


def change_rules(player: Player, **rules: Any) -> None:
    player.world.rules = replace(player.world.rules, **rules)


def poor(player: Player) -> None:
    player.world.agents[player.symbol].credits = 0


def at_rock(player: Player) -> str:
    rock = player.places(kind="ENGINEERED_ASTEROID")[0]
    put(player, rock)
    return rock


def at_yard(player: Player) -> str:
    yard = player.world.ships[f"{player.symbol}-2"].waypoint
    put(player, yard, docked=True)
    return yard


def at_gate(player: Player, *, opened: bool = True) -> str:
    gate = player.world.systems[player.system].gate
    assert gate is not None
    put(player, gate)
    player.world.waypoints[gate].under_construction = not opened
    return gate


def other_player(player: Player) -> Player:
    fox = Player(player.world, symbol="FOX", at=player.at)
    fox.register()
    return fox
