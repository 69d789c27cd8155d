"""Statements written once: the ORM composes the SQL at the first use, later calls only fill it in.

Composing a query costs the ORM one to two milliseconds, on SQLite twenty times what the query
takes. A step makes a handful of them, always the same: what changes are the values. So a hot
query is stated as a module's constant, with holes where the values go:

    _open_sale = Select(lambda agent: Sale.objects.filter(agent=agent, closed_at__isnull=True))

    sale = _open_sale.first(agent=ship.agent_id)

It answers what the queryset would. Values are those of the columns: keys, not instances; a list
or tuple where the hole stands behind `__in`. None equals nothing, as in SQL: say `__isnull`.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql import UpdateQuery

from spacefleet.answers import Composed, Given, decoder

T = TypeVar("T")
Shape = tuple[Any, ...]

SQLITE = "django.db.backends.sqlite3"


def engine() -> Any:
    """Which database it is, without asking the connection of this thread."""
    return connections.settings[DEFAULT_DB_ALIAS]["ENGINE"]


class Hole(Expression):
    """A place in a statement that takes the value called `name`, or so many of them."""

    def __init__(self, name: Any, count: int | None = None) -> None:
        super().__init__()
        self.name = name
        self.count = count
        self.column: Field | None = None

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        if self.count is None:
            return "%s", [self]
        return f"({', '.join(['%s'] * self.count)})", [
            _Member(self.name, index) for index in range(self.count)
        ]

    def fill(self, given: Given) -> Any:
        value = given[self.name]
        if self.column is not None:
            return self.column.get_db_prep_save(value, connection)
        return _plain(value)


class _Member:
    """One value of a hole that takes several."""

    def __init__(self, name: Any, index: int) -> None:
        self.name = name
        self.index = index

    def fill(self, given: Given) -> Any:
        return _plain(given[self.name][self.index])


def _plain(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is UTC and engine() == SQLITE:
        return value.isoformat(" ")[:-6]  # what Django makes of it, in a tenth of the time
    return connection.ops.adapt_datetimefield_value(value)


class _Statement:
    """Keeps the SQL for each database and each number of values behind `__in`."""

    def __init__(self, build: Callable[..., Any]) -> None:
        self._build = build
        self._names = tuple(inspect.signature(build).parameters)
        self._made: dict[Shape, Composed] = {}

    def _shape(self, given: Mapping[str, Any], kind: Any) -> Shape:
        return (
            kind,
            engine(),
            *(
                len(given[name]) if isinstance(given[name], (list, tuple)) else None
                for name in self._names
            ),
        )

    def _holes(self, shape: Shape) -> list[Hole]:
        return [Hole(name, count) for name, count in zip(self._names, shape[2:], strict=True)]


class Select(_Statement, Generic[T]):
    """A query for instances, or for the tuples and values of a `values_list`."""

    def __init__(self, build: Callable[..., QuerySet[Any, T]]) -> None:
        super().__init__(build)

    def all(self, **given: Any) -> list[T]:
        """All rows, in the query's order. An empty list behind `__in` finds nothing."""
        if any(isinstance(value, (list, tuple)) and not value for value in given.values()):
            return []
        shape = self._shape(given, "all")
        made = self._made.get(shape)
        if made is None:
            made = self._made[shape] = selecting(self._build(*self._holes(shape)))
        return made.rows(given)

    def first(self, **given: Any) -> T | None:
        """The first row, by key where the query names no order, or None."""
        shape = self._shape(given, "first")
        made = self._made.get(shape)
        if made is None:
            rows = self._build(*self._holes(shape))
            rows = rows if rows.ordered or rows.query.group_by else rows.order_by("pk")
            made = self._made[shape] = selecting(rows[:1])
        found = made.rows(given)
        return found[0] if found else None


class Update(_Statement):
    """A counted UPDATE: `build` answers the rows and the columns to set, as `.update()` takes
    them. `also` names further columns, set to what is given under their names; `returning`
    names columns whose new values come back."""

    def __init__(
        self,
        build: Callable[..., tuple[QuerySet[Any, Any], dict[str, Any]]],
        *,
        also: Sequence[str] = (),
        returning: Sequence[str] = (),
    ) -> None:
        super().__init__(build)
        self._also = also
        self._returning = returning

    def run(self, **given: Any) -> int:
        """How many rows were changed."""
        return self._compiled(given, returning=None).count(given)

    def values(self, **given: Any) -> list[tuple[Any, ...]]:
        """The `returning` columns of the changed rows, as they are now."""
        return self._rows(self._compiled(given, returning=tuple(self._returning)), given)

    def instances(self, **given: Any) -> list[Any]:
        """The changed rows as they are now, whole."""
        return self._rows(self._compiled(given, returning=()), given)

    def _rows(self, made: Composed, given: Mapping[str, Any]) -> list[Any]:
        with transaction.mark_for_rollback_on_error():
            return made.rows(given)

    def _compiled(
        self, given: Mapping[str, Any], *, returning: tuple[str, ...] | None
    ) -> Composed:
        shape = self._shape(given, returning)
        made = self._made.get(shape)
        if made is None:
            rows, columns = self._build(*self._holes(shape))
            columns = columns | {name: Hole(name) for name in self._also}
            made = self._made[shape] = updating(rows, columns, returning)
        return made


def selecting(rows: QuerySet[Any, Any]) -> Composed:
    """The SELECT of a queryset."""
    compiler: Any = rows.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    return Composed(sql, params, decoder(rows, compiler))


def updating(
    rows: QuerySet[Any, Any], columns: dict[str, Any], returning: tuple[str, ...] | None
) -> Composed:
    """The UPDATE that sets these columns, and what it answers: None is how many it changed."""
    model = rows.model
    for name, value in columns.items():
        if isinstance(value, Hole):
            value.column = model._meta.get_field(name)
    query = rows.query.chain(UpdateQuery)
    query.add_update_values(columns)  # type: ignore[attr-defined]
    query.clear_select_clause()
    sql, params = query.get_compiler(connection=connection).as_sql()
    if returning is None:
        return Composed(sql, params)
    answer = model._base_manager.all()
    answer = answer.values_list(*returning) if returning else answer
    compiler: Any = answer.query.get_compiler(connection=connection)
    compiler.as_sql()
    told = ", ".join(selected[1][0] for selected in compiler.select)
    return Composed(f"{sql} RETURNING {told}", params, decoder(answer, compiler))
