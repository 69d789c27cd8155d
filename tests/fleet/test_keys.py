"""Keys and roles from the command line: rotating what tokens are encrypted with, giving roles."""

from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from fleet.models import Account, Agent
from spacefleet.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def told(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue().strip()


def stored(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT token FROM {table} ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def tokens(settings):
    """Two agents and an account written with the old key, one agent with the new one."""
    settings.TOKEN_KEYS = [OLD]
    make.AgentFactory.create_batch(2, token="a-secret-token")
    make.AccountFactory(token="an-account-token")
    make.AccountFactory(token="")
    settings.TOKEN_KEYS = [NEW, OLD]
    make.AgentFactory(token="a-newer-token")


def test_every_token_is_encrypted_anew_with_the_first_key(tokens, settings):
    before = stored("fleet_agent")

    said = told("rotate_tokens")

    settings.TOKEN_KEYS = [NEW]  # the old key is thrown away
    assert sorted(Agent.objects.values_list("token", flat=True)) == [
        "a-newer-token",
        "a-secret-token",
        "a-secret-token",
    ]
    assert set(Account.objects.values_list("token", flat=True)) == {"an-account-token", ""}
    assert "2 of 3 agents" in said
    assert "1 of 1 accounts" in said
    assert stored("fleet_agent")[2] == before[2], "what has the new key already is left alone"
    assert "secret" not in said


def test_rotating_twice_changes_nothing_more(tokens):
    told("rotate_tokens")
    before = stored("fleet_agent")

    assert "0 of 3 agents" in told("rotate_tokens")
    assert stored("fleet_agent") == before


def test_looking_changes_nothing(tokens):
    before = stored("fleet_agent") + stored("fleet_account")

    said = told("rotate_tokens", "--check")

    assert "2 of 3 agents" in said
    assert "1 of 1 accounts" in said
    assert stored("fleet_agent") + stored("fleet_account") == before


def test_a_token_no_key_fits_stops_the_rotation_and_changes_nothing(tokens, settings):
    settings.TOKEN_KEYS = [NEW]
    before = stored("fleet_agent")

    with pytest.raises(CommandError, match="cannot be decrypted") as error:
        told("rotate_tokens")

    assert NEW not in str(error.value)
    assert stored("fleet_agent") == before


def test_a_person_gets_a_role(db):
    user = make.UserFactory(username="ada")

    assert "ada is operator now (before: none)" in told("setrole", "ada", "operator")
    assert "before: operator" in told("setrole", "ada", "viewer")

    user.refresh_from_db()
    assert [group.name for group in user.groups.all()] == ["viewer"]
    assert user.is_staff
    assert [entry.after for entry in AuditEntry.objects.order_by("pk")] == [
        "operator",
        "viewer",
    ]


def test_a_person_who_is_not_there_is_made_with_a_password_worth_the_name(db, monkeypatch):
    monkeypatch.setenv("SPACEFLEET_PASSWORD", "12345")
    with pytest.raises(CommandError, match="password"):
        told("setrole", "ada", "viewer")
    monkeypatch.setenv("SPACEFLEET_PASSWORD", "a sesame nobody guesses")

    told("setrole", "ada", "viewer")

    user = User.objects.get()
    assert user.check_password("a sesame nobody guesses")
    assert not user.is_superuser
