"""Ships and their parts, as the game answers them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from .reading import Json, cooldown_end, moment


@dataclass(frozen=True, slots=True)
class Nav:
    """Where a ship is and which leg it flies or has flown last.

    `status` is the one of the moment of the answer: IN_TRANSIT ends by itself at `arrives_at`.
    """

    status: str
    system: str
    waypoint: str
    flight_mode: str
    origin: str
    destination: str
    departed_at: datetime
    arrives_at: datetime

    @classmethod
    def from_json(cls, data: Json) -> Self:
        route = data["route"]
        # "departure" was the member's name before "origin" and is still seen in old answers.
        origin = route.get("origin") or route.get("departure") or route["destination"]
        return cls(
            status=data["status"],
            system=data["systemSymbol"],
            waypoint=data["waypointSymbol"],
            flight_mode=data.get("flightMode", "CRUISE"),
            origin=origin["symbol"],
            destination=route["destination"]["symbol"],
            departed_at=moment(route["departureTime"]),
            arrives_at=moment(route["arrival"]),
        )


@dataclass(frozen=True, slots=True)
class Fuel:
    current: int
    capacity: int

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(current=data["current"], capacity=data["capacity"])


@dataclass(frozen=True, slots=True)
class Cargo:
    """The hold; `goods` maps each good aboard to its units."""

    capacity: int
    units: int
    goods: dict[str, int]

    @property
    def free(self) -> int:
        return self.capacity - self.units

    @classmethod
    def from_json(cls, data: Json) -> Self:
        goods: dict[str, int] = {}
        for item in data.get("inventory") or ():
            goods[item["symbol"]] = goods.get(item["symbol"], 0) + item["units"]
        return cls(capacity=data["capacity"], units=data["units"], goods=goods)


@dataclass(frozen=True, slots=True)
class Component:
    """A module or a mount. Numbers it does not have are None; `power`, `crew`, `slots` it needs."""

    symbol: str
    name: str = ""
    strength: int | None = None
    deposits: tuple[str, ...] = ()
    capacity: int | None = None
    range: int | None = None
    power: int = 0
    crew: int = 0
    slots: int = 0

    @classmethod
    def from_json(cls, data: Json) -> Self:
        needs = data.get("requirements") or {}
        return cls(
            symbol=data["symbol"],
            name=data.get("name", ""),
            strength=data.get("strength"),
            deposits=tuple(data.get("deposits") or ()),
            capacity=data.get("capacity"),
            range=data.get("range"),
            power=needs.get("power", 0),
            crew=needs.get("crew", 0),
            slots=needs.get("slots", 0),
        )


def components(items: Iterable[Json] | None) -> tuple[Component, ...]:
    return tuple(Component.from_json(item) for item in items or ())


@dataclass(frozen=True, slots=True)
class Frame:
    """The hull. `condition` is worn by use and repaired, `integrity` lost for good; both 0..1."""

    symbol: str
    module_slots: int = 0
    mounting_points: int = 0
    fuel_capacity: int = 0
    condition: float = 1.0
    integrity: float = 1.0
    quality: float = 0

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            symbol=data["symbol"],
            module_slots=data.get("moduleSlots", 0),
            mounting_points=data.get("mountingPoints", 0),
            fuel_capacity=data.get("fuelCapacity", 0),
            condition=data.get("condition", 1.0),
            integrity=data.get("integrity", 1.0),
            quality=data.get("quality", 0),
        )


@dataclass(frozen=True, slots=True)
class Reactor:
    symbol: str
    power_output: int = 0
    condition: float = 1.0
    integrity: float = 1.0
    quality: float = 0

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            symbol=data["symbol"],
            power_output=data.get("powerOutput", 0),
            condition=data.get("condition", 1.0),
            integrity=data.get("integrity", 1.0),
            quality=data.get("quality", 0),
        )


@dataclass(frozen=True, slots=True)
class Engine:
    symbol: str
    speed: int
    condition: float = 1.0
    integrity: float = 1.0
    quality: float = 0

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            symbol=data["symbol"],
            speed=data.get("speed", 0),
            condition=data.get("condition", 1.0),
            integrity=data.get("integrity", 1.0),
            quality=data.get("quality", 0),
        )


@dataclass(frozen=True, slots=True)
class Crew:
    current: int = 0
    required: int = 0
    capacity: int = 0
    morale: int = 100
    wages: int = 0
    rotation: str = ""

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            current=data.get("current", 0),
            required=data.get("required", 0),
            capacity=data.get("capacity", 0),
            morale=data.get("morale", 100),
            wages=data.get("wages", 0),
            rotation=data.get("rotation", ""),
        )


@dataclass(frozen=True, slots=True)
class Ship:
    """A ship of ours in full."""

    symbol: str
    role: str
    faction: str
    nav: Nav
    fuel: Fuel
    cargo: Cargo
    cooldown_ends_at: datetime | None
    frame: Frame
    reactor: Reactor
    engine: Engine
    crew: Crew
    mounts: tuple[Component, ...]
    modules: tuple[Component, ...]

    @property
    def speed(self) -> int:
        return self.engine.speed

    @property
    def condition(self) -> float:
        """The worst condition of frame, reactor and engine, 0..1."""
        return min(self.frame.condition, self.reactor.condition, self.engine.condition)

    @property
    def integrity(self) -> float:
        """The worst integrity of frame, reactor and engine, 0..1."""
        return min(self.frame.integrity, self.reactor.integrity, self.engine.integrity)

    @classmethod
    def from_json(cls, data: Json) -> Self:
        registration = data.get("registration") or {}
        return cls(
            symbol=data["symbol"],
            role=registration.get("role", ""),
            faction=registration.get("factionSymbol", ""),
            nav=Nav.from_json(data["nav"]),
            fuel=Fuel.from_json(data["fuel"]),
            cargo=Cargo.from_json(data["cargo"]),
            cooldown_ends_at=cooldown_end(data.get("cooldown")),
            frame=Frame.from_json(data["frame"]),
            reactor=Reactor.from_json(data["reactor"]),
            engine=Engine.from_json(data["engine"]),
            crew=Crew.from_json(data.get("crew") or {}),
            mounts=components(data.get("mounts")),
            modules=components(data.get("modules")),
        )


@dataclass(frozen=True, slots=True)
class Event:
    """Wear: something happened to a component on the way or at work."""

    symbol: str
    component: str
    name: str = ""

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            symbol=data["symbol"],
            component=data.get("component", ""),
            name=data.get("name", ""),
        )


def events(items: Iterable[Json] | None) -> tuple[Event, ...]:
    return tuple(Event.from_json(item) for item in items or ())
