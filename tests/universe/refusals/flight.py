"""Refusals of ships that are asked to move."""

from tests.universe.play import Player

from .scenes import Ask, act, at_gate, at_rock, frigate, scene


def neighbour(player: Player, *, opened: bool = True) -> str:
    far = player.world.galaxy.gates[at_gate(player)][0]
    player.world.waypoints[far].under_construction = not opened
    return far


def elsewhere(player: Player) -> str:
    """A waypoint in another system."""
    return next(name for name in player.world.waypoints if player.system not in name)


@scene(4001)
def _(player: Player) -> Ask:
    market = player.world.waypoints[player.market_of("IRON", "EXPORT")]
    market.charted_by = None
    return Ask("GET", f"/systems/{player.system}/waypoints/{market.symbol}/market")


@scene(4201)
def _(player: Player) -> Ask:
    at_rock(player)
    return act(player, "navigate", {"waypointSymbol": "X1-NO-WHERE"})


@scene(4202)
def _(player: Player) -> Ask:
    at_rock(player)
    return act(player, "navigate", {"waypointSymbol": elsewhere(player)})


@scene(4203)
def _(player: Player) -> Ask:
    at_rock(player)
    frigate(player).fuel = 1
    return act(player, "navigate", {"waypointSymbol": player.places(kind="GAS_GIANT")[0]})


@scene(4204)
def _(player: Player) -> Ask:
    return act(player, "navigate", {"waypointSymbol": at_rock(player)})


@scene(4214)
def _(player: Player) -> Ask:
    at_rock(player)
    target = {"waypointSymbol": player.places(kind="GAS_GIANT")[0]}
    player.post(f"{player.frigate}/navigate", target)
    return act(player, "dock")


@scene(4235)
def _(player: Player) -> Ask:
    at_rock(player)
    frigate(player).modules.append("MODULE_WARP_DRIVE_I")
    return act(player, "warp", {"waypointSymbol": player.places()[0]})


@scene(4236)
def _(player: Player) -> Ask:
    return act(player, "navigate", {"waypointSymbol": player.places()[1]})


@scene(4241)
def _(player: Player) -> Ask:
    at_rock(player)
    return act(player, "warp", {"waypointSymbol": elsewhere(player)})


@scene(4244)
def _(player: Player) -> Ask:
    at_rock(player)
    return act(player, "refuel")


@scene(4254)
def _(player: Player) -> Ask:
    at_rock(player)
    gate = player.world.systems[player.system].gate
    return act(player, "jump", {"waypointSymbol": gate})


@scene(4255)
def _(player: Player) -> Ask:
    return act(player, "jump", {"waypointSymbol": at_gate(player)})


@scene(4256)
def _(player: Player) -> Ask:
    far = neighbour(player)
    at_gate(player, opened=False)
    return act(player, "jump", {"waypointSymbol": far})


@scene(4262)
def _(player: Player) -> Ask:
    return act(player, "jump", {"waypointSymbol": neighbour(player, opened=False)})


@scene(4269)
def _(player: Player) -> Ask:
    at_rock(player)
    target = {"waypointSymbol": player.places(kind="GAS_GIANT")[0]}
    player.post(f"{player.frigate}/navigate", target)
    return Ask("PATCH", f"{player.frigate}/nav", {"flightMode": "DRIFT"})
