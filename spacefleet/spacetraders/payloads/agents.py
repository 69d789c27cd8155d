"""Agents, factions and the account, as the game answers them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from .reading import Json, moment, symbols


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent; `account_id` is told only of one's own. Credits may be negative."""

    symbol: str
    credits: int
    headquarters: str = ""
    starting_faction: str = ""
    ship_count: int = 0
    account_id: str | None = None

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            symbol=data["symbol"],
            credits=data["credits"],
            headquarters=data.get("headquarters", ""),
            starting_faction=data.get("startingFaction", ""),
            ship_count=data.get("shipCount", 0),
            account_id=data.get("accountId"),
        )


@dataclass(frozen=True, slots=True)
class Faction:
    symbol: str
    name: str
    headquarters: str | None
    traits: tuple[str, ...]
    recruiting: bool

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            symbol=data["symbol"],
            name=data.get("name", ""),
            headquarters=data.get("headquarters"),
            traits=symbols(data.get("traits")),
            recruiting=data.get("isRecruiting", False),
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """What a faction thinks of the agent."""

    faction: str
    reputation: int

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(faction=data["symbol"], reputation=data.get("reputation", 0))


@dataclass(frozen=True, slots=True)
class Account:
    """The person behind the agents. The token the server may add is left where it is."""

    id: str
    email: str | None
    created_at: datetime

    @classmethod
    def from_json(cls, data: Json) -> Self:
        account = data["account"]
        return cls(
            id=account["id"],
            email=account.get("email"),
            created_at=moment(account["createdAt"]),
        )


@dataclass(frozen=True, slots=True)
class AgentEvent:
    id: str
    kind: str
    message: str
    at: datetime
    data: Any = None

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            id=data["id"],
            kind=data["type"],
            message=data.get("message", ""),
            at=moment(data["createdAt"]),
            data=data.get("data"),
        )
