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
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import connection, transaction
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)
from django.db.models.sql import UpdateQuery

T = TypeVar("T")
Decode = Callable[[Sequence[Any]], Any]
Shape = tuple[Any, ...]


class Hole(Expression):
    """A place in a statement that takes the value called `name`, or so many of them."""

    def __init__(self, name: str, count: int | None = None) -> None:
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

    def fill(self, given: Mapping[str, Any]) -> Any:
        value = given[self.name]
        if self.column is not None:
            return self.column.get_db_prep_save(value, connection)
        return _plain(value)


class _Member:
    """One value of a hole that takes several."""

    def __init__(self, name: str, index: int) -> None:
        self.name = name
        self.index = index

    def fill(self, given: Mapping[str, Any]) -> Any:
        return _plain(given[self.name][self.index])


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


class _Filled:
    """SQL with its parameters, of which some are holes."""

    def __init__(self, sql: str, params: Sequence[Any], decode: Decode | None = None) -> None:
        self.sql = sql
        self.params = params
        self.holes = [hasattr(each, "fill") for each in params]
        self.decode = decode

    def fill(self, given: Mapping[str, Any]) -> list[Any]:
        return [
            each.fill(given) if hole else each
            for each, hole in zip(self.params, self.holes, strict=True)
        ]

    def rows(self, given: Mapping[str, Any]) -> list[Any]:
        assert self.decode is not None
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.fill(given))
            found = cursor.fetchall()
        return [self.decode(row) for row in found]

    def count(self, given: Mapping[str, Any]) -> int:
        with transaction.mark_for_rollback_on_error(), connection.cursor() as cursor:
            cursor.execute(self.sql, self.fill(given))
            return int(cursor.rowcount)


class _Statement:
    """Keeps the SQL for each database and each number of values behind `__in`."""

    def __init__(self, build: Callable[..., Any]) -> None:
        self._build = build
        self._names = tuple(inspect.signature(build).parameters)
        self._made: dict[Shape, _Filled] = {}

    def _shape(self, given: Mapping[str, Any], kind: Any) -> Shape:
        return (
            kind,
            connection.vendor,
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
            made = self._made[shape] = _selecting(self._build(*self._holes(shape)))
        return made.rows(given)

    def first(self, **given: Any) -> T | None:
        """The first row, by key where the query names no order, or None."""
        shape = self._shape(given, "first")
        made = self._made.get(shape)
        if made is None:
            rows = self._build(*self._holes(shape))
            rows = rows if rows.ordered or rows.query.group_by else rows.order_by("pk")
            made = self._made[shape] = _selecting(rows[:1])
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

    def _rows(self, made: _Filled, given: Mapping[str, Any]) -> list[Any]:
        with transaction.mark_for_rollback_on_error():
            return made.rows(given)

    def _compiled(
        self, given: Mapping[str, Any], *, returning: tuple[str, ...] | None
    ) -> _Filled:
        shape = self._shape(given, returning)
        made = self._made.get(shape)
        if made is None:
            rows, columns = self._build(*self._holes(shape))
            columns = columns | {name: Hole(name) for name in self._also}
            made = self._made[shape] = _updating(rows, columns, returning)
        return made


def _selecting(rows: QuerySet[Any, Any]) -> _Filled:
    compiler: Any = rows.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    return _Filled(sql, params, _decoder(rows, compiler))


def _updating(
    rows: QuerySet[Any, Any], columns: dict[str, Any], returning: tuple[str, ...] | None
) -> _Filled:
    model = rows.model
    for name, value in columns.items():
        if isinstance(value, Hole):
            value.column = model._meta.get_field(name)
    query = rows.query.chain(UpdateQuery)
    query.add_update_values(columns)  # type: ignore[attr-defined]
    sql, params = query.get_compiler(connection=connection).as_sql()
    if returning is None:
        return _Filled(sql, params)
    answer = model._base_manager.all()
    answer = answer.values_list(*returning) if returning else answer
    compiler: Any = answer.query.get_compiler(connection=connection)
    compiler.as_sql()
    told = ", ".join(selected[1][0] for selected in compiler.select)
    return _Filled(f"{sql} RETURNING {told}", params, _decoder(answer, compiler))


def _decoder(rows: QuerySet[Any, Any], compiler: Any) -> Decode:
    """What makes of a raw row what the queryset would."""
    converters = [
        (position, converter, expression)
        for position, (chain, expression) in compiler.get_converters(
            [selected[0] for selected in compiler.select[0 : compiler.col_count]]
        ).items()
        for converter in chain
    ]
    finish = _finisher(rows, compiler)

    def decode(row: Sequence[Any]) -> Any:
        values = list(row)
        for position, converter, expression in converters:
            values[position] = converter(values[position], expression, connection)
        return finish(values)

    return decode


def _finisher(rows: Any, compiler: Any) -> Decode:
    kind = rows._iterable_class
    if kind is FlatValuesListIterable:
        return lambda values: values[0]
    if kind is ValuesListIterable:
        return tuple
    if kind is ModelIterable:
        return _instances(compiler)
    raise TypeError(f"a statement answers instances or values_list, not {kind.__name__}")


def _instances(compiler: Any) -> Decode:
    info = compiler.klass_info
    model: type[Model] = info["model"]
    chosen = info["select_fields"]
    begins, ends = chosen[0], chosen[-1] + 1
    names = [selected[0].target.attname for selected in compiler.select[begins:ends]]
    related = get_related_populators(info, compiler.select, "default")  # type: ignore[call-arg]
    extra = (compiler.annotation_col_map or {}).items()

    def make(values: Sequence[Any]) -> Model:
        made = model.from_db("default", names, values[begins:ends])
        for populator in related:
            populator.populate(values, made)
        for name, position in extra:
            setattr(made, name, values[position])
        return made

    return make
