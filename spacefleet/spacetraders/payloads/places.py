"""Systems, waypoints, gates and building sites, as the game answers them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from .reading import Json, maybe_moment, symbols


@dataclass(frozen=True, slots=True)
class SystemWaypoint:
    """A waypoint as its system lists it: where and what, without traits."""

    symbol: str
    type: str
    x: int
    y: int
    orbits: str | None = None
    orbitals: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            symbol=data["symbol"],
            type=data["type"],
            x=data["x"],
            y=data["y"],
            orbits=data.get("orbits"),
            orbitals=symbols(data.get("orbitals")),
        )


@dataclass(frozen=True, slots=True)
class System:
    symbol: str
    type: str
    x: int
    y: int
    sector: str = ""
    name: str | None = None
    waypoints: tuple[SystemWaypoint, ...] = ()
    factions: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            symbol=data["symbol"],
            type=data["type"],
            x=data["x"],
            y=data["y"],
            sector=data.get("sectorSymbol", ""),
            name=data.get("name"),
            waypoints=tuple(
                SystemWaypoint.from_json(item) for item in data.get("waypoints") or ()
            ),
            factions=symbols(data.get("factions")),
        )


@dataclass(frozen=True, slots=True)
class Chart:
    submitted_by: str | None
    submitted_at: datetime | None

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            submitted_by=data.get("submittedBy"),
            submitted_at=maybe_moment(data.get("submittedOn")),
        )


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A place. While it is not `charted`, its traits are hidden."""

    symbol: str
    system: str
    type: str
    x: int
    y: int
    orbits: str | None
    orbitals: tuple[str, ...]
    traits: tuple[str, ...]
    modifiers: tuple[str, ...]
    charted: bool
    chart: Chart | None
    faction: str | None
    under_construction: bool

    @classmethod
    def from_json(cls, data: Json) -> Self:
        traits = symbols(data.get("traits"))
        chart = data.get("chart")
        return cls(
            symbol=data["symbol"],
            system=data["systemSymbol"],
            type=data["type"],
            x=data["x"],
            y=data["y"],
            orbits=data.get("orbits"),
            orbitals=symbols(data.get("orbitals")),
            traits=traits,
            modifiers=symbols(data.get("modifiers")),
            charted="UNCHARTED" not in traits,
            chart=Chart.from_json(chart) if chart else None,
            faction=(data.get("faction") or {}).get("symbol"),
            under_construction=data.get("isUnderConstruction", False),
        )


@dataclass(frozen=True, slots=True)
class JumpGate:
    """A gate and the gates one jump away."""

    symbol: str
    connections: tuple[str, ...]

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(symbol=data["symbol"], connections=symbols(data.get("connections")))


@dataclass(frozen=True, slots=True)
class Material:
    good: str
    required: int
    fulfilled: int

    @property
    def missing(self) -> int:
        return max(0, self.required - self.fulfilled)


@dataclass(frozen=True, slots=True)
class Construction:
    waypoint: str
    materials: tuple[Material, ...]
    complete: bool

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            waypoint=data["symbol"],
            materials=tuple(
                Material(
                    good=item["tradeSymbol"],
                    required=item["required"],
                    fulfilled=item["fulfilled"],
                )
                for item in data.get("materials") or ()
            ),
            complete=data.get("isComplete", False),
        )
