"""Markets and shipyards, as the game answers them.

The game names prices from the market's side of the table and by the player's verb at once:
its purchasePrice is what we pay, its sellPrice is what we receive. Both get their plain names
here and nowhere else.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from .reading import Json, moment, symbols
from .ships import Component, Engine, Frame, Reactor, components


@dataclass(frozen=True, slots=True)
class Transaction:
    """Goods against credits at a market; `kind` is PURCHASE or SELL, seen from us."""

    waypoint: str
    ship: str
    good: str
    kind: str
    units: int
    price: int
    total: int
    at: datetime

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            waypoint=data["waypointSymbol"],
            ship=data.get("shipSymbol", ""),
            good=data["tradeSymbol"],
            kind=data["type"],
            units=data["units"],
            price=data["pricePerUnit"],
            total=data["totalPrice"],
            at=moment(data["timestamp"]),
        )


@dataclass(frozen=True, slots=True)
class MarketGood:
    """What a good costs and brings at a market, in credits per unit.

    `kind` is IMPORT, EXPORT or EXCHANGE; `trade_volume` is the most units of one transaction.
    """

    symbol: str
    kind: str
    trade_volume: int
    supply: str
    activity: str | None
    we_pay: int
    we_receive: int

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            symbol=data["symbol"],
            kind=data.get("type", ""),
            trade_volume=data["tradeVolume"],
            supply=data.get("supply", ""),
            activity=data.get("activity"),
            we_pay=data["purchasePrice"],
            we_receive=data["sellPrice"],
        )


@dataclass(frozen=True, slots=True)
class Market:
    """A market. `goods` and `transactions` are None unless a ship of ours is there."""

    symbol: str
    imports: tuple[str, ...]
    exports: tuple[str, ...]
    exchange: tuple[str, ...]
    goods: tuple[MarketGood, ...] | None
    transactions: tuple[Transaction, ...] | None

    @classmethod
    def from_json(cls, data: Json) -> Self:
        goods, transactions = data.get("tradeGoods"), data.get("transactions")
        return cls(
            symbol=data["symbol"],
            imports=symbols(data.get("imports")),
            exports=symbols(data.get("exports")),
            exchange=symbols(data.get("exchange")),
            goods=None if goods is None else tuple(map(MarketGood.from_json, goods)),
            transactions=(
                None
                if transactions is None
                else tuple(map(Transaction.from_json, transactions))
            ),
        )


@dataclass(frozen=True, slots=True)
class ShipyardTransaction:
    """A ship sold at a yard, to anybody."""

    waypoint: str
    agent: str
    ship_type: str
    price: int
    at: datetime

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            waypoint=data["waypointSymbol"],
            agent=data.get("agentSymbol", ""),
            ship_type=data.get("shipType") or data.get("shipSymbol", ""),
            price=data["price"],
            at=moment(data["timestamp"]),
        )


@dataclass(frozen=True, slots=True)
class ShipyardOffer:
    """A ship for sale, as built; `price` in credits."""

    type: str
    name: str
    price: int
    supply: str
    activity: str | None
    frame: Frame
    reactor: Reactor
    engine: Engine
    mounts: tuple[Component, ...]
    modules: tuple[Component, ...]
    crew_required: int
    crew_capacity: int

    @property
    def speed(self) -> int:
        return self.engine.speed

    @property
    def fuel_capacity(self) -> int:
        return self.frame.fuel_capacity

    @property
    def cargo_capacity(self) -> int:
        """Units of all cargo holds together; a shipyard does not name the sum."""
        return sum(
            module.capacity or 0 for module in self.modules if "CARGO_HOLD" in module.symbol
        )

    @classmethod
    def from_json(cls, data: Json) -> Self:
        crew = data.get("crew") or {}
        return cls(
            type=data["type"],
            name=data.get("name", ""),
            price=data["purchasePrice"],
            supply=data.get("supply", ""),
            activity=data.get("activity"),
            frame=Frame.from_json(data["frame"]),
            reactor=Reactor.from_json(data["reactor"]),
            engine=Engine.from_json(data["engine"]),
            mounts=components(data.get("mounts")),
            modules=components(data.get("modules")),
            crew_required=crew.get("required", 0),
            crew_capacity=crew.get("capacity", 0),
        )


@dataclass(frozen=True, slots=True)
class Shipyard:
    """A shipyard. `offers` and `transactions` are None unless a ship of ours is there."""

    symbol: str
    ship_types: tuple[str, ...]
    offers: tuple[ShipyardOffer, ...] | None
    transactions: tuple[ShipyardTransaction, ...] | None
    modifications_fee: int

    @classmethod
    def from_json(cls, data: Json) -> Self:
        offers, transactions = data.get("ships"), data.get("transactions")
        return cls(
            symbol=data["symbol"],
            ship_types=tuple(item["type"] for item in data.get("shipTypes") or ()),
            offers=None if offers is None else tuple(map(ShipyardOffer.from_json, offers)),
            transactions=(
                None
                if transactions is None
                else tuple(map(ShipyardTransaction.from_json, transactions))
            ),
            modifications_fee=data.get("modificationsFee", 0),
        )


@dataclass(frozen=True, slots=True)
class Fee:
    """Credits for a service: repair, scrap (we receive), chart (we receive), refitting."""

    waypoint: str
    ship: str
    total: int
    at: datetime
    component: str | None = None

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            waypoint=data["waypointSymbol"],
            ship=data.get("shipSymbol", ""),
            total=data["totalPrice"],
            at=moment(data["timestamp"]),
            component=data.get("tradeSymbol"),
        )
