"""Moving: orbit, dock, navigate, flight mode, refuel."""

from spacefleet.universe.catalog.components import ENGINES
from spacefleet.universe.physics import travel
from spacefleet.universe.physics.markets import prices
from spacefleet.universe.state import MarketGood, Ship, Transaction, Waypoint

from . import cargo, render, wear
from .call import Call, Reply, array, done
from .errors import invalid, refuse

FUEL = "FUEL"
FUEL_PER_UNIT = 100
"""Ship fuel in one market unit, measured."""


def orbit(call: Call) -> Reply:
    """Idempotent: a ship in orbit stays there."""
    ship = call.ship()
    cargo.require_arrived(call, ship)
    if ship.docked:
        ship.docked = False
        call.world.record(call.player, ship, "orbit", waypoint=ship.waypoint)
    return done(nav=render.nav(call.world, ship))


def dock(call: Call) -> Reply:
    """Idempotent: a docked ship stays docked."""
    ship = call.ship()
    cargo.require_arrived(call, ship)
    if not ship.docked:
        ship.docked = True
        call.world.record(call.player, ship, "dock", waypoint=ship.waypoint)
    return done(nav=render.nav(call.world, ship))


def navigate(call: Call) -> Reply:
    ship, world = call.ship(), call.world
    symbol = call.symbol("waypointSymbol")
    here = call.here(ship)
    cargo.require_orbit(call, ship)
    target = world.waypoints.get(symbol)
    if target is None:
        raise refuse(4201, {"destinationSymbol": symbol}, waypoint=symbol)
    if target.system != here.system:
        raise refuse(
            4202,
            {"shipSymbol": ship.symbol, "destinationSymbol": symbol},
            waypoint=symbol,
            system=here.system,
        )
    if target is here:
        raise refuse(
            4204, {"shipSymbol": ship.symbol, "destinationSymbol": symbol}, ship=ship.symbol
        )
    apart = travel.distance(here.x, here.y, target.x, target.y)
    seconds = travel.seconds(apart, mode=_pace(ship), speed=engine_speed(ship))
    burn(call, ship, travel.fuel(apart, mode=ship.mode), action="Navigate")
    depart(call, ship, target, seconds)
    world.record(call.player, ship, "navigate", to=symbol, seconds=seconds, fuel=ship.fuel_used)
    events = wear.roll(call, ship, wear.NAVIGATION)
    return done(
        nav=render.nav(world, ship), fuel=render.fuel(world, ship), events=array(events)
    )


def _pace(ship: Ship) -> str:
    """Ships without a tank gain nothing from BURN (recorded on the staging server)."""
    if ship.mode == "BURN" and not ship.fuel_capacity:
        return "CRUISE"
    return ship.mode


def engine_speed(ship: Ship) -> float:
    return travel.worn_speed(ENGINES[ship.engine.symbol].speed, ship.engine.condition)


def burn(call: Call, ship: Ship, units: int, *, action: str) -> None:
    """Take fuel for a flight, or refuse; ships without a tank fly free."""
    if not ship.fuel_capacity:
        units = 0
    if units > ship.fuel:
        raise refuse(
            4203,
            {
                "shipSymbol": ship.symbol,
                "fuelRequired": units,
                "fuelAvailable": ship.fuel,
            },
            action=action,
            ship=ship.symbol,
            more=units - ship.fuel,
        )
    ship.fuel -= units
    ship.fuel_used = units
    ship.fuel_used_at = call.now


def depart(call: Call, ship: Ship, target: Waypoint, seconds: float) -> None:
    ship.origin = ship.waypoint
    ship.departed_at = call.now
    ship.arrives_at = call.now + round(seconds * 1000)
    call.world.put(ship, target.symbol)


def set_mode(call: Call) -> Reply:
    """PATCH nav. Under way only a faster mode is taken: it burns more and arrives earlier."""
    ship, world = call.ship(), call.world
    if "flightMode" in call.form():
        mode = call.choice("flightMode", travel.FLIGHT_MODES)
        if mode != ship.mode:
            if ship.in_transit(call.now):
                _speed_up(call, ship, mode)
            ship.mode = mode
            world.record(call.player, ship, "flight mode", mode=mode)
    return done(nav=render.nav(world, ship), fuel=render.fuel(world, ship), events="[]")


def _speed_up(call: Call, ship: Ship, mode: str) -> None:
    """Fly what remains in the new mode; fuel already burnt counts towards its price."""
    world = call.world
    start, target = world.waypoints[ship.origin], world.waypoints[ship.waypoint]
    warp = start.system != target.system
    factors = travel.WARP_FACTOR if warp else travel.NAVIGATE_FACTOR
    if factors[mode] >= factors[ship.mode]:
        raise refuse(4269, {"shipSymbol": ship.symbol})
    left = (ship.arrives_at - call.now) / (ship.arrives_at - ship.departed_at)
    length = separation(call, start, target)
    extra = travel.fuel(length, mode=mode) - travel.fuel(length, mode=ship.mode)
    burnt = ship.fuel_used
    burn(call, ship, max(0, round(extra * left)), action="Navigate")
    ship.fuel_used += burnt
    seconds = (ship.arrives_at - call.now) / 1000 * factors[mode] / factors[ship.mode]
    ship.arrives_at = call.now + round(seconds * 1000)
    ship.route = ""


def separation(call: Call, start: Waypoint, target: Waypoint) -> float:
    if start.system == target.system:
        return travel.distance(start.x, start.y, target.x, target.y)
    here, there = call.world.systems[start.system], call.world.systems[target.system]
    return travel.distance(here.x, here.y, there.x, there.y)


# --- refuelling -----------------------------------------------------------------------------


def refuel(call: Call) -> Reply:
    """Fill up, or add `units` of ship fuel; a market unit is a hundred of them, rounded up."""
    ship = call.ship()
    form = call.form()
    cargo.require_docked(call, ship)
    missing = ship.fuel_capacity - ship.fuel
    added = min(missing, call.units()) if form.get("units") is not None else missing
    bought = -(-added // FUEL_PER_UNIT)
    if form.get("fromCargo") is not None and not isinstance(form["fromCargo"], bool):
        raise invalid("fromCargo", "Expected boolean")
    if form.get("fromCargo"):
        return _refuel_from_cargo(call, ship, added=added, taken=bought)
    good = _pump(call, ship)
    price, _ = prices(good)
    total = price * bought
    player = call.player
    if player.credits < total:
        raise refuse(
            4600,
            {
                "agentCredits": player.credits,
                "totalPrice": total,
                "tradeSymbol": FUEL,
                "units": bought,
                "purchasePrice": price,
            },
            units=bought,
            good=FUEL,
        )
    player.credits -= total
    good.net -= bought
    return _refuelled(call, ship, added=added, bought=bought, price=price, total=total)


def _pump(call: Call, ship: Ship) -> MarketGood:
    market = call.world.market(ship.waypoint)
    if market is None or FUEL not in market.goods:
        raise refuse(
            4601,
            {"waypointSymbol": ship.waypoint, "tradeSymbol": FUEL},
            good=FUEL,
            waypoint=ship.waypoint,
        )
    return market.goods[FUEL]


def _refuel_from_cargo(call: Call, ship: Ship, *, added: int, taken: int) -> Reply:
    if taken:
        cargo.require_cargo(ship, FUEL, taken)
        ship.unload(FUEL, taken)
    return _refuelled(call, ship, added=added, bought=taken, price=0, total=0)


def _refuelled(
    call: Call, ship: Ship, *, added: int, bought: int, price: int, total: int
) -> Reply:
    world = call.world
    ship.fuel += added
    entry = Transaction(
        ship.waypoint, ship.symbol, FUEL, "PURCHASE", bought, price, total, call.now
    )
    market = world.market(ship.waypoint)
    if bought and price and market is not None:
        market.transactions.append(entry)
        market.prices = ""
    world.record(
        call.player, ship, "refuel", fuel=added, units=bought, price=price, credits=-total
    )
    return done(
        agent=render.agent(call.player),
        fuel=render.fuel(world, ship),
        cargo=render.cargo(ship),
        transaction=render.transaction(world, entry),
    )
