"""Moving goods from ship to ship: reserve, transfer, confirm; one at a time per receiver."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Least

from fleet.models import Ship
from fleet.services import alarms, cargo, healing, sync
from inventory.models import Depot, Stock, Transfer
from spacefleet import clock, jobs
from spacefleet.parameters import load
from spacefleet.spacetraders import Client, errors, payloads

Kind = Transfer.Kind
Status = Transfer.Status
SEEN = ["cargo", "cargo_units", "nav_status", "waypoint", "arrives_at", "cargo_lock_until"]
OnConfirm = Callable[[Transfer], None]


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
    on_confirm: OnConfirm | None = None,
) -> Transfer | None:
    """Move up to `units` of a good; less when the receiver lacks room.

    None when nothing fits or somebody else is moving cargo of one of the two: try again soon.
    `on_confirm` runs inside the transaction that writes the game's answer. Both ships must be
    at one waypoint in the same nav state; a refusal of the game is raised.
    """
    wanted = Transfer(
        giver=giver,
        receiver=receiver,
        good=good,
        units=units,
        kind=kind,
        why=why[:200],
        reference=reference,
    )
    row = _reserve(wanted)
    if row is None and _looked_anew(giver, receiver):
        row = _reserve(wanted)
    return _ask(row, api=api, on_confirm=on_confirm) if row else None


def _reserve(wanted: Transfer) -> Transfer | None:
    """Write what is about to be moved and take both cargo locks, by what we believe is aboard.

    None when nothing would move, or when the two ships are busy or not as we believe.
    """
    giver, receiver, at = wanted.giver, wanted.receiver, clock.now()
    receiver.settle(at)
    if (giver.waypoint, giver.nav_status) != (receiver.waypoint, receiver.nav_status):
        return None
    if cargo.busy(giver, at) or cargo.busy(receiver, at):
        return None
    held = giver.cargo.get(wanted.good, 0)
    fits = min(wanted.units, held, receiver.cargo_space)
    if fits <= 0:
        return None
    acting = receiver if wanted.kind == Kind.WITHDRAW else giver
    row = Transfer(
        giver=giver,
        receiver=receiver,
        good=wanted.good,
        units=fits,
        held=acting.cargo.get(wanted.good, 0),
        kind=wanted.kind,
        waypoint=giver.waypoint,
        why=wanted.why,
        reference=wanted.reference,
        at=at,
    )
    return row if _write_down(row) else None


def _write_down(row: Transfer) -> bool:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            locked = cargo.lock_both(row.giver, row.receiver, row.holder)
            if not locked:
                transaction.set_rollback(True)
            return locked
    except IntegrityError:  # one of them has another transfer whose fate is not settled
        return False


def _looked_anew(*ships: Ship) -> bool:
    """Read again what matters of these ships; whether that differs from what we believed."""
    found = {row["pk"]: row for row in _rows(ships)}
    changed = False
    for ship in ships:
        believed = {name: getattr(ship, name) for name in SEEN}
        for name, value in found[ship.pk].items():
            if name not in (getattr(ship, "unwritten", None) or {}):
                setattr(ship, name, value)
        ship.settle(clock.now())
        changed |= believed != {name: getattr(ship, name) for name in SEEN}
    return changed


def _rows(ships: tuple[Ship, ...]) -> list[dict[str, object]]:
    pks = [ship.pk for ship in ships]
    return list(Ship.objects.filter(pk__in=pks).values("pk", *SEEN))


def _ask(row: Transfer, *, api: Client, on_confirm: OnConfirm | None) -> Transfer:
    giver, receiver = row.giver, row.receiver
    try:
        answer = api.transfer(giver.symbol, receiver.symbol, row.good, row.units)
    except errors.OutcomeUnknown as error:
        _end(row, Status.UNKNOWN, str(error))
        _doubt(row, "a transfer's answer was lost")
        raise
    except errors.SpaceTradersError as error:
        _end(row, Status.REFUSED, str(error))
        if isinstance(error, errors.Refused):
            healing.suspect(receiver, f"a transfer was refused: {error}")
        cargo.release(row.holder)
        raise
    _load(giver, receiver, row, answer)
    with transaction.atomic():
        ours = cargo.write_both(giver, receiver, row.holder) and _confirm(row, on_confirm)
    if not ours:
        _doubt(row, "a transfer was settled by somebody else")
    return row


def _doubt(row: Transfer, why: str) -> None:
    """Have both ships looked at before they do anything else, and let go of them."""
    for ship in (row.giver, row.receiver):
        healing.suspect(ship, why, since=row.at)
    cargo.release(row.holder)


def _load(giver: Ship, receiver: Ship, row: Transfer, answer: payloads.TransferResult) -> None:
    """Take over both holds in memory.

    The game tells the receiver's hold too; the official description of the API does not.
    """
    giver.cargo, giver.cargo_units = dict(answer.cargo.goods), answer.cargo.units
    told = answer.target_cargo
    if told is not None:
        receiver.cargo, receiver.cargo_units = dict(told.goods), told.units
        return
    aboard = receiver.cargo.get(row.good, 0) + row.units
    receiver.cargo = {**receiver.cargo, row.good: aboard}
    receiver.cargo_units += row.units


def _end(row: Transfer, status: str, why: str) -> None:
    row.status, row.why, row.done_at = status, why[:200], clock.now()
    row.save(update_fields=["status", "why", "done_at"])


def _confirm(row: Transfer, on_confirm: OnConfirm | None = None) -> bool:
    """End a transfer that happened, and bring the stock of the depot concerned in line.

    Once: False when somebody else had confirmed it already. `on_confirm` keeps the promises it
    serves; those that are left are cut to what the depot still has.
    """
    at = clock.now()
    mine = Transfer.objects.filter(pk=row.pk).exclude(status=Status.CONFIRMED)
    if not mine.update(status=Status.CONFIRMED, done_at=at):
        return False
    row.status, row.done_at = Status.CONFIRMED, at
    if on_confirm:
        on_confirm(row)
    if row.kind == Kind.DEPOSIT:
        _add_stock(row.receiver_id, row.good, row.units)
    elif row.kind == Kind.WITHDRAW:
        Stock.objects.filter(depot__ship=row.giver_id, good=row.good).update(
            units=F("units") - row.units,
            promised=Least(F("promised"), F("units") - row.units),
            updated_at=at,
        )
    return True


def _add_stock(ship: int, good: str, units: int) -> None:
    at = clock.now()
    mine = Stock.objects.filter(depot__ship=ship, good=good)
    if not mine.update(units=F("units") + units, updated_at=at):
        depot = Depot.objects.get(ship=ship)
        Stock.objects.create(depot=depot, good=good, units=units, updated_at=at)


def heal(ship: Ship, *, before: Mapping[str, int], since: datetime, api: Client) -> str:
    """Settle transfers of this ship whose fate nobody wrote down, by what is aboard now.

    The acting ship is the witness: nothing else moves its cargo between the reservation and
    this moment. While it is itself in the middle of that very step, the transfer is left to it.
    """
    pending = Transfer.objects.filter(
        Q(giver=ship) | Q(receiver=ship), status__in=Transfer.UNSETTLED
    ).select_related("giver", "receiver")
    return "; ".join(
        _settle(row, ship, api=api)
        for row in pending.order_by("pk")
        if not _under_way(row, ship)
    )


def _under_way(row: Transfer, ship: Ship) -> bool:
    """Whether another ship is at this transfer right now and will write down its end."""
    acting = row.receiver if row.acting == row.receiver_id else row.giver
    stepping = acting.stepping is not None and acting.suspect_since is None
    return acting.pk != ship.pk and row.status == Status.RESERVED and stepping


def _keep_promise(row: Transfer) -> None:
    """Tell the claim a withdrawal served, in the transaction that writes it down."""
    if row.reference is not None:
        load(jobs.WITHDRAWN)(row.reference, row)


def _settle(row: Transfer, ship: Ship, *, api: Client) -> str:
    """Look at the ship on the other side too, and end the transfer as it went."""
    other = row.receiver if row.giver_id == ship.pk else row.giver
    told = api.get_ship(other.symbol)
    goods = ship.cargo if row.acting == ship.pk else told.cargo.goods
    change = goods.get(row.good, 0) - row.held
    happened = (change if row.acting == row.receiver_id else -change) >= row.units
    with transaction.atomic():
        sync.write(other, **sync.ship_fields(told, at=clock.now()))
        if happened:
            _confirm(row, _keep_promise)
        else:
            _end(row, Status.REFUSED, "it never reached the game")
        cargo.release(row.holder)
    if other.suspect_since:
        alarms.nudge_ship(other.pk)  # it may have lost more than this transfer
    return f"transfer of {row.units} {row.good} {'happened' if happened else 'did not'}"
