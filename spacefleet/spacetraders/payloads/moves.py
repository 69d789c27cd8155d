"""What moving a ship, its goods or its parts leaves behind, as the game answers it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from .markets import Fee, ShipyardTransaction, Transaction
from .places import Construction
from .reading import Json, cooldown_end
from .ships import Cargo, Component, Event, Fuel, Nav, Ship, components, events


@dataclass(frozen=True, slots=True)
class Departure:
    """A leg begun, or its speed changed on the way."""

    nav: Nav
    fuel: Fuel
    events: tuple[Event, ...] = ()

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            nav=Nav.from_json(data["nav"]),
            fuel=Fuel.from_json(data["fuel"]),
            events=events(data.get("events")),
        )


@dataclass(frozen=True, slots=True)
class Jump:
    """A jump made; `transaction` is the antimatter bought for it."""

    nav: Nav
    cooldown_ends_at: datetime | None
    transaction: Transaction | None
    credits: int

    @classmethod
    def from_json(cls, data: Json) -> Self:
        paid = data.get("transaction")
        return cls(
            nav=Nav.from_json(data["nav"]),
            cooldown_ends_at=cooldown_end(data.get("cooldown")),
            transaction=Transaction.from_json(paid) if paid else None,
            credits=data["agent"]["credits"],
        )


@dataclass(frozen=True, slots=True)
class Refuel:
    """The tank filled; `cargo` is told when the fuel came out of it."""

    credits: int
    fuel: Fuel
    cargo: Cargo | None
    transaction: Transaction

    @classmethod
    def from_json(cls, data: Json) -> Self:
        cargo = data.get("cargo")
        return cls(
            credits=data["agent"]["credits"],
            fuel=Fuel.from_json(data["fuel"]),
            cargo=Cargo.from_json(cargo) if cargo else None,
            transaction=Transaction.from_json(data["transaction"]),
        )


@dataclass(frozen=True, slots=True)
class Trade:
    """Goods exchanged for credits, and what the ship and the agent have after it."""

    cargo: Cargo
    transaction: Transaction
    credits: int

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            cargo=Cargo.from_json(data["cargo"]),
            transaction=Transaction.from_json(data["transaction"]),
            credits=data["agent"]["credits"],
        )


@dataclass(frozen=True, slots=True)
class Sale(Trade):
    """We sold."""


@dataclass(frozen=True, slots=True)
class Purchase(Trade):
    """We bought."""


@dataclass(frozen=True, slots=True)
class TransferResult:
    """What the giver carries after it, and the receiver where the server tells."""

    cargo: Cargo
    target_cargo: Cargo | None

    @classmethod
    def from_json(cls, data: Json) -> Self:
        target = data.get("targetCargo")
        return cls(
            cargo=Cargo.from_json(data["cargo"]),
            target_cargo=Cargo.from_json(target) if target else None,
        )


@dataclass(frozen=True, slots=True)
class ConstructionSupply:
    construction: Construction
    cargo: Cargo

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            construction=Construction.from_json(data["construction"]),
            cargo=Cargo.from_json(data["cargo"]),
        )


@dataclass(frozen=True, slots=True)
class ShipPurchase:
    ship: Ship
    credits: int
    transaction: ShipyardTransaction

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            ship=Ship.from_json(data["ship"]),
            credits=data["agent"]["credits"],
            transaction=ShipyardTransaction.from_json(data["transaction"]),
        )


@dataclass(frozen=True, slots=True)
class Refit:
    """A mount or module put in or taken out; `components` are all of that kind after it."""

    components: tuple[Component, ...]
    cargo: Cargo
    credits: int
    transaction: Fee

    @classmethod
    def from_json(cls, data: Json) -> Self:
        fitted = data["mounts"] if "mounts" in data else data["modules"]
        return cls(
            components=components(fitted),
            cargo=Cargo.from_json(data["cargo"]),
            credits=data["agent"]["credits"],
            transaction=Fee.from_json(data["transaction"]),
        )


@dataclass(frozen=True, slots=True)
class Repair:
    ship: Ship
    credits: int
    transaction: Fee

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            ship=Ship.from_json(data["ship"]),
            credits=data["agent"]["credits"],
            transaction=Fee.from_json(data["transaction"]),
        )


@dataclass(frozen=True, slots=True)
class Scrap:
    """The ship is gone; `transaction.total` is what we received for it."""

    credits: int
    transaction: Fee

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            credits=data["agent"]["credits"],
            transaction=Fee.from_json(data["transaction"]),
        )
