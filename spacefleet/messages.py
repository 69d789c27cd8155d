"""Telling people of alerts, by webhook and by e-mail: a job of the queue, tried again when it fails.

Runs apart from the ships. Each try is bounded in time, and so is a whole run, because the
supervisor takes a queue that answers nothing for long for dead. Neither the webhook's address,
which is a secret, nor any other one is ever in a message, an error or a log.
"""

import json
import logging
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F

from spacefleet import clock
from spacefleet.alerts import KINDS
from spacefleet.models import Alert, Delivery
from spacefleet.secrets import redact

logger = logging.getLogger(__name__)

PATIENCE = 5.0  # wall seconds for one try, names looked up included
LONGEST = 6.0  # wall seconds after which a run begins no further try
TRIES = 8  # the last one about two hours after the first
FIRST_WAIT = timedelta(minutes=1)  # doubled with each further try


class NotSent(Exception):
    """A message did not get through; the text is fit to be shown."""


def deliver() -> str:
    """Send what is due; answers in words how it went."""
    began, sent, failed = time.monotonic(), 0, 0
    for row in _due():
        if time.monotonic() - began > LONGEST:
            break
        if not _take(row):
            continue
        error = _attempt(row)
        if error:
            failed += 1
            Delivery.objects.filter(pk=row.pk).update(error=error[:200])
            logger.warning("%s: %s", row, error)
        else:
            sent += 1
            Delivery.objects.filter(pk=row.pk).update(sent_at=clock.now(), error="")
    return f"sent {sent} messages, {failed} failed"


def _due() -> list[Delivery]:
    waiting = Delivery.objects.filter(
        sent_at__isnull=True, due_at__lte=clock.now(), tries__lt=TRIES
    )
    return list(waiting.select_related("alert").order_by("due_at", "pk")[:50])


def again(rows: Iterable[Delivery]) -> None:
    """Have messages that were not sent tried once more from the start, within a minute."""
    keys = [row.pk for row in rows]
    Delivery.objects.filter(pk__in=keys, sent_at__isnull=True).update(
        due_at=clock.now(), tries=0
    )


def _take(row: Delivery) -> bool:
    """Count a try before it is made; False when another worker was quicker."""
    mine = Delivery.objects.filter(pk=row.pk, tries=row.tries, sent_at__isnull=True)
    later = clock.now() + FIRST_WAIT * 2**row.tries
    return bool(mine.update(tries=F("tries") + 1, due_at=later))


def _attempt(row: Delivery) -> str:
    """Send one message; why it did not work, or nothing."""
    send = WAYS[row.channel]
    told = story(row)
    outcome: list[str] = []

    def run() -> None:
        try:
            send(told)
            outcome.append("")
        except NotSent as error:
            outcome.append(str(error))
        except Exception as error:  # its words may name the address
            outcome.append(type(error).__name__)

    thread = threading.Thread(target=run, daemon=True)  # a name server may never answer
    thread.start()
    thread.join(PATIENCE + 1)
    return outcome[0] if outcome else f"no answer within {PATIENCE:.0f} s"


def story(row: Delivery) -> dict[str, Any]:
    """What is told of an alert; no secret is in it."""
    alert: Alert = row.alert
    over = row.about == Delivery.About.OVER
    head = f"{'over' if over else alert.level}: {alert.kind} {alert.subject}"
    meaning = KINDS[alert.kind].meaning if alert.kind in KINDS else ""
    return {
        "state": "over" if over else "open",
        "kind": alert.kind,
        "subject": alert.subject,
        "level": alert.level,
        "meaning": meaning,
        "message": redact(alert.message),
        "times": alert.times,
        "first_at": alert.first_at.isoformat(),
        "last_at": alert.last_at.isoformat(),
        "head": head,
    }


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The address was chosen by the owner; where it points to was not."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirects)


def by_webhook(told: dict[str, Any]) -> None:
    """POST it as JSON; `text` and `content` are what Slack and Discord read."""
    line = f"{told['head']}: {told['message']}"
    body = {"text": line, "content": line[:1900], "alert": told}
    request = urllib.request.Request(
        settings.ALERT_WEBHOOK,
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "User-Agent": "spacefleet"},
        method="POST",
    )
    try:
        with _opener.open(request, timeout=PATIENCE):
            return
    except urllib.error.HTTPError as error:
        raise NotSent(f"the webhook answered {error.code}") from None
    except OSError as error:
        reason = getattr(error, "reason", error)
        raise NotSent(f"the webhook does not answer: {type(reason).__name__}") from None


def by_email(told: dict[str, Any]) -> None:
    text = (
        f"{told['message']}\n\n{told['meaning']}\n"
        f"{told['times']} times, first {told['first_at']}, last {told['last_at']}\n"
    )
    send_mail(f"[spacefleet] {told['head']}", text, None, settings.ALERT_EMAILS)


WAYS: dict[str, Callable[[dict[str, Any]], None]] = {"webhook": by_webhook, "email": by_email}
