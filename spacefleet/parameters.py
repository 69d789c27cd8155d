"""Typed parameters: a behaviour's numbers of taste with meaning, unit, limits and default.

A behaviour declares a frozen dataclass whose fields are made by `param()`; `spacefleet.jobs`
names the classes. Values arrive as text from the admin or a command line and are checked here.
"""

from dataclasses import MISSING, Field, dataclass, field, fields
from importlib import import_module
from typing import Any

from spacefleet import jobs

TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off"}


def param(
    default: Any,
    meaning: str,
    *,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
) -> Any:
    """A field of a parameter class. Limits are inclusive."""
    metadata = {
        "meaning": meaning,
        "unit": unit,
        "low": low,
        "high": high,
        "choices": choices,
    }
    if isinstance(default, list):
        return field(default_factory=lambda: list(default), metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Described:
    """One parameter as a page or a form shows it."""

    behaviour: str
    name: str
    kind: str
    default: Any
    meaning: str
    unit: str
    low: float | None
    high: float | None
    choices: tuple[str, ...]


def load(path: str) -> Any:
    """The object behind a dotted path of `spacefleet.jobs`."""
    module, name = path.rsplit(".", 1)
    return getattr(import_module(module), name)


def parameter_class(behaviour: str) -> type[Any]:
    """The parameter class of a behaviour. Raises ValueError for an unknown one."""
    path = jobs.PARAMETERS.get(behaviour)
    if path is None:
        known = ", ".join(sorted(jobs.PARAMETERS))
        raise ValueError(f"There is no behaviour {behaviour!r}. Choose one of: {known}.")
    found: type[Any] = load(path)
    return found


def describe(behaviour: str) -> list[Described]:
    """Every parameter of a behaviour, in the order of its class."""
    return [_described(behaviour, spec) for spec in fields(parameter_class(behaviour))]


def everything() -> list[Described]:
    """Every parameter of every behaviour."""
    return [row for behaviour in sorted(jobs.PARAMETERS) for row in describe(behaviour)]


def parse(behaviour: str, name: str, text: str) -> Any:
    """The value that `text` means for a parameter.

    Raises ValueError with a sentence that says what is allowed.
    """
    for spec in fields(parameter_class(behaviour)):
        if spec.name == name:
            return _parse(spec, text.strip())
    known = ", ".join(spec.name for spec in fields(parameter_class(behaviour)))
    raise ValueError(f"{behaviour} has no parameter {name!r}. It has: {known}.")


def _described(behaviour: str, spec: Field[Any]) -> Described:
    default = _default(spec)
    return Described(
        behaviour=behaviour,
        name=spec.name,
        kind=type(default).__name__,
        default=default,
        meaning=spec.metadata["meaning"],
        unit=spec.metadata["unit"],
        low=spec.metadata["low"],
        high=spec.metadata["high"],
        choices=spec.metadata["choices"],
    )


def _default(spec: Field[Any]) -> Any:
    if spec.default is not MISSING:
        return spec.default
    assert spec.default_factory is not MISSING
    return spec.default_factory()


def _parse(spec: Field[Any], text: str) -> Any:
    default = _default(spec)
    if isinstance(default, bool):
        return _boolean(spec.name, text)
    if isinstance(default, list):
        return _words(spec, text)
    if isinstance(default, int):
        return _within(spec, _number(spec.name, text, int, "a whole number"))
    if isinstance(default, float):
        return _within(spec, _number(spec.name, text, float, "a number"))
    return _choice(spec, text)


def _boolean(name: str, text: str) -> bool:
    if text.lower() in TRUE_WORDS:
        return True
    if text.lower() in FALSE_WORDS:
        return False
    raise ValueError(f"{name} is a switch: write yes or no, not {text!r}.")


def _number(name: str, text: str, kind: type[Any], called: str) -> Any:
    try:
        value = kind(text)
    except ValueError:
        raise ValueError(f"{name} must be {called}, not {text!r}.") from None
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError(f"{name} must be {called}, not {text!r}.")
    return value


def _within(spec: Field[Any], value: float) -> Any:
    low, high, unit = spec.metadata["low"], spec.metadata["high"], spec.metadata["unit"]
    if low is not None and value < low:
        raise ValueError(f"{spec.name} must be at least {low:g} {unit}".rstrip() + ".")
    if high is not None and value > high:
        raise ValueError(f"{spec.name} must be at most {high:g} {unit}".rstrip() + ".")
    return value


def _words(spec: Field[Any], text: str) -> list[str]:
    words = [word.strip() for word in text.replace(";", ",").split(",") if word.strip()]
    for word in words:
        _choice(spec, word)
    return words


def _choice(spec: Field[Any], text: str) -> str:
    choices = spec.metadata["choices"]
    if choices and text not in choices:
        raise ValueError(f"{spec.name} must be one of {', '.join(choices)}, not {text!r}.")
    return text
