"""Refusals of ships that are asked to work."""

from typing import Any

from tests.universe.play import Player

from .scenes import Ask, act, at_rock, change_rules, frigate, hold, put, scene


def surveyed(player: Player) -> dict[str, Any]:
    """A fresh survey of the rock where the frigate now stands, rested."""
    at_rock(player)
    survey: dict[str, Any] = player.post(f"{player.frigate}/survey")["surveys"][0]
    player.wait(100)
    return survey


@scene(4000)
def _(player: Player) -> Ask:
    at_rock(player)
    player.post(f"{player.frigate}/survey")
    return act(player, "extract")


@scene(4205)
def _(player: Player) -> Ask:
    put(player, player.places(kind="GAS_GIANT")[0])
    return act(player, "extract")


@scene(4215)
def _(player: Player) -> Ask:
    at_rock(player)
    frigate(player).mounts.clear()
    return act(player, "scan/ships")


@scene(4220)
def _(player: Player) -> Ask:
    return act(player, "extract/survey", surveyed(player) | {"size": "ENORMOUS"})


@scene(4221)
def _(player: Player) -> Ask:
    survey = surveyed(player)
    player.wait(3600)
    return act(player, "extract/survey", survey)


@scene(4222)
def _(player: Player) -> Ask:
    put(player, player.places(kind="GAS_GIANT")[0])
    return act(player, "survey")


@scene(4223)
def _(player: Player) -> Ask:
    put(player, at_rock(player), docked=True)
    return act(player, "survey")


@scene(4224)
def _(player: Player) -> Ask:
    survey = surveyed(player)
    player.world.surveys[survey["signature"]].remaining = 0
    return act(player, "extract/survey", survey)


@scene(4228)
def _(player: Player) -> Ask:
    at_rock(player)
    hold(player, "IRON", 40)
    return act(player, "extract")


@scene(4230)
def _(player: Player) -> Ask:
    return act(player, "chart")


@scene(4238)
def _(player: Player) -> Ask:
    frigate(player).modules.append("MODULE_FUEL_REFINERY_I")
    return act(player, "refine", {"produce": "IRON"})


@scene(4239)
def _(player: Player) -> Ask:
    return act(player, "refine", {"produce": "IRON"})


@scene(4240)
def _(player: Player) -> Ask:
    at_rock(player)
    frigate(player).mounts.clear()
    return act(player, "survey")


@scene(4242)
def _(player: Player) -> Ask:
    at_rock(player)
    frigate(player).modules.clear()
    return act(player, "extract")


@scene(4243)
def _(player: Player) -> Ask:
    at_rock(player)
    frigate(player).mounts.clear()
    return act(player, "extract")


@scene(4253)
def _(player: Player) -> Ask:
    rock = player.world.waypoints[at_rock(player)]
    change_rules(player, unstable_failure=1.0)
    for _ in range(200):
        player.world.strain(rock)
    return act(player, "extract")


@scene(4257)
def _(player: Player) -> Ask:
    put(player, player.places(kind="GAS_GIANT")[0])
    frigate(player).modules.clear()
    return act(player, "siphon")


@scene(4258)
def _(player: Player) -> Ask:
    put(player, player.places(kind="GAS_GIANT")[0])
    frigate(player).mounts.clear()
    return act(player, "siphon")


@scene(4259)
def _(player: Player) -> Ask:
    at_rock(player)
    return act(player, "siphon")


@scene(4261)
def _(player: Player) -> Ask:
    rock = player.world.waypoints[at_rock(player)]
    rock.traits = ["MARKETPLACE"]
    return act(player, "extract")


@scene(4270)
def _(player: Player) -> Ask:
    survey = surveyed(player)
    put(player, player.places(kind="ASTEROID")[0])
    return act(player, "extract/survey", survey)
