"""Querysets that are composed once: the base of all our rows.

The ORM composes a query anew each time, for one to two milliseconds, and SQLite answers it in a
twentieth of that. `Rows` notes what it is told instead of composing it, as a *recipe*: the shape of
the query, and the values. Whoever asked a query of that shape before left its SQL, with holes for
the values. It answers what the ORM would; what it does not know for sure it hands to the ORM.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models import Count, Model, QuerySet
from django.db.models.query import MAX_GET_RESULTS
from django.db.models.sql import InsertQuery

from spacefleet import recipes
from spacefleet.answers import Composed, ask, change, converters
from spacefleet.statements import engine, selecting, updating

__all__ = ["Row", "Rows"]

M = TypeVar("M", bound=Model, covariant=True)

KEPT = 4096  # shapes; a program has a few hundred
Step = tuple[str, tuple[Any, ...], tuple[Any, ...]]


class Recipe(NamedTuple):
    """What a queryset was told: its shape, and the values in their order."""

    steps: tuple[Step, ...] = ()
    values: tuple[Any, ...] = ()


_NOTHING = Recipe()
_composed: dict[Any, Composed | None] = {}  # None: a shape that is left to the ORM


class _Uncomposed:
    """Stands where the ORM's query will, if somebody wants it. The class itself, because that
    is what its copies are, too."""


_UNCOMPOSED: Any = _Uncomposed


class NotingQuerySet(QuerySet[M]):
    """A queryset that notes its recipe as long as it understands it."""

    recipe: Recipe | None = None
    _db: Any
    _hints: Any
    _known_related_objects: Any
    _for_write: bool
    _sticky_filter: bool

    def __init__(
        self, model: Any = None, query: Any = None, using: Any = None, hints: Any = None
    ) -> None:
        noting = query is None and using in (None, DEFAULT_DB_ALIAS)
        super().__init__(model, _UNCOMPOSED if noting else query, using, hints)
        self.recipe = _NOTHING if noting else None

    # the ORM's own query, for whoever needs it

    @property
    def query(self) -> Any:
        if self._query is _UNCOMPOSED:
            self._compose()
        return QuerySet.query.fget(self)  # type: ignore[attr-defined]

    @query.setter
    def query(self, value: Any) -> None:
        self.recipe = None
        QuerySet.query.fset(self, value)  # type: ignore[attr-defined]

    def _compose(self) -> None:
        """Let the ORM do what was noted, with the values; from now on it does everything."""
        recipe, self.recipe = self.recipe, None
        assert recipe is not None
        made = recipes.replay(type(self), self.model, recipe.steps, recipes.Told(recipe.values))
        self._query = made._query
        self._iterable_class, self._fields = made._iterable_class, made._fields

    @property
    def _iterable_class(self) -> Any:
        if self.recipe is not None:
            self._compose()
        return self.__dict__["_kind"]

    @_iterable_class.setter
    def _iterable_class(self, value: Any) -> None:
        self.__dict__["_kind"] = value

    @property
    def _fields(self) -> Any:
        if self.recipe is not None:
            self._compose()
        return self.__dict__["_chosen"]

    @_fields.setter
    def _fields(self, value: Any) -> None:
        self.__dict__["_chosen"] = value

    # what is noted

    def _noted(self, method: str, args: Any, named: Any, values: Sequence[Any]) -> Self:
        assert self.recipe is not None
        made = self._clone()
        made.recipe = Recipe((*self.recipe.steps, (method, args, named)), tuple(values))
        return made

    def _note(self, method: str, args: Sequence[Any], named: dict[str, Any]) -> Self | None:
        """This queryset told one thing more; None where only the ORM understands."""
        if self.recipe is None or self._sticky_filter:
            return None
        shaper = recipes.Shaper(self.recipe.values)
        try:
            told = tuple(shaper.argument(self.model, each) for each in args)
            also = tuple(
                (name, shaper.argument(self.model, each)) for name, each in named.items()
            )
        except recipes.Unknown:
            return None
        return self._noted(method, told, also, shaper.values)

    def _note_conditions(self, method: str, args: Any, named: dict[str, Any]) -> Self | None:
        if self.recipe is None or self._sticky_filter:
            return None
        shaper = recipes.Shaper(self.recipe.values)
        try:
            told = tuple(shaper.expression(self.model, each) for each in args)
            also = shaper.conditions(self.model, named)
        except recipes.Unknown:
            return None
        return self._noted(method, told, also, shaper.values)

    def _clone(self) -> Self:
        if self.recipe is None:
            return super()._clone()  # type: ignore[misc,no-any-return]
        made = type(self)(self.model, using=self._db, hints=self._hints)
        made.recipe = self.recipe
        made._known_related_objects = self._known_related_objects
        made._sticky_filter, made._for_write = self._sticky_filter, self._for_write
        return made

    def _chain(self) -> Self:
        """What the ORM goes on with: it looks at its own query without asking for it."""
        if self.recipe is not None:
            self._compose()
        return super()._chain()  # type: ignore[misc,no-any-return]

    def all(self) -> Self:
        return self._clone() if self.recipe is not None else super().all()

    def using(self, alias: Any) -> Self:
        """Of the one database there is, as `bulk_update` says."""
        noting = self.recipe is not None and alias == DEFAULT_DB_ALIAS
        return self._clone() if noting else super().using(alias)

    def filter(self, *args: Any, **kwargs: Any) -> Self:
        noted = self._note_conditions("filter", args, kwargs)
        return super().filter(*args, **kwargs) if noted is None else noted

    def exclude(self, *args: Any, **kwargs: Any) -> Self:
        noted = self._note_conditions("exclude", args, kwargs)
        return super().exclude(*args, **kwargs) if noted is None else noted

    def order_by(self, *names: Any) -> Self:
        noted = self._note("order_by", names, {})
        return super().order_by(*names) if noted is None else noted

    def select_related(self, *names: Any) -> Self:
        noted = self._note("select_related", names, {})
        return super().select_related(*names) if noted is None else noted

    def select_for_update(self, *args: Any, **kwargs: Any) -> Self:
        noted = self._note("select_for_update", args, kwargs)
        return super().select_for_update(*args, **kwargs) if noted is None else noted

    def annotate(self, *args: Any, **kwargs: Any) -> Self:
        noted = self._note("annotate", args, kwargs)
        return super().annotate(*args, **kwargs) if noted is None else noted

    def distinct(self, *names: Any) -> Self:
        noted = self._note("distinct", names, {})
        return super().distinct(*names) if noted is None else noted

    def only(self, *names: Any) -> Self:
        noted = self._note("only", names, {})
        return super().only(*names) if noted is None else noted

    def defer(self, *names: Any) -> Self:
        noted = self._note("defer", names, {})
        return super().defer(*names) if noted is None else noted

    def values(self, *names: Any, **kwargs: Any) -> Any:
        noted = self._note("values", names, kwargs)
        return super().values(*names, **kwargs) if noted is None else noted

    def values_list(self, *names: Any, flat: bool = False, named: bool = False) -> Any:
        noted = None if named else self._note("values_list", names, {"flat": flat})
        if noted is None:
            return super().values_list(*names, flat=flat, named=named)
        return noted

    def _slice(self, start: int | None, stop: int | None) -> Any:
        return super().__getitem__(slice(start, stop))

    def __getitem__(self, key: Any) -> Any:
        if self._result_cache is not None or self.recipe is None:
            return super().__getitem__(key)
        if isinstance(key, int) and key >= 0:
            return list(self[key : key + 1])[0]
        if not isinstance(key, slice) or key.step or (key.start or 0) < 0:
            return super().__getitem__(key)
        noted = self._note("_slice", (key.start, key.stop), {})
        return super().__getitem__(key) if noted is None else noted

    # what is answered

    def _known(self, kind: Any, make: Callable[[Any], Composed]) -> Composed | None:
        """The SQL of this shape, composed now if nobody asked before."""
        assert self.recipe is not None
        key = (kind, engine(), type(self), self.model, self.recipe.steps)
        try:
            return _composed[key]
        except KeyError:
            pass
        made: Composed | None = None
        try:
            holes = recipes.Numbers()
            made = make(recipes.replay(type(self), self.model, self.recipe.steps, holes))
        except Exception:  # whatever it is, the ORM says it better
            made = None
        if len(_composed) >= KEPT:
            _composed.clear()
        _composed[key] = made
        return made

    def _fetch_all(self) -> None:
        if self._result_cache is None and self.recipe is not None:
            made = self._known("rows", selecting)
            if made is None:
                self._compose()
            else:
                self._result_cache = self._acquainted(made.rows(self.recipe.values))
        super()._fetch_all()

    def _acquainted(self, found: list[Any]) -> list[Any]:
        """Rows that were asked for by their owner know it without asking."""
        for field, known in self._known_related_objects.items():
            for row in found:
                if isinstance(row, self.model) and not field.is_cached(row):
                    owner = known.get(getattr(row, field.attname))
                    if owner is not None:
                        setattr(row, field.name, owner)
        return found

    def first(self) -> Any:
        if self.recipe is None or self._result_cache is not None:
            return super().first()
        return next(iter(self._noted("_first", (), (), self.recipe.values)), None)

    def _first(self) -> Any:
        if not self.ordered:
            check = self._check_ordering_first_last_queryset_aggregation  # type: ignore[attr-defined]
            check(method="first")
            return self.order_by("pk")[:1]
        return self[:1]

    def get(self, *args: Any, **kwargs: Any) -> Any:
        rows = self.filter(*args, **kwargs) if args or kwargs else self
        if rows.recipe is None or self._result_cache is not None:
            return super().get(*args, **kwargs)
        found = list(rows._noted("_only_one", (), (), rows.recipe.values))
        if len(found) == 1:
            return found[0]
        model: Any = self.model
        if not found:
            raise model.DoesNotExist(f"{model.__name__} matching query does not exist.")
        raise model.MultipleObjectsReturned(f"get() returned more than one {model.__name__}")

    def _only_one(self) -> Any:
        rows = self
        if not rows.query.is_sliced and not rows.query.distinct_fields:
            rows = rows.order_by()
        rows.query.set_limits(high=MAX_GET_RESULTS)
        return rows

    def exists(self) -> bool:
        if self.recipe is None or self._result_cache is not None:
            return super().exists()
        made = self._known("exists", _existing)
        return super().exists() if made is None else bool(made.rows(self.recipe.values))

    def count(self) -> int:
        if self.recipe is None or self._result_cache is not None:
            return super().count()
        found = self._summed({"__count": Count("*")})
        return super().count() if found is None else int(found["__count"])

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found = None if args or self.recipe is None else self._summed(kwargs)
        return super().aggregate(*args, **kwargs) if found is None else found

    def _summed(self, sums: dict[str, Any]) -> dict[str, Any] | None:
        assert self.recipe is not None
        noted = self._note("_with_sums", (), sums)
        if noted is None or noted.recipe is None:
            return None
        made = noted._known("sums", _summing)
        if made is None:
            return None
        return dict(zip(sums, made.rows(noted.recipe.values)[0], strict=True))

    def _with_sums(self, **sums: Any) -> Any:
        return self, sums

    # what is changed

    def update(self, **kwargs: Any) -> int:
        if self.recipe is None or self._result_cache is not None:
            return super().update(**kwargs)
        shaper = recipes.Shaper(self.recipe.values)
        try:
            columns = tuple(
                (name, shaper.written(self.model, value)) for name, value in kwargs.items()
            )
        except recipes.Unknown:
            return super().update(**kwargs)
        noted = self._noted("_with_columns", (), columns, shaper.values)
        made = noted._known("update", _updating)
        return super().update(**kwargs) if made is None else made.count(shaper.values)

    update.alters_data = True  # type: ignore[attr-defined]

    def _with_columns(self, **columns: Any) -> Any:
        return self, columns

    def _update(self, values: Any) -> int:
        """How a model saves itself: fields instead of names."""
        if self.recipe is None:
            return int(super()._update(values))  # type: ignore[misc]
        return self.update(**{field.name: value for field, _, value in values})

    _update.alters_data = True  # type: ignore[attr-defined]
    _update.queryset_only = False  # type: ignore[attr-defined]

    def _insert(
        self,
        objs: Any,
        fields: Any,
        returning_fields: Any = None,
        raw: bool = False,
        using: Any = None,
        on_conflict: Any = None,
        update_fields: Any = None,
        unique_fields: Any = None,
    ) -> Any:
        """How rows come into being, one by one or many."""
        how = (on_conflict, update_fields, unique_fields)
        if using not in (None, DEFAULT_DB_ALIAS) or raw:
            made = None
        else:
            made = _inserting(self.model, objs, fields, returning_fields or (), how)
        if made is None:
            return super()._insert(  # type: ignore[misc]
                objs, fields, returning_fields, raw, using, *how
            )
        return made

    _insert.alters_data = True  # type: ignore[attr-defined]
    _insert.queryset_only = False  # type: ignore[attr-defined]


def _existing(rows: Any) -> Composed:
    query = rows.query.exists()
    sql, params = query.get_compiler(connection=connection).as_sql()
    return Composed(sql, params, bool)


def _summing(told: tuple[Any, dict[str, Any]]) -> Composed:
    """As `Query.get_aggregation`, for what needs no subquery."""
    rows, sums = told
    query = rows.query.clone()
    if query.group_by is not None or query.is_sliced or query.distinct or query.annotations:
        raise recipes.Unknown
    made = {
        name: each.resolve_expression(query, allow_joins=True, reuse=None, summarize=True)
        for name, each in sums.items()
    }
    if any(getattr(each, "contains_over_clause", False) for each in made.values()):
        raise recipes.Unknown
    query.select, query.selected, query.default_cols, query.extra = (), None, False, {}
    query.annotations = made
    query.set_annotation_mask(made)
    query.clear_ordering(force=True)
    query.select_for_update = query.select_related = False
    compiler = query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    converts = converters(compiler, list(query.annotation_select.values()))

    def decode(row: Sequence[Any]) -> Any:
        values = list(row)
        for position, convert in converts:
            values[position] = convert(values[position])
        return values

    return Composed(sql, params, decode)


def _updating(told: tuple[Any, dict[str, Any]]) -> Composed:
    return updating(*told, None)


# rows come into being


class _Insert(NamedTuple):
    sql: str
    native: str
    converts: list[Any]


_inserts: dict[Any, _Insert | None] = {}


def _inserting(
    model: Any, objs: Sequence[Any], fields: Sequence[Any], returning: Sequence[Any], how: Any
) -> list[Any] | None:
    """Insert the rows and answer the columns the database chose; None leaves it to the ORM."""
    key = (
        engine(), model, len(objs), tuple(field.attname for field in fields),
        tuple(field.attname for field in returning),
        how[0], *(tuple(each) if each else None for each in how[1:]),
    )  # fmt: skip
    if key not in _inserts:
        if len(_inserts) >= KEPT:
            _inserts.clear()
        _inserts[key] = _compose_insert(model, objs, fields, returning, how)
    made = _inserts[key]
    if made is None:
        return None
    values = [field.pre_save(row, add=True) for row in objs for field in fields]
    if any(hasattr(value, "resolve_expression") for value in values):
        return None
    database = connections[DEFAULT_DB_ALIAS]
    params = [
        field.get_db_prep_save(value, database)
        for value, field in zip(values, [*fields] * len(objs), strict=True)
    ]
    if not returning:
        change(made.sql, made.native, params)
        return []
    rows = [list(row) for row in ask(made.sql, made.native, params)]
    for row in rows:
        for position, convert in made.converts:
            row[position] = convert(row[position])
    return rows


def _compose_insert(
    model: Any, objs: Sequence[Any], fields: Sequence[Any], returning: Sequence[Any], how: Any
) -> _Insert | None:
    query = InsertQuery(model, on_conflict=how[0], update_fields=how[1], unique_fields=how[2])
    query.insert_values(fields, list(objs))
    compiler: Any = query.get_compiler(connection=connection)
    compiler.returning_fields = returning or None
    features = connection.features
    if returning and not features.can_return_columns_from_insert:
        return None
    statements = compiler.as_sql()
    if len(statements) != 1 or len(statements[0][1]) != len(objs) * len(fields):
        return None
    sql = statements[0][0]
    columns = [field.get_col(model._meta.db_table) for field in returning]
    return _Insert(sql, Composed(sql, ()).native, converters(compiler, columns))


class RowManager(models.Manager[M]):
    _queryset_class = NotingQuerySet


if TYPE_CHECKING:  # what the checker knows of Django's it knows of ours
    from django.db.models import Model as Row
    from django.db.models import QuerySet as Rows
else:
    Rows = NotingQuerySet

    class Row(models.Model):
        """The base of our models."""

        objects = RowManager()

        class Meta:
            abstract = True

    # also where the ORM itself asks: for a row's relations, and where a row saves itself
    Row._meta.base_manager_name = "objects"
