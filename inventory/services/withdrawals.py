"""Taking goods out of a depot: the depot gives, under the locks of both ships."""

from collections.abc import Callable

from fleet.models import Ship
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
    for waiting in Loop.objects.filter(depot=depot, loading_since__isnull=True):
        if waiting.ship_id != ship.pk:
            alarms.nudge_ship(waiting.ship_id)  # it may wait beside the depot for room
    return row.units
