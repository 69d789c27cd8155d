"""Ships: looking at them, and buying more."""

from itertools import islice

from spacefleet.universe import registry
from spacefleet.universe.catalog.ships import SHIPS
from spacefleet.universe.physics import shipyards as law
from spacefleet.universe.state import YardTransaction

from . import render
from .call import Call, Reply, created, listed, ok
from .errors import refuse


def list_ships(call: Call) -> Reply:
    page, limit = call.page()
    ships = call.player.ships
    shown = islice(ships.values(), (page - 1) * limit, page * limit)
    items = [render.ship(call.world, ship) for ship in shown]
    return listed(items, total=len(ships), page=page, limit=limit)


def show(call: Call) -> Reply:
    return ok(render.ship(call.world, call.ship()))


def nav(call: Call) -> Reply:
    return ok(render.nav(call.world, call.ship()))


def cooldown(call: Call) -> Reply:
    """204 without a body when the ship is ready."""
    ship = call.ship()
    if ship.cooldown_until <= call.now:
        return 204, ""
    return ok(render.cooldown(call.world, ship))


def modules(call: Call) -> Reply:
    return ok(render.modules(call.ship()))


def mounts(call: Call) -> Reply:
    return ok(render.mounts(call.ship()))


def purchase(call: Call) -> Reply:
    """POST /my/ships: one ship from a yard where the agent has a ship already."""
    world, player = call.world, call.player
    kind, waypoint = call.choice("shipType", SHIPS), call.symbol("waypointSymbol")
    if waypoint not in world.waypoints:
        raise refuse(404, what="Waypoint", symbol=waypoint)
    yard = world.yard(waypoint)
    if not world.has_ship(player, waypoint):
        raise refuse(4245, {"waypointSymbol": waypoint}, waypoint=waypoint)
    if yard is None or kind not in yard.ships:
        raise refuse(
            4605, {"shipType": kind, "waypointSymbol": waypoint}, type=kind, waypoint=waypoint
        )
    offer = yard.ships[kind]
    price = law.price(offer)
    if player.credits < price:
        raise refuse(4216, {"creditsAvailable": player.credits, "creditsNeeded": price})
    player.credits -= price
    offer.net -= 1
    transaction = YardTransaction(waypoint, kind, price, player.symbol, call.now)
    yard.transactions.append(transaction)
    yard.prices = ""
    ship = registry.commission(world, player, kind, waypoint)
    world.record(player, ship, "buy ship", type=kind, credits=-price)
    return created(
        ship=render.ship(world, ship),
        agent=render.agent(player),
        transaction=render.yard_transaction(world, transaction),
    )
