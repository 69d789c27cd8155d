"""What ships find, mine, refine and see, as the game answers it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from .markets import Fee
from .places import Chart, Waypoint
from .reading import Json, amounts, cooldown_end, moment, symbols
from .ships import Cargo, Event, Nav, events


@dataclass(frozen=True, slots=True)
class Survey:
    """Where to aim the lasers. `deposits` repeats a good as often as it is likely.

    `raw` is the survey as issued; the server takes back nothing else, to the letter.
    """

    signature: str
    waypoint: str
    deposits: tuple[str, ...]
    expires_at: datetime
    size: str
    raw: Json = field(repr=False, compare=False)

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            signature=data["signature"],
            waypoint=data["symbol"],
            deposits=symbols(data["deposits"]),
            expires_at=moment(data["expiration"]),
            size=data.get("size", ""),
            raw=data,
        )


@dataclass(frozen=True, slots=True)
class SurveyResult:
    surveys: tuple[Survey, ...]
    cooldown_ends_at: datetime | None

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            surveys=tuple(map(Survey.from_json, data["surveys"])),
            cooldown_ends_at=cooldown_end(data.get("cooldown")),
        )


@dataclass(frozen=True, slots=True)
class Extraction:
    """One load mined or siphoned. `modifiers` are those of the waypoint after it."""

    ship: str
    good: str
    units: int
    cooldown_ends_at: datetime | None
    cargo: Cargo
    modifiers: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()

    @classmethod
    def from_json(cls, data: Json) -> Self:
        found = data.get("extraction") or data["siphon"]
        return cls(
            ship=found["shipSymbol"],
            good=found["yield"]["symbol"],
            units=found["yield"]["units"],
            cooldown_ends_at=cooldown_end(data.get("cooldown")),
            cargo=Cargo.from_json(data["cargo"]),
            modifiers=symbols(data.get("modifiers")),
            events=events(data.get("events")),
        )


@dataclass(frozen=True, slots=True)
class Refining:
    """Goods made of goods aboard, units by good."""

    produced: dict[str, int]
    consumed: dict[str, int]
    cargo: Cargo
    cooldown_ends_at: datetime | None

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            produced=amounts(data.get("produced")),
            consumed=amounts(data.get("consumed")),
            cargo=Cargo.from_json(data["cargo"]),
            cooldown_ends_at=cooldown_end(data.get("cooldown")),
        )


@dataclass(frozen=True, slots=True)
class Charting:
    """A waypoint made known to everybody, its traits, and the reward if the server pays one."""

    waypoint: Waypoint
    chart: Chart
    transaction: Fee | None
    credits: int | None

    @classmethod
    def from_json(cls, data: Json) -> Self:
        paid, agent = data.get("transaction"), data.get("agent")
        return cls(
            waypoint=Waypoint.from_json(data["waypoint"]),
            chart=Chart.from_json(data["chart"]),
            transaction=Fee.from_json(paid) if paid else None,
            credits=agent["credits"] if agent else None,
        )


@dataclass(frozen=True, slots=True)
class ScannedSystem:
    symbol: str
    type: str
    x: int
    y: int
    distance: int

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            symbol=data["symbol"],
            type=data["type"],
            x=data["x"],
            y=data["y"],
            distance=data.get("distance", 0),
        )


@dataclass(frozen=True, slots=True)
class ScannedShip:
    """Somebody's ship as seen from afar."""

    symbol: str
    role: str
    nav: Nav
    frame: str | None
    engine: str | None
    mounts: tuple[str, ...]

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            symbol=data["symbol"],
            role=(data.get("registration") or {}).get("role", ""),
            nav=Nav.from_json(data["nav"]),
            frame=(data.get("frame") or {}).get("symbol"),
            engine=(data.get("engine") or {}).get("symbol"),
            mounts=symbols(data.get("mounts")),
        )


@dataclass(frozen=True, slots=True)
class Scan:
    """What the sensors found; only the list that was asked for is filled."""

    cooldown_ends_at: datetime | None
    systems: tuple[ScannedSystem, ...] = ()
    waypoints: tuple[Waypoint, ...] = ()
    ships: tuple[ScannedShip, ...] = ()

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            cooldown_ends_at=cooldown_end(data.get("cooldown")),
            systems=tuple(map(ScannedSystem.from_json, _listed(data, "systems"))),
            waypoints=tuple(map(Waypoint.from_json, _listed(data, "waypoints"))),
            ships=tuple(map(ScannedShip.from_json, _listed(data, "ships"))),
        )


def _listed(data: Json, name: str) -> Iterable[Json]:
    return data.get(name) or ()
