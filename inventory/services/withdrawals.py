"""Taking goods out of a depot: the depot gives, under the locks of both ships."""

from collections.abc import Callable

from fleet.models import NavStatus, Ship
from fleet.services import alarms
from inventory.models import Depot, Loop, Transfer
from inventory.services import transfers
from spacefleet.spacetraders import Client


def withdraw(
    ship: Ship,
    depot: Depot,
    good: str,
    units: int,
    *,
    api: Client,
    why: str,
    reference: int | None = None,
    on_confirm: Callable[[Transfer], None] | None = None,
) -> int:
    """Take up to `units` out of the depot into a ship docked beside it; answers the units.

    0 when the ship has no room or the depot is busy with another transfer.
    """
    row = transfers.transfer(
        depot.ship,
        ship,
        good,
        units,
        kind=Transfer.Kind.WITHDRAW,
        api=api,
        why=why,
        reference=reference,
        on_confirm=on_confirm,
    )
    if row is None:
        return 0
    for beside in _waiting_for_room(ship, depot):
        alarms.nudge_ship(beside)
    return row.units


def _waiting_for_room(ship: Ship, depot: Depot) -> list[int]:
    """Loaded transports that lie docked beside the depot."""
    loops = Loop.objects.filter(
        agent=ship.agent_id,
        ship__waypoint=depot.waypoint,
        ship__nav_status=NavStatus.DOCKED,
        ship__cargo_units__gt=0,
    )
    return list(loops.exclude(ship=ship).values_list("ship_id", flat=True))
