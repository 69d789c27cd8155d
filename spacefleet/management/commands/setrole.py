"""`manage.py setrole`: gives a person a role, and makes the person where there is none."""

import os
from getpass import getpass
from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from spacefleet import clock, roles
from spacefleet.models import AuditEntry


class Command(BaseCommand):
    help = (
        "Gives a person the role viewer, operator or admin. A person who does not exist is made; "
        "the password comes from a prompt or from SPACEFLEET_PASSWORD, never from the argument "
        "list, where others could read it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("role", choices=roles.ROLES)

    def handle(self, **options: Any) -> str:
        name, role = options["username"], options["role"]
        user = User.objects.filter(username=name).first() or self._made(name)
        before = ", ".join(user.groups.values_list("name", flat=True)) or "none"
        roles.give(user, role)
        AuditEntry.objects.create(
            at=clock.now(),
            user=None,
            verb="gave a role",
            subject=f"user {name} (command line)"[:120],
            before=before,
            after=role,
        )
        return f"{name} is {role} now (before: {before})."

    def _made(self, name: str) -> User:
        password = os.environ.get("SPACEFLEET_PASSWORD") or getpass(f"Password for {name}: ")
        user = User(username=name)
        try:
            user.full_clean(exclude=["password"])
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user.set_password(password)
        user.save()
        return user
