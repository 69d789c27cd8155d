"""Lists that begin with what is not over yet and go on with what ended last."""

from typing import TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def open_first(rows: QuerySet[M], *, began: str, last: int, ended: str = "ended_at") -> list[M]:
    """The `last` rows: those without an end, the youngest first, then the latest ended.

    Two statements at most, each along an index: sorted in one, a database would read all rows.
    """
    found = list(rows.filter(**{f"{ended}__isnull": True}).order_by(f"-{began}", "-pk")[:last])
    if len(found) < last:
        over = rows.filter(**{f"{ended}__isnull": False}).order_by(f"-{ended}", "-pk")
        found += over[: last - len(found)]
    return found
