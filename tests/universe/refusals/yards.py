"""Refusals of shipyards."""

from tests.universe.play import Player

from .scenes import Ask, act, at_yard, frigate, hold, poor, scene


def fit(player: Player, kind: str, symbol: str) -> Ask:
    """Installing a part that lies in the hold, docked at a yard."""
    at_yard(player)
    hold(player, symbol, 1)
    return act(player, f"{kind}/install", {"symbol": symbol})


@scene(4246)
def _(player: Player) -> Ask:
    return act(player, "mounts/install", {"symbol": "MOUNT_TURRET_I"})


@scene(4247)
def _(player: Player) -> Ask:
    at_yard(player)
    return act(player, "mounts/remove", {"symbol": "MOUNT_TURRET_I"})


@scene(4248)
def _(player: Player) -> Ask:
    poor(player)
    return fit(player, "mounts", "MOUNT_TURRET_I")


@scene(4249)
def _(player: Player) -> Ask:
    frigate(player).modules.remove("MODULE_CARGO_HOLD_II")
    frigate(player).modules.remove("MODULE_GAS_PROCESSOR_I")
    return fit(player, "modules", "MODULE_ORE_REFINERY_I")


@scene(4250)
def _(player: Player) -> Ask:
    return fit(player, "modules", "MODULE_ORE_REFINERY_I")


@scene(4251)
def _(player: Player) -> Ask:
    frigate(player).mounts.append("MOUNT_TURRET_I")
    return fit(player, "mounts", "MOUNT_TURRET_I")


@scene(4252)
def _(player: Player) -> Ask:
    frigate(player).modules.remove("MODULE_CREW_QUARTERS_I")
    return fit(player, "mounts", "MOUNT_TURRET_I")


@scene(4263)
def _(player: Player) -> Ask:
    return act(player, "scrap")


@scene(4264)
def _(player: Player) -> Ask:
    return act(player, "repair")


@scene(4265)
def _(player: Player) -> Ask:
    at_yard(player)
    poor(player)
    frigate(player).frame.condition = 0.1
    return act(player, "repair")


@scene(4266)
def _(player: Player) -> Ask:
    return act(player, "modules/install", {"symbol": "MODULE_CARGO_HOLD_I"})


@scene(4267)
def _(player: Player) -> Ask:
    at_yard(player)
    return act(player, "modules/remove", {"symbol": "MODULE_CARGO_HOLD_I"})


@scene(4268)
def _(player: Player) -> Ask:
    frigate(player).modules.remove("MODULE_GAS_PROCESSOR_I")
    poor(player)
    return fit(player, "modules", "MODULE_GAS_PROCESSOR_I")
