"""A miner carries its own load away, where no transport does: to the best buyer in reach."""

from datetime import datetime

import sales.selectors.outlets
import sales.services.selling
from fleet.models import Ship
from fleet.services import navigation, roster, wishes
from fleet.wake import Wake, wake_in
from mining.selectors import worth
from spacefleet.spacetraders import Client

from . import extracting

NO_BUYER = 600  # game seconds until a ship whose load nobody buys looks again


def sell_load(ship: Ship, *, api: Client, at: datetime) -> Wake | None:
    """Fly to the best buyer of what is aboard and sell there; None when the hold is empty.

    What no known market buys is thrown away, because it would block the hold for ever.
    """
    if ship.in_transit(at):
        return Wake(ship.arrives_at or at, ship.why)
    if not ship.cargo_units:
        return None
    outlet = sales.selectors.outlets.best_for(ship)
    if outlet is None:
        return _unsaleable(ship, api=api)
    why = f"to sell {ship.cargo_units} units, {outlet.why}"
    flying = navigation.travel_to(ship, outlet.waypoint, api=api, at=at, why=why)
    if flying:
        return flying
    navigation.dock(ship, api=api)
    wishes.look_here(ship, api=api)
    roster.wanted_here(ship)
    credits = sales.services.selling.sell_aboard(ship, api=api)
    if ship.cargo_units:
        return wake_in(0, f"sold for {credits:,} credits, the rest goes elsewhere")
    return wake_in(0, f"sold its load for {credits:,} credits at {ship.waypoint}")


def _unsaleable(ship: Ship, *, api: Client) -> Wake:
    prices = worth.prices(ship.agent, ship.system, prior=1.0)
    nobody = {good: units for good, units in ship.cargo.items() if good not in prices}
    if not nobody:
        return wake_in(NO_BUYER, "no route to any buyer of its load")
    extracting.drop(ship, nobody, prices={}, api=api, why="no market in the system buys it")
    return wake_in(0, f"dropped {', '.join(nobody)}: nobody here buys it")
