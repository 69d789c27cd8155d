"""Settling what a merchant did unseen: trades that were booked late belong to its run."""

from collections.abc import Mapping
from datetime import datetime

from fleet.models import LedgerEntry, Ship
from fleet.services import ledger
from spacefleet.spacetraders import Client

from . import trading

TRADES = [LedgerEntry.Kind.PURCHASE, LedgerEntry.Kind.SALE]


def heal(ship: Ship, *, before: Mapping[str, int], since: datetime, api: Client) -> str:
    """Book late trades of a run under its own arm of income, whatever else the ship does."""
    found = trading.current(ship)
    if found is None:
        return ""
    run, lots = found
    late = LedgerEntry.objects.filter(
        ship=ship,
        pk__gt=run.ledger_from,
        kind__in=TRADES,
        good__in=[lot.good for lot in lots],
        note__startswith="healed",
    ).exclude(behaviour=trading.ROLE)
    moved = late.update(behaviour=trading.ROLE, activity=ledger.activity_of("", trading.ROLE))
    return f"{moved} trades of a run had been made" if moved else ""
