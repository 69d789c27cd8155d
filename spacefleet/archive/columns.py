"""One column of a table, and how its values travel: as JSON, equal from both databases.

Ciphertext travels as it lies: no token is opened to be copied.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.fernet import InvalidToken
from django.db import connection, models
from django.db.models.expressions import Col

from spacefleet.crypto import EncryptedField, cipher

# Kinds that the two databases hand out differently. All others are numbers and texts that JSON
# knows; pickles and ciphertext are such texts.
TRANSLATED = (
    models.DateTimeField,
    models.DateField,
    models.TimeField,
    models.DurationField,
    models.DecimalField,
    models.UUIDField,
    models.BooleanField,
    models.JSONField,
    models.BinaryField,
)


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    encrypted: bool
    read: Callable[[Any], Any] | None
    write: Callable[[Any], Any] | None


def columns_of(model: type[models.Model]) -> list[Column]:
    """The stored columns of a model, in the order of its fields."""
    return [_column(model, field) for field in model._meta.local_concrete_fields]


def _column(model: type[models.Model], field: Any) -> Column:
    encrypted = isinstance(field, EncryptedField)
    kept = field.target_field if field.is_relation else field
    if encrypted or not isinstance(kept, TRANSLATED):
        return Column(field.column, encrypted, None, None)
    chosen = Col(model._meta.db_table, kept)
    converters = connection.ops.get_db_converters(chosen) + chosen.get_db_converters(connection)

    def read(value: Any) -> Any:
        for convert in converters:
            value = convert(value, chosen, connection)
        return plain(value)

    def write(value: Any) -> Any:
        return kept.get_db_prep_save(_rich(kept, value), connection)

    return Column(field.column, encrypted, read, write)


def plain(value: Any) -> Any:
    """A value of Python as JSON can hold it; times in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return str(value)


def _rich(field: Any, value: Any) -> Any:
    """The value of Python behind what `plain` made of it."""
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value)
    return field.to_python(value)


def readable(ciphertext: str) -> bool:
    """Whether TOKEN_KEYS open it."""
    try:
        cipher().decrypt(ciphertext.encode())
    except InvalidToken:
        return False
    return True


def line(content: Any) -> bytes:
    """One line of the file."""
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
