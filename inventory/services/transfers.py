"""Moving goods from ship to ship: reserve, transfer, confirm; one at a time per receiver."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest

from fleet.models import Ship
from fleet.services import alarms, cargo, healing, sync
from inventory.models import Depot, Stock, Transfer
from spacefleet import clock
from spacefleet.spacetraders import Client, errors, payloads

Kind = Transfer.Kind
Status = Transfer.Status
HOLD = ["cargo", "cargo_units", "cargo_capacity"]


def transfer(
    giver: Ship,
    receiver: Ship,
    good: str,
    units: int,
    *,
    kind: str,
    api: Client,
    why: str = "",
    reference: int | None = None,
    on_confirm: Callable[[Transfer], None] | None = None,
) -> Transfer | None:
    """Move up to `units` of a good; less when the receiver lacks room.

    None when nothing fits or somebody else is moving cargo of one of the two: try again soon.
    `on_confirm` runs inside the transaction that writes the game's answer. Both ships must be
    at one waypoint in the same nav state; a refusal of the game is raised.
    """
    holder = uuid.uuid4().hex
    if not _lock_both(giver, receiver, holder):
        return None
    try:
        row = _reserve(giver, receiver, good, units, kind=kind, why=why, reference=reference)
        return _ask(row, giver, receiver, api=api, on_confirm=on_confirm) if row else None
    finally:
        cargo.unlock(receiver.pk, holder)
        cargo.unlock(giver.pk, holder)


def _lock_both(giver: Ship, receiver: Ship, holder: str) -> bool:
    """Take both cargo locks, the lower row first so that two workers never wait in a ring."""
    first, second = sorted((giver.pk, receiver.pk))
    if not cargo.lock(first, holder):
        return False
    if not cargo.lock(second, holder):
        cargo.unlock(first, holder)
        return False
    return True


def _reserve(
    giver: Ship,
    receiver: Ship,
    good: str,
    units: int,
    *,
    kind: str,
    why: str,
    reference: int | None,
) -> Transfer | None:
    """Write what is about to be moved, by what both holds are known to contain now."""
    giver.refresh_from_db(fields=HOLD)
    receiver.refresh_from_db(fields=[*HOLD, "nav_status", "waypoint", "arrives_at"])
    receiver.settle(clock.now())
    if (giver.waypoint, giver.nav_status) != (receiver.waypoint, receiver.nav_status):
        return None  # it left before we had its lock
    fits = min(units, giver.cargo.get(good, 0), receiver.cargo_space)
    if fits <= 0:
        return None
    try:
        with transaction.atomic():
            return Transfer.objects.create(
                giver=giver,
                receiver=receiver,
                good=good,
                units=fits,
                kind=kind,
                waypoint=giver.waypoint,
                why=why[:200],
                reference=reference,
                at=clock.now(),
            )
    except IntegrityError:  # the receiver has another transfer whose fate is not settled
        return None


def _ask(
    row: Transfer,
    giver: Ship,
    receiver: Ship,
    *,
    api: Client,
    on_confirm: Callable[[Transfer], None] | None,
) -> Transfer:
    try:
        answer = api.transfer(giver.symbol, receiver.symbol, row.good, row.units)
    except errors.OutcomeUnknown as error:
        _end(row, Status.UNKNOWN, str(error))
        for ship in (giver, receiver):
            healing.suspect(ship, "a transfer's answer was lost", since=row.at)
        raise
    except errors.SpaceTradersError as error:
        _end(row, Status.REFUSED, str(error))
        if isinstance(error, errors.Refused):
            healing.suspect(receiver, f"a transfer was refused: {error}")
        raise
    with transaction.atomic():
        sync.write(giver, **sync.cargo_fields(answer.cargo))
        _write_receiver(receiver, row, answer.target_cargo)
        _confirm(row)
        if on_confirm:
            on_confirm(row)
    return row


def _write_receiver(receiver: Ship, row: Transfer, told: payloads.Cargo | None) -> None:
    """The game tells the receiver's hold too; the official description of the API does not."""
    if told is not None:
        sync.write(receiver, **sync.cargo_fields(told))
        return
    goods = dict(receiver.cargo)
    goods[row.good] = goods.get(row.good, 0) + row.units
    sync.write(receiver, cargo=goods, cargo_units=receiver.cargo_units + row.units)


def _end(row: Transfer, status: str, why: str) -> None:
    row.status, row.why, row.done_at = status, why[:200], clock.now()
    row.save(update_fields=["status", "why", "done_at"])


def _confirm(row: Transfer) -> None:
    """End a transfer that happened, and bring the stock of the depot concerned in line."""
    row.status, row.done_at = Status.CONFIRMED, clock.now()
    row.save(update_fields=["status", "done_at"])
    if row.kind == Kind.DEPOSIT:
        _add_stock(row.receiver_id, row.good, row.units)
    elif row.kind == Kind.WITHDRAW:
        Stock.objects.filter(depot__ship=row.giver_id, good=row.good).update(
            units=F("units") - row.units,
            promised=Greatest(F("promised") - row.units, 0),
            updated_at=clock.now(),
        )


def _add_stock(ship: int, good: str, units: int) -> None:
    depot = Depot.objects.get(ship=ship)
    at = clock.now()
    mine = Stock.objects.filter(depot=depot, good=good)
    if not mine.update(units=F("units") + units, updated_at=at):
        Stock.objects.create(depot=depot, good=good, units=units, updated_at=at)


def heal(ship: Ship, *, before: Mapping[str, int], since: datetime, api: Client) -> str:
    """Settle transfers of this ship whose fate nobody wrote down, by what is aboard now.

    `before` is what we believed to be aboard; the ship's row has been read anew since.
    """
    pending = Transfer.objects.filter(
        Q(giver=ship) | Q(receiver=ship), status__in=[Status.RESERVED, Status.UNKNOWN]
    ).select_related("giver", "receiver")
    said = []
    for row in pending.order_by("pk"):
        gave = row.giver_id == ship.pk
        change = ship.cargo.get(row.good, 0) - before.get(row.good, 0)
        happened = (-change if gave else change) >= row.units
        other = row.receiver if gave else row.giver
        sync.reread(other, api=api)
        if other.suspect_since:
            alarms.nudge_ship(other.pk)  # it may have lost more than this transfer
        with transaction.atomic():
            if happened:
                _confirm(row)
            else:
                _end(row, Status.REFUSED, "it never reached the game")
        said.append(
            f"transfer of {row.units} {row.good} {'happened' if happened else 'did not'}"
        )
    return "; ".join(said)
