"""The first contact: one person is made, then an agent; afterwards the door is shut."""

from collections.abc import Iterator
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.conf import settings as live
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from fleet.models import Account, Agent, Evaluator, Ship
from fleet.services import controls
from spacefleet import roles
from spacefleet.models import AuditEntry
from spacefleet.spacetraders import Client as Speaker
from spacefleet.universe import World, server
from spacefleet.universe.scenarios import build
from tests import factories as make
from tests.factories import NOON
from tests.pages.test_access import GUARDED

pytestmark = pytest.mark.django_db

SETUP, AGENT = "/setup/", "/setup/agent/"
PERSON = {"username": "ada", "password1": "orbit-and-ore-7", "password2": "orbit-and-ore-7"}
NEW = {"how": "register", "symbol": "magpie", "faction": "COSMIC"}


@pytest.fixture
def world() -> World:
    return build("first_day", seed=3, start=NOON, others=0, rate_limited=False)


@pytest.fixture
def universe(world: World, settings: Settings) -> Iterator[str]:
    """A universe that listens, and the settings that name it."""
    with server.running(world, clock=lambda: NOON) as address:
        settings.SPACETRADERS_URL = f"{address}/v2" if "/v2" not in address else address
        yield settings.SPACETRADERS_URL


@pytest.fixture
def admin(client: Client, person: User) -> Client:
    roles.give(person, roles.ADMIN)
    client.force_login(person)
    return client


def registered(universe: str) -> str:
    """The token of MAGPIE, registered by somebody else."""
    with Speaker(None, base_url=universe) as client:
        return client.register("MAGPIE", "COSMIC").token


# the first person


@pytest.mark.parametrize("address", ["/login/", "/admin/login/", "/nowhere/", *GUARDED[::9]])
def test_every_address_leads_to_the_first_start_while_nobody_exists(
    client: Client, address: str
) -> None:
    assertRedirects(client.get(address), SETUP, fetch_redirect_response=False)


def test_panel_of_a_page_left_open_sends_the_whole_page_there(client: Client) -> None:
    answer = client.get(reverse("fleet:squadrons"), headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"] == SETUP


@pytest.mark.parametrize("address", ["/health/", "/metrics"])
def test_monitors_get_their_answer_before_anybody_exists(client: Client, address: str) -> None:
    assert client.get(address).status_code in (200, 401, 503)


def test_first_person_is_an_admin_signed_in_and_led_to_the_agent(client: Client) -> None:
    answer = client.post(SETUP, PERSON)

    user = User.objects.get()
    assertRedirects(answer, AGENT)
    assert [group.name for group in user.groups.all()] == [roles.ADMIN]
    assert (user.is_staff, user.is_superuser) == (True, False)
    assert user.check_password("orbit-and-ore-7")
    assert AuditEntry.objects.get().verb == "made the first user"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password1": "12345", "password2": "12345"}, "too short"),
        ({"password1": "password123", "password2": "password123"}, "too common"),
        ({"password2": "another-pass-7"}, "didn’t match"),
        ({"username": "a d a"}, "Enter a valid username"),
        ({"username": ""}, "This field is required"),
    ],
    ids=["short", "common", "not twice the same", "wrong name", "no name"],
)
def test_bad_input_is_told_in_words_and_the_name_is_kept(
    client: Client, changes: dict[str, str], words: str
) -> None:
    told = PERSON | changes

    answer = client.post(SETUP, told)

    assertContains(answer, words)
    assertContains(answer, f'value="{told["username"]}"' if told["username"] else "<form")
    assertNotContains(answer, told["password1"])
    assert not User.objects.exists()


def test_door_is_shut_once_somebody_exists(client: Client, person: User) -> None:
    looked, posted = client.get(SETUP), client.post(SETUP, PERSON)

    assertRedirects(looked, reverse("login"))
    assertRedirects(posted, reverse("login"))
    assert list(User.objects.all()) == [person]


def test_whoever_is_signed_in_is_led_on_from_the_first_start(
    client: Client, admin: Client
) -> None:
    assertRedirects(admin.get(SETUP), AGENT)
    make.AgentFactory()
    assertRedirects(admin.get(SETUP), reverse("overview"))


def test_form_without_its_secret_is_refused() -> None:
    assert Client(enforce_csrf_checks=True).post(SETUP, PERSON).status_code == 403


def test_attempts_are_paused_like_those_at_the_login(client: Client) -> None:
    wrong = PERSON | {"password2": "slip-of-a-finger"}

    answers = [client.post(SETUP, wrong).status_code for _ in range(live.AXES_FAILURE_LIMIT)]
    last = client.post(SETUP, PERSON)

    assert answers[:-1] == [200] * (live.AXES_FAILURE_LIMIT - 1)
    assert answers[-1] == last.status_code == 429
    assertContains(last, "axes_reset", status_code=429)
    assert not User.objects.exists()


def test_pause_writes_down_no_password(client: Client) -> None:
    client.post(SETUP, PERSON | {"password2": "slip-of-a-finger"})

    written = AccessAttempt.objects.get().post_data
    assert "orbit-and-ore" not in written
    assert "slip-of" not in written


# the first agent


def test_new_agent_is_registered_with_ships_and_alarms(
    admin: Client, universe: str, world: World
) -> None:
    answer = admin.post(AGENT, NEW, follow=True)

    agent = Agent.objects.get()
    assertRedirects(answer, reverse("overview"))
    assertContains(answer, "MAGPIE is ready with 175,000 credits")
    assert (agent.symbol, agent.faction, agent.era.server) == ("MAGPIE", "COSMIC", universe)
    assert Ship.objects.filter(agent=agent).count() == 2
    assert Evaluator.objects.filter(agent=agent).exists()
    assert "MAGPIE" in world.agents
    assert AuditEntry.objects.get().verb == "registered"


def test_agent_that_exists_is_adopted_and_only_watched(admin: Client, universe: str) -> None:
    token = registered(universe)

    answer = admin.post(
        AGENT, {"how": "adopt", "token": f" {token} ", "watch": "on"}, follow=True
    )

    agent = Agent.objects.get()
    order = controls.given(agent=agent)
    assertContains(answer, "changes nothing")
    assertNotContains(answer, token)
    assert agent.token == token
    assert order is not None
    assert order.mode == "watch"


def test_second_click_and_second_try_register_nobody_twice(
    admin: Client, universe: str
) -> None:
    admin.post(AGENT, NEW)
    Evaluator.objects.all().delete()  # the first try broke off

    answer = admin.post(AGENT, NEW, follow=True)

    assertContains(answer, "MAGPIE is ready")
    assert Agent.objects.count() == 1
    assert Evaluator.objects.exists()


def test_account_token_is_kept_only_where_asked_for(admin: Client, universe: str) -> None:
    admin.post(AGENT, NEW | {"account_token": ""})
    assert not Account.objects.exists()


def test_callsign_taken_by_another_is_told_and_the_form_keeps_its_values(
    admin: Client, universe: str
) -> None:
    registered(universe)

    answer = admin.post(AGENT, NEW | {"faction": "VOID", "watch": "on"})

    assertContains(answer, "MAGPIE of VOID cannot be registered")
    assertContains(answer, 'value="magpie"')
    assertContains(answer, '<option value="VOID" selected>')
    assertContains(answer, "checked")
    assert not Agent.objects.exists()


def test_unknown_token_is_refused_never_repeated_and_never_written_down(
    admin: Client, universe: str
) -> None:
    answer = admin.post(AGENT, {"how": "adopt", "token": "hush-hush-hush"})

    assertContains(answer, "does not know this token")
    assertNotContains(answer, "hush-hush-hush")
    assert "hush-hush-hush" not in everything_written()


def everything_written() -> str:
    rows = (model._default_manager.values_list() for model in apps.get_models())
    return "".join(repr(list(each)) for each in rows)


def test_guessing_tokens_is_paused(admin: Client, universe: str) -> None:
    guess = {"how": "adopt", "token": "hush-hush-hush"}

    answers = [admin.post(AGENT, guess).status_code for _ in range(live.AXES_FAILURE_LIMIT + 1)]

    assert answers[-2:] == [429, 429]
    assert 429 not in answers[:-2]


def test_missing_universe_is_told_with_the_command_that_starts_it(
    admin: Client, settings: Settings
) -> None:
    settings.SPACETRADERS_URL = "http://127.0.0.1:19009/v2"

    looked, sent = admin.get(AGENT), admin.post(AGENT, NEW)

    for answer in (looked, sent):
        assertContains(answer, "manage.py rununiverse --port 19009 --speed 60")
    assertContains(sent, "does not answer as a SpaceTraders server")
    assertContains(sent, 'value="magpie"')
    assert not Agent.objects.exists()


def test_universe_that_runs_is_not_missed(admin: Client, universe: str) -> None:
    assertNotContains(admin.get(AGENT), "does not run")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (NEW | {"symbol": ""}, "A new agent needs a callsign."),
        (NEW | {"symbol": "no spaces"}, "3 to 14 letters"),
        (NEW | {"symbol": "AB"}, "3 to 14 letters"),
        (NEW, "an account&#x27;s token only"),
        (NEW | {"keep": "on"}, "the account token to keep"),
        ({"how": "adopt", "token": ""}, "Paste the token of the agent."),
        ({}, "This field is required."),
    ],
)
def test_bad_input_about_an_agent_asks_the_real_game_nothing(
    admin: Client, settings: Settings, told: dict[str, Any], words: str
) -> None:
    settings.SPACETRADERS_URL = settings.REAL_GAME_URL

    answer = admin.post(AGENT, told)

    assertContains(answer, words)
    assertContains(answer, "The real game.")
    assert not AccessAttempt.objects.exists()


@pytest.mark.parametrize("role", [None, roles.VIEWER, roles.OPERATOR])
def test_only_an_admin_adds_agents(
    client: Client, person: User, universe: str, role: str | None
) -> None:
    if role:
        roles.give(person, role)
    client.force_login(person)

    assertContains(client.get(AGENT), "You may look.")
    assert client.post(AGENT, NEW).status_code == 403
    assert not Agent.objects.exists()


def test_mission_control_without_an_agent_leads_to_the_first(
    admin: Client, person: User
) -> None:
    assertContains(admin.get("/"), f'<a href="{AGENT}">Add the first one</a>', html=True)

    roles.give(person, roles.VIEWER)
    assertContains(admin.get("/"), "Somebody with the role admin adds the first one.")
