"""Who may see what: every address asks for a login, and a lost session is told plainly."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django.asserts import assertRedirects

from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("person")]


EXAMPLES = {
    "symbol": "MAGPIE-2",
    "verb": "pause",
    "behaviour": "purchases",
    "name": "harbour",
    "table": "ships",
}


def addresses() -> Iterator[str]:
    """Every named address of ours, the admin left out."""
    yield from _below(get_resolver().url_patterns, prefix="")


def _below(patterns: list[URLPattern | URLResolver], *, prefix: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from _below(pattern.url_patterns, prefix=f"{pattern.namespace}:")
        elif pattern.name:
            kwargs = {
                name: EXAMPLES[name] for name in getattr(pattern.pattern, "converters", {})
            }
            yield reverse(prefix + pattern.name, kwargs=kwargs)


OPEN = {"login", "logout", "health", "metrics", "setup"}  # see test_watching, test_first_start
GUARDED = sorted(set(addresses()) - {reverse(name) for name in OPEN})


@pytest.mark.parametrize("address", GUARDED)
def test_stranger_is_sent_to_the_login(client: Client, address: str) -> None:
    answer = client.get(address)

    assertRedirects(answer, f"{reverse('login')}?next={address}", fetch_redirect_response=False)


def test_stranger_may_see_the_login_itself(client: Client) -> None:
    assert client.get(reverse("login")).status_code == 200


def test_person_signs_in_and_lands_on_the_overview(client: Client, person: object) -> None:
    answer = client.post(reverse("login"), {"username": "ada", "password": "open sesame"})

    assertRedirects(answer, reverse("overview"))


def test_wrong_password_is_told_in_words(client: Client, person: object) -> None:
    answer = client.post(reverse("login"), {"username": "ada", "password": "guess"})

    assert "Please enter a correct username and password" in answer.content.decode()


def test_person_signs_out_again(reader: Client) -> None:
    reader.post(reverse("logout"))

    assert reader.get(reverse("overview")).status_code == 302


def test_panel_of_a_lost_session_sends_its_whole_page_to_the_login(client: Client) -> None:
    answer = client.get(
        reverse("fleet:squadrons"),
        headers={
            "HX-Request": "true",
            "HX-Current-URL": "http://testserver/fleet/?agent=MAGPIE",
        },
        follow=True,
    )

    assert answer.headers["HX-Redirect"] == "/login/?next=%2Ffleet%2F%3Fagent%3DMAGPIE"
    assert "password" not in answer.content.decode()


def test_unknown_address_tells_a_stranger_nothing_about_the_fleet(client: Client) -> None:
    make.AgentFactory(symbol="MAGPIE", era__reset_date="2026-02-22")

    answer = client.get("/nowhere/")

    words = answer.content.decode()
    assert answer.status_code == 404
    assert "MAGPIE" not in words
    assert "2026-02-22" not in words
