"""Records as rows of plain values and back, without the texts rendered for clients.

How a class is taken apart follows from its annotations and is worked out once; after that a row
costs little more than reading the fields.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

NOT_KEPT = {"text", "text_until", "stop", "prices", "listing", "outfit", "route", "ships"}
"""Fields that are rendered again when somebody asks, and ships, which have rows of their own."""

T = TypeVar("T")

Pack = Callable[[Any], Any]


def names(kind: type) -> tuple[str, ...]:
    """The fields of a row in their order: plain ones first."""
    plain, nested = _plan(kind)
    return plain + tuple(name for name, _ in nested)


def rows(records: Iterable[Any]) -> list[list[Any]]:
    """Records of one class, or of none."""
    return [row(record) for record in records]


def row(record: Any) -> list[Any]:
    """A copy that shares nothing with the record but what never changes."""
    kind: Any = type(record)
    read, nested = _reader(kind)
    values = list(read(record))
    for name, pack in nested:
        values.append(pack(getattr(record, name)))
    return values


@cache
def _reader(
    kind: type,
) -> tuple[Callable[[Any], tuple[Any, ...]], tuple[tuple[str, Pack], ...]]:
    plain, nested = _plan(kind)
    if len(plain) == 1:
        only = attrgetter(*plain)
        return lambda record: (only(record),), nested
    return attrgetter(*plain), nested


@cache
def _plan(kind: Any) -> tuple[tuple[str, ...], tuple[tuple[str, Pack], ...]]:
    """Fields that are copied as they are, and the others with how they are packed."""
    hints = _hints(kind)
    packs = {
        field.name: _packer(hints[field.name])
        for field in fields(kind)
        if field.name not in NOT_KEPT
    }
    plain = tuple(name for name, pack in packs.items() if pack is None)
    return plain, tuple((name, pack) for name, pack in packs.items() if pack is not None)


def _packer(hint: Any) -> Pack | None:
    """How a value of this annotation is packed; None where it is kept as it is."""
    if hasattr(hint, "__dataclass_fields__"):
        return row
    if get_origin(hint) not in (list, dict):
        return None
    inner = _packer(get_args(hint)[-1])
    if inner is None:
        return list if get_origin(hint) is list else dict
    if get_origin(hint) is list:
        return lambda value: [inner(item) for item in value]
    return lambda value: {name: inner(item) for name, item in value.items()}


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


# --- and back ----------------------------------------------------------------------------------


class Layout:
    """Which fields the rows of a file have, by the name of their class."""

    def __init__(self, columns: dict[str, list[str]]) -> None:
        self._columns = columns

    def record(self, kind: type[T], values: list[Any]) -> T:
        """The record a row was made of. Fields younger than the file get their defaults."""
        known: Any = kind
        hints, columns = _hints(known), self._columns[kind.__name__]
        packed = zip(columns, values, strict=True)
        return kind(**{name: self._value(hints[name], value) for name, value in packed})

    def _value(self, hint: Any, packed: Any) -> Any:
        if hasattr(hint, "__dataclass_fields__"):
            return self.record(hint, packed)
        if get_origin(hint) is list:
            return [self._value(get_args(hint)[0], item) for item in packed]
        if get_origin(hint) is dict:
            inner = get_args(hint)[1]
            return {name: self._value(inner, item) for name, item in packed.items()}
        return packed
