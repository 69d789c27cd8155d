"""Supplying what is being built."""

from . import cargo, render
from .call import Call, Reply, created
from .errors import refuse


def supply(call: Call) -> Reply:
    """Hands over goods, docked or in orbit; what is more than needed stays aboard."""
    world, place = call.world, call.place()
    ship = call.own_ship(call.symbol("shipSymbol"))
    good, units = call.symbol("tradeSymbol"), call.units()
    site = world.galaxy.constructions.get(place.symbol)
    if site is None:
        raise refuse(404, what="Construction site", symbol=place.symbol)
    cargo.require_arrived(call, ship)
    if ship.waypoint != place.symbol:
        raise refuse(
            4802,
            {"shipSymbol": ship.symbol, "waypointSymbol": place.symbol},
            ship=ship.symbol,
            waypoint=place.symbol,
        )
    if good not in site.materials:
        raise refuse(4800, {"tradeSymbol": good}, waypoint=place.symbol, good=good)
    required, fulfilled = site.materials[good]
    if fulfilled >= required:
        raise refuse(4801, {"tradeSymbol": good}, good=good)
    cargo.require_cargo(ship, good, units)
    units = min(units, required - fulfilled)
    ship.unload(good, units)
    site.materials[good][1] += units
    if site.complete:
        place.under_construction, place.text = False, ""
    world.record(call.player, ship, "supply", waypoint=place.symbol, good=good, units=units)
    return created(construction=render.construction(site), cargo=render.cargo(ship))
