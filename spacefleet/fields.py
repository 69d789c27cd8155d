"""Columns of our own: text for people that never costs a row."""

from typing import Any

from django.db import models


class Sentence(models.CharField):
    """A short text for people. A longer one is cut: losing its end beats losing the row, and
    PostgreSQL refuses what SQLite takes. To migrations it is a CharField."""

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        if isinstance(text, str) and self.max_length and len(text) > self.max_length:
            return f"{text[: self.max_length - 1]}…"
        return text

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
