"""Settling what happened unseen: withdrawals no claim knows of, payments no ledger has."""

from collections.abc import Mapping
from datetime import datetime

from allocation.models import Claim, Contract
from fleet.models import Ship
from inventory.models import Transfer
from spacefleet.spacetraders import Client

from . import contracts, queue, trips


def heal(ship: Ship, *, before: Mapping[str, int], since: datetime, api: Client) -> str:
    """Settle claims whose withdrawal happened unseen, and contracts whose answers were lost."""
    said = [
        text
        for text in (_settle_claims(ship), _settle_contracts(ship, before, api=api))
        if text
    ]
    return "; ".join(said)


def _settle_claims(ship: Ship) -> str:
    """Count confirmed withdrawals of this ship that no claim knows of."""
    confirmed = Transfer.objects.filter(
        receiver=ship,
        kind=Transfer.Kind.WITHDRAW,
        status=Transfer.Status.CONFIRMED,
        reference__isnull=False,
    ).order_by("-pk")[:5]
    found = 0
    for row in confirmed:
        claim = Claim.objects.filter(pk=row.reference or 0, released_at__isnull=True).first()
        if claim is None:
            continue
        known = Transfer.objects.filter(
            reference=claim.pk, status=Transfer.Status.CONFIRMED
        ).values_list("units", flat=True)
        missing = sum(known) - claim.withdrawn
        if missing > 0:
            row.units = missing
            queue.note_withdrawal(claim.pk, row)
            found += missing
    return f"{found} units had been withdrawn" if found else ""


def _settle_contracts(ship: Ship, before: Mapping[str, int], *, api: Client) -> str:
    """Ask for the running contracts this ship may have served, or negotiated unheard."""
    trip = trips.current(ship)
    concerned = trip is not None or "courier" in ship.roles
    said = []
    running = list(Contract.objects.filter(agent=ship.agent_id, status__in=contracts.RUNNING))
    if not concerned:
        running = [row for row in running if row.asked_at]
    for row in running:
        told = api.get_contract(row.game_id)
        handed = before.get(row.good, 0) - ship.cargo.get(row.good, 0)
        there = ship.waypoint == row.destination  # and what is gone was handed in
        if trip and trip.contract_id == row.pk and there and handed > 0:
            trips.end(trip, "what it handed in was seen later")
            said.append(f"{handed} units had been handed in")
        said += contracts.settle(row, told)
    if concerned and not running:
        contracts.learn(ship.agent, api=api)
    return "; ".join(said)
