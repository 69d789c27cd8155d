"""The admin: every model can be looked at, little can be changed, each change leaves a trace."""

import re
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

from fleet.models import Account, Agent, Control, Parameter, Ship, ShipOrder
from fleet.services import parameters
from spacefleet import desk, jobs
from spacefleet.admin import VERBS
from spacefleet.models import Alert, AuditEntry, Delivery, Node
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


RAW = re.compile(r"[\[{](?:&quot;|&#x27;|&#39;|['\"])\w")
"""A structure as the database stores it."""


def test_no_form_and_no_list_shows_a_raw_structure(keeper: Client) -> None:
    busy_day()

    raw = {}
    for model in MODELS:
        row = model._default_manager.order_by("-pk").first()
        assert row is not None
        for page in (address(model, "changelist"), address(model, "change", row.pk)):
            words = keeper.get(page).content.decode()
            shown = re.sub(r"<script.*?</script>|<[^>]+>", " ", words, flags=re.DOTALL)
            if found := RAW.search(shown):
                raw[page] = shown[found.start() : found.start() + 60]

    assert raw == {}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_table_says_what_it_is_and_shows_more_than_names(model: type[Model]) -> None:
    made = admin.site._registry[model]
    columns = len([field for field in model._meta.fields if not field.primary_key])

    assert type(made).__doc__
    assert len(made.list_display) >= min(columns, 3)
    assert columns < 4 or made.search_fields
    assert columns < 6 or made.list_filter


def test_every_filter_of_every_list_answers(keeper: Client) -> None:
    busy_day()

    failed = {}
    for model, made in admin.site._registry.items():
        shown = keeper.get(address(model, "changelist"))
        links = re.findall(r'<li[^>]*>\s*<a href="(\?[^"]+)"', shown.content.decode())
        for link in links[:12]:
            page = address(model, "changelist") + link.replace("&amp;", "&")
            if keeper.get(page).status_code != 200:
                failed[page] = type(made).__name__

    assert failed == {}


def test_first_page_groups_every_table_once_with_what_it_tells(keeper: Client) -> None:
    listed = [label for labels in desk.GROUPS.values() for label in labels]
    registered = {model._meta.label for model in admin.site._registry}

    page = keeper.get(reverse("admin:index"))
    groups = [group["name"] for group in page.context["app_list"]]

    assert len(listed) == len(set(listed))
    assert {label for label in registered if label not in listed} == set()
    assert groups == [name for name in desk.GROUPS if set(desk.GROUPS[name]) & registered]
    assertContains(page, "Our ships: choose roles, or leave one alone.")


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
    [("exclude", False, True, "excluded"), ("include", True, False, "included")],
)
@pytest.mark.parametrize("factory", [make.AgentFactory, make.ShipFactory])
def test_action_excludes_and_includes_once_it_is_confirmed(
    keeper: Client, owner: User, factory: Any, action: str, before: bool, after: bool, verb: str
) -> None:
    row = factory(excluded=before)

    asked = keeper.post(
        address(type(row), "changelist"), {"action": action, "_selected_action": [row.pk]}
    )
    row.refresh_from_db()
    assert row.excluded is before
    keeper.post(asked.headers["Location"])

    row.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert row.excluded is after
    assert (entry.user, entry.verb, entry.subject.split()[-1]) == (owner, verb, str(row))
    assert entry.at == NOON


def test_several_ships_are_paused_at_once_each_with_its_costs_and_its_undo(
    keeper: Client,
) -> None:
    agent = make.AgentFactory(symbol="MAGPIE")
    ships = [make.ShipFactory(agent=agent, symbol=f"MAGPIE-{n}") for n in (1, 2)]
    gone = make.ShipFactory(agent=agent, symbol="MAGPIE-3", lost_at=NOON)
    chosen = [ship.pk for ship in (*ships, gone)]

    asked = keeper.post(
        address(Ship, "changelist"), {"action": "pause", "_selected_action": chosen}
    ).headers["Location"]
    page = keeper.get(asked)
    said = keeper.post(asked, {"why": "a look"}, follow=True)

    assertContains(page, "Pause new work: 2 ships: MAGPIE-1, MAGPIE-2?")
    assertContains(page, "MAGPIE-1: It concerns 1 ship")
    assertContains(said, "Pause new work: 2 ships")
    assert {row.ship: row.why for row in Control.objects.all()} == dict.fromkeys(
        ships, "a look"
    )
    assert [bool(entry.undo) for entry in AuditEntry.objects.all()] == [True, True]


@pytest.mark.parametrize("action", list(VERBS))
def test_every_verb_of_an_agent_leads_to_its_confirmation(keeper: Client, action: str) -> None:
    agent = make.AgentFactory(symbol="MAGPIE")

    answer = keeper.post(
        address(Agent, "changelist"), {"action": action, "_selected_action": [agent.pk]}
    )

    assert answer.headers["Location"] == f"/control/{action}/?agent=MAGPIE"
    assertContains(keeper.get(answer.headers["Location"]), "agent MAGPIE?")
    assert not AuditEntry.objects.exists()


def test_rows_of_a_past_era_are_asked_nothing(keeper: Client) -> None:
    past = make.AgentFactory(era__archived_at=NOON)

    answer = keeper.post(
        address(Agent, "changelist"),
        {"action": "stop", "_selected_action": [past.pk]},
        follow=True,
    )

    assertContains(answer, "None of these is played any more")


def test_ship_that_waits_tries_again_at_once(keeper: Client) -> None:
    ship = make.ShipFactory(wake_at=NOON.replace(hour=13))

    keeper.post(
        address(Ship, "changelist"), {"action": "try_again", "_selected_action": [ship.pk]}
    )

    ship.refresh_from_db()
    assert ship.wake_at == NOON
    assert AuditEntry.objects.get().verb == "rang"


@pytest.mark.parametrize(
    ("action", "do"), [("restart", "restart"), ("drain_it", "drain"), ("let_fly", "fly")]
)
def test_verbs_of_a_node_lead_to_its_page_one_at_a_time(
    keeper: Client, action: str, do: str
) -> None:
    nodes = [make.NodeFactory(name=name) for name in ("harbour", "pier")]
    form = {"action": action, "_selected_action": [nodes[0].pk]}

    one = keeper.post(address(Node, "changelist"), form)
    both = keeper.post(
        address(Node, "changelist"),
        form | {"_selected_action": [node.pk for node in nodes]},
        follow=True,
    )

    assert one.headers["Location"] == f"/workers/nodes/harbour/?do={do}"
    assert keeper.get(one.headers["Location"]).status_code == 200
    assertContains(both, "Choose one node")


def test_order_is_taken_back_from_its_list(keeper: Client) -> None:
    order = make.ControlFactory()

    asked = keeper.post(
        address(Control, "changelist"), {"action": "take_back", "_selected_action": [order.pk]}
    ).headers["Location"]
    keeper.post(asked)

    assert asked.startswith("/control/resume/")
    assert not Control.objects.exists()


def test_message_that_was_given_up_is_tried_again(keeper: Client) -> None:
    given_up = make.DeliveryFactory(tries=8, error="no answer", due_at=NOON.replace(hour=14))

    keeper.post(
        address(Delivery, "changelist"),
        {"action": "try_again", "_selected_action": [given_up.pk]},
    )

    given_up.refresh_from_db()
    assert (given_up.tries, given_up.due_at) == (0, NOON)


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


@pytest.mark.parametrize(
    ("behaviour", "name", "field"),
    [
        ("contracts", "enabled", '<option value="yes">'),
        ("purchases", "cash_floor", 'type="number"'),
        ("surveying", "policy", "<option value="),
    ],
    ids=["a switch", "a number", "a choice"],
)
def test_value_of_a_parameter_has_a_field_of_its_kind(
    keeper: Client, behaviour: str, name: str, field: str
) -> None:
    new = keeper.get(address(Parameter, "add"), {"behaviour": behaviour, "name": name})
    words = new.content.decode()

    asked = words[words.index('name="value"') - 200 : words.index('name="value"') + 900]
    assert field in asked
    assert f'<option value="{name}" selected>' in words


def test_switch_is_changed_in_its_own_words(keeper: Client) -> None:
    row = make.ParameterFactory(behaviour="contracts", name="enabled", value="True")

    shown = keeper.get(address(Parameter, "change", row.pk))
    keeper.post(address(Parameter, "change", row.pk), {"value": "no"})

    row.refresh_from_db()
    assertContains(shown, '<option value="yes" selected>yes</option>', html=True)
    assert row.value == "no"


def test_open_order_can_be_cancelled_and_a_bought_ship_not(keeper: Client, owner: User) -> None:
    wanted = make.ShipOrderFactory()
    bought = make.ShipOrderFactory(bought=True)
    form = {"action": "cancel", "_selected_action": [wanted.pk, bought.pk]}

    asked = keeper.post(address(ShipOrder, "changelist"), form)
    wanted.refresh_from_db()
    assertContains(asked, "No ship is bought for those that are still open.")
    assert wanted.status == "open"
    keeper.post(address(ShipOrder, "changelist"), form | {"post": "yes"})

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
