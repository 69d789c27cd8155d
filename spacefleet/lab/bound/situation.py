"""What a bound is computed from: a world as a run begins, and the ships that flew in it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import hypot

from spacefleet.universe import World
from spacefleet.universe.catalog import components
from spacefleet.universe.catalog.places import (
    DIAMOND_TRAITS,
    GASES,
    MINEABLE_TYPES,
    SIPHONABLE_TYPES,
)
from spacefleet.universe.chance import place, rolls
from spacefleet.universe.physics import markets, work
from spacefleet.universe.rules import UniverseRules
from spacefleet.universe.state import Market, MarketGood, Ship, System, Waypoint

from .outlets import IMPORT, Outlet

HOUR_MS = 3_600_000
LASER, SIPHON, SURVEYOR = "MOUNT_MINING_LASER", "MOUNT_GAS_SIPHON", "MOUNT_SURVEYOR"
VOLUMES = (5, 50, 200)  # one of each class of trade volumes that the margin is drawn by


@dataclass(frozen=True, slots=True)
class Deposit:
    """Goods that lie together somewhere; `aimed` are those that only a survey can name."""

    goods: frozenset[str]
    aimed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Situation:
    """A home system as a run begins. `distances` are from the nearest place where a good lies to
    a market, in units; `aboard` are the units in the holds of the agent's ships."""

    hours: float
    rules: UniverseRules
    outlets: tuple[Outlet, ...]
    deposits: tuple[Deposit, ...]
    gases: tuple[str, ...]
    distances: dict[tuple[str, str], float]
    aboard: dict[str, int]


@dataclass(frozen=True, slots=True)
class Kind:
    """Ships that are alike: strengths of lasers and siphons, and seconds of rest after each."""

    lasers: tuple[int, ...]
    siphons: tuple[int, ...]
    laser_rest: int
    siphon_rest: int


@dataclass(frozen=True, slots=True)
class Fleet:
    """The ships of a run: how many of each kind, all holds together, the largest, the fastest
    engine, and what their surveyors can name."""

    kinds: dict[Kind, int]
    holds: int
    largest_hold: int
    speed: int
    seen: frozenset[str]


def look(world: World, agent: str, *, hours: float) -> Situation:
    """The home system of an agent, now; `hours` are what will be played."""
    home = _home(world, agent)
    places = home.waypoints.values()
    found = [
        (symbol, market)
        for symbol in home.waypoints
        if (market := world.market(symbol)) is not None
    ]
    outlets = [
        outlet
        for _, market in found
        for outlet in _outlets(world, market, hours=hours)
        if outlet.good in _raw(places)
    ]
    return Situation(
        hours=hours,
        rules=world.rules,
        outlets=tuple(outlets),
        deposits=tuple(
            sorted({_deposit(each) for each in places if _dug(each)}, key=_in_order)
        ),
        gases=GASES if any(each.type in SIPHONABLE_TYPES for each in places) else (),
        distances=_distances(home, outlets),
        aboard=_aboard(world.agents[agent].ships.values()),
    )


def of_ships(world: World, agent: str) -> Fleet:
    """The ships of an agent as they are now."""
    ships = list(world.agents[agent].ships.values())
    engines = [components.ENGINES[ship.engine.symbol].speed for ship in ships]
    return Fleet(
        kinds=dict(Counter(_kind(ship) for ship in ships if _works(ship))),
        holds=sum(ship.cargo_capacity for ship in ships),
        largest_hold=max((ship.cargo_capacity for ship in ships), default=0),
        speed=max(engines, default=1),
        seen=frozenset(
            good
            for ship in ships
            for mount in ship.mounts
            if mount.startswith(SURVEYOR)
            for good in components.MOUNTS[mount].deposits
        ),
    )


def _home(world: World, agent: str) -> System:
    system = world.agents[agent].headquarters.rsplit("-", 1)[0]
    return world.systems[system]


# places


def _dug(place_: Waypoint) -> bool:
    return place_.type in MINEABLE_TYPES and bool(work.deposits(place_.traits))


def _deposit(place_: Waypoint) -> Deposit:
    diamonds = any(trait in DIAMOND_TRAITS for trait in place_.traits)
    return Deposit(
        frozenset(work.deposits(place_.traits)),
        frozenset({"DIAMONDS"} if diamonds else ()),
    )


def _in_order(deposit: Deposit) -> tuple[list[str], list[str]]:
    return sorted(deposit.goods), sorted(deposit.aimed)


def _goods_at(place_: Waypoint) -> frozenset[str]:
    if place_.type in SIPHONABLE_TYPES:
        return frozenset(GASES)
    found = _deposit(place_) if _dug(place_) else None
    return found.goods | found.aimed if found else frozenset()


def _raw(places: Iterable[Waypoint]) -> frozenset[str]:
    return frozenset(good for each in places for good in _goods_at(each))


def _distances(home: System, outlets: Iterable[Outlet]) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for outlet in outlets:
        there = home.waypoints[outlet.waypoint]
        found[outlet.good, outlet.waypoint] = min(
            hypot(each.x - there.x, each.y - there.y)
            for each in home.waypoints.values()
            if outlet.good in _goods_at(each)
        )
    return found


# markets


def _outlets(world: World, market: Market, *, hours: float) -> Iterable[Outlet]:
    begin = market.ticks
    until = world.now - world.start - market.phase + round(hours * HOUR_MS)
    end = max(begin, until // world.tick_ms + 1)
    for index, good in enumerate(market.goods.values()):
        yield _outlet(world.rules, market, good, index=index, ticks=range(begin, end))


def _outlet(
    rules: UniverseRules, market: Market, good: MarketGood, *, index: int, ticks: range
) -> Outlet:
    step = max(
        1, round(good.volume * rules.exchange_recovery_per_hour * rules.tick_minutes / 60)
    )
    growing = [
        _margins(market, good, number, index, rules)
        for number in ticks
        if good.kind == IMPORT and _may_grow(market, number, index, rules)
    ]
    return Outlet(
        waypoint=market.waypoint,
        good=good.symbol,
        kind=good.kind,
        base=good.base,
        margin=good.margin,
        volume=good.volume,
        net=good.net,
        rest=good.rest,
        pace=good.pace,
        feeds=bool(market.outlets.get(good.symbol)),
        ticks=len(ticks),
        growing=tuple(growing),
        ceiling=rules.growth_ceiling,
        recovery=step,
        drained=bool(rules.rivals),
        drained_to=-(rules.rival_level + 3) * good.volume,
    )


def _may_grow(market: Market, number: int, index: int, rules: UniverseRules) -> bool:
    """Whether chance lets an import grow in that tick if it overflows then."""
    return rolls(place(place(market.key, number), index))[3] < rules.growth_chance


def _margins(
    market: Market, good: MarketGood, number: int, index: int, rules: UniverseRules
) -> tuple[int, ...]:
    """The margins that a growth in that tick can draw, one for each class of volumes."""
    key = place(place(place(market.key, number), index), markets.GROWTH_STREAM)
    roll = rolls(key)[0]
    return tuple(sorted({markets.margin(volume, roll) for volume in VOLUMES}))


# ships


def _works(ship: Ship) -> bool:
    return any(mount.startswith((LASER, SIPHON)) for mount in ship.mounts)


def _kind(ship: Ship) -> Kind:
    return Kind(
        lasers=tuple(sorted(work.strengths(ship.mounts, LASER))),
        siphons=tuple(sorted(work.strengths(ship.mounts, SIPHON))),
        laser_rest=work.cooldown(ship.mounts, LASER),
        siphon_rest=work.cooldown(ship.mounts, SIPHON),
    )


def _aboard(ships: Iterable[Ship]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for ship in ships:
        found.update(ship.cargo)
    return dict(found)
