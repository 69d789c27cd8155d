"""The server about itself: status, pages of lists, registration."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Self, TypeVar

from .agents import Agent, Faction
from .contracts import Contract
from .reading import Json, maybe_moment
from .ships import Ship

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list of `total` items; pages count from 1."""

    items: tuple[T, ...]
    total: int
    page: int
    limit: int

    @property
    def is_last(self) -> bool:
        return not self.items or self.page * self.limit >= self.total


@dataclass(frozen=True, slots=True)
class Status:
    """What the status page says. `time_factor` is 1 wherever the server does not tell it."""

    status: str
    version: str
    reset_date: date
    next_reset_at: datetime | None
    description: str = ""
    time_factor: float = 1.0
    agents: int = 0
    ships: int = 0
    systems: int = 0
    waypoints: int = 0
    market_updated_at: datetime | None = None
    announcements: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Json) -> Self:
        stats = data.get("stats") or {}
        return cls(
            status=data.get("status", ""),
            version=data.get("version", ""),
            reset_date=date.fromisoformat(data["resetDate"][:10]),
            next_reset_at=maybe_moment((data.get("serverResets") or {}).get("next")),
            description=data.get("description", ""),
            time_factor=float(data.get("timeFactor") or 1.0),
            agents=stats.get("agents", 0),
            ships=stats.get("ships", 0),
            systems=stats.get("systems", 0),
            waypoints=stats.get("waypoints", 0),
            market_updated_at=maybe_moment((data.get("health") or {}).get("lastMarketUpdate")),
            announcements=tuple(
                item.get("title", "") for item in data.get("announcements") or ()
            ),
        )


@dataclass(frozen=True, slots=True)
class ErrorCode:
    code: int
    name: str

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(code=int(data["code"]), name=data["name"])


@dataclass(frozen=True, slots=True)
class Registration:
    """A new agent and everything it starts with. The token is told this once."""

    token: str
    agent: Agent
    contract: Contract | None
    ships: tuple[Ship, ...]
    faction: Faction | None

    def __repr__(self) -> str:
        return f"Registration(agent={self.agent.symbol!r})"

    @classmethod
    def from_json(cls, data: Json) -> Self:
        contract, faction = data.get("contract"), data.get("faction")
        # The published description calls the one ship of former versions "ship".
        ships = data.get("ships") or ([data["ship"]] if data.get("ship") else [])
        return cls(
            token=data["token"],
            agent=Agent.from_json(data["agent"]),
            contract=Contract.from_json(contract) if contract else None,
            ships=tuple(map(Ship.from_json, ships)),
            faction=Faction.from_json(faction) if faction else None,
        )
