"""The demo's owner: a password is made once, kept at home and found again."""

import stat
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertRedirects

from spacefleet import owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(tmp_path: Path, settings: Settings) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def said() -> str:
    out = StringIO()
    call_command("demo", password=True, stdout=out)
    return out.getvalue().strip()


def test_the_password_of_the_first_start_is_said_again_and_opens_the_door(
    client: Client, home: Path
) -> None:
    made = owner.enter(home)

    assert owner.enter(home) == made
    assert said() == made
    answer = client.post(reverse("login"), {"username": "owner", "password": made})
    assertRedirects(answer, reverse("overview"))


def test_only_its_owner_may_read_the_kept_password(home: Path) -> None:
    owner.enter(home)

    assert stat.S_IMODE(owner.kept_at(home).stat().st_mode) == 0o600


def test_a_password_that_was_changed_is_not_said_any_more(home: Path) -> None:
    made = owner.enter(home)
    user = User.objects.get(username="owner")
    user.set_password("another-pass-2")
    user.save()

    assert made not in said()
    assert "changepassword owner" in said()


def test_a_database_begun_anew_gets_a_new_password(home: Path) -> None:
    made = owner.enter(home)
    User.objects.all().delete()
    assert "none yet" in said()

    again = owner.enter(home)

    assert again != made
    assert said() == again


def test_an_owner_whose_password_was_never_kept_is_told_what_to_do(home: Path) -> None:
    User.objects.create_superuser("owner", password="a-long-pass-1")

    assert "not kept" in said()
