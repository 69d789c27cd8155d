"""The life of a transport: load at its site, carry to its depot, come back."""

from datetime import datetime

from fleet.models import Ship
from fleet.services import cargo, navigation, parameters
from fleet.wake import Wake, idle, wake_in
from inventory.models import Loop
from inventory.params import TransportParams
from inventory.services import loads
from spacefleet import clock
from spacefleet.spacetraders import Client


def shuttle(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """One step of the round; what is aboard and where the ship is tell which one."""
    loop = loads.loop_of(ship)
    if loop is None:
        return idle(loads.refusal(ship), seconds=30)
    params = parameters.resolve(TransportParams, "transport", ship=ship)
    if ship.holds_back and not ship.cargo_units:
        loads.leave_off(ship, loop)
        return idle(ship.holds_back)
    if loop.loading_since is not None and ship.waypoint == loop.site:
        return _load(ship, loop, params, api=api, at=at)
    if ship.cargo_units:
        return _deliver(ship, loop, params, api=api, at=at)
    wake = navigation.travel_to(ship, loop.site, api=api, at=at, why="to load")
    if wake:
        return wake
    navigation.orbit(ship, api=api)  # miners are in orbit, and both must be
    loads.begin_loading(loop, at=at)
    return wake_in(params.patience, "loading: waiting for miners")


def _load(
    ship: Ship, loop: Loop, params: TransportParams, *, api: Client, at: datetime
) -> Wake:
    waited = clock.elapsed(loop.loading_since, at) if loop.loading_since else 0.0
    full = 100 * ship.cargo_units >= params.leave_at * ship.cargo_capacity
    full = full or bool(ship.holds_back)
    if not full and (waited < params.patience or not ship.cargo_units):
        left = max(5.0, params.patience - waited)
        return wake_in(left, f"loading: {ship.cargo_units} of {ship.cargo_capacity} units")
    if not loads.end_loading(ship, loop):
        return wake_in(2, "loading: a miner is handing over")
    flying = _fly(ship, loop, api=api, at=at)
    cargo.let_go(ship)
    return flying or _store(ship, loop, params, api=api)


def _deliver(
    ship: Ship, loop: Loop, params: TransportParams, *, api: Client, at: datetime
) -> Wake:
    return _fly(ship, loop, api=api, at=at) or _store(ship, loop, params, api=api)


def _fly(ship: Ship, loop: Loop, *, api: Client, at: datetime) -> Wake | None:
    """One leg to the depot; None when the ship is there."""
    depot = loads.destination(loop, ship)
    why = f"{ship.cargo_units} units to {depot.ship}"
    return navigation.travel_to(ship, depot.waypoint, api=api, at=at, why=why)


def _store(ship: Ship, loop: Loop, params: TransportParams, *, api: Client) -> Wake:
    """Put what there is room for into the depot here; what is left goes to another one."""
    depot = loads.destination(loop, ship)
    navigation.dock(ship, api=api)
    stored = loads.deposit(ship, depot, api=api)
    loads.count(ship, loop, stored)
    if not ship.cargo_units:
        return wake_in(0, f"stored {stored} units in {depot.ship}")
    if stored:
        return wake_in(0, f"stored {stored} units, {depot.ship} is full")
    return wake_in(params.depot_full_retry, f"waiting for room in {depot.ship}")
