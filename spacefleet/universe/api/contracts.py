"""Contracts: list, accept, deliver, fulfil, negotiate."""

from typing import TYPE_CHECKING

from spacefleet.universe import registry
from spacefleet.universe.physics import contracts as law
from spacefleet.universe.physics.markets import IMPORT
from spacefleet.universe.state import Contract, MarketGood, Waypoint

from . import cargo, render
from .call import Call, Reply, created, done, listed, ok
from .errors import refuse

if TYPE_CHECKING:
    from spacefleet.universe.world import World


def list_contracts(call: Call) -> Reply:
    page, limit = call.page()
    deals = list(call.player.contracts.values())
    chosen = deals[(page - 1) * limit : page * limit]
    items = [render.contract(call.world, deal) for deal in chosen]
    return listed(items, total=len(deals), page=page, limit=limit)


def show(call: Call) -> Reply:
    return ok(render.contract(call.world, _contract(call)))


def accept(call: Call) -> Reply:
    deal, player = _contract(call), call.player
    if deal.accepted:
        raise refuse(4501, {"contractId": deal.id}, contract=deal.id)
    if call.now >= deal.accept_by:
        raise refuse(4503, {"contractId": deal.id})
    deal.accepted = True
    player.credits += deal.on_accepted
    player.due_at = deal.deadline
    call.world.record(player, None, "accept", contract=deal.id, credits=deal.on_accepted)
    return done(contract=render.contract(call.world, deal), agent=render.agent(player))


def deliver(call: Call) -> Reply:
    deal = _contract(call)
    ship = call.own_ship(call.symbol("shipSymbol"))
    good, units = call.symbol("tradeSymbol"), call.units()
    _require_running(call, deal)
    if good != deal.good:
        raise refuse(4508, {"contractId": deal.id, "tradeSymbol": good}, good=good)
    cargo.require_arrived(call, ship)
    if ship.waypoint != deal.destination:
        raise refuse(
            4510,
            {"destinationSymbol": deal.destination},
            ship=ship.symbol,
            waypoint=deal.destination,
        )
    cargo.require_docked(call, ship)
    if deal.delivered + units > deal.units:
        raise refuse(4509, {"contractId": deal.id, "tradeSymbol": good}, good=good)
    cargo.require_cargo(ship, good, units)
    ship.unload(good, units)
    deal.delivered += units
    _feed(call.world, deal.destination, good, units)
    call.world.record(call.player, ship, "deliver", contract=deal.id, good=good, units=units)
    return done(contract=render.contract(call.world, deal), cargo=render.cargo(ship))


def fulfill(call: Call) -> Reply:
    deal, player = _contract(call), call.player
    _require_running(call, deal)
    if deal.delivered < deal.units:
        raise refuse(4502, {"contractId": deal.id}, good=deal.good)
    deal.fulfilled = True
    player.credits += deal.on_fulfilled
    call.world.record(player, None, "fulfill", contract=deal.id, credits=deal.on_fulfilled)
    return done(contract=render.contract(call.world, deal), agent=render.agent(player))


def negotiate(call: Call) -> Reply:
    """One open contract an agent; the faction is that of the waypoint."""
    ship, player, world = call.ship(), call.player, call.world
    cargo.require_arrived(call, ship)
    here = call.here(ship)
    if here.faction is None:
        raise refuse(4700, {"waypointSymbol": here.symbol}, waypoint=here.symbol)
    for deal in player.contracts.values():
        if deal.open(call.now):
            raise refuse(
                4511,
                {"agentSymbol": player.symbol, "contractId": deal.id},
                agent=player.symbol,
            )
    good, destination = _wanted(world, here)
    terms = law.negotiated(base=good.base, volume=good.volume, chance=world.chance("contracts"))
    contract = registry.offer(
        world,
        player,
        faction=here.faction,
        good=good.symbol,
        destination=destination,
        terms=terms,
    )
    return created(contract=render.contract(world, contract))


def _wanted(world: "World", here: Waypoint) -> tuple[MarketGood, str]:
    """A good that some market of this system imports, and that market."""
    wants = [
        (good, market.waypoint)
        for symbol in world.systems[here.system].waypoints
        if (market := world.galaxy.markets.get(symbol)) is not None
        for good in market.goods.values()
        if good.kind == IMPORT
    ]
    if not wants:
        raise refuse(4700, {"waypointSymbol": here.symbol}, waypoint=here.symbol)
    return world.chance("contracts").choice(wants)


def _contract(call: Call) -> Contract:
    contract = call.player.contracts.get(call.params[0])
    if contract is None:
        raise refuse(404, what="Contract", symbol=call.params[0])
    return contract


def _require_running(call: Call, deal: Contract) -> None:
    if not deal.accepted:
        raise refuse(4505, {"contractId": deal.id}, contract=deal.id)
    if deal.fulfilled:
        raise refuse(4504, {"contractId": deal.id})
    if call.now >= deal.deadline:
        raise refuse(4503, {"contractId": deal.id})


def _feed(world: "World", waypoint: str, good: str, units: int) -> None:
    """Deliveries raise the supply where they go."""
    market = world.market(waypoint)
    if market is None or good not in market.goods or not world.rules.delivery_feeds_market:
        return
    market.goods[good].net += units
    market.prices = ""
