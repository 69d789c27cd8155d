"""What is in the holds: trading, dropping, and who may move a ship's cargo right now."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from fleet.models import Ship
from spacefleet import clock
from spacefleet.spacetraders import Client, payloads

from . import ledger, navigation, sync

LOCK = timedelta(seconds=90)  # wall time; longer than any call, so a dead holder only delays


def sell(
    ship: Ship, good: str, units: int, *, api: Client, session: int | None = None
) -> payloads.Transaction:
    """Sell `units` at the market here in one trade, docking for it, and book the income."""
    navigation.dock(ship, api=api)
    with ledger.moving(ship.agent_id) as move:
        answer = api.sell(ship.symbol, good, units)
        with transaction.atomic():
            sync.write(ship, **sync.cargo_fields(answer.cargo))
            ledger.book_trade(ship, answer.transaction, session=session)
        move.settle(answer.credits)
    return answer.transaction


def buy(
    ship: Ship, good: str, units: int, *, api: Client, session: int | None = None
) -> payloads.Transaction:
    """Buy `units` at the market here in one trade, docking for it, and book the cost."""
    navigation.dock(ship, api=api)
    with ledger.moving(ship.agent_id) as move:
        answer = api.purchase(ship.symbol, good, units)
        with transaction.atomic():
            sync.write(ship, **sync.cargo_fields(answer.cargo))
            ledger.book_trade(ship, answer.transaction, session=session)
        move.settle(answer.credits)
    return answer.transaction


def jettison(ship: Ship, good: str, units: int, *, api: Client) -> None:
    """Throw cargo overboard."""
    sync.write(ship, **sync.cargo_fields(api.jettison(ship.symbol, good, units)))


def lock(ship: int, holder: str) -> bool:
    """Take the right to move a ship's cargo; False while somebody else holds it, or while what
    is aboard is in doubt.

    One transfer at a time per ship: transfers at once into one hold corrupt it on the real
    server. The right runs out by itself, so that a dead holder only delays.
    """
    at = clock.now()
    return bool(
        Ship.objects.filter(pk=ship, suspect_since__isnull=True, lost_at__isnull=True)
        .filter(Q(cargo_lock_until__isnull=True) | Q(cargo_lock_until__lt=at))
        .update(cargo_lock=holder, cargo_lock_until=at + LOCK)
    )


def unlock(ship: int, holder: str) -> None:
    """Give the right back, unless it ran out and somebody else has it."""
    Ship.objects.filter(pk=ship, cargo_lock=holder).update(cargo_lock="", cargo_lock_until=None)
