"""The life of a depot: fly to its place once, dock, and stay."""

from datetime import datetime

from fleet.models import Ship
from fleet.services import navigation, parameters
from fleet.wake import Wake, idle, wake_in
from inventory.params import DepotParams
from inventory.services import depots
from spacefleet.spacetraders import Client


def keep(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """Park where the siting says, then hold the books against the hold from time to time."""
    if not ship.place:
        return idle("no place to park yet")
    depot = depots.establish(ship, why=ship.role_why)
    params = parameters.resolve(DepotParams, "depot", ship=ship)
    if depot.parked_at is None:
        wake = navigation.travel_to(
            ship, depot.waypoint, api=api, at=at, why="to park as depot"
        )
        if wake:
            return wake
        navigation.dock(ship, api=api)
        depots.park(depot)
    differences = depots.reconcile(depot)
    said = f"repaired {len(differences)} goods in the books; " if differences else ""
    return wake_in(params.reconcile_every, f"{said}parked, storing for the fleet")
