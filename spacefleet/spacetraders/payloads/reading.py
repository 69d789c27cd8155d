"""How single values of an answer are read: moments, lists of symbols, cooldowns.

Only what a result cannot do without is required; everything else has a default, so that a
server that adds a member, drops an optional one or invents a symbol stops nobody.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]


def moment(text: str) -> datetime:
    """The instant in ISO 8601, aware; a text without offset means UTC, as all of the game."""
    at = datetime.fromisoformat(text)
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def maybe_moment(text: str | None) -> datetime | None:
    return moment(text) if text else None


def symbols(items: Iterable[Any] | None) -> tuple[str, ...]:
    """The symbols of a list whose items are either symbols or objects that carry one."""
    return tuple(item["symbol"] if isinstance(item, dict) else item for item in items or ())


def cooldown_end(cooldown: Json | None) -> datetime | None:
    """When the reactor has recharged; None while the ship is idle, when the game says nothing."""
    return maybe_moment((cooldown or {}).get("expiration"))


def amounts(items: Iterable[Json] | None) -> dict[str, int]:
    """Units by good of a list of {tradeSymbol, units}."""
    return {item["tradeSymbol"]: item["units"] for item in items or ()}
