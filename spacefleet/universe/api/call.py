"""One request as handlers see it, and the two ways to answer."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from spacefleet.universe.state import Account, Agent, Ship, System, Waypoint

from .errors import empty_json, invalid, refuse

if TYPE_CHECKING:
    from spacefleet.universe.world import World

PAGE_LIMIT = 20
PAGE_DEFAULT = 10
FORM = "application/x-www-form-urlencoded"
READ_AS_JSON = ("", "application/json", "text/plain")
"""A body of no stated type, or of plain text, is what some clients make of JSON."""

Reply = tuple[int, str]
"""HTTP status and JSON text."""

encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class Call:
    """A request that found its handler: who asks, for what, and with which body."""

    __slots__ = (
        "_form",
        "_query",
        "account",
        "agent",
        "body",
        "content_type",
        "now",
        "params",
        "world",
    )

    def __init__(
        self,
        world: "World",
        *,
        params: list[str],
        query: str,
        body: bytes,
        content_type: str,
        agent: Agent | None,
        account: Account | None,
    ) -> None:
        self.world = world
        self.now = world.now
        self.params = params
        self.body = body
        self.content_type = content_type
        self.agent = agent
        self.account = account
        self._query = query
        self._form: dict[str, object] | None = None

    # --- who and what ---------------------------------------------------------------------

    @property
    def player(self) -> Agent:
        """The agent of an endpoint that has been checked to have one."""
        if self.agent is None:
            raise refuse(4103, {})
        return self.agent

    def ship(self) -> Ship:
        """The ship of the path, if it is the agent's own."""
        symbol = self.params[0]
        ship = self.player.ships.get(symbol) or self.player.ships.get(symbol.upper())
        if ship is None:
            raise refuse(404, what="Ship", symbol=symbol)
        return ship

    def own_ship(self, symbol: str) -> Ship:
        """A ship named in the body, if it is the agent's own."""
        ship = self.player.ships.get(symbol)
        if ship is None:
            raise refuse(404, what="Ship", symbol=symbol)
        return ship

    def system(self) -> System:
        system = self.world.systems.get(self.params[0].upper())
        if system is None:
            raise refuse(404, what="System", symbol=self.params[0])
        return system

    def place(self) -> Waypoint:
        """The waypoint of the path, which must lie in the system of the path."""
        system = self.system()
        waypoint = system.waypoints.get(self.params[1].upper())
        if waypoint is None:
            raise refuse(404, what="Waypoint", symbol=self.params[1])
        return waypoint

    def here(self, ship: Ship) -> Waypoint:
        return self.world.waypoints[ship.waypoint]

    # --- the query --------------------------------------------------------------------------

    def query(self) -> dict[str, list[str]]:
        return parse_qs(self._query) if self._query else {}

    def page(self) -> tuple[int, int]:
        """Page and limit; both validated as the game validates them."""
        if not self._query:
            return 1, PAGE_DEFAULT
        query = self.query()
        page = _whole(query, "page", 1)
        limit = _whole(query, "limit", PAGE_DEFAULT)
        if page < 1:
            raise invalid(
                "page", "Number must be greater than or equal to 1", issue="too_small"
            )
        if not 1 <= limit <= PAGE_LIMIT:
            issue = "too_small" if limit < 1 else "too_big"
            raise invalid("limit", f"Number must be between 1 and {PAGE_LIMIT}", issue=issue)
        return page, limit

    # --- the body ---------------------------------------------------------------------------

    def form(self) -> dict[str, object]:
        """The fields of the body, JSON or form-encoded; no body has no fields."""
        if self._form is None:
            self._form = self._parse()
        return self._form

    def refuse_empty_json(self) -> None:
        """What the framework below the real game refuses, whether a body is needed or not."""
        if not self.body and self.content_type.startswith("application/json"):
            raise empty_json()

    def _parse(self) -> dict[str, object]:
        if not self.body.strip():
            return {}
        if self.content_type.startswith(FORM):
            pairs = parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)
            return {name: _plain(values[-1]) for name, values in pairs.items()}
        if self.content_type.partition(";")[0].strip().lower() not in READ_AS_JSON:
            raise refuse(5000, type=self.content_type)
        try:
            fields = json.loads(self.body)
        except (ValueError, RecursionError):
            raise invalid("body", "Body is not valid JSON", issue="invalid_json") from None
        if fields is None:
            return {}
        if not isinstance(fields, dict):
            raise invalid("body", "Expected object")
        return fields

    def text(self, name: str) -> str:
        """A string the body must have."""
        value = self.form().get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not value:
            raise invalid(name, "Required" if value is None else "Expected string")
        return value

    def symbol(self, name: str) -> str:
        """A symbol the body must have; symbols are upper case."""
        return self.text(name).upper()

    def choice(self, name: str, options: Iterable[str]) -> str:
        """A symbol that must be one of `options`."""
        value = self.symbol(name)
        if value not in options:
            raise invalid(name, f"Invalid value {value}", issue="invalid_enum_value")
        return value

    def units(self, name: str = "units") -> int:
        """A whole number of at least one that the body must have."""
        value = self.form().get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise invalid(name, "Required" if value is None else "Expected integer")
        if value < 1:
            raise invalid(name, "Number must be greater than or equal to 1", issue="too_small")
        return value


def _whole(query: dict[str, list[str]], name: str, default: int) -> int:
    values = query.get(name)
    if not values:
        return default
    try:
        return int(values[-1])
    except ValueError:
        raise invalid(name, "Expected number") from None


def _plain(value: str) -> object:
    """A form field as the JSON value it stands for."""
    if value.lstrip("-").isdigit():
        return int(value)
    return {"true": True, "false": False}.get(value, value)


# --- answers ------------------------------------------------------------------------------


def ok(text: str) -> Reply:
    """200 with `text` as data."""
    return 200, f'{{"data":{text}}}'


def done(**members: str) -> Reply:
    """200 with an object of rendered members as data."""
    return 200, f'{{"data":{_members(members)}}}'


def created(**members: str) -> Reply:
    """201 with an object of rendered members as data."""
    return 201, f'{{"data":{_members(members)}}}'


def _members(members: dict[str, str]) -> str:
    return "{" + ",".join(f'"{name}":{text}' for name, text in members.items()) + "}"


def listed(items: Iterable[str], *, total: int, page: int, limit: int) -> Reply:
    """200 with a page of rendered items and what it is a page of."""
    meta = f'{{"total":{total},"page":{page},"limit":{limit}}}'
    return 200, f'{{"data":[{",".join(items)}],"meta":{meta}}}'


def array(items: Iterable[str]) -> str:
    return f"[{','.join(items)}]"
