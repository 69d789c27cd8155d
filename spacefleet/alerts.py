"""Raising and clearing alerts: one row per kind and subject, however often it happens."""

from django.db import IntegrityError, transaction
from django.db.models import F

from spacefleet import clock
from spacefleet.models import Alert
from spacefleet.secrets import redact


def raise_alert(
    kind: str, subject: str, message: str, *, level: str = Alert.Level.WARNING
) -> None:
    """Open the alert `kind` about `subject`, or count it once more while it is open."""
    at, message = clock.now(), redact(message)
    again = {"times": F("times") + 1, "last_at": at, "message": message, "level": level}
    if Alert.objects.open().filter(kind=kind, subject=subject).update(**again):
        return
    try:
        with transaction.atomic():
            Alert.objects.create(
                kind=kind,
                subject=subject,
                message=message,
                level=level,
                first_at=at,
                last_at=at,
            )
    except IntegrityError:  # somebody opened it in between
        Alert.objects.open().filter(kind=kind, subject=subject).update(**again)


def clear_alert(kind: str, subject: str) -> None:
    """Close the alert `kind` about `subject`, if there is one."""
    Alert.objects.open().filter(kind=kind, subject=subject).update(cleared_at=clock.now())
