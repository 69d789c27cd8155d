"""The admin: every model can be looked at, little can be changed, each change leaves a trace."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from fleet.models import Account, Agent, Parameter, Ship, ShipOrder
from fleet.services import parameters
from spacefleet import jobs
from spacefleet.models import Alert, AuditEntry
from tests import factories as make
from tests.factories import NOON
from tests.pages.scenes import busy_day

pytestmark = pytest.mark.django_db

APPS = ["spacefleet", "fleet", "inventory", "allocation", "sales", "mining"]
MODELS = [model for app in APPS for model in apps.get_app_config(app).get_models()]


def address(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_model_can_be_looked_at_and_shows_no_token(keeper: Client) -> None:
    busy_day()

    answers = {}
    for model in MODELS:
        row = model._default_manager.first()
        assert row is not None, f"a busy day has no {model._meta.label}"
        answers[address(model, "changelist")] = keeper.get(address(model, "changelist"))
        searched = f"{address(model, 'changelist')}?q=iron"
        answers[searched] = keeper.get(searched)
        shown = address(model, "change", row.pk)
        answers[shown] = keeper.get(shown)

    assert {a: one.status_code for a, one in answers.items() if one.status_code != 200} == {}
    assert [a for a, one in answers.items() if "a-secret-token" in one.content.decode()] == []


@pytest.mark.parametrize(
    ("may", "models"),
    [("has_add_permission", {Parameter}), ("has_delete_permission", {Parameter, Account})],
)
def test_only_parameters_can_be_added_and_accounts_forgotten(
    keeper: Client, may: str, models: set[type[Model]]
) -> None:
    request = keeper.get(reverse("admin:index")).wsgi_request

    allowed = {model for model in MODELS if getattr(admin.site._registry[model], may)(request)}

    assert allowed == models


def test_long_lists_cost_no_more_queries_than_short_ones(keeper: Client) -> None:
    busy_day()
    costs = {}
    for model in MODELS:
        row = model._default_manager.first()
        assert row is not None
        short = queries(keeper, f"{address(model, 'changelist')}?id={row.pk}")
        costs[model._meta.label] = queries(keeper, address(model, "changelist")) - short

    assert {label: more for label, more in costs.items() if more > 0} == {}


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        client.get(url)
    return len(seen)


def test_viewer_without_rights_sees_no_admin(reader: Client) -> None:
    assert reader.get(reverse("admin:index")).status_code == 302


def test_token_is_on_no_form(keeper: Client) -> None:
    agent = make.AgentFactory()

    form = keeper.get(address(Agent, "change", agent.pk)).context["adminform"]

    shown = [field for line in form for fields in line for field in fields.fields]
    assert "excluded" in shown
    assert "token" not in shown


def test_proxy_address_is_not_shown_since_it_may_carry_a_password(keeper: Client) -> None:
    lane = make.LaneFactory(proxy="http://user:hush@proxy:3128")

    shown = keeper.get(address(type(lane), "change", lane.pk))

    assertContains(shown, "through a proxy")
    assertNotContains(shown, "hush")


@pytest.mark.parametrize(
    ("action", "before", "after", "verb"),
    [("leave_alone", False, True, "excluded"), ("fly_again", True, False, "included")],
)
@pytest.mark.parametrize("factory", [make.AgentFactory, make.ShipFactory])
def test_action_excludes_and_includes_and_leaves_a_trace(
    keeper: Client, owner: User, factory: Any, action: str, before: bool, after: bool, verb: str
) -> None:
    row = factory(excluded=before)

    keeper.post(
        address(type(row), "changelist"), {"action": action, "_selected_action": [row.pk]}
    )

    row.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert row.excluded is after
    assert (entry.user, entry.verb, entry.subject.split()[-1]) == (owner, verb, str(row))
    assert entry.at == NOON


def test_excluding_what_is_excluded_leaves_no_trace(keeper: Client) -> None:
    ship = make.ShipFactory(excluded=True)

    keeper.post(
        address(Ship, "changelist"), {"action": "leave_alone", "_selected_action": [ship.pk]}
    )

    assert not AuditEntry.objects.exists()


def roles(*names: str, **others: str) -> dict[str, str]:
    """What the browser posts for a ship with these roles."""
    return {f"roles_{n}": name for n, name in enumerate(names)} | others


def test_roles_keep_their_order_are_pinned_and_leave_a_trace(keeper: Client) -> None:
    ship = make.ShipFactory(roles=["miner"], wake_at=NOON.replace(hour=13))

    answer = keeper.post(
        address(Ship, "change", ship.pk), roles("trader", "scout"), follow=True
    )

    ship.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert ship.roles == ["trader", "scout"]
    assert ship.role_pinned
    assert ship.wake_at == NOON  # it takes its next step, in the new role, at once
    assert "roles: miner" in entry.before
    assert "roles: trader, scout" in entry.after
    assertContains(answer, "The roles are pinned")


def test_unpinned_roles_go_back_to_the_conductor(keeper: Client) -> None:
    ship = make.ShipFactory(roles=["miner"], role_pinned=True)

    keeper.post(address(Ship, "change", ship.pk), roles("miner"))

    ship.refresh_from_db()
    assert not ship.role_pinned
    assert ship.roles == ["miner"]


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        (roles("miner", "miner"), "miner is named twice. Name each role once"),
        (roles("pirate"), "pirate"),
    ],
    ids=["twice", "unknown"],
)
def test_wrong_roles_are_refused_in_words(
    keeper: Client, posted: dict[str, str], words: str
) -> None:
    ship = make.ShipFactory(roles=["scout"])

    answer = keeper.post(address(Ship, "change", ship.pk), posted)

    ship.refresh_from_db()
    assertContains(answer, words)
    assert ship.roles == ["scout"]
    assert not AuditEntry.objects.exists()


def test_role_that_no_longer_exists_is_named_with_those_that_do(keeper: Client) -> None:
    ship = make.ShipFactory(roles=["smuggler"])

    answer = keeper.post(address(Ship, "change", ship.pk), roles("smuggler", excluded="on"))

    assertContains(answer, "smuggler is not a role. Choose from: miner")


def test_form_of_a_ship_offers_every_role(keeper: Client) -> None:
    ship = make.ShipFactory()

    shown = keeper.get(address(Ship, "change", ship.pk))

    for role, known in jobs.ROLES.items():
        assertContains(shown, f"{role}: {known.meaning}")


def test_saving_a_ship_writes_only_what_the_person_changed(keeper: Client) -> None:
    ship = make.ShipFactory(roles=["miner"], wake_at=NOON.replace(hour=13))

    with CaptureQueriesContext(connection) as seen:
        keeper.post(address(Ship, "change", ship.pk), roles("trader"))

    saved, rung = [
        each["sql"] for each in seen if each["sql"].startswith('UPDATE "fleet_ship"')
    ]
    assert saved.count('" = ') - saved.count('"id" = ') == 2
    assert '"roles" = ' in saved
    assert '"role_pinned" = ' in saved
    assert '"wake_at" = ' in rung


def test_saving_without_a_change_writes_nothing(keeper: Client) -> None:
    ship = make.ShipFactory(roles=["miner"], wake_at=NOON.replace(hour=13))

    keeper.post(address(Ship, "change", ship.pk), roles("miner"))

    ship.refresh_from_db()
    assert ship.wake_at.hour == 13
    assert not AuditEntry.objects.exists()


def parameter(**changes: Any) -> dict[str, Any]:
    return {"behaviour": "purchases", "name": "cash_floor", "value": "30000", **changes}


def test_parameter_is_added_for_everything_and_in_force_at_once(keeper: Client) -> None:
    keeper.post(address(Parameter, "add"), parameter())

    [entry] = AuditEntry.objects.all()
    [floor] = [one for one in parameters.explain("purchases") if one.spec.name == "cash_floor"]
    assert (floor.value, floor.source) == (30_000, "installation")
    assert entry.verb == "added"
    assert "value: 30000" in entry.after


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        (parameter(value="-1"), "cash_floor must be at least 0 credits."),
        (parameter(value="a lot"), "cash_floor must be a whole number, not &#x27;a lot&#x27;."),
        (
            parameter(name="patience"),
            "purchases has no parameter &#x27;patience&#x27;. It has:",
        ),
        (parameter(behaviour="piracy"), "piracy is not one of the available choices"),
    ],
    ids=["too low", "no number", "of another behaviour", "unknown behaviour"],
)
def test_wrong_parameter_is_refused_with_what_is_allowed(
    keeper: Client, posted: dict[str, Any], words: str
) -> None:
    answer = keeper.post(address(Parameter, "add"), posted)

    assertContains(answer, words)
    assert not Parameter.objects.exists()


def test_second_parameter_of_one_scope_is_refused(keeper: Client) -> None:
    make.ParameterFactory(value="1")

    answer = keeper.post(address(Parameter, "add"), parameter())

    assert answer.status_code == 200
    assert Parameter.objects.get().value == "1"


def test_parameter_of_agent_and_ship_at_once_is_refused(keeper: Client) -> None:
    ship = make.ShipFactory()

    answer = keeper.post(
        address(Parameter, "add"), parameter(agent=ship.agent_id, ship=ship.pk)
    )

    assert answer.status_code == 200
    assert not Parameter.objects.exists()


def test_changed_parameter_leaves_before_and_after(keeper: Client) -> None:
    row = make.ParameterFactory(value="20000")

    keeper.post(address(Parameter, "change", row.pk), {"value": "25000"})

    row.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert row.value == "25000"
    assert (entry.before, entry.after) == ("value: 20000", "value: 25000")


def test_changed_parameter_is_checked_too(keeper: Client) -> None:
    row = make.ParameterFactory(value="20000")

    answer = keeper.post(address(Parameter, "change", row.pk), {"value": "nothing"})

    row.refresh_from_db()
    assertContains(answer, "cash_floor must be a whole number")
    assert row.value == "20000"


def test_deleted_parameter_leaves_a_trace(keeper: Client) -> None:
    row = make.ParameterFactory(value="20000")

    keeper.post(address(Parameter, "delete", row.pk), {"post": "yes"})

    assert not Parameter.objects.exists()
    assert AuditEntry.objects.get().before == "purchases.cash_floor = 20000"


def test_form_of_a_parameter_says_default_and_limits(keeper: Client) -> None:
    row = make.ParameterFactory()

    assertContains(keeper.get(address(Parameter, "change", row.pk)), "at most 10,000,000")
    assertContains(keeper.get(address(Parameter, "add")), "credits that stay in the treasury")


def test_open_order_can_be_cancelled_and_a_bought_ship_not(keeper: Client, owner: User) -> None:
    wanted = make.ShipOrderFactory()
    bought = make.ShipOrderFactory(bought=True)

    keeper.post(
        address(ShipOrder, "changelist"),
        {"action": "cancel", "_selected_action": [wanted.pk, bought.pk]},
    )

    wanted.refresh_from_db()
    bought.refresh_from_db()
    assert (wanted.status, wanted.verdict) == ("cancelled", "cancelled by owner")
    assert bought.status == "bought"
    assert AuditEntry.objects.count() == 1


def test_alert_can_be_cleared(keeper: Client) -> None:
    alert = make.AlertFactory()

    keeper.post(
        address(Alert, "changelist"), {"action": "clear", "_selected_action": [alert.pk]}
    )

    assert not Alert.objects.open().exists()
    assert AuditEntry.objects.get().verb == "cleared"


def test_evaluator_can_be_rung_before_its_time(keeper: Client) -> None:
    row = make.EvaluatorFactory(wake_at=NOON.replace(hour=13))

    keeper.post(
        address(type(row), "changelist"), {"action": "run_now", "_selected_action": [row.pk]}
    )

    row.refresh_from_db()
    assert (row.wake_at, row.trigger) == (NOON, "asked by owner")
