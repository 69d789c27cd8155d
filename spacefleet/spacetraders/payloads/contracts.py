"""Contracts, as the game answers them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from .agents import Agent
from .reading import Json, maybe_moment, moment
from .ships import Cargo


@dataclass(frozen=True, slots=True)
class Delivery:
    """One line of a contract: so many units of a good to a waypoint."""

    good: str
    destination: str
    units_required: int
    units_fulfilled: int

    @property
    def missing(self) -> int:
        return max(0, self.units_required - self.units_fulfilled)

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            good=data["tradeSymbol"],
            destination=data["destinationSymbol"],
            units_required=data["unitsRequired"],
            units_fulfilled=data["unitsFulfilled"],
        )


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract; payments in credits."""

    id: str
    faction: str
    kind: str
    accepted: bool
    fulfilled: bool
    deadline: datetime
    accept_by: datetime | None
    paid_on_acceptance: int
    paid_on_fulfilment: int
    deliveries: tuple[Delivery, ...]

    @classmethod
    def from_json(cls, data: Json) -> Self:
        terms = data["terms"]
        payment = terms.get("payment") or {}
        return cls(
            id=data["id"],
            faction=data.get("factionSymbol", ""),
            kind=data.get("type", ""),
            accepted=data["accepted"],
            fulfilled=data["fulfilled"],
            deadline=moment(terms["deadline"]),
            # "expiration" is the deprecated name of the same instant.
            accept_by=maybe_moment(data.get("deadlineToAccept") or data.get("expiration")),
            paid_on_acceptance=payment.get("onAccepted", 0),
            paid_on_fulfilment=payment.get("onFulfilled", 0),
            deliveries=tuple(map(Delivery.from_json, terms.get("deliver") or ())),
        )


@dataclass(frozen=True, slots=True)
class ContractUpdate:
    """After accepting or fulfilling: the contract and the agent's credits then."""

    contract: Contract
    credits: int

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            contract=Contract.from_json(data["contract"]),
            credits=Agent.from_json(data["agent"]).credits,
        )


@dataclass(frozen=True, slots=True)
class ContractDelivery:
    """After handing over goods: the contract and what the ship still carries."""

    contract: Contract
    cargo: Cargo

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            contract=Contract.from_json(data["contract"]),
            cargo=Cargo.from_json(data["cargo"]),
        )
