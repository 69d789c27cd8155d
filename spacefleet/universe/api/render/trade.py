"""Markets, shipyards and what was paid there, as JSON text."""

from typing import TYPE_CHECKING

from spacefleet.universe.api.call import array, encode
from spacefleet.universe.catalog import goods
from spacefleet.universe.catalog import ships as ship_catalog
from spacefleet.universe.physics import markets as market_law
from spacefleet.universe.physics import shipyards as yard_law
from spacefleet.universe.state import Market, Part, Ship, Shipyard, Transaction, YardTransaction

from . import parts

if TYPE_CHECKING:
    from spacefleet.universe.world import World


def market(world: "World", place: Market, *, prices: bool) -> str:
    if not place.listing:
        place.listing = _listing(place)
    if not prices:
        return f"{{{place.listing}}}"
    if not place.prices:
        place.prices = _prices(world, place)
    return f"{{{place.listing},{place.prices}}}"


def _listing(place: Market) -> str:
    kinds: dict[str, list[str]] = {"EXPORT": [], "IMPORT": [], "EXCHANGE": []}
    for good in place.goods.values():
        kinds[good.kind].append(trade_good(good.symbol))
    return (
        f'"symbol":"{place.waypoint}","exports":{array(kinds["EXPORT"])},'
        f'"imports":{array(kinds["IMPORT"])},"exchange":{array(kinds["EXCHANGE"])}'
    )


def trade_good(symbol: str) -> str:
    good = goods.GOODS[symbol]
    return encode({"symbol": symbol, "name": good.name, "description": good.description})


def _prices(world: "World", place: Market) -> str:
    rows = []
    for good in place.goods.values():
        pay, receive = market_law.prices(good)
        activity = f'"activity":"{good.activity}",' if good.activity else ""
        rows.append(
            f'{{"symbol":"{good.symbol}","type":"{good.kind}",'
            f'"tradeVolume":{good.volume},"supply":"{market_law.supply(good)}",{activity}'
            f'"purchasePrice":{pay},"sellPrice":{receive}}}'
        )
    latest = [transaction(world, entry) for entry in reversed(place.transactions)]
    return f'"transactions":{array(latest)},"tradeGoods":{array(rows)}'


def transaction(world: "World", entry: Transaction) -> str:
    return (
        f'{{"waypointSymbol":"{entry.waypoint}","shipSymbol":"{entry.ship}",'
        f'"tradeSymbol":"{entry.good}","type":"{entry.type}","units":{entry.units},'
        f'"pricePerUnit":{entry.price},"totalPrice":{entry.total},'
        f'"timestamp":"{world.stamp(entry.at)}"}}'
    )


def fee(world: "World", vessel: Ship, total: int, *, at: int, good: str | None = None) -> str:
    """A payment to or from a yard or the charting office; `good` only for refits."""
    part = f'"tradeSymbol":"{good}",' if good else ""
    return (
        f'{{"waypointSymbol":"{vessel.waypoint}","shipSymbol":"{vessel.symbol}",{part}'
        f'"totalPrice":{total},"timestamp":"{world.stamp(at)}"}}'
    )


def yard(world: "World", place: Shipyard, *, prices: bool) -> str:
    types = array(f'{{"type":"{kind}"}}' for kind in place.ships)
    head = f'"symbol":"{place.waypoint}","shipTypes":{types},"modificationsFee":{place.fee}'
    if not prices:
        return f"{{{head}}}"
    if not place.prices:
        latest = [yard_transaction(world, entry) for entry in reversed(place.transactions)]
        rows = [
            _yard_ship(kind, yard_law.price(ship), yard_law.supply(ship))
            for kind, ship in place.ships.items()
        ]
        place.prices = f'"transactions":{array(latest)},"ships":{array(rows)}'
    return f"{{{head},{place.prices}}}"


def yard_transaction(world: "World", entry: YardTransaction) -> str:
    return (
        f'{{"waypointSymbol":"{entry.waypoint}","shipSymbol":"{entry.type}",'
        f'"shipType":"{entry.type}","price":{entry.price},"agentSymbol":"{entry.agent}",'
        f'"timestamp":"{world.stamp(entry.at)}"}}'
    )


def _yard_ship(kind: str, price: int, supply: str) -> str:
    model = ship_catalog.SHIPS[kind]
    return encode(
        {
            "type": kind,
            "name": model.name,
            "description": model.description,
            "supply": supply,
            "activity": "GROWING",
            "purchasePrice": price,
            "frame": parts.frame(Part(model.frame)),
            "reactor": parts.reactor(Part(model.reactor)),
            "engine": parts.engine(Part(model.engine)),
            "modules": [parts.module(symbol) for symbol in model.modules],
            "mounts": [parts.mount(symbol) for symbol in model.mounts],
            "crew": {"required": model.crew_required, "capacity": model.crew_capacity},
        }
    )
