"""Alerts that reach people: by webhook and by e-mail, switched per kind, never in a ship's way."""

import json
import socketserver
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from spacefleet import alerts, clock, messages, tasks
from spacefleet.models import Alert, AlertSwitch, AuditEntry, Delivery
from tests import factories as make
from tests.pages.test_roles import signed_in

pytestmark = pytest.mark.django_db


@dataclass
class Receiver:
    """A server of somebody else's: what it got, and how it answers."""

    address: str = ""
    got: list[dict[str, Any]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    slow: float = 0.0


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append(json.loads(body))
            time.sleep(found.slow)
            self.send_response(found.answers.pop(0) if found.answers else 204)
            self.send_header("Location", f"{found.address}/elsewhere")
            self.end_headers()

        do_GET = do_POST  # noqa: N815

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found.address = f"http://127.0.0.1:{server.server_port}"
    settings.ALERT_WEBHOOK = f"{found.address}/hooks/s3cr3t-path"
    yield found
    server.shutdown()
    server.server_close()


def drift(message: str = "one credit") -> None:
    alerts.raise_alert("drift", "MAGPIE", message, level=Alert.Level.ERROR)


def test_an_alert_is_posted_once_and_so_is_its_end(receiver: Receiver) -> None:
    for _ in range(3):
        drift()
    said = tasks.deliver()
    alerts.clear_alert("drift", "MAGPIE")
    tasks.deliver()
    tasks.deliver()

    assert said == "sent 1 messages, 0 failed"
    began, over = receiver.got
    assert began["alert"]["state"] == "open"
    assert began["alert"]["times"] == 3
    assert began["text"] == began["content"] == "error: drift MAGPIE: one credit"
    assert over["alert"]["state"] == "over"
    assert over["text"].startswith("over: drift MAGPIE")


def test_raising_sends_nothing_by_itself(receiver: Receiver) -> None:
    receiver.slow = 60

    began = time.monotonic()
    drift()
    alerts.clear_alert("drift", "MAGPIE")

    assert time.monotonic() - began < 5
    assert receiver.got == []


def test_a_failing_receiver_is_tried_again_ever_later_and_in_the_end_no_more(
    receiver: Receiver, later: clock.VirtualClock
) -> None:
    receiver.answers = [500] * 20
    drift()

    told = []
    for _ in range(300):
        if tasks.deliver() != "sent 0 messages, 0 failed":
            told.append(clock.now())
        clock.sleep(60)

    gaps = [(b - a).total_seconds() / 60 for a, b in zip(told, told[1:], strict=False)]
    row = Delivery.objects.get()
    assert gaps == [1, 2, 4, 8, 16, 32, 64]
    assert (row.tries, row.sent_at, row.error) == (8, None, "the webhook answered 500")


def test_a_receiver_that_is_back_gets_what_it_missed(
    receiver: Receiver, later: clock.VirtualClock
) -> None:
    receiver.answers = [503]
    drift()
    tasks.deliver()
    clock.sleep(60)

    assert tasks.deliver() == "sent 1 messages, 0 failed"
    assert Delivery.objects.get().error == ""


def test_nobody_there_is_told_without_the_address(settings: Settings) -> None:
    settings.ALERT_WEBHOOK = "http://127.0.0.1:9/hooks/s3cr3t-path"
    drift()

    tasks.deliver()

    error = Delivery.objects.get().error
    assert error == "the webhook does not answer: ConnectionRefusedError"


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.answers = [302]
    drift()

    tasks.deliver()

    assert len(receiver.got) == 1
    assert Delivery.objects.get().error == "the webhook answered 302"


def test_a_slow_receiver_does_not_hold_the_queue(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "PATIENCE", 0.2)
    monkeypatch.setattr(messages, "LONGEST", 0.3)
    receiver.slow = 3
    for ship in "ABCDE":
        alerts.raise_alert("failing", ship, "x")

    began = time.monotonic()
    tasks.deliver()

    assert time.monotonic() - began < 2.5
    assert Delivery.objects.filter(tries=0).count() >= 3, "those wait for the next run"


def test_two_workers_send_a_message_once(receiver: Receiver) -> None:
    drift()
    row = Delivery.objects.get()
    taken = [messages._take(row) for _ in range(2)]

    assert taken == [True, False]


def test_an_alert_comes_by_mail(settings: Settings) -> None:
    settings.ALERT_EMAILS = ["owner@example.org"]
    drift()

    tasks.deliver()

    (message,) = mail.outbox
    assert message.subject == "[spacefleet] error: drift MAGPIE"
    assert message.to == ["owner@example.org"]
    assert "one credit" in message.body


def test_mail_goes_over_a_real_wire(settings: Settings) -> None:
    got: list[str] = []

    class Sink(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 sink\r\n")
            data = False
            for line in map(bytes.decode, self.rfile):
                got.append(line.rstrip())
                if data and line == ".\r\n":
                    data = False
                elif data:
                    continue
                data = data or line.upper().startswith("DATA")
                self.wfile.write(b"354 go on\r\n" if data else b"250 fine\r\n")
                if line.upper().startswith("QUIT"):
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Sink) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.ALERT_EMAILS = ["owner@example.org"]
        drift()
        said = tasks.deliver()
        server.shutdown()

    assert said == "sent 1 messages, 0 failed", Delivery.objects.get().error
    assert "Subject: [spacefleet] error: drift MAGPIE" in got
    assert "rcpt TO:<owner@example.org>" in got


def test_a_mail_server_that_is_away_is_told_without_its_password(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    settings.EMAIL_HOST_PASSWORD = "hush"
    settings.ALERT_EMAILS = ["owner@example.org"]
    drift()

    tasks.deliver()

    assert Delivery.objects.get().error == "ConnectionRefusedError"


def test_tokens_are_hidden_in_what_is_sent(receiver: Receiver) -> None:
    drift("said Bearer eyJhbGciOiJIUzI1NiJ9.claims.signature")

    tasks.deliver()

    assert "signature" not in json.dumps(receiver.got)
    assert "[hidden]" in receiver.got[0]["text"]


@pytest.mark.parametrize(
    ("mode", "shown", "sent"), [("on", 1, 1), ("silent", 1, 0), ("off", 0, 0)]
)
def test_each_kind_is_on_silent_or_off(
    receiver: Receiver, mode: str, shown: int, sent: int
) -> None:
    alerts.switch(AlertSwitch.objects.get(kind="drift"), mode)

    drift()
    tasks.deliver()

    assert (Alert.objects.open().count(), len(receiver.got)) == (shown, sent)


def test_what_is_switched_off_is_not_shown_any_more() -> None:
    drift()
    alerts.raise_alert("halted", "MAGPIE", "the token is gone")

    alerts.switch(AlertSwitch.objects.get(kind="drift"), "off")

    assert [alert.kind for alert in Alert.objects.open()] == ["halted"]


def test_without_a_channel_nothing_is_noted() -> None:
    drift()
    alerts.clear_alert("drift", "MAGPIE")

    assert not Delivery.objects.exists()


def test_an_operator_switches_a_kind_on_the_page_and_it_is_written_down() -> None:
    client = signed_in("operator")

    client.post(reverse("alerts-page"), {"kind": "drift", "mode": "silent"})

    entry = AuditEntry.objects.get()
    assert AlertSwitch.objects.get(kind="drift").mode == "silent"
    assert (entry.verb, entry.before, entry.after) == ("switched", "on", "silent")
    assert entry.user is not None
    assert entry.user.username == "operator"


def test_an_operator_switches_a_kind_in_the_admin() -> None:
    client = signed_in("operator")
    row = AlertSwitch.objects.get(kind="drift")
    drift()

    client.post(reverse("admin:spacefleet_alertswitch_change", args=[row.pk]), {"mode": "off"})

    assert AlertSwitch.objects.get(kind="drift").mode == "off"
    assert not Alert.objects.open().exists()
    assert AuditEntry.objects.get().verb == "changed"


def test_a_viewer_switches_nothing(reader: Client) -> None:
    answer = reader.post(reverse("alerts-page"), {"kind": "drift", "mode": "off"})

    assert answer.status_code == 403
    assert AlertSwitch.objects.get(kind="drift").mode == "on"


@pytest.mark.parametrize(
    "form", [{"kind": "drift", "mode": "loud"}, {"kind": "nothing", "mode": "on"}, {}]
)
def test_what_is_no_switch_is_not_found(form: dict[str, str]) -> None:
    assert signed_in("operator").post(reverse("alerts-page"), form).status_code == 404


def test_the_page_shows_what_was_sent_and_no_address(
    reader: Client, receiver: Receiver, settings: Settings
) -> None:
    settings.ALERT_EMAILS = ["owner@example.org", "other@example.org"]
    receiver.answers = [500]
    drift()
    tasks.deliver()
    make.AlertFactory(cleared_at=clock.now() - timedelta(hours=1), subject="LONG-AGO")

    page = reader.get(reverse("alerts-page")).content.decode()

    assert "the webhook answered 500" in page
    assert "by webhook and by e-mail to 2 addresses" in page
    assert "LONG-AGO" in page
    assert "s3cr3t-path" not in page
    assert "example.org" not in page


def test_every_kind_that_can_be_raised_has_a_switch() -> None:
    from tests.docs.test_alerts import raised

    assert set(alerts.KINDS) == raised()
    assert set(AlertSwitch.objects.values_list("kind", flat=True)) == set(alerts.KINDS)
