"""Moving ships: the only code that changes a ship's place, its docking or its flight mode."""

import time
from datetime import datetime
from functools import lru_cache

from django.db import transaction
from django.db.models import Q

from fleet.models import MarketGood, NavStatus, Ship, Waypoint
from fleet.params import NavigationParams
from fleet.rules import travel
from fleet.rules.watching import WatchingOnly
from fleet.wake import Wake, wake_in
from spacefleet import clock
from spacefleet.alerts import clear_alert, raise_alert
from spacefleet.spacetraders import Client

from . import controls, ledger, parameters, sync


@lru_cache(maxsize=256)
def _places(era: int, system: str, known: int) -> travel.Chart:
    """The places of a system; `known` (how many waypoints and markets) keys the memory."""
    sells_fuel = set(
        MarketGood.objects.filter(waypoint__era=era, waypoint__system=system, good="FUEL")
        .exclude(kind=MarketGood.Kind.IMPORT)
        .values_list("waypoint__symbol", flat=True)
    )
    rows = Waypoint.objects.filter(era=era, system=system).values_list("symbol", "x", "y")
    return travel.Chart(
        {symbol: travel.Place(symbol, x, y, symbol in sells_fuel) for symbol, x, y in rows}
    )


@lru_cache(maxsize=65_536)
def _planned(
    system: tuple[int, str, int],
    origin: str,
    to: str,
    fuel: int,
    capacity: int,
    speed: int,
    hurry: bool = False,
) -> travel.Route | None:
    """A route for a ship like that: planned once, for waypoints do not move."""
    known = _places(*system)
    if origin not in known or to not in known:
        return None
    return travel.plan(
        known,
        origin=origin,
        destination=to,
        fuel_now=fuel,
        capacity=capacity,
        speed=speed,
        hurry=hurry,
        leaves=True,
    )


@lru_cache(maxsize=65_536)
def _round(
    system: tuple[int, str, int], base: str, to: str, capacity: int, speed: int
) -> tuple[int, int] | None:
    """Seconds and fuel of the way to a place and back, with a full tank at `base`."""
    there = _planned(system, base, to, capacity, capacity, speed)
    if there is None:
        return None
    tank = capacity
    for hop in there.hops:
        tank = (capacity if hop.refuel else tank) - hop.fuel
    back = _planned(system, to, base, max(0, tank), capacity, speed)
    return (there.seconds + back.seconds, there.fuel + back.fuel) if back else None


REMEMBER = 30.0  # wall seconds until a process asks again whether a system was learned
_known: dict[tuple[int, str], tuple[int, float]] = {}


def places(ship: Ship) -> dict[str, travel.Place]:
    """All waypoints of the ship's system, with what sells fuel."""
    return places_of(ship.agent.era_id, ship.system)


def places_of(era: int, system: str) -> dict[str, travel.Place]:
    """All waypoints of a system, with what sells fuel. Positions never change."""
    return _places(*_system(era, system))


def _system(era: int, system: str) -> tuple[int, str, int]:
    """A system as it is known now; learning more of it makes another of it."""
    key = (era, system)
    count, read_at = _known.get(key, (0, float("-inf")))
    if time.monotonic() - read_at > REMEMBER:
        fuel = Q(goods__good="FUEL") | Q(goods__isnull=True)
        count = Waypoint.objects.filter(fuel, era=era, system=system).count()
        _known[key] = count, time.monotonic()
    return era, system, count


def forget_places() -> None:
    """Read the waypoints anew at the next question (a system was learned, or a test ended)."""
    _known.clear()
    _places.cache_clear()
    _planned.cache_clear()
    _round.cache_clear()


def forget_system(era: int, system: str) -> None:
    """Count the waypoints of one system anew at the next question: more of it was learned."""
    _known.pop((era, system), None)


def route(ship: Ship, to: str, *, hurry: bool = False) -> travel.Route | None:
    """The quickest way to `to` in the ship's system with the fuel it has, or None."""
    system = _system(ship.agent.era_id, ship.system)
    tank = ship.fuel_capacity
    return _planned(system, ship.waypoint, to, ship.fuel, tank, ship.speed, hurry)


def travel_to(
    ship: Ship, to: str, *, api: Client, at: datetime, why: str, hurry: bool = False
) -> Wake | None:
    """One leg of the way to `to`, refuelling first where the route says so; in a `hurry` it
    burns twice the fuel to be there in half the time.

    None when the ship is there. A ship without a route stays, says so and raises an alert.
    """
    if ship.in_transit(at):
        return Wake(ship.arrives_at or at, f"flying to {ship.waypoint}: {why}"[:200])
    if ship.waypoint == to:
        return None
    way = route(ship, to, hurry=hurry)
    if way is None or not way.hops:
        params = parameters.resolve(NavigationParams, "navigation", ship=ship)
        raise_alert("stranded", ship.symbol, f"No route from {ship.waypoint} to {to}.")
        return wake_in(params.stranded_retry, f"no fuel for any route to {to}")
    clear_alert("stranded", ship.symbol)
    hop = way.hops[0]
    if said := watched(ship):
        raise WatchingOnly(said, f"fly to {to}: {why}")
    if hop.refuel:
        refuel(ship, api=api)
    navigate(ship, hop.to, mode=hop.mode, api=api)
    stop = "" if hop.to == to else f" by way of {hop.to}"
    return Wake(ship.arrives_at or at, f"flying to {to}{stop}: {why}"[:200])


def navigate(ship: Ship, to: str, *, api: Client, mode: str = "CRUISE") -> None:
    """Leave for `to`; orbits and changes the flight mode first where needed."""
    orbit(ship, api=api)
    if ship.fuel_capacity and ship.flight_mode != mode:
        answer = api.set_flight_mode(ship.symbol, mode)
        sync.note(ship, **sync.nav_fields(answer.nav))
    flight = api.navigate(ship.symbol, to)
    sync.note(ship, **sync.nav_fields(flight.nav), fuel=flight.fuel.current)


def watched(ship: Ship) -> str:
    """The order by which a ship only watches; empty when it may act.

    What merely leads up to a deed (docking, leaving the dock) is then left out, so that the
    deed itself is what the ship's line tells.
    """
    return controls.watching(ship.agent_id, ship.symbol)


def orbit(ship: Ship, *, api: Client) -> None:
    """Bring a docked ship into orbit; asks nothing of the game when it is there."""
    if ship.nav_status == NavStatus.DOCKED and not watched(ship):
        sync.note(ship, **sync.nav_fields(api.orbit(ship.symbol)))


def dock(ship: Ship, *, api: Client) -> None:
    """Dock a ship in orbit; asks nothing of the game when it is docked."""
    if ship.nav_status != NavStatus.DOCKED and not watched(ship):
        sync.note(ship, **sync.nav_fields(api.dock(ship.symbol)))


def refuel(ship: Ship, *, api: Client) -> None:
    """Fill the tank at the market here, docking for it, and book what it cost."""
    dock(ship, api=api)
    with ledger.moving(ship.agent_id) as move:
        answer = api.refuel(ship.symbol)
        with transaction.atomic():
            sync.write(ship, fuel=answer.fuel.current)
            if answer.transaction and answer.transaction.total:
                ledger.book_trade(ship, answer.transaction)
        if answer.credits is not None:
            move.settle(answer.credits)


def flight_seconds(ship: Ship, origin: str, to: str) -> int | None:
    """Game seconds from `origin` to `to` for a ship like this with a full tank, or None."""
    way = route_from(ship, origin, to)
    return way.seconds if way else None


def route_from(ship: Ship, origin: str, to: str, *, hurry: bool = False) -> travel.Route | None:
    """The quickest way from `origin` to `to` for a ship like this with a full tank, or None."""
    system, tank = _system(ship.agent.era_id, ship.system), ship.fuel_capacity
    return _planned(system, origin, to, tank, tank, ship.speed, hurry)


def there_and_back(ship: Ship, base: str, to: str) -> tuple[int, int] | None:
    """Game seconds and fuel from `base` to `to` and back for a ship like this, or None."""
    system = _system(ship.agent.era_id, ship.system)
    return _round(system, base, to, ship.fuel_capacity, ship.speed)


def arrival_in(seconds: float) -> datetime:
    """The wall time `seconds` of game time from now."""
    return clock.now() + clock.game(seconds)
