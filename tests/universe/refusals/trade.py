"""Refusals of holds, markets and those who sell ships."""

from tests.universe.play import Player

from .scenes import Ask, act, at_yard, hold, other_player, poor, put, scene


@scene(4216)
def _(player: Player) -> Ask:
    poor(player)
    yard = at_yard(player)
    body = {"shipType": "SHIP_MINING_DRONE", "waypointSymbol": yard}
    return Ask("POST", "/my/ships", body)


@scene(4217)
def _(player: Player) -> Ask:
    put(player, player.market_of("FUEL", "EXCHANGE"), docked=True)
    hold(player, "IRON", 40)
    return act(player, "purchase", {"symbol": "FUEL", "units": 1})


@scene(4218)
def _(player: Player) -> Ask:
    return act(player, "jettison", {"symbol": "GOLD", "units": 1})


@scene(4219)
def _(player: Player) -> Ask:
    hold(player, "GOLD", 1)
    return act(player, "jettison", {"symbol": "GOLD", "units": 2})


def transfer(player: Player, ship: str) -> Ask:
    hold(player, "IRON", 5)
    return act(player, "transfer", {"tradeSymbol": "IRON", "units": 1, "shipSymbol": ship})


@scene(4231)
def _(player: Player) -> Ask:
    return transfer(player, "BADGER-9")


@scene(4232)
def _(player: Player) -> Ask:
    other_player(player)
    return transfer(player, "FOX-1")


@scene(4233)
def _(player: Player) -> Ask:
    return transfer(player, "BADGER-1")


@scene(4234)
def _(player: Player) -> Ask:
    return transfer(player, "BADGER-2")


@scene(4271)
def _(player: Player) -> Ask:
    put(player, player.world.ships["BADGER-2"].waypoint)
    return transfer(player, "BADGER-2")


@scene(4245)
def _(player: Player) -> Ask:
    body = {"shipType": "SHIP_PROBE", "waypointSymbol": player.places(kind="GAS_GIANT")[0]}
    return Ask("POST", "/my/ships", body)


@scene(4605)
def _(player: Player) -> Ask:
    body = {"shipType": "SHIP_EXPLORER", "waypointSymbol": at_yard(player)}
    return Ask("POST", "/my/ships", body)


@scene(4600)
def _(player: Player) -> Ask:
    put(player, player.market_of("FUEL", "EXCHANGE"), docked=True)
    poor(player)
    return act(player, "purchase", {"symbol": "FUEL", "units": 1})


@scene(4601)
def _(player: Player) -> Ask:
    put(player, player.market_of("IRON", "EXPORT"), docked=True)
    return act(player, "purchase", {"symbol": "DIAMONDS", "units": 1})


@scene(4602)
def _(player: Player) -> Ask:
    put(player, player.market_of("IRON", "EXPORT"), docked=True)
    hold(player, "DIAMONDS", 1)
    return act(player, "sell", {"symbol": "DIAMONDS", "units": 1})


@scene(4604)
def _(player: Player) -> Ask:
    put(player, player.market_of("IRON", "EXPORT"), docked=True)
    return act(player, "purchase", {"symbol": "IRON", "units": 4000})
