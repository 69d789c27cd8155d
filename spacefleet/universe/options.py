"""Options of a world as text: `wear_chance=0`, `wed 09:30`, so many systems."""

import json
import re
from collections.abc import Mapping
from typing import Any

from . import scenarios
from .galaxy import Options

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

MANNERS = {"strict", "rate_limited", "open_registration", "reset_weekday", "reset_minute"}
"""What a world that goes on may change: how it deals with clients, not what it is."""


ABOVE_ZERO = {"tick_minutes", "pressure_half_life_hours", "growth_ceiling", "refine_output"}
"""Parameters that something is divided by, or that mean nothing at zero."""


class OptionError(ValueError):
    """The text cannot be read; the message says what was expected."""


def setting(text: str) -> tuple[str, Any]:
    """A parameter and its value from `name=value`; the value is JSON."""
    name, equals, told = text.partition("=")
    known = scenarios.settings("first_day")
    if not equals or name not in known:
        raise OptionError(f"{text!r}: expected NAME=VALUE, with one of {', '.join(known)}")
    try:
        value = json.loads(told)
    except ValueError:
        value = told
    if not _fits(value, known[name]):
        raise OptionError(f"{text!r}: expected something like {_shown(known[name])}")
    if isinstance(value, int | float) and (value < 0 or (value == 0 and name in ABOVE_ZERO)):
        raise OptionError(f"{text!r}: too small")
    return name, tuple(value) if isinstance(value, list) else value


def _fits(value: object, default: object) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    if isinstance(default, float):
        return isinstance(value, int | float)
    if isinstance(default, int):
        return isinstance(value, int)
    if isinstance(default, Mapping):
        return isinstance(value, dict)
    return isinstance(value, list)


def _shown(value: object) -> str:
    return json.dumps(dict(value) if isinstance(value, Mapping) else value)


def hour_of_week(text: str) -> dict[str, int]:
    """The parameters of a weekly reset at `sun 13:00`, UTC."""
    match = re.fullmatch(r"([a-z]{3})[a-z]* +(\d{1,2}):(\d\d)", text.strip().lower())
    if match is None or match[1] not in WEEKDAYS or int(match[2]) > 23 or int(match[3]) > 59:
        raise OptionError(f"{text!r}: expected a day and an hour in UTC, such as 'sun 13:00'")
    minute = 60 * int(match[2]) + int(match[3])
    return {"reset_weekday": WEEKDAYS.index(match[1]), "reset_minute": minute}


def systems(count: int) -> dict[str, int]:
    """The parameters of a galaxy of so many systems: homes first, as far as they go."""
    if count < 1:
        raise OptionError("a galaxy has at least one system")
    homes = min(count, Options().homes)
    return {"homes": homes, "others": count - homes}
