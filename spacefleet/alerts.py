"""Raising and clearing alerts: one row per kind and subject, however often it happens.

What a person is told of by webhook or e-mail is only noted here, as a row; a job of the queue
sends it (`spacefleet.messages`). So no ship ever waits for somebody else's server.
"""

from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.signals import post_migrate

from spacefleet import clock
from spacefleet.models import Alert, AlertSwitch, Delivery
from spacefleet.secrets import redact

ON, SILENT, OFF = AlertSwitch.Mode.ON, AlertSwitch.Mode.SILENT, AlertSwitch.Mode.OFF


class Kind(NamedTuple):
    """What a kind of alert tells, and what becomes of it unless somebody chose otherwise."""

    meaning: str
    mode: str


KINDS = {
    "database": Kind("the database could not be used for a while", ON),
    "disk": Kind("the disk is nearly full", ON),
    "drift": Kind("the game's credits differ from the ledger", ON),
    "failing": Kind("a ship or an evaluator failed several times in a row", ON),
    "halted": Kind("an agent cannot be played any more", ON),
    "reset": Kind("the game began anew", ON),
    "spending": Kind("an agent lost money too fast and buys nothing", ON),
    "unreadable": Kind("the game fails to show a ship of ours", ON),
    "stock drift": Kind("the books of a depot differed from its hold", SILENT),
    "stranded": Kind("a ship has no route with the fuel it has", SILENT),
    "unstable": Kind("a rock was worked too fast and rests", SILENT),
}


def raise_alert(
    kind: str, subject: str, message: str, *, level: str = Alert.Level.WARNING
) -> None:
    """Open the alert `kind` about `subject`, or count it once more while it is open."""
    at, message = clock.now(), redact(message)
    again = {"times": F("times") + 1, "last_at": at, "message": message, "level": level}
    if Alert.objects.open().filter(kind=kind, subject=subject).update(**again):
        return
    mode = mode_of(kind)
    if mode == OFF:
        return
    try:
        with transaction.atomic():
            made = Alert.objects.create(
                kind=kind,
                subject=subject,
                message=message,
                level=level,
                first_at=at,
                last_at=at,
            )
            if mode == ON:
                _tell([made], Delivery.About.BEGAN)
    except IntegrityError:  # somebody opened it in between
        Alert.objects.open().filter(kind=kind, subject=subject).update(**again)


def clear_alert(kind: str, subject: str) -> None:
    """Close the alert `kind` about `subject`, if there is one."""
    close(Alert.objects.open().filter(kind=kind, subject=subject))


def close(rows: Any) -> int:
    """Close these alerts; who was told that they began is told that they are over."""
    at = clock.now()
    if not channels():
        return int(rows.update(cleared_at=at))
    with transaction.atomic():
        closing = list(rows.select_for_update())
        count = Alert.objects.filter(pk__in=[row.pk for row in closing]).update(cleared_at=at)
        _tell([row for row in closing if row.deliveries.exists()], Delivery.About.OVER)
    return count


def channels() -> list[str]:
    """The ways in which a person is told: those whose address is set."""
    ways = {"webhook": settings.ALERT_WEBHOOK, "email": settings.ALERT_EMAILS}
    return [name for name, address in ways.items() if address]


def _tell(alerts: list[Alert], about: str) -> None:
    """Note what is to be sent."""
    at = clock.now()
    Delivery.objects.bulk_create(
        [
            Delivery(alert=alert, channel=channel, about=about, due_at=at)
            for alert in alerts
            for channel in channels()
        ],
        ignore_conflicts=True,
    )


def mode_of(kind: str) -> str:
    """What becomes of alerts of this kind: somebody's choice, else what is usual for it."""
    chosen = AlertSwitch.objects.filter(kind=kind).values_list("mode", flat=True).first()
    return chosen or _usual(kind)


def _usual(kind: str) -> str:
    return KINDS[kind].mode if kind in KINDS else ON


def switch(row: AlertSwitch, mode: str) -> None:
    """Choose what becomes of a kind; what is off is not shown any more either."""
    row.mode = mode
    row.save(update_fields=["mode"])
    if mode == OFF:
        close(Alert.objects.open().filter(kind=row.kind))


def make_switches(**kwargs: Any) -> None:
    """Have a switch for every kind; choices that were made stay."""
    known = set(AlertSwitch.objects.values_list("kind", flat=True))
    AlertSwitch.objects.bulk_create(
        AlertSwitch(kind=kind, mode=told.mode)
        for kind, told in KINDS.items()
        if kind not in known
    )


def connect() -> None:
    """Make the switches of new kinds with each migration."""
    post_migrate.connect(
        make_switches,
        sender=apps.get_app_config("spacefleet"),
        dispatch_uid="spacefleet.alerts",
    )
