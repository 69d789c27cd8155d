"""Cargo: looking, jettisoning, transferring; and the checks every action on a ship shares."""

from spacefleet.universe.catalog.goods import GOODS
from spacefleet.universe.state import Ship

from . import render
from .call import Call, Reply, done, ok
from .errors import refuse

# --- checks that all actions share -----------------------------------------------------------


def require_arrived(call: Call, ship: Ship) -> None:
    if not ship.in_transit(call.now):
        return
    world = call.world
    left = -(-(ship.arrives_at - call.now) // int(1000 * world.timeline.speed))
    raise refuse(
        4214,
        {
            "departureSymbol": ship.origin,
            "destinationSymbol": ship.waypoint,
            "arrival": world.stamp(ship.arrives_at),
            "departureTime": world.stamp(ship.departed_at),
            "secondsToArrival": left,
        },
        origin=ship.origin,
        destination=ship.waypoint,
        seconds=left,
    )


def require_docked(call: Call, ship: Ship) -> None:
    require_arrived(call, ship)
    if not ship.docked:
        raise refuse(4244, {"waypointSymbol": ship.waypoint}, waypoint=ship.waypoint)


def require_orbit(call: Call, ship: Ship) -> None:
    require_arrived(call, ship)
    if ship.docked:
        raise refuse(4236, {"waypointSymbol": ship.waypoint}, waypoint=ship.waypoint)


def require_cool(call: Call, ship: Ship) -> None:
    left = ship.cooldown_until - call.now
    if left <= 0:
        return
    world = call.world
    seconds = left // int(1000 * world.timeline.speed)
    cooldown = {
        "shipSymbol": ship.symbol,
        "totalSeconds": world.timeline.seconds(ship.cooldown_seconds),
        "remainingSeconds": seconds,
        "expiration": world.stamp(ship.cooldown_until),
    }
    raise refuse(4000, {"cooldown": cooldown}, seconds=seconds)


def start_cooldown(call: Call, ship: Ship, seconds: float) -> None:
    ship.cooldown_seconds = seconds
    ship.cooldown_until = call.now + round(seconds * 1000)


def require_cargo(ship: Ship, good: str, units: int) -> None:
    have = ship.cargo.get(good, 0)
    if not have:
        raise refuse(
            4218,
            {"shipSymbol": ship.symbol, "tradeSymbol": good},
            ship=ship.symbol,
            good=good,
        )
    if have < units:
        raise refuse(
            4219,
            {
                "shipSymbol": ship.symbol,
                "tradeSymbol": good,
                "cargoUnits": have,
                "unitsToRemove": units,
            },
            ship=ship.symbol,
            good=good,
            units=units,
            have=have,
        )


def require_space(ship: Ship, units: int) -> None:
    if ship.cargo_units + units <= ship.cargo_capacity:
        return
    raise refuse(
        4217,
        {
            "shipSymbol": ship.symbol,
            "cargoCapacity": ship.cargo_capacity,
            "cargoUnits": ship.cargo_units,
            "unitsToAdd": units,
        },
        units=units,
        limit=ship.cargo_capacity,
    )


# --- endpoints ---------------------------------------------------------------------------------


def show(call: Call) -> Reply:
    return ok(render.cargo(call.ship()))


def jettison(call: Call) -> Reply:
    ship = call.ship()
    good, units = call.choice("symbol", GOODS), call.units()
    require_arrived(call, ship)
    require_cargo(ship, good, units)
    ship.unload(good, units)
    call.world.record(call.player, ship, "jettison", good=good, units=units)
    return done(cargo=render.cargo(ship))


def transfer(call: Call) -> Reply:
    """Both ships of one agent at one waypoint, both docked or both in orbit."""
    ship = call.ship()
    good, units = call.choice("tradeSymbol", GOODS), call.units()
    target = call.world.ships.get(call.symbol("shipSymbol"))
    if target is None:
        raise refuse(4231, target=call.symbol("shipSymbol"))
    if target.agent != ship.agent:
        raise refuse(4232)
    if target is ship:
        raise refuse(4233)
    require_arrived(call, ship)
    require_arrived(call, target)
    if target.waypoint != ship.waypoint:
        raise refuse(4234)
    if target.docked != ship.docked:
        raise refuse(4271)
    require_cargo(ship, good, units)
    require_space(target, units)
    ship.unload(good, units)
    target.load(good, units)
    call.world.record(
        call.player, ship, "transfer", good=good, units=units, target=target.symbol
    )
    return done(cargo=render.cargo(ship), targetCargo=render.cargo(target))
