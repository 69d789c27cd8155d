"""Repairing and scrapping ships at a yard; asking what either would cost or pay."""

from spacefleet.universe.catalog.ships import SHIPS
from spacefleet.universe.physics import wear as law
from spacefleet.universe.state import Part, Ship

from . import cargo, render
from .call import Call, Reply, done
from .errors import refuse

UNSOLD_WORTH = 700_000
"""What a command frigate counts as, since no yard sells one; guess."""


def quote_repair(call: Call) -> Reply:
    ship = _at_yard(call, code=4264)
    return done(transaction=render.fee(call.world, ship, _repair_price(ship), at=call.now))


def repair(call: Call) -> Reply:
    ship, player = _at_yard(call, code=4264), call.player
    price = _repair_price(ship)
    if player.credits < price:
        raise refuse(4265, {"agentCredits": player.credits, "totalPrice": price})
    player.credits -= price
    for part in _parts(ship):
        law.repair(part)
    ship.outfit = ""
    call.world.record(player, ship, "repair", credits=-price)
    return done(
        agent=render.agent(player),
        ship=render.ship(call.world, ship),
        transaction=render.fee(call.world, ship, price, at=call.now),
    )


def quote_scrap(call: Call) -> Reply:
    ship = _at_yard(call, code=4263)
    return done(transaction=render.fee(call.world, ship, _scrap_price(ship), at=call.now))


def scrap(call: Call) -> Reply:
    """The ship is gone, and with it whatever it carried."""
    ship, player, world = _at_yard(call, code=4263), call.player, call.world
    price = _scrap_price(ship)
    player.credits += price
    world.record(player, ship, "scrap", credits=price, cargo=dict(ship.cargo))
    world.remove(ship)
    return done(
        agent=render.agent(player),
        transaction=render.fee(world, ship, price, at=call.now),
    )


def _at_yard(call: Call, *, code: int) -> Ship:
    ship = call.ship()
    cargo.require_docked(call, ship)
    if ship.waypoint not in call.world.galaxy.yards:
        raise refuse(code, {"waypointSymbol": ship.waypoint}, waypoint=ship.waypoint)
    return ship


def _parts(ship: Ship) -> list[Part]:
    return [ship.frame, ship.reactor, ship.engine]


def _worth(ship: Ship) -> int:
    return SHIPS[ship.type].base or UNSOLD_WORTH


def _repair_price(ship: Ship) -> int:
    return law.repair_price(_parts(ship), worth=_worth(ship))


def _scrap_price(ship: Ship) -> int:
    return law.scrap_price(_parts(ship), worth=_worth(ship))
