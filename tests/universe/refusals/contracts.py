"""Refusals of contracts and of what is being built."""

from tests.universe.play import Player

from .scenes import Ask, act, at_gate, at_rock, frigate, put, scene


def deal(player: Player, action: str, body: object | None = None) -> Ask:
    (contract,) = player.world.agents[player.symbol].contracts.values()
    return Ask("POST", f"/my/contracts/{contract.id}/{action}", body)


def delivery(player: Player, *, good: str | None = None, units: int = 1) -> Ask:
    """A delivery of an accepted contract, the frigate docked where it goes."""
    (contract,) = player.world.agents[player.symbol].contracts.values()
    contract.accepted = True
    put(player, contract.destination, docked=True)
    body = {"shipSymbol": "BADGER-1", "tradeSymbol": good or contract.good, "units": units}
    return deal(player, "deliver", body)


def supply(player: Player, good: str, *, units: int = 1) -> Ask:
    gate = at_gate(player, opened=False)
    body = {"shipSymbol": "BADGER-1", "tradeSymbol": good, "units": units}
    path = f"/systems/{player.system}/waypoints/{gate}/construction/supply"
    return Ask("POST", path, body)


@scene(4501)
def _(player: Player) -> Ask:
    player.post(deal(player, "accept").path)
    return deal(player, "accept")


@scene(4502)
def _(player: Player) -> Ask:
    player.post(deal(player, "accept").path)
    return deal(player, "fulfill")


@scene(4503)
def _(player: Player) -> Ask:
    player.wait(2 * 86_400)
    return deal(player, "accept")


@scene(4504)
def _(player: Player) -> Ask:
    (contract,) = player.world.agents["BADGER"].contracts.values()
    contract.accepted = contract.fulfilled = True
    return deal(player, "fulfill")


@scene(4505)
def _(player: Player) -> Ask:
    return deal(player, "fulfill")


@scene(4508)
def _(player: Player) -> Ask:
    return delivery(player, good="DIAMONDS")


@scene(4509)
def _(player: Player) -> Ask:
    return delivery(player, units=1000)


@scene(4510)
def _(player: Player) -> Ask:
    ask = delivery(player)
    at_rock(player)
    return ask


@scene(4511)
def _(player: Player) -> Ask:
    return act(player, "negotiate/contract")


@scene(4700)
def _(player: Player) -> Ask:
    player.world.waypoints[at_rock(player)].faction = None
    return act(player, "negotiate/contract")


@scene(4800)
def _(player: Player) -> Ask:
    return supply(player, "IRON")


@scene(4801)
def _(player: Player) -> Ask:
    ask = supply(player, "FAB_MATS")
    for material in player.world.galaxy.constructions[
        frigate(player).waypoint
    ].materials.values():
        material[1] = material[0]
    return ask


@scene(4802)
def _(player: Player) -> Ask:
    ask = supply(player, "FAB_MATS")
    at_rock(player)
    return ask
