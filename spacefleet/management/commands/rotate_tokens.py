"""`manage.py rotate_tokens`: encrypts every stored secret anew with the first of TOKEN_KEYS."""

from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models, transaction
from django.db.models.functions import Cast

from spacefleet.crypto import EncryptedField


class Command(BaseCommand):
    help = (
        "Encrypts every stored token anew with the first key of TOKEN_KEYS. Put the new key first "
        "and keep the old one behind it, restart workers and dashboard, run this, then remove the "
        "old key and restart again. --check only counts what is still written with other keys."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="count, change nothing")

    def handle(self, **options: Any) -> str:
        found = {}
        try:
            for model, field in encrypted():
                found[f"{model._meta.verbose_name_plural}"] = rotate(
                    model, field, write=not options["check"]
                )
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        told = ", ".join(f"{old} of {count} {name}" for name, (old, count) in found.items())
        if options["check"]:
            return f"Written with other keys than the first: {told}."
        return f"Encrypted anew: {told}. Keys behind the first one are not needed any more."


def encrypted() -> list[tuple[type[models.Model], str]]:
    """Every column that holds ciphertext."""
    return [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedField)
    ]


@transaction.atomic
def rotate(model: type[models.Model], field: str, *, write: bool) -> tuple[int, int]:
    """How many rows of a column had another key than the first, and how many there are.

    In one transaction and with the rows locked: a token given meanwhile is not undone.
    """
    first = Fernet(settings.TOKEN_KEYS[0].strip())
    rows = model._default_manager.exclude(**{field: ""})
    if write:
        rows = rows.select_for_update()
    old = count = 0
    raw = Cast(field, models.TextField())
    for row in rows.order_by("pk").only("pk", field).annotate(as_stored=raw):
        count += 1
        if _opens(first, row.as_stored):
            continue
        old += 1
        if write:
            model._default_manager.filter(pk=row.pk).update(**{field: getattr(row, field)})
    return old, count


def _opens(key: Fernet, stored: str) -> bool:
    try:
        key.decrypt(stored.encode())
    except InvalidToken:
        return False
    return True
