"""Ships and all their parts as JSON text."""

from typing import TYPE_CHECKING

from spacefleet.universe.api.call import array, encode
from spacefleet.universe.state import FOR_EVER, Ship, Waypoint

from . import parts
from .trade import trade_good

if TYPE_CHECKING:
    from spacefleet.universe.world import World


def ship(world: "World", vessel: Ship) -> str:
    if world.now >= vessel.text_until:
        vessel.remember(_ship(world, vessel), _true_until(world, vessel))
    return vessel.text


def _ship(world: "World", vessel: Ship) -> str:
    if not vessel.outfit:
        vessel.outfit = outfit(vessel)
    return (
        f'{{"symbol":"{vessel.symbol}","nav":{nav(world, vessel)},{vessel.outfit},'
        f'"cargo":{cargo(vessel)},"fuel":{fuel(world, vessel)},'
        f'"cooldown":{cooldown(world, vessel)}}}'
    )


def _true_until(world: "World", vessel: Ship) -> int:
    """The game instant at which a ship looks different although nobody did anything to it."""
    ends = [FOR_EVER]
    if vessel.arrives_at > world.now:
        ends.append(vessel.arrives_at)
    if vessel.cooldown_until > world.now:
        ends.append(_next_second(world, vessel))
    return min(ends)


def registration(vessel: Ship) -> str:
    return (
        f'{{"name":"{vessel.symbol}","factionSymbol":"{vessel.faction}",'
        f'"role":"{vessel.role}"}}'
    )


def crew(vessel: Ship) -> str:
    return (
        f'{{"current":{vessel.crew_required},"required":{vessel.crew_required},'
        f'"capacity":{vessel.crew_capacity},"rotation":"STRICT","morale":100,"wages":0}}'
    )


def nav(world: "World", vessel: Ship) -> str:
    here = world.waypoints[vessel.waypoint]
    return (
        f'{{"systemSymbol":"{here.system}","waypointSymbol":"{here.symbol}",'
        f'"route":{vessel.route or _route(world, vessel)},'
        f'"status":"{vessel.status(world.now)}","flightMode":"{vessel.mode}"}}'
    )


def _route(world: "World", vessel: Ship) -> str:
    vessel.route = (
        f'{{"destination":{_stop(world.waypoints[vessel.waypoint])},'
        f'"origin":{_stop(world.waypoints[vessel.origin])},'
        f'"departureTime":"{world.stamp(vessel.departed_at)}",'
        f'"arrival":"{world.stamp(vessel.arrives_at)}"}}'
    )
    return vessel.route


def _stop(place: Waypoint) -> str:
    if not place.stop:
        place.stop = (
            f'{{"symbol":"{place.symbol}","type":"{place.type}",'
            f'"systemSymbol":"{place.system}","x":{place.x},"y":{place.y}}}'
        )
    return place.stop


def fuel(world: "World", vessel: Ship) -> str:
    return (
        f'{{"current":{vessel.fuel},"capacity":{vessel.fuel_capacity},'
        f'"consumed":{{"amount":{vessel.fuel_used},'
        f'"timestamp":"{world.stamp(vessel.fuel_used_at)}"}}}}'
    )


def cargo(vessel: Ship) -> str:
    items = [_cargo_item(good, units) for good, units in vessel.cargo.items()]
    return (
        f'{{"capacity":{vessel.cargo_capacity},"units":{vessel.cargo_units},'
        f'"inventory":{array(items)}}}'
    )


_ITEMS: dict[str, str] = {}


def _cargo_item(good: str, units: int) -> str:
    head = _ITEMS.get(good)
    if head is None:
        head = _ITEMS[good] = trade_good(good)[:-1]
    return f'{head},"units":{units}}}'


def cooldown(world: "World", vessel: Ship) -> str:
    """Wall seconds; `expiration` only while it runs."""
    left = vessel.cooldown_until - world.now
    if left <= 0:
        return f'{{"shipSymbol":"{vessel.symbol}","totalSeconds":0,"remainingSeconds":0}}'
    total = world.timeline.seconds(vessel.cooldown_seconds)
    remaining = min(total, left // _wall_second(world))
    return (
        f'{{"shipSymbol":"{vessel.symbol}","totalSeconds":{total},'
        f'"remainingSeconds":{remaining},'
        f'"expiration":"{world.stamp(vessel.cooldown_until)}"}}'
    )


def _next_second(world: "World", vessel: Ship) -> int:
    """When a running cooldown shows another number, or ends."""
    second = _wall_second(world)
    whole = (vessel.cooldown_until - world.now) // second
    return min(vessel.cooldown_until - whole * second + 1, vessel.cooldown_until)


def _wall_second(world: "World") -> int:
    """Game milliseconds in a second of wall time."""
    return max(1, int(1000 * world.timeline.speed))


def outfit(vessel: Ship) -> str:
    """Registration, crew, parts, modules and mounts: what changes only in yards and by wear."""
    return (
        f'"registration":{registration(vessel)},"crew":{crew(vessel)},'
        f'"frame":{encode(parts.frame(vessel.frame))},"reactor":{encode(parts.reactor(vessel.reactor))},'
        f'"engine":{encode(parts.engine(vessel.engine))},"modules":{modules(vessel)},'
        f'"mounts":{mounts(vessel)}'
    )


def modules(vessel: Ship) -> str:
    return encode([parts.module(symbol) for symbol in vessel.modules])


def mounts(vessel: Ship) -> str:
    return encode([parts.mount(symbol) for symbol in vessel.mounts])
