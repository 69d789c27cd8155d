"""Composed SQL, the shortest way to the database with it, and what the queryset would make of
the answer.

On SQLite a statement that nobody listens to goes to the driver itself: Django's cursor takes as
long as the database does. It goes Django's way where somebody counts or logs statements, and on
every other database, where the way to the server is what takes time.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX
from django.db.models import BooleanField, DateTimeField, JSONField, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    RelatedPopulator,
    ValuesIterable,
    ValuesListIterable,
)
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init
from django.db.transaction import mark_for_rollback_on_error

Decode = Callable[[Sequence[Any]], Any]
Given = Mapping[str, Any] | Sequence[Any]
Convert = Callable[[Any], Any]
Populate = Callable[[Sequence[Any], Model], None]
_Populator: Any = RelatedPopulator


class Composed:
    """SQL with its parameters, of which some are holes."""

    def __init__(self, sql: str, params: Sequence[Any], decode: Decode | None = None) -> None:
        self.sql = sql
        self.native = FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%")
        self.params = params
        self.holes = [getattr(each, "fill", None) for each in params]
        self.decode = decode

    def fill(self, given: Given) -> list[Any]:
        return [
            each if fill is None else fill(given)
            for each, fill in zip(self.params, self.holes, strict=True)
        ]

    def rows(self, given: Given) -> list[Any]:
        """What the queryset would answer."""
        assert self.decode is not None
        return [self.decode(row) for row in ask(self.sql, self.native, self.fill(given))]

    def count(self, given: Given) -> int:
        """How many rows it changed."""
        return change(self.sql, self.native, self.fill(given))


def ask(sql: str, native: str, params: Sequence[Any]) -> list[Any]:
    """The raw rows of a statement; `native` is the same SQL as SQLite's driver writes it."""
    database: Any = connections[DEFAULT_DB_ALIAS]
    if _unheard(database):
        with database.wrap_database_errors:
            return list(database.connection.execute(native, params).fetchall())
    with database.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def change(sql: str, native: str, params: Sequence[Any]) -> int:
    """Run a statement that changes rows; answers how many. What fails breaks the transaction."""
    database: Any = connections[DEFAULT_DB_ALIAS]
    with mark_for_rollback_on_error(DEFAULT_DB_ALIAS):
        if _unheard(database):
            with database.wrap_database_errors:
                return int(database.connection.execute(native, params).rowcount)
        with database.cursor() as cursor:
            cursor.execute(sql, params)
            return int(cursor.rowcount)


def _unheard(database: Any) -> bool:
    """Whether the driver can be asked directly; opens the connection where it is closed."""
    if database.vendor != "sqlite" or database.execute_wrappers or database.queries_logged:
        return False
    database.ensure_connection()
    database.validate_no_broken_transaction()
    return True


# what comes back


def decoder(rows: QuerySet[Any, Any], compiler: Any) -> Decode:
    """What makes of a raw row what the queryset would."""
    selected = [chosen[0] for chosen in compiler.select[0 : compiler.col_count]]
    converts = converters(compiler, selected)
    finish = _finisher(rows, compiler)
    if not converts:
        return finish

    def decode(row: Sequence[Any]) -> Any:
        values = list(row)
        for position, convert in converts:
            values[position] = convert(values[position])
        return finish(values)

    return decode


def converters(compiler: Any, selected: Sequence[Any]) -> list[tuple[int, Convert]]:
    """What Python makes of the columns that the driver does not answer as they are meant."""
    found = compiler.get_converters(selected).items()
    return [
        (position, _converter(chain, expression, compiler.connection))
        for position, (chain, expression) in found
    ]


def _converter(chain: Sequence[Any], expression: Any, database: Any) -> Convert:
    """One function for all converters of a column; the frequent ones written out."""
    if len(chain) == 1:
        quick = _quick(chain[0], expression, database)
        if quick is not None:
            return quick

    def convert(value: Any) -> Any:
        for step in chain:
            value = step(value, expression, database)
        return value

    return convert


def _quick(step: Any, expression: Any, database: Any) -> Convert | None:
    if database.vendor != "sqlite":
        return None
    field = getattr(expression, "target", None)
    if type(field) is JSONField and field.decoder is None:
        return _document
    name = getattr(step, "__name__", "")
    kind = getattr(expression, "output_field", None)
    if isinstance(kind, DateTimeField) and name == "convert_datetimefield_value":
        return _moment
    if isinstance(kind, BooleanField) and name == "convert_booleanfield_value":
        return _truth
    return None


def _moment(text: Any) -> Any:
    """The driver reads the columns of tables itself, but nothing that was calculated."""
    if text is None:
        return None
    return (text if isinstance(text, datetime) else datetime.fromisoformat(text)).replace(
        tzinfo=UTC
    )


def _truth(value: Any) -> Any:
    return bool(value) if value in (0, 1) else value


def _document(text: Any) -> Any:
    if text == "{}":
        return {}
    if text == "[]":
        return []
    return None if text is None else json.loads(text)


def _finisher(rows: Any, compiler: Any) -> Decode:
    kind = rows._iterable_class
    if kind is FlatValuesListIterable:
        return itemgetter(0)
    if kind is ValuesListIterable:
        return tuple
    if kind is ValuesIterable:
        query = rows.query
        names = [*query.extra_select, *query.values_select, *query.annotation_select]
        return lambda values: dict(zip(names, values, strict=True))
    if kind is ModelIterable:
        return _instances(compiler)
    raise TypeError(f"a statement answers instances and values, not {kind.__name__}")


def _instances(compiler: Any) -> Decode:
    info = compiler.klass_info
    make = _maker(info, compiler)
    related = _related(info, compiler)
    extra = tuple((compiler.annotation_col_map or {}).items())
    if not related and not extra:
        return make

    def decode(values: Sequence[Any]) -> Model:
        made = make(values)
        for populate in related:
            populate(values, made)
        for name, position in extra:
            setattr(made, name, values[position])
        return made

    return decode


def _maker(info: dict[str, Any], compiler: Any) -> Callable[[Sequence[Any]], Model]:
    """What makes an instance of its part of a row, as `Model.from_db` would."""
    model: type[Model] = info["model"]
    begins, ends = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [selected[0].target.attname for selected in compiler.select[begins:ends]]
    if not _plain(model):
        return lambda values: model.from_db(DEFAULT_DB_ALIAS, names, values[begins:ends])

    def make(values: Sequence[Any]) -> Model:
        made = model.__new__(model)
        state = ModelState()
        state.adding, state.db = False, DEFAULT_DB_ALIAS
        made.__dict__ = dict(zip(names, values[begins:ends], strict=True))
        made._state = state
        return made

    return make


def _plain(model: type[Model]) -> bool:
    """Whether nobody wants to know of new instances: they are their columns and nothing else."""
    return (
        model.__init__ is Model.__init__
        and model.from_db.__func__ is Model.from_db.__func__  # type: ignore[attr-defined]
        and not pre_init.has_listeners(model)
        and not post_init.has_listeners(model)
        and all(
            isinstance(getattr(model, field.attname), DeferredAttribute)
            for field in model._meta.concrete_fields
        )
    )


def _related(info: dict[str, Any], compiler: Any) -> list[Populate]:
    """What makes the instances of `select_related`, each of its part of the row."""
    return [
        _Populator(each, compiler.select, DEFAULT_DB_ALIAS).populate
        if each["from_parent"]
        else _populator(each, compiler)
        for each in info.get("related_klass_infos", ())
    ]


def _populator(info: dict[str, Any], compiler: Any) -> Populate:
    make, further = _maker(info, compiler), _related(info, compiler)
    key = info["model"]._meta.pk.attname
    begins = info["select_fields"][0]
    names = [
        selected[0].target.attname
        for selected in compiler.select[begins : info["select_fields"][-1] + 1]
    ]
    key_at = begins + names.index(key)
    here, there = info["local_setter"], info["remote_setter"]

    def populate(values: Sequence[Any], made: Model) -> None:
        if values[key_at] is None:
            here(made, None)
            return
        other = make(values)
        for each in further:
            each(values, other)
        here(made, other)
        there(other, made)

    return populate
