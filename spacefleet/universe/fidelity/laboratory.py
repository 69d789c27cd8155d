"""Worlds to measure: weeks in which nobody trades, days in which somebody does."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from spacefleet.universe.catalog.supply_chain import RECIPES
from spacefleet.universe.chance import Stream
from spacefleet.universe.physics import markets
from spacefleet.universe.rules import UniverseRules
from spacefleet.universe.scenarios import build
from spacefleet.universe.stars import LIVE_SYSTEMS
from spacefleet.universe.state import Market, MarketGood, Shipyard
from spacefleet.universe.world import World

HOMES = 19
START = datetime(2026, 7, 5, 13, 0, tzinfo=UTC)
HOURS_OF_TRADE = 30
POLL_MINUTES = (12, 28)
"""How long and how often the recorded traders came by, roughly."""

MOST_LOTS = 20
GREEDY = 0.8
"""Appetite from which traders buy and sell at almost any price."""

ANY_VOLUME = range(10_000)
Notes = dict[str, tuple[float, str, MarketGood]]
"""Good → hour, label and state when its label last changed."""


@dataclass(frozen=True, slots=True)
class Quote:
    """One good at one market at one instant."""

    kind: str
    base: int
    pay: int
    receive: int
    level: float
    supply: str
    activity: str | None
    margin: int
    volume: int


@dataclass(frozen=True, slots=True)
class Move:
    """What a good did between two changes of its label, trade excluded."""

    kind: str
    activity: str
    volume: int
    volumes_per_hour: float


class Laboratory:
    """Measures the same worlds again and again; every seed is one home system."""

    def __init__(
        self,
        seeds: int,
        *,
        galaxy_size: int = LIVE_SYSTEMS,
        rules: UniverseRules | None = None,
    ) -> None:
        self.seeds = range(seeds)
        self.galaxy_size = galaxy_size
        self.rules = rules or UniverseRules()
        self.systems = cache(self._systems)
        self.moves = cache(self._moves)
        self.galaxy = cache(self._galaxy)

    def world(self, seed: int, *, others: int = 0, homes: int = 1) -> World:
        return build(
            "first_day", seed=seed, start=START, others=others, homes=homes, rules=self.rules
        )

    def _galaxy(self) -> World:
        """A galaxy as large as the live one, unless told otherwise."""
        return self.world(1, others=self.galaxy_size - HOMES, homes=HOMES)

    def chance(self, purpose: str) -> Stream:
        return Stream("fidelity", purpose)

    # --- nobody trades -----------------------------------------------------------------------

    def quotes(self, kind: str, hours: float) -> list[Quote]:
        """All goods of a kind after so many hours in which nobody traded."""
        return [
            quote for quotes in self.systems(hours) for quote in quotes if quote.kind == kind
        ]

    def _systems(self, hours: float) -> list[list[Quote]]:
        found = []
        for seed in self.seeds:
            world = self.world(seed)
            world.advance(START + timedelta(hours=hours))
            goods = [good for market in home_markets(world) for good in market.goods.values()]
            found.append([quote(good) for good in goods])
        return found

    def yards(self) -> Iterator[Shipyard]:
        for seed in self.seeds:
            world = self.world(seed)
            for symbol in home_places(world):
                yard = world.yard(symbol)
                if yard is not None:
                    yield yard

    # --- somebody trades ---------------------------------------------------------------------

    def rates(self, kind: str, activity: str, volumes: range = ANY_VOLUME) -> list[float]:
        """Trade volumes an hour that makers and consumers moved during days of trade."""
        return [
            move.volumes_per_hour
            for move in self.moves()
            if (move.kind, move.activity) == (kind, activity) and move.volume in volumes
        ]

    def _moves(self) -> list[Move]:
        """Watches and trades as the recorded fleet did, and keeps the same book.

        The fleet noted a good whenever its supply label changed. A rate is what changed between
        two notes in the direction of nature, 0.4 to 12 hours apart, activity and trade volume
        being the same in both.
        """
        found: list[Move] = []
        for seed in self.seeds:
            world = self.world(seed)
            chance = self.chance(f"trader {seed}")
            for market in list(home_markets(world)):
                found += _day_of_trade(world, market.waypoint, chance)
        return found

    # --- one good alone -----------------------------------------------------------------------

    def alone(self, *, fed: bool = False, **changes: Any) -> Market:
        """A market of one export, at balance; `fed` gives its makers what they need."""
        made = replace(
            MarketGood("IRON", markets.EXPORT, 2_000, 8, 20, 0, 4.0),
            **changes,
        )
        needed = MarketGood("IRON_ORE", markets.IMPORT, 50, 8, 60, 60, -2.0)
        goods = {good.symbol: good for good in ((made, needed) if fed else (made,))}
        market = Market("X1-LAB-A1", goods, phase=0, key=1, ticks=0)
        markets.wire(market, RECIPES)
        markets.label(market, self.rules)
        return market


def quote(good: MarketGood) -> Quote:
    pay, receive = markets.prices(good)
    return Quote(
        good.kind,
        good.base,
        pay,
        receive,
        good.net / good.volume,
        markets.supply(good),
        good.activity,
        good.margin,
        good.volume,
    )


def home_places(world: World) -> list[str]:
    return list(next(iter(world.systems.values())).waypoints)


def home_markets(world: World) -> Iterator[Market]:
    for symbol in home_places(world):
        market = world.market(symbol)
        if market is not None:
            yield market


# --- the trader -------------------------------------------------------------------------------


def _day_of_trade(world: World, waypoint: str, chance: Stream) -> list[Move]:
    fresh = world.galaxy.markets[waypoint]
    appetites = {name: chance.random() for name in fresh.goods}
    notes: Notes = {}
    found: list[Move] = []
    minutes = 60.0
    while minutes < HOURS_OF_TRADE * 60:
        minutes += chance.uniform(*POLL_MINUTES)
        world.now = world.start + int(minutes * 60_000)
        market = world.market(waypoint)
        assert market is not None
        for name, good in market.goods.items():
            if good.kind == markets.EXCHANGE or not _changed(good, notes):
                continue
            found += _note(good, minutes / 60, notes)
            if chance.random() < appetites[name]:
                _deal(good, chance, greedy=appetites[name] > GREEDY)
                found += _note(good, minutes / 60, notes)
    return found


def _changed(good: MarketGood, notes: Notes) -> bool:
    return good.symbol not in notes or notes[good.symbol][1] != markets.supply(good)


def _note(good: MarketGood, hour: float, notes: Notes) -> Iterator[Move]:
    """Write a good down, and what nature moved since it was written down last."""
    last = notes.get(good.symbol)
    notes[good.symbol] = (hour, markets.supply(good), replace(good))
    if last is None:
        return
    since, _, before = last
    gained, hours = good.net - before.net, hour - since
    natural = gained > 0 if good.kind == markets.EXPORT else gained < 0
    same = (before.volume, before.activity) == (good.volume, good.activity)
    if natural and same and 0.4 <= hours <= 12:
        rate = gained / good.volume / hours
        yield Move(good.kind, good.activity or "", good.volume, rate)


def _deal(good: MarketGood, chance: Stream, *, greedy: bool) -> None:
    """Buy an export while it is plentiful, fill an import while it is short, in lots.

    Greedy traders go on until the export is bought empty or the import overflows.
    """
    for _ in range(MOST_LOTS):
        units = max(1, round(good.volume * chance.uniform(0.4, 1.0)))
        level = good.net / good.volume
        if good.kind == markets.EXPORT and level >= (-3 if greedy else 2):
            good.net -= units
        elif good.kind == markets.IMPORT and level < (3 if greedy else -2):
            good.net += units
        else:
            return
