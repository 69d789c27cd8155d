"""Buying and selling cargo."""

from spacefleet.universe.catalog.goods import GOODS
from spacefleet.universe.physics.markets import prices
from spacefleet.universe.state import Market, MarketGood, Ship, Transaction

from . import cargo, render
from .call import Call, Reply, created
from .errors import refuse

PURCHASE, SELL = "PURCHASE", "SELL"


def purchase(call: Call) -> Reply:
    """Up to one trade volume at the quoted price; the price moves afterwards."""
    ship, player = call.ship(), call.player
    symbol, units = call.choice("symbol", GOODS), call.units()
    cargo.require_docked(call, ship)
    market, good = _find(call, ship, symbol, code=4601)
    _require_within_volume(market, good, units)
    cargo.require_space(ship, units)
    price, _ = prices(good)
    total = price * units
    if player.credits < total:
        raise refuse(
            4600,
            {
                "agentCredits": player.credits,
                "totalPrice": total,
                "tradeSymbol": symbol,
                "units": units,
                "purchasePrice": price,
            },
            units=units,
            good=symbol,
        )
    player.credits -= total
    ship.load(symbol, units)
    good.net -= units
    return _settle(call, ship, market, good, PURCHASE, units=units, price=price)


def sell(call: Call) -> Reply:
    """Up to one trade volume at the quoted price; the price moves afterwards."""
    ship, player = call.ship(), call.player
    symbol, units = call.choice("symbol", GOODS), call.units()
    cargo.require_docked(call, ship)
    market, good = _find(call, ship, symbol, code=4602)
    _require_within_volume(market, good, units)
    cargo.require_cargo(ship, symbol, units)
    _, price = prices(good)
    player.credits += price * units
    ship.unload(symbol, units)
    good.net += units
    return _settle(call, ship, market, good, SELL, units=units, price=price)


def _find(call: Call, ship: Ship, symbol: str, *, code: int) -> tuple[Market, MarketGood]:
    market = call.world.market(ship.waypoint)
    if market is None or symbol not in market.goods:
        raise refuse(
            code,
            {"waypointSymbol": ship.waypoint, "tradeSymbol": symbol},
            good=symbol,
            waypoint=ship.waypoint,
        )
    return market, market.goods[symbol]


def _require_within_volume(market: Market, good: MarketGood, units: int) -> None:
    if units <= good.volume:
        return
    raise refuse(
        4604,
        {
            "waypointSymbol": market.waypoint,
            "tradeSymbol": good.symbol,
            "units": units,
            "tradeVolume": good.volume,
        },
        good=good.symbol,
        limit=good.volume,
    )


def _settle(
    call: Call,
    ship: Ship,
    market: Market,
    good: MarketGood,
    kind: str,
    *,
    units: int,
    price: int,
) -> Reply:
    world = call.world
    entry = Transaction(
        market.waypoint, ship.symbol, good.symbol, kind, units, price, price * units, call.now
    )
    market.transactions.append(entry)
    market.prices = ""
    earned = entry.total if kind == SELL else -entry.total
    world.record(
        call.player,
        ship,
        "sell" if kind == SELL else "purchase",
        waypoint=market.waypoint,
        good=good.symbol,
        units=units,
        price=price,
        credits=earned,
    )
    return created(
        agent=render.agent(call.player),
        cargo=render.cargo(ship),
        transaction=render.transaction(world, entry),
    )
