"""Charting what nobody has charted, and scanning from afar."""

from spacefleet.universe.chance import key
from spacefleet.universe.physics import charts, travel, work
from spacefleet.universe.state import Ship, System, Waypoint

from . import cargo, render
from .call import Call, Reply, array, created, encode
from .errors import refuse

SENSOR = "MOUNT_SENSOR_ARRAY"


def chart(call: Call) -> Reply:
    """The first chart of a place is the agent's for ever, and pays once."""
    ship, world, player = call.ship(), call.world, call.player
    cargo.require_arrived(call, ship)
    here = call.here(ship)
    world.rest(here)
    if here.charted:
        raise refuse(4230, {"waypointSymbol": here.symbol}, waypoint=here.symbol)
    pay = charts.reward(here.type, key(world.seed, "chart", here.symbol), world.rules)
    here.charted_by, here.charted_at, here.text = player.symbol, call.now, ""
    player.charts += 1
    player.credits += pay
    world.record(player, ship, "chart", waypoint=here.symbol, credits=pay)
    return created(
        chart=encode(render.chart_fields(world, here)),
        waypoint=render.waypoint(world, here),
        transaction=render.fee(world, ship, pay, at=call.now),
        agent=render.agent(player),
    )


def scan_systems(call: Call) -> Reply:
    """Systems within reach of the sensors, the nearest first."""
    ship = _scanning(call)
    world = call.world
    centre = world.systems[call.here(ship).system]
    reach = world.rules.scan_range * sum(work.strengths(ship.mounts, SENSOR))
    near = sorted(
        (
            (travel.distance(centre.x, centre.y, system.x, system.y), system)
            for system in world.systems.values()
            if system is not centre
        ),
        key=lambda pair: pair[0],
    )
    found = [_scanned_system(system, apart) for apart, system in near if apart <= reach]
    return _scanned(call, ship, "systems", found)


def scan_waypoints(call: Call) -> Reply:
    """The waypoints of this system with their true traits, charted or not."""
    ship = _scanning(call)
    system = call.world.systems[call.here(ship).system]
    found = [_scanned_waypoint(call, place) for place in system.waypoints.values()]
    return _scanned(call, ship, "waypoints", found)


def scan_ships(call: Call) -> Reply:
    """Other ships at the same waypoint."""
    ship = _scanning(call)
    found = [
        _scanned_ship(call, other)
        for other in call.world.present(ship.waypoint)
        if other is not ship
    ]
    return _scanned(call, ship, "ships", found)


def _scanning(call: Call) -> Ship:
    ship = call.ship()
    cargo.require_orbit(call, ship)
    if not any(name.startswith(SENSOR) for name in ship.mounts):
        raise refuse(4215, {"shipSymbol": ship.symbol}, ship=ship.symbol)
    cargo.require_cool(call, ship)
    return ship


def _scanned(call: Call, ship: Ship, what: str, found: list[str]) -> Reply:
    cargo.start_cooldown(call, ship, work.cooldown(ship.mounts, SENSOR))
    call.world.record(call.player, ship, f"scan {what}", found=len(found))
    return created(cooldown=render.cooldown(call.world, ship), **{what: array(found)})


def _scanned_system(system: System, apart: float) -> str:
    return encode(
        {
            "symbol": system.symbol,
            "sectorSymbol": system.symbol.partition("-")[0],
            "type": system.type,
            "x": system.x,
            "y": system.y,
            "distance": round(apart),
        }
    )


def _scanned_waypoint(call: Call, place: Waypoint) -> str:
    call.world.rest(place)
    fields: dict[str, object] = {
        "symbol": place.symbol,
        "type": place.type,
        "systemSymbol": place.system,
        "x": place.x,
        "y": place.y,
        "orbitals": [{"symbol": symbol} for symbol in place.orbitals],
        "traits": render.traits(place.traits),
    }
    if place.faction is not None:
        fields["faction"] = {"symbol": place.faction}
    if place.charted:
        fields["chart"] = render.chart_fields(call.world, place)
    return encode(fields)


def _scanned_ship(call: Call, other: Ship) -> str:
    mounts = [{"symbol": symbol} for symbol in other.mounts]
    return (
        f'{{"symbol":"{other.symbol}","registration":{render.registration(other)},'
        f'"nav":{render.nav(call.world, other)},'
        f'"frame":{{"symbol":"{other.frame.symbol}"}},'
        f'"reactor":{{"symbol":"{other.reactor.symbol}"}},'
        f'"engine":{{"symbol":"{other.engine.symbol}"}},"mounts":{encode(mounts)}}}'
    )
