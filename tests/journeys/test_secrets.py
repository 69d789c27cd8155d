"""Nothing secret is ever shown: logs, pages, errors, alerts, the admin and rows, after a journey."""

import json
import logging
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings as real
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from fleet.models import Account, Lane, Ship
from spacefleet import alerts, jobs, logs
from spacefleet.lab.play import SERVER, playing
from spacefleet.spacetraders import errors
from tests import factories as make
from tests.pages.test_access import GUARDED

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(240)]

PASSWORD = "correct-horse-battery"
PROXY = "hush-hush-proxy"


def blurt(ship, *, api, at):
    """A mistake of ours that puts the token into its own error, and asks with a bad one."""
    raise RuntimeError(f"could not send {api._caller.wire._headers}")


@pytest.fixture
def told(monkeypatch, settings):
    """A journey with trouble in it: its play, all that was logged, and the secrets there were."""
    monkeypatch.setitem(jobs.ROLES, "blurt", jobs.Role(f"{__name__}.blurt", 3, "blurts"))
    settings.METRICS_TOKEN = "a-metrics-token"
    written = StringIO()
    handlers = [logging.StreamHandler(written), logging.StreamHandler(written)]
    handlers[0].setFormatter(logs.Lines("{asctime} {name} {message}", style="{"))
    handlers[1].setFormatter(logs.JSONLines())
    root, level = logging.getLogger(), logging.getLogger().level
    root.setLevel(logging.DEBUG)
    for handler in handlers:
        root.addHandler(handler)
    try:
        with playing("showcase", seed=5) as play:
            secrets = journey(play)
            yield play, written, secrets
    finally:
        root.setLevel(level)
        for handler in handlers:
            root.removeHandler(handler)


def journey(play) -> list[str]:
    account = Account.objects.create(
        server=SERVER,
        token="eyJhbGciOiJIUzI1NiJ9.account-claims.sig",
        added_at=play.clock.now(),
    )
    type(play.agent).objects.filter(pk=play.agent.pk).update(account=account)
    Lane.objects.update(proxy=f"http://user:{PROXY}@127.0.0.1:3128")
    Ship.objects.filter(symbol="LABRAT-2").update(roles=["blurt"], role_pinned=True)
    play.world.faults.add("POST * lost 5%")
    play.world.faults.add("* * 502 4%")
    play.run(hours=0.25)
    logging.getLogger("django.db").warning("at postgres://fleet:%s@127.0.0.1/x", PASSWORD)
    alerts.raise_alert("failing", "LABRAT-2", f"said Bearer {play.agent.token}")
    play.world.accounts.clear()
    play.world.agents.clear()  # the server knows nobody any more: tokens are refused
    play.run(hours=0.05)
    return [
        play.agent.token,
        play.agent.token.split(".")[2],
        account.token,
        PROXY,
        PASSWORD,
        "a-metrics-token",
        real.SECRET_KEY,
        *real.TOKEN_KEYS,
    ]


def shown_in(text: str, secrets: list[str]) -> bool:
    return any(secret in text for secret in secrets)


def test_no_secret_is_ever_shown(told):
    play, written, secrets = told
    keeper = Client()
    keeper.force_login(make.UserFactory(username="boss", is_superuser=True, is_staff=True))

    # there was something to blurt out
    ship = Ship.objects.get(symbol="LABRAT-2")
    assert "RuntimeError: could not send" in ship.last_error
    assert "[hidden]" in ship.last_error
    play.agent.refresh_from_db()
    assert "token" in play.agent.halted

    # logs
    lines = written.getvalue()
    assert "could not send" in lines
    assert len(lines) > 10_000
    assert not shown_in(lines, secrets)

    # pages, of which some show one ship
    pages = [page.replace("MAGPIE-2", "LABRAT-2") for page in GUARDED]
    answers = {page: keeper.get(page) for page in [*pages, "/metrics", "/health/", "/nowhere/"]}
    assert {p for p, a in answers.items() if a.status_code not in (200, 302, 404, 503)} == set()
    assert {p for p, a in answers.items() if shown_in(content(a), secrets)} == set()

    # the admin: every list and every row
    seen = 0
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        addresses = [reverse(f"{name}_changelist")]
        for row in model._default_manager.order_by("-pk").values_list("pk", flat=True)[:5]:
            addresses += [
                reverse(f"{name}_{page}", args=[row]) for page in ("change", "history")
            ]
        for address in addresses:
            seen += 1
            assert not shown_in(content(keeper.get(address)), secrets), address
    assert seen > 100

    # rows: nothing is stored in the clear but what belongs to the way out
    for table, column, value in cells():
        known = table == "fleet_lane" and column == "proxy"
        assert known or not shown_in(value, secrets), (table, column)


def content(answer) -> str:
    return b"".join(answer).decode(errors="replace")


def cells():
    """Every text in the database, as it lies there."""
    for model in apps.get_models():
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    if isinstance(value, str):
                        yield table, name, value
                    elif isinstance(value, (dict, list)):
                        yield table, name, json.dumps(value)


def test_the_doctor_and_the_errors_name_no_token(told):
    play, _, secrets = told
    out = StringIO()

    with pytest.raises(Exception, match="need hands"):
        call_command("doctor", "--offline", stdout=out)

    assert not shown_in(out.getvalue(), secrets)
    refused = errors.Unauthorized(4105, "Token is not accepted")
    assert not shown_in(str(refused) + repr(refused), secrets)
