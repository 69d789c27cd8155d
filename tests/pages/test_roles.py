"""Roles: viewers change nothing, operators steer, admins also keep people and accounts.

Every address and every action of the admin is walked for each role; what a role may is written
down here once more, so that no permission is given away by mistake.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from fleet.models import (
    Account,
    Evaluator,
    Lane,
    Parameter,
    Ship,
    ShipOrder,
    SpendingStop,
)
from spacefleet import roles
from spacefleet.admin import VERBS
from spacefleet.models import Alert, AuditEntry, Comparison, Delivery, Node
from tests import factories as make
from tests.pages.scenes import busy_day
from tests.pages.test_access import GUARDED

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]

REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
UNTOLD = {"sessions.Session", "admin.LogEntry", "auth.Permission", "contenttypes.ContentType"}

STEERED = {
    "fleet.Agent", "fleet.Ship", "fleet.Lane", "fleet.Parameter", "spacefleet.Node", "spacefleet.AlertSwitch",
}  # fmt: skip
"""Rows whose form an operator may save."""

ACTIONS = {
    *(("fleet.Agent", verb) for verb in VERBS),
    *(("fleet.Ship", verb) for verb in VERBS if verb != "emergency"),
    ("fleet.Ship", "try_again"),
    ("fleet.Control", "take_back"),
    ("spacefleet.Node", "restart"),
    ("spacefleet.Node", "drain_it"),
    ("spacefleet.Node", "let_fly"),
    ("spacefleet.Delivery", "try_again"),
    ("fleet.Evaluator", "run_now"),
    ("fleet.ShipOrder", "cancel"),
    ("fleet.SpendingStop", "release"),
    ("fleet.Parameter", "delete_selected"),
    ("spacefleet.Alert", "clear"),
}
"""Actions that an operator is offered; `delete_selected` is Django's own."""


def person(role: str | None, **more: Any) -> User:
    user = make.UserFactory(username=role or "nobody", **more)
    if role:
        roles.give(user, role)
    return user


def signed_in(role: str | None, **more: Any) -> Client:
    client = Client()
    client.force_login(person(role, **more))
    return client


def address(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def everything() -> dict[str, list[Any]]:
    """Every row of every table that means something."""
    return {
        model._meta.label: sorted(map(repr, model._default_manager.values_list()))
        for model in apps.get_models()
        if model._meta.label not in UNTOLD
    }


def filled() -> None:
    """Something in every table, those of others too."""
    from axes.models import AccessAttempt
    from django_q.models import Schedule

    busy_day()
    Schedule.objects.get_or_create(name="spacefleet: prune", func="spacefleet.tasks.prune")
    AccessAttempt.objects.create(
        username="ada",
        ip_address="127.0.0.1",
        failures_since_start=1,
        get_data="",
        post_data="",
    )


def answers(client: Client, model: type[Model]) -> dict[str, bool]:
    """What somebody may do with a model, found by trying: its forms and its deletions."""
    row = model._default_manager.order_by("pk").first()
    may = {"add": client.get(address(model, "add")).status_code == 200}
    may["view"] = client.get(address(model, "changelist")).status_code == 200
    if row is not None:
        saved = client.post(address(model, "change", row.pk), {}).status_code
        may["change"] = saved in (200, 302)
        may["delete"] = client.get(address(model, "delete", row.pk)).status_code == 200
    return may


def offered(client: Client) -> set[tuple[str, str]]:
    """Every action of the admin that somebody is offered."""
    request = client.get(reverse("admin:index")).wsgi_request
    return {
        (model._meta.label, name)
        for model, made in admin.site._registry.items()
        if made.has_view_or_change_permission(request)
        for name in made.get_actions(request)
    }


def attempt_everything(client: Client) -> None:
    """Post every form of the admin, every deletion and every action there is for anybody."""
    for model in REGISTERED:
        rows = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
        client.post(address(model, "add"), {"name": "x", "value": "1", "username": "x"})
        if not rows:
            continue
        client.post(address(model, "change", rows[0]), {"excluded": "on", "drain": "on"})
        client.post(address(model, "delete", rows[0]), {"post": "yes"})
        for action in {*(map(_name, admin.site._registry[model].actions)), "delete_selected"}:
            form = {"action": action, "_selected_action": rows, "post": "yes", "index": "0"}
            client.post(address(model, "changelist"), form)


def _name(action: Any) -> str:
    return action if isinstance(action, str) else action.__name__


OWN = {"/tour/"}
"""What is everybody's own, and changes nothing for others: see tests/pages/test_tour.py."""

FORMS: list[dict[str, Any]] = [{}, {"cancel": "1"}, {"release": "1"}]


@pytest.mark.parametrize("role", [None, roles.VIEWER])
def test_a_viewer_changes_nothing_anywhere(role: str | None) -> None:
    filled()
    client = signed_in(role)
    before = everything()

    said = {
        (page, tuple(form)): client.post(page, form).status_code
        for page in GUARDED
        if page not in OWN
        for form in FORMS
    }
    attempt_everything(client)

    assert {where: status for where, status in said.items() if status not in (403, 405)} == {}
    assert everything() == before


def test_a_viewer_reads_every_page_and_every_row_of_ours() -> None:
    filled()
    client = signed_in(roles.VIEWER)

    pages = {page: client.get(page).status_code for page in GUARDED}
    may = {model._meta.label: answers(client, model) for model in REGISTERED}

    assert {page: status for page, status in pages.items() if status != 200} == {}
    assert {label for label, one in may.items() if one["view"]} == {
        model._meta.label for model in REGISTERED if model._meta.app_label in roles.OURS
    }
    assert not any(one["add"] or one.get("change") or one.get("delete") for one in may.values())
    assert offered(client) == set()


def test_an_operator_steers_and_keeps_nobody() -> None:
    filled()
    client = signed_in(roles.OPERATOR)

    may = {model._meta.label: answers(client, model) for model in REGISTERED}
    theirs = [m for m in REGISTERED if m._meta.app_label not in roles.OURS]

    assert {label for label, one in may.items() if one.get("change")} - CONTROLS == STEERED
    assert {label for label, one in may.items() if one["add"]} - CONTROLS == {"fleet.Parameter"}
    assert {label for label, one in may.items() if one.get("delete")} - CONTROLS == {
        "fleet.Parameter"
    }
    assert not any(any(may[model._meta.label].values()) for model in theirs)
    assert offered(client) == ACTIONS


CONTROLS = {"fleet.Control"}  # orders: see tests of their own


def test_an_admin_also_keeps_people_accounts_and_pauses() -> None:
    filled()
    client = signed_in(roles.ADMIN)

    may = {model._meta.label: answers(client, model) for model in REGISTERED}

    more = offered(client) - ACTIONS
    assert {label for label, one in may.items() if one["add"]} - CONTROLS == {
        "fleet.Parameter",
        "auth.User",
    }
    assert {label for label, one in may.items() if one.get("change")} - CONTROLS == {
        *STEERED,
        "auth.User",
    }
    assert {each for each in more if each[0] not in CONTROLS} == {
        ("auth.User", "delete_selected"),
        ("fleet.Account", "delete_selected"),
        ("axes.AccessAttempt", "delete_selected"),
        ("axes.AccessAttempt", "cleanup_expired_attempts"),
    }
    assert not may["auth.Group"]["add"]
    assert not may["django_q.Schedule"]["view"]


def test_an_admin_makes_nobody_a_superuser_and_touches_none() -> None:
    client = signed_in(roles.ADMIN)
    boss = make.UserFactory(username="boss", is_superuser=True, is_staff=True)
    ada = make.UserFactory(username="ada")
    form = {
        "username": "ada", "is_active": "on", "is_superuser": "on", "date_joined_0": "2026-03-01",
        "date_joined_1": "12:00:00",
    }  # fmt: skip

    saved = client.post(address(User, "change", ada.pk), form)
    refused = [
        client.post(address(User, "change", boss.pk), form).status_code,
        client.post(address(User, "delete", boss.pk), {"post": "yes"}).status_code,
        client.get(reverse("admin:auth_user_password_change", args=[boss.pk])).status_code,
    ]
    many = {"action": "delete_selected", "_selected_action": [boss.pk, ada.pk], "post": "yes"}
    client.post(address(User, "changelist"), many)

    ada.refresh_from_db()
    assert saved.status_code == 302
    assert not ada.is_superuser
    assert refused == [403, 403, 403]
    assert User.objects.filter(username__in=["boss", "ada"]).count() == 2


# every change has a name


def _ship(client: Client) -> None:
    ship = Ship.objects.filter(excluded=False)[0]
    client.post(address(Ship, "change", ship.pk), {"excluded": "on", "roles_0": "scout"})


def _parameter(client: Client) -> None:
    form = {"behaviour": "purchases", "name": "max_price_age", "value": "600"}
    client.post(address(Parameter, "add"), form)


def _parameter_changed(client: Client) -> None:
    row = Parameter.objects.all()[0]
    client.post(address(Parameter, "change", row.pk), {"value": "7"})


def _parameter_gone(client: Client) -> None:
    row = Parameter.objects.all()[0]
    client.post(address(Parameter, "delete", row.pk), {"post": "yes"})


def _drain(model: type[Model]) -> Callable[[Client], None]:
    def act(client: Client) -> None:
        row = model._default_manager.all()[0]
        client.post(address(model, "change", row.pk), {"drain": "on"})

    return act


def _action(model: type[Model], name: str) -> Callable[[Client], None]:
    def act(client: Client) -> None:
        rows = list(model._default_manager.values_list("pk", flat=True))
        form = {"action": name, "_selected_action": rows, "index": "0", "post": "yes"}
        client.post(address(model, "changelist"), form)

    return act


def _release(client: Client) -> None:
    client.post(reverse("fleet:stops"), {"release": SpendingStop.objects.all()[0].pk})


def _cancel(client: Client) -> None:
    client.post(reverse("lab"), {"cancel": Comparison.objects.all()[0].pk})


def _start(client: Client) -> None:
    form = {
        "scenario": "first_day",
        "hours": "0.5",
        "seeds": "2",
        "arms": "usual\nno: trading.active=no",
    }
    page = client.get(reverse("lab")).context["form"]
    form = {**{field.html_name: field.value() or "" for field in page}, "hours": "0.5"}
    client.post(reverse("lab"), form)


def _page(address: str, **form: str) -> Callable[[Client], None]:
    """Send a form of the pages of control and parameters."""

    def act(client: Client) -> None:
        client.post(address, form)

    return act


def _undone(client: Client) -> None:
    client.post("/control/pause/", {"why": "a look"})
    client.post(reverse("undo"), {"entry": AuditEntry.objects.latest("pk").pk})


DEEDS = {
    "pause everything from the page": _page("/control/pause/", why="a look"),
    "stop an agent from the page": _page("/control/stop/?agent=MAGPIE"),
    "exclude an agent from the page": _page("/control/exclude/?agent=MAGPIE"),
    "choose roles from the page": _page("/control/roles/MAGPIE-2/", roles_0="scout"),
    "tune from the page": _page("/parameters/scout/", rest="60"),
    "drain a node from the page": _page("/workers/nodes/harbour/", do="drain"),
    "undo from the page": _undone,
    "send messages again": _action(Delivery, "try_again"),
    "exclude a ship": _ship,
    "choose a parameter": _parameter,
    "change a parameter": _parameter_changed,
    "forget a parameter": _parameter_gone,
    "drain a lane": _drain(Lane),
    "drain a node": _drain(Node),
    "clear alerts": _action(Alert, "clear"),
    "run evaluators": _action(Evaluator, "run_now"),
    "cancel orders": _action(ShipOrder, "cancel"),
    "release a stop": _release,
    "cancel a comparison": _cancel,
    "start a comparison": _start,
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_what_an_operator_does_is_done_and_written_down(deed: Callable[[Client], None]) -> None:
    filled()
    client = signed_in(roles.OPERATOR)
    known = set(AuditEntry.objects.values_list("pk", flat=True))
    before = everything()

    deed(client)

    written = AuditEntry.objects.exclude(pk__in=known)
    assert written.exists()
    assert {entry.user.username for entry in written} == {roles.OPERATOR}
    changed = {label for label, rows in everything().items() if rows != before[label]}
    assert changed - {"spacefleet.AuditEntry"}, "something was done"


def test_what_an_admin_does_with_people_is_written_down_without_passwords() -> None:
    client = signed_in(roles.ADMIN)
    form = {"username": "new", "password1": "a-long-pass-1", "password2": "a-long-pass-1"}

    client.post(address(User, "add"), {**form, "usable_password": "true"})
    made = User.objects.get(username="new")
    password = reverse("admin:auth_user_password_change", args=[made.pk])
    client.post(password, {"password1": "another-pass-2", "password2": "another-pass-2"})
    account = make.AccountFactory()
    client.post(address(Account, "delete", account.pk), {"post": "yes"})
    client.post(address(User, "delete", made.pk), {"post": "yes"})

    written = list(AuditEntry.objects.order_by("pk").values_list("verb", "subject", "after"))
    assert [verb for verb, _, _ in written] == ["added", "changed", "deleted", "deleted"]
    assert "pass-" not in str(written)


def test_groups_are_renewed_by_a_migration_and_keep_what_was_added() -> None:
    group = Group.objects.get(name=roles.OPERATOR)
    extra = Group.objects.get(name=roles.ADMIN).permissions.get(codename="add_user")
    before = set(group.permissions.all())
    group.permissions.set([extra])

    roles.make_groups()

    assert set(group.permissions.all()) == before | {extra}


def test_roles_are_given_one_at_a_time() -> None:
    user = make.UserFactory()

    for role in roles.ROLES:
        roles.give(user, role)

    assert [group.name for group in user.groups.all()] == [roles.ADMIN]
    assert user.is_staff
