"""Leaving the system: jumping between gates, warping between stars."""

from spacefleet.universe.catalog.components import MODULES
from spacefleet.universe.physics import travel
from spacefleet.universe.physics.markets import prices
from spacefleet.universe.state import Ship, Transaction, Waypoint

from . import cargo, navigation, render, wear
from .call import Call, Reply, array, done
from .errors import refuse

ANTIMATTER = "ANTIMATTER"
WARP_DRIVE = "MODULE_WARP_DRIVE"


def jump(call: Call) -> Reply:
    """At once, for one unit of antimatter from the gate's own market and a cooldown."""
    ship, world, player = call.ship(), call.world, call.player
    target = _target(call)
    cargo.require_orbit(call, ship)
    here = call.here(ship)
    _require_passage(call, ship, here, target)
    cargo.require_cool(call, ship)
    market = world.market(here.symbol)
    if market is None or ANTIMATTER not in market.goods:
        raise refuse(
            4601,
            {"waypointSymbol": here.symbol, "tradeSymbol": ANTIMATTER},
            good=ANTIMATTER,
            waypoint=here.symbol,
        )
    good = market.goods[ANTIMATTER]
    price, _ = prices(good)
    if player.credits < price:
        raise refuse(
            4600,
            {
                "agentCredits": player.credits,
                "totalPrice": price,
                "tradeSymbol": ANTIMATTER,
                "units": 1,
                "purchasePrice": price,
            },
            units=1,
            good=ANTIMATTER,
        )
    player.credits -= price
    good.net -= 1
    entry = Transaction(
        here.symbol, ship.symbol, ANTIMATTER, "PURCHASE", 1, price, price, call.now
    )
    market.transactions.append(entry)
    market.prices = ""
    navigation.depart(call, ship, target, 0)
    cargo.start_cooldown(
        call, ship, travel.jump_cooldown(navigation.separation(call, here, target))
    )
    world.record(player, ship, "jump", to=target.symbol, credits=-price)
    return done(
        nav=render.nav(world, ship),
        cooldown=render.cooldown(world, ship),
        transaction=render.transaction(world, entry),
        agent=render.agent(player),
    )


def _target(call: Call) -> Waypoint:
    symbol = call.symbol("waypointSymbol")
    target = call.world.waypoints.get(symbol)
    if target is None:
        raise refuse(404, what="Waypoint", symbol=symbol)
    return target


def _require_passage(call: Call, ship: Ship, here: Waypoint, target: Waypoint) -> None:
    gates = call.world.galaxy.gates
    if here.symbol not in gates:
        raise refuse(4254, {"waypointSymbol": here.symbol}, ship=ship.symbol)
    if here.under_construction:
        raise refuse(4256, {"waypointSymbol": here.symbol})
    if target.symbol not in gates[here.symbol]:
        raise refuse(4255, {"connections": gates[here.symbol]}, waypoint=target.symbol)
    if target.under_construction:
        raise refuse(4262, {"waypointSymbol": target.symbol})


def warp(call: Call) -> Reply:
    """Flies to a waypoint of another system within the drive's range."""
    ship, world = call.ship(), call.world
    symbol = call.symbol("waypointSymbol")
    here = call.here(ship)
    cargo.require_orbit(call, ship)
    reach = max(
        (MODULES[name].range or 0 for name in ship.modules if name.startswith(WARP_DRIVE)),
        default=None,
    )
    if reach is None:
        raise refuse(4241, {"shipSymbol": ship.symbol}, ship=ship.symbol)
    target = world.waypoints.get(symbol)
    if target is None:
        raise refuse(4201, {"destinationSymbol": symbol}, waypoint=symbol)
    if target.system == here.system:
        raise refuse(
            4235, {"shipSymbol": ship.symbol, "destinationSymbol": symbol}, waypoint=symbol
        )
    apart = navigation.separation(call, here, target)
    if apart > reach:
        # Which code the real server gives out of range is not known.
        raise refuse(
            4201,
            {"destinationSymbol": symbol, "distance": round(apart), "range": reach},
            waypoint=f"{symbol} within range {reach}",
        )
    seconds = travel.seconds(
        apart, mode=ship.mode, speed=navigation.engine_speed(ship), warp=True
    )
    navigation.burn(call, ship, travel.fuel(apart, mode=ship.mode), action="Warp")
    navigation.depart(call, ship, target, seconds)
    world.record(call.player, ship, "warp", to=symbol, seconds=seconds, fuel=ship.fuel_used)
    events = wear.roll(call, ship, wear.NAVIGATION)
    return done(
        nav=render.nav(world, ship), fuel=render.fuel(world, ship), events=array(events)
    )
