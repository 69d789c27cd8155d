"""Who may do what: viewers look, operators steer, admins also keep users and accounts.

A role is a group of Django's own permissions, made and renewed by every `manage.py migrate`.
What is taken from one of these groups by hand comes back with the next; for other mixtures make
a group of your own.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q

VIEWER, OPERATOR, ADMIN = "viewer", "operator", "admin"
ROLES = (VIEWER, OPERATOR, ADMIN)

OURS = ("spacefleet", "fleet", "inventory", "allocation", "sales", "mining")

STEERS = {
    "fleet.change_agent": "exclude an agent",
    "fleet.change_ship": "exclude a ship, choose its roles, order it to pause, drain or stop",
    "fleet.change_lane": "drain a lane",
    "fleet.change_evaluator": "run an evaluator now",
    "fleet.change_shiporder": "cancel an order",
    "fleet.change_spendingstop": "release a stop of buying",
    "fleet.add_control": "order to pause, drain, recall or stop",
    "fleet.change_control": "change such an order",
    "fleet.delete_control": "take it back",
    "fleet.add_parameter": "choose a parameter",
    "fleet.change_parameter": "change a parameter",
    "fleet.delete_parameter": "let the default hold again",
    "spacefleet.change_alert": "clear an alert",
    "spacefleet.change_alertswitch": "say which alerts are sent, shown or off",
    "spacefleet.change_node": "drain a node",
    "spacefleet.add_comparison": "start a comparison in the lab",
    "spacefleet.change_comparison": "cancel it",
}
"""What an operator may do beside looking."""

KEEPS = {
    "auth.add_user": "add a person",
    "auth.change_user": "give a person a role, a password, or none",
    "auth.delete_user": "delete a person",
    "auth.view_user": "see who there is",
    "auth.view_group": "see the roles",
    "fleet.add_agent": "add an agent, with its token",
    "fleet.delete_account": "forget the token of an account",
    "axes.view_accessattempt": "see who guessed passwords",
    "axes.delete_accessattempt": "end the pause after wrong passwords",
}
"""What an admin may do beside steering."""


def make_groups(**kwargs: Any) -> None:
    """Have the three groups with the permissions of their roles; may be repeated."""
    steering = [*_named(STEERS), *_looking()]
    permissions = {
        VIEWER: _looking(),
        OPERATOR: steering,
        ADMIN: [*steering, *_named(KEEPS)],
    }
    for role, granted in permissions.items():
        group, _ = Group.objects.get_or_create(name=role)
        missing = set(granted) - set(group.permissions.all())
        if missing:
            group.permissions.add(*missing)


def give(user: User, role: str) -> None:
    """Have a person in this role and in none of the others. Roles read the admin: all are staff."""
    user.groups.remove(*Group.objects.filter(name__in=ROLES))
    user.groups.add(Group.objects.get(name=role))
    user.is_staff = True
    user.save(update_fields=["is_staff"])


def _looking() -> list[Permission]:
    return list(
        Permission.objects.filter(
            content_type__app_label__in=OURS, codename__startswith="view_"
        )
    )


def _named(names: Iterable[str]) -> list[Permission]:
    """The permissions of these names, as far as their tables exist yet."""
    wanted = Q(pk__in=[])
    for name in names:
        app, codename = name.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return list(Permission.objects.filter(wanted))


def connect() -> None:
    """Renew the groups after each migration; each app brings its permissions one by one."""
    from django.db.models.signals import post_migrate

    post_migrate.connect(
        make_groups,
        sender=apps.get_app_config(OURS[-1]),
        dispatch_uid="spacefleet.roles",
    )
