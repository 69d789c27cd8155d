"""The first person: made once, however many ask at the same moment."""

from django.contrib.auth.models import Group, User
from django.db import transaction

from spacefleet import roles


class SomebodyWasFirst(Exception):
    """There is a user already: whoever comes now signs in."""


def nobody_yet() -> bool:
    return not User.objects.exists()


@transaction.atomic
def make_first(user: User) -> User:
    """Save the first user, with the role admin. Raises SomebodyWasFirst.

    The update changes nothing and waits for everybody else who does the same: on both databases
    the second one sees the user of the first.
    """
    if not Group.objects.filter(name=roles.ADMIN).update(name=roles.ADMIN):
        roles.make_groups()
    if User.objects.exists():
        raise SomebodyWasFirst
    user.save()
    roles.give(user, roles.ADMIN)
    return user
