"""Systems, waypoints, and what stands at them."""

from spacefleet.universe.catalog.places import TRAITS, WAYPOINT_TYPES
from spacefleet.universe.state import Waypoint

from . import render
from .call import Call, Reply, array, encode, listed, ok
from .errors import invalid, refuse


def list_systems(call: Call) -> Reply:
    page, limit = call.page()
    systems = list(call.world.systems.values())
    chosen = systems[(page - 1) * limit : page * limit]
    items = [render.system(system) for system in chosen]
    return listed(items, total=len(systems), page=page, limit=limit)


def show_system(call: Call) -> Reply:
    return ok(render.system(call.system()))


def list_waypoints(call: Call) -> Reply:
    """Filters see the true traits, of uncharted waypoints too, as live."""
    page, limit = call.page()
    found = list(call.system().waypoints.values())
    query = call.query()
    kind = query.get("type")
    if kind:
        if kind[-1] not in WAYPOINT_TYPES:
            raise invalid("type", f"Invalid value {kind[-1]}", issue="invalid_enum_value")
        found = [waypoint for waypoint in found if waypoint.type == kind[-1]]
    traits = query.get("traits", []) + query.get("traits[]", [])
    for trait in traits:
        if trait not in TRAITS:
            raise invalid("traits", f"Invalid value {trait}", issue="invalid_enum_value")
        found = [waypoint for waypoint in found if trait in waypoint.traits]
    chosen = found[(page - 1) * limit : page * limit]
    items = [_shown(call, waypoint) for waypoint in chosen]
    return listed(items, total=len(found), page=page, limit=limit)


def show_waypoint(call: Call) -> Reply:
    return ok(_shown(call, call.place()))


def _shown(call: Call, waypoint: Waypoint) -> str:
    call.world.rest(waypoint)
    return render.waypoint(call.world, waypoint)


def market(call: Call) -> Reply:
    """Lists for all; prices and transactions only with an own ship present."""
    waypoint = call.place()
    market = call.world.market(waypoint.symbol)
    present = _access(call, waypoint)
    if market is None:
        raise refuse(404, what="Market", symbol=waypoint.symbol)
    return ok(render.market(call.world, market, prices=present))


def shipyard(call: Call) -> Reply:
    waypoint = call.place()
    yard = call.world.yard(waypoint.symbol)
    present = _access(call, waypoint)
    if yard is None:
        raise refuse(404, what="Shipyard", symbol=waypoint.symbol)
    return ok(render.yard(call.world, yard, prices=present))


def jump_gate(call: Call) -> Reply:
    waypoint = call.place()
    _access(call, waypoint)
    connections = call.world.galaxy.gates.get(waypoint.symbol)
    if connections is None:
        raise refuse(404, what="Jump gate", symbol=waypoint.symbol)
    return ok(
        f'{{"symbol":"{waypoint.symbol}","connections":{array(map(encode, connections))}}}'
    )


def construction(call: Call) -> Reply:
    waypoint = call.place()
    site = call.world.galaxy.constructions.get(waypoint.symbol)
    if site is None:
        raise refuse(404, what="Construction site", symbol=waypoint.symbol)
    return ok(render.construction(site))


def _access(call: Call, waypoint: Waypoint) -> bool:
    """Whether an own ship is there; without one an uncharted place keeps its secrets."""
    call.world.rest(waypoint)
    present = call.world.has_ship(call.agent, waypoint.symbol)
    if not present and not waypoint.charted:
        raise refuse(4001, {"waypointSymbol": waypoint.symbol}, waypoint=waypoint.symbol)
    return present
