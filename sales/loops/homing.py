"""The end of a drained ship's work: what is still aboard is sold where it brings most."""

from datetime import datetime

from fleet.models import Ship
from fleet.wake import Wake
from sales.selectors import outlets
from sales.services import selling
from spacefleet.spacetraders import Client


def unload(ship: Ship, *, api: Client, at: datetime) -> Wake | None:
    """One step towards an empty hold; None when nobody is known to buy what is aboard."""
    if not ship.cargo_units or outlets.best_for(ship) is None:
        return None
    return selling.sell_leftovers(ship, api=api, at=at)
