"""A browser's view of the pages: somebody signed in, the clock at noon, a fleet to look at."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from spacefleet import clock
from tests import factories
from tests.factories import NOON


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Half a second of hashing for each person is for the real ones."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def later() -> Iterator[clock.VirtualClock]:
    """The clock stands at noon; sleeping moves it."""
    with clock.frozen_at(NOON) as standing:
        yield standing


@pytest.fixture
def person(db: None, quick_passwords: None) -> User:
    return factories.UserFactory(username="ada")


@pytest.fixture
def owner(db: None, quick_passwords: None) -> User:
    return factories.UserFactory(username="owner", is_staff=True, is_superuser=True)


@pytest.fixture
def reader(client: Client, person: User) -> Client:
    """A signed-in person who may look."""
    client.force_login(person)
    return client


@pytest.fixture
def keeper(client: Client, owner: User) -> Client:
    """A signed-in person who may use the admin."""
    client.force_login(owner)
    return client
