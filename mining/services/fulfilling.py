"""A loaded ship hands in at its contract what that still needs, and sells the rest."""

from datetime import datetime

import allocation.services.contracts
import allocation.services.trips
from allocation.models import Contract, Trip
from fleet.models import Ship
from fleet.services import navigation
from fleet.wake import Wake, wake_in
from spacefleet.spacetraders import Client

from . import hauling


def fulfil(ship: Ship, *, api: Client, at: datetime) -> Wake | None:
    """One step towards contract or market with what is aboard; None when the hold is empty."""
    if ship.in_transit(at):
        return Wake(ship.arrives_at or at, ship.why)
    trip = allocation.services.trips.current(ship) or _begin(ship)
    if trip is None:
        return hauling.sell_load(ship, api=api, at=at)
    contract = trip.contract
    why = f"to hand in {trip.units} {contract.good} for a contract"
    flying = navigation.travel_to(ship, contract.destination, api=api, at=at, why=why)
    if flying:
        return flying
    units = allocation.services.contracts.deliver(trip, ship, api=api)
    return wake_in(0, f"handed in {units} {contract.good} for contract {contract.game_id}")


def _begin(ship: Ship) -> Trip | None:
    """Set out for the accepted contract with the earliest deadline that needs what is aboard."""
    contracts = Contract.objects.filter(
        agent=ship.agent_id,
        status=Contract.Status.ACCEPTED,
        good__in=list(ship.cargo),
    ).order_by("deadline_at", "pk")
    for contract in contracts:
        units = min(
            int(ship.cargo[contract.good]), contract.units_missing - contract.units_under_way
        )
        if units > 0:
            return allocation.services.trips.begin(
                contract,
                ship,
                units=units,
                source="",
                limit=None,
                due_at=contract.deadline_at,
                why=f"{units} {contract.good} aboard, received at a rock",
            )
    return None
