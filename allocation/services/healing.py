"""Settling what happened unseen: withdrawals no claim knows of, payments no ledger has."""

from collections.abc import Mapping
from datetime import datetime

from allocation.models import Claim, Contract, ResourceRequest
from fleet.models import Ship
from inventory.models import Transfer
from spacefleet.spacetraders import Client

from . import contracts, queue


def heal(ship: Ship, *, before: Mapping[str, int], since: datetime, api: Client) -> str:
    """Settle claims whose withdrawal happened unseen, and contracts whose answers were lost."""
    said = [text for text in (_settle_claims(ship), _settle_contracts(ship, api=api)) if text]
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


def _settle_contracts(ship: Ship, *, api: Client) -> str:
    """Ask for the running contracts this ship may have served."""
    running = Contract.objects.filter(agent=ship.agent_id, status__in=contracts.RUNNING)
    if "courier" not in ship.roles:
        served = ship.requests.filter(purpose=ResourceRequest.Purpose.CONTRACT)
        running = running.filter(good__in=served.values("good"))
    said = []
    for row in running:
        said += contracts.settle(row, api.get_contract(row.game_id))
    return "; ".join(said)
