"""Other players: agents of the universe's own that trade at every market somebody looks at.

Nobody but the fleet plays unless `UniverseRules.rivals` says so. Who they are, how able each is
and what they do follow from the seed, never from who looks when; they appear among the agents, on
the leaderboard and in the transactions of markets, their trade moves prices like anybody's, and
what they have charted pays nobody else.
"""

from math import hypot
from typing import TYPE_CHECKING

from .chance import key, place, rolls
from .physics import markets
from .rules import UniverseRules
from .state import Agent, Market, MarketGood, System, Transaction, Waypoint

if TYPE_CHECKING:
    from .world import World

CALL_SIGNS = ("HERON", "MAGPIE", "OSPREY", "PLOVER", "RAVEN", "SHRIKE", "TERN", "WREN")

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
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
        able = ability(world.seed, number)
        hours = (world.now - world.start) / HOUR_MS
        agent.credits = rules.start_credits + round(able * rules.rival_income * hours)
        agent.hulls = min(MOST_HULLS, 2 + int(able * hours))
        agent.charts = world.explorers.charts(number, world.now)


def ability(seed: int, number: int) -> float:
    least, most = ABILITY
    return least + (most - least) * rolls(key(seed, "rival", number))[0]


class Explorers:
    """When rivals chart what: one system after the other, the nearest to their home first."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._visits: dict[str, tuple[float, float, int]] = {}
        self._done: dict[int, tuple[int, int]] = {}
        self._tours: dict[int, list[tuple[float, System]]] = {}
        self._planned = not (world.rules.rivals and world.rules.rival_systems_per_day)

    def visit(self, place: Waypoint) -> None:
        """Let the rival whose turn it was have charted a place, if nobody was there before."""
        self._plan()
        visit = self._visits.get(place.system)
        if visit is None or place.charted:
            return
        begins, takes, rival = visit
        at = begins + takes * rolls(key(self._world.seed, "rival chart", place.symbol))[0]
        if at <= self._world.now:
            place.charted_by, place.charted_at, place.text = call_sign(rival), int(at), ""

    def charts(self, rival: int, now: int) -> int:
        """How many places a rival has charted: all of every system whose visit is over."""
        self._plan()
        tour = self._tours.get(rival, [])
        index, count = self._done.get(rival, (0, 0))
        while index < len(tour) and tour[index][0] <= now:
            count += tour[index][1].size()
            index += 1
        self._done[rival] = index, count
        return count

    def _plan(self) -> None:
        """Each system belongs to whoever is there first; homes are charted already."""
        if self._planned:
            return
        self._planned = True
        world = self._world
        for rival in range(world.rules.rivals):
            takes = DAY_MS / world.rules.rival_systems_per_day / ability(world.seed, rival)
            for rank, system in enumerate(self._from_home(rival)):
                visit = (world.start + rank * takes, takes, rival)
                self._visits[system.symbol] = min(visit, self._visits.get(system.symbol, visit))
        for symbol, (begins, takes, rival) in self._visits.items():
            self._tours.setdefault(rival, []).append((begins + takes, world.systems[symbol]))
        for tour in self._tours.values():
            tour.sort(key=lambda stop: stop[0])

    def _from_home(self, rival: int) -> list[System]:
        """The systems nobody starts in, the nearest to the rival's home first."""
        world = self._world
        home = world.systems[world.agents[call_sign(rival)].headquarters.rpartition("-")[0]]
        others = [system for system in world.systems.values() if system.home_of is None]
        return sorted(others, key=lambda there: hypot(there.x - home.x, there.y - home.y))


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
