"""Trips of ships for a contract: begun, shortened, handed in, ended.

The units of all open trips stand in the contract, and the database refuses more than are
missing: however many ships set out, never more is brought than required.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from allocation.models import Contract, Trip
from fleet.models import Ship
from spacefleet import clock


def current(ship: Ship) -> Trip | None:
    """The trip the ship is on."""
    return (
        Trip.objects.filter(ship=ship, ended_at__isnull=True)
        .select_related("contract__agent__era")
        .first()
    )


def begin(
    contract: Contract,
    ship: Ship,
    *,
    units: int,
    source: str,
    limit: int | None,
    due_at: datetime,
    why: str,
) -> Trip | None:
    """Set out for `units` of what nobody is under way for; None when others were first."""
    with transaction.atomic():
        missing = Contract.objects.filter(
            pk=contract.pk,
            status__in=[Contract.Status.OFFERED, Contract.Status.ACCEPTED],
            units_required__gte=F("units_fulfilled") + F("units_under_way") + units,
        )
        if not missing.update(units_under_way=F("units_under_way") + units):
            return None
        contract.units_under_way += units
        return Trip.objects.create(
            contract=contract,
            ship=ship,
            units=units,
            source=source,
            limit=limit,
            due_at=due_at,
            why=why[:200],
            begun_at=clock.now(),
        )


@transaction.atomic
def shorten(trip: Trip, units: int, *, why: str) -> None:
    """Be content with `units`; somebody else may set out for the rest. Without any it ends."""
    if not units:
        end(trip, why)
        return
    less = trip.units - units
    if Trip.objects.filter(pk=trip.pk, ended_at__isnull=True, units=trip.units).update(
        units=units, why=why[:200]
    ):
        _return(trip.contract_id, less)
        trip.units = units


@transaction.atomic
def end(trip: Trip, outcome: str, *, delivered: int = 0) -> None:
    """End a trip, once; what it was to bring is open again, less what was handed in."""
    ended = Trip.objects.filter(pk=trip.pk, ended_at__isnull=True).update(
        ended_at=clock.now(), outcome=outcome[:200], delivered=delivered
    )
    if ended and not delivered:
        _return(trip.contract_id, trip.units)


@transaction.atomic
def hand_in(trip: Trip, units: int, *, fulfilled: int) -> None:
    """Write down a delivery: the contract has `fulfilled` units now, and the trip is over."""
    end(trip, f"handed in {units}", delivered=units)
    Contract.objects.filter(pk=trip.contract_id).update(
        units_fulfilled=fulfilled,
        units_under_way=Greatest(F("units_under_way") - trip.units, 0),
        seen_at=clock.now(),
    )


def end_all(contract: Contract, outcome: str) -> None:
    """End the trips of a contract that is over; their ships notice at their next step."""
    Trip.objects.filter(contract=contract, ended_at__isnull=True).update(
        ended_at=clock.now(), outcome=outcome[:200]
    )


def _return(contract: int, units: int) -> None:
    Contract.objects.filter(pk=contract).update(
        units_under_way=Greatest(F("units_under_way") - units, 0)
    )
