"""What a query says, apart from the values it is said with.

Two calls of the ORM that differ in values alone have one *shape*: nested tuples that can be looked
up. `Shaper` takes a call apart into its shape and its values; `build` makes the arguments of the
same call again, with holes where the values were. What it does not know for sure, it refuses.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db.models import (
    AutoField,
    CharField,
    DateTimeField,
    Field,
    FloatField,
    ForeignKey,
    IntegerField,
    Model,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import CombinedExpression
from django.db.models.sql import Query

from spacefleet.statements import Hole

LONG = 100  # values behind `__in` from which on composing is the smaller part
COMPARED = frozenset({"exact", "gt", "gte", "lt", "lte"})

Shape = Any  # nested tuples, hashable


class Unknown(Exception):
    """This call is left to the ORM."""


class Shaper:
    """Takes calls apart; the values of all of them are collected in order."""

    def __init__(self, values: Sequence[Any] = ()) -> None:
        self.values = list(values)

    def conditions(self, model: type[Model], named: Mapping[str, Any]) -> Shape:
        """The keyword arguments of `filter`, `exclude` and `get`."""
        return tuple((name, self.compared(model, name, value)) for name, value in named.items())

    def compared(self, model: type[Model], name: str, value: Any) -> Shape:
        """What a column is compared with."""
        if value is None or value is True or value is False:
            return ("same", value.__class__, value)
        takes = taken(model, name)
        if takes is not None:
            plain = _plain(value, takes)
            if plain is not None:
                self.values.append(plain)
                return _HOLE
        if isinstance(value, QuerySet):
            return self.rows(value)
        if hasattr(value, "resolve_expression"):
            return self.expression(model, value)
        if isinstance(value, Collection) and not isinstance(value, (str, bytes, Mapping)):
            return self._members(value, takes)
        return _same(value)

    def written(self, model: type[Model], value: Any) -> Shape:
        """What a column is set to."""
        if hasattr(value, "resolve_expression"):
            return self.expression(model, value)
        self.values.append(value.pk if isinstance(value, Model) else value)
        return _HOLE

    def _members(self, value: Collection[Any], takes: "Takes | None") -> Shape:
        if takes is None or not takes.many:
            raise Unknown
        members = list(dict.fromkeys(_plain(each, takes.one()) for each in value))
        if not members or len(members) > LONG or None in members:
            raise Unknown  # an empty list finds nothing, without a statement
        self.values.append(members)
        return ("many", len(members))

    def rows(self, rows: QuerySet[Any, Any]) -> Shape:
        """A subquery."""
        recipe = getattr(rows, "recipe", None)
        if recipe is None:
            raise Unknown
        self.values += recipe.values
        return ("rows", type(rows), rows.model, recipe.steps)

    def expression(self, model: type[Model], value: Any) -> Shape:
        """An expression as its constructor got it, or a Q."""
        if isinstance(value, QuerySet):
            return self.rows(value)
        if isinstance(value, Q):
            return (
                "q",
                value.connector,
                value.negated,
                tuple(self._child(model, each) for each in value.children),
            )
        if isinstance(value, Value):
            return self._value(value)
        if isinstance(value, CombinedExpression):
            return (
                "both",
                self._side(model, value.lhs),
                value.connector,
                self._side(model, value.rhs),
            )
        if isinstance(value, When):
            condition = self.expression(model, value.condition)
            return ("when", condition, self.expression(model, value.result))
        told = getattr(value, "_constructor_args", None)
        if told is None or isinstance(value, Hole):
            raise Unknown
        args, named = told
        return (
            "made",
            type(value),
            tuple(self.argument(model, each) for each in args),
            tuple((name, self.argument(model, each)) for name, each in named.items()),
        )

    def _child(self, model: type[Model], child: Any) -> Shape:
        if isinstance(child, tuple):
            name, value = child
            return ("if", name, self.compared(model, name, value))
        return self.expression(model, child)

    def _value(self, value: Value) -> Shape:
        """Typed ones carry what is to be written; others are part of what is asked."""
        args, named = value._constructor_args  # type: ignore[attr-defined]
        field = args[1] if len(args) > 1 else named.get("output_field")
        if field is None:
            return ("value", *_same(value.value)[1:])
        if not hasattr(field, "model"):
            raise Unknown
        self.values.append(value.value)
        return ("typed", field)

    def _side(self, model: type[Model], side: Any) -> Shape:
        """A number that is added or subtracted is a value like others."""
        if type(side) is Value and type(side.value) is int:
            self.values.append(side.value)
            return _HOLE
        return self.expression(model, side)

    def argument(self, model: type[Model], value: Any) -> Shape:
        """What a method or an expression was given: names of columns above all."""
        if hasattr(value, "resolve_expression"):
            return self.expression(model, value)
        if isinstance(value, Field):
            return _field(value)
        if isinstance(value, (list, tuple)):
            return ("list", type(value), tuple(self.argument(model, each) for each in value))
        return _same(value)


class Takes:
    """What a hole at the end of a lookup takes."""

    def __init__(self, kind: type, *, many: bool, of: type[Model] | None = None) -> None:
        self.kind = kind
        self.many = many
        self.of = of

    def one(self) -> "Takes":
        return Takes(self.kind, many=False, of=self.of) if self.many else self


_HOLE = ("hole",)
_KINDS: tuple[tuple[type[Field], type], ...] = (
    (IntegerField, int),
    (AutoField, int),
    (DateTimeField, datetime),
    (FloatField, float),
    (CharField, str),
    (TextField, str),
)


@lru_cache(maxsize=4096)
def taken(model: type[Model], name: str) -> Takes | None:
    """What the lookup `name` can be given as a value that the database gets as it is."""
    query = Query(model)
    try:
        lookups, parts, annotation = query.solve_lookup_type(name)
        if annotation or len(lookups) > 1:
            return None
        _, field, targets, rest = query.names_to_path(parts, model._meta, fail_on_missing=True)
    except (FieldError, FieldDoesNotExist):
        return None
    lookup = lookups[0] if lookups else "exact"
    if rest or len(targets) != 1 or lookup not in {*COMPARED, "in"}:
        return None
    of = None
    if isinstance(field, ForeignKey):
        of = field.related_model
        field = targets[0]
    kind = _kind(field)
    return Takes(kind, many=lookup == "in", of=of) if kind else None


def _kind(field: Any) -> type | None:
    for known, kind in _KINDS:
        if isinstance(field, known) and type(field).get_prep_value is known.get_prep_value:
            return kind
    return None


def _plain(value: Any, takes: Takes) -> Any:
    """The value as the driver takes it, or None where only the ORM knows."""
    if takes.many:
        return None
    kind = type(value)
    if kind is takes.kind:
        return value if kind is not datetime or value.tzinfo is not None else None
    if takes.of is not None and isinstance(value, takes.of):
        return value.pk if type(value.pk) is takes.kind else None
    if isinstance(value, Enum) and isinstance(value, takes.kind):
        return value.value
    return float(value) if takes.kind is float and kind is int else None


def _same(value: Any) -> Shape:
    """A value that belongs to the shape, because it is always one of a few."""
    if value is not None and not isinstance(value, (str, int, type)):
        raise Unknown
    return ("same", type(value), value)


def _field(field: Field) -> Shape:
    """A column, or what somebody says of an expression: made anew each time, and the same."""
    if hasattr(field, "model"):
        return ("same", type(field), field)
    _, _, args, named = field.deconstruct()
    if args or any(not isinstance(each, (str, int, bool)) for each in named.values()):
        raise Unknown
    return ("bare", type(field), tuple(sorted(named.items())))


# and together again


def build(shape: Shape, numbers: Any) -> Any:
    """What was taken apart, with holes for the values, numbered in their order."""
    kind = shape[0]
    return _BUILDERS[kind](shape, numbers)


class Numbers:
    """Counts the holes that are made, in the order in which the values were collected."""

    def __init__(self) -> None:
        self.next = 0

    def hole(self, count: int | None = None) -> Hole:
        made = Hole(self.next, count)
        self.next += 1
        return made


class Told:
    """Hands out the values themselves: for the ORM, where it is left to do all of it."""

    def __init__(self, values: Sequence[Any]) -> None:
        self._values = iter(values)

    def hole(self, count: int | None = None) -> Any:
        return next(self._values)


def _typed(shape: Shape, numbers: Any) -> Any:
    made = numbers.hole()
    if not isinstance(made, Hole):
        return Value(made, output_field=shape[1])
    made.column = made.output_field = shape[1]
    return made


def _q(shape: Shape, numbers: Any) -> Q:
    _, connector, negated, children = shape
    made = Q(_connector=connector, _negated=negated)
    made.children = [build(each, numbers) for each in children]
    return made


def _made(shape: Shape, numbers: Any) -> Any:
    _, kind, args, named = shape
    return kind(
        *[build(each, numbers) for each in args],
        **{name: build(each, numbers) for name, each in named},
    )


def _both(shape: Shape, numbers: Any) -> Any:
    _, left, connector, right = shape
    return CombinedExpression(build(left, numbers), connector, build(right, numbers))


def _rows(shape: Shape, numbers: Any) -> Any:
    _, kind, model, steps = shape
    return replay(kind, model, steps, numbers)


_BUILDERS: dict[str, Any] = {
    "hole": lambda shape, numbers: numbers.hole(),
    "many": lambda shape, numbers: numbers.hole(shape[1]),
    "same": lambda shape, numbers: shape[2],
    "value": lambda shape, numbers: Value(shape[2]),
    "typed": _typed,
    "bare": lambda shape, numbers: shape[1](**dict(shape[2])),
    "when": lambda shape, numbers: When(
        build(shape[1], numbers), then=build(shape[2], numbers)
    ),
    "if": lambda shape, numbers: (shape[1], build(shape[2], numbers)),
    "q": _q,
    "made": _made,
    "both": _both,
    "rows": _rows,
    "list": lambda shape, numbers: shape[1](build(each, numbers) for each in shape[2]),
}


def replay(kind: type[Any], model: type[Model], steps: Sequence[Shape], numbers: Any) -> Any:
    """The queryset that the steps make, composed by the ORM."""
    rows = kind(model, query=Query(model))
    for method, args, named in steps:
        rows = getattr(rows, method)(
            *[build(each, numbers) for each in args],
            **{name: build(each, numbers) for name, each in named},
        )
    return rows
