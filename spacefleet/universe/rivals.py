"""Other players: agents of the universe's own that trade at every market somebody looks at.

Nobody but the fleet plays unless `UniverseRules.rivals` says so. Who they are, how able each is
and what they do in a tick follow from the seed; they appear among the agents, on the leaderboard
and in the transactions of markets, and their trade moves prices like anybody's.
"""

from typing import TYPE_CHECKING

from .chance import key, place, rolls
from .physics import markets
from .rules import UniverseRules
from .state import Agent, Market, MarketGood, Transaction

if TYPE_CHECKING:
    from .world import World

CALL_SIGNS = ("HERON", "MAGPIE", "OSPREY", "PLOVER", "RAVEN", "SHRIKE", "TERN", "WREN")

HOUR_MS = 3_600_000
ABILITY = (0.3, 2.0)
"""Income of the least and the most able rival, as a multiple of `rival_income`."""

ZEAL = 0.5
"""Chance that a rival deals in a good of a market in a tick."""

MOST_HULLS = 120
STREAM = 100
"""Where among the numbers of a good and a tick those of the first rival stand."""


def populate(world: "World") -> None:
    """Let the rivals of these rules register as the era begins."""
    homes = [system for system in world.systems.values() if system.home_of is not None]
    for number in range(world.rules.rivals):
        home = homes[number % len(homes)]
        symbol = call_sign(number)
        world.agents[symbol] = Agent(
            symbol=symbol,
            account_id="",
            faction=home.home_of or "",
            headquarters=f"{home.symbol}-A1",
            credits=world.rules.start_credits,
            created_at=world.start,
            hulls=2,
        )


def call_sign(number: int) -> str:
    round_, index = divmod(number, len(CALL_SIGNS))
    return CALL_SIGNS[index] + (str(round_ + 1) if round_ else "")


def prosper(world: "World") -> None:
    """Bring what is publicly known of every rival up to now."""
    rules = world.rules
    for number in range(rules.rivals):
        agent = world.agents[call_sign(number)]
        least, most = ABILITY
        able = least + (most - least) * rolls(key(world.seed, "rival", number))[0]
        hours = (world.now - world.start) / HOUR_MS
        agent.credits = rules.start_credits + round(able * rules.rival_income * hours)
        agent.hulls = min(MOST_HULLS, 2 + int(able * hours))


def trade(market: Market, number: int, *, at: int, rules: UniverseRules) -> None:
    """What all rivals do at a market in its `number`-th tick, game instant `at`."""
    base = place(market.key, number)
    for index, good in enumerate(market.goods.values()):
        if good.kind == markets.EXCHANGE:
            continue
        for rival in range(rules.rivals):
            roll = rolls(place(place(base, index), STREAM + rival))
            if roll[0] < ZEAL:
                share = (0.5 + roll[1]) * rules.rival_trade / ZEAL
                _deal(market, good, rival, round(share * good.volume), at=at, rules=rules)
    markets.label(market, rules)


def _deal(
    market: Market, good: MarketGood, rival: int, units: int, *, at: int, rules: UniverseRules
) -> None:
    """Buy an export or sell an import while it is worth it, up to one trade volume."""
    limit = round(rules.rival_level * good.volume)
    buys = good.kind == markets.EXPORT
    room = good.net + limit if buys else limit - good.net
    units = min(units, good.volume, room)
    if units <= 0:
        return
    pay, receive = markets.prices(good)
    price = pay if buys else receive
    good.net += -units if buys else units
    market.transactions.append(
        Transaction(
            market.waypoint,
            f"{call_sign(rival)}-1",
            good.symbol,
            "PURCHASE" if buys else "SELL",
            units,
            price,
            price * units,
            at,
        )
    )
