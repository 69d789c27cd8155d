"""A world as bytes and back: compressed JSON of what has changed since the seed.

The galaxy is rebuilt from scenario, seed and options; the snapshot lays the state of markets,
yards, charts, rocks and players over it. Texts rendered for clients are not kept, and neither
are the request pools: after a restart everybody starts with full ones.
"""

import json
import zlib
from collections import deque
from dataclasses import fields
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from . import scenarios, state
from .catalog.factions import FACTIONS
from .chance import Stream
from .timeline import moment
from .world import World

VERSION = 2
"""Raised whenever a snapshot of the release before cannot be read any more."""

UNTOUCHED = {None, *FACTIONS}
"""Who has charted a place at the beginning: nobody, or the faction at home."""

MAGIC = b"spacefleet-universe\n"
_RENDERED = {"text", "stop", "prices", "listing", "outfit", "route"}

T = TypeVar("T")

_KEPT: dict[type, tuple[str, ...]] = {}
_HINTS: dict[type, dict[str, Any]] = {}


class SnapshotError(Exception):
    """The bytes are no snapshot this release can read; the message says why."""


# --- writing ---------------------------------------------------------------------------------


def dump(world: World) -> bytes:
    galaxy = world.galaxy
    content = {
        "version": VERSION,
        "scenario": world.scenario,
        "seed": world.seed,
        "speed": world.timeline.speed,
        "options": world.options,
        "start": world.start,
        "wall": world.wall,
        "now": world.now,
        "era": world.era,
        "reset_date": world.reset_date,
        "maintenance": world.maintenance,
        "streams": {name: stream.count for name, stream in world.streams.items()},
        "fault_count": world.faults.chance.count,
        "accounts": _pack(list(world.accounts.values())),
        "agents": _pack(list(world.agents.values())),
        "surveys": _pack(list(world.surveys.values())),
        "stress": {name: _pack(stress) for name, stress in world.stress.items()},
        "markets": [_market(market) for market in galaxy.markets.made()],
        "yards": [_yard(yard) for yard in galaxy.yards.made()],
        "constructions": _pack(galaxy.constructions.made()),
        "places": [_place(place) for place in galaxy.waypoints.made() if _changed(place)],
    }
    text = json.dumps(content, separators=(",", ":"))
    return MAGIC + zlib.compress(text.encode(), 1)


def _pack(value: object) -> Any:
    """Records as objects, collections as lists; rendered texts are left out."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: _pack(getattr(value, name)) for name in _kept(type(value))}
    if isinstance(value, dict):
        return {name: _pack(item) for name, item in value.items()}
    if isinstance(value, list | deque):
        return [_pack(item) for item in value]
    return value


def _kept(kind: type) -> tuple[str, ...]:
    names = _KEPT.get(kind)
    if names is None:
        names = tuple(field.name for field in fields(kind) if field.name not in _RENDERED)
        _KEPT[kind] = names
    return names


def _market(market: state.Market) -> list[Any]:
    goods = [
        [
            good.symbol,
            good.margin,
            good.volume,
            good.net,
            good.rest,
            good.pressure,
            good.activity,
        ]
        for good in market.goods.values()
    ]
    return [market.waypoint, market.ticks, goods, _pack(market.transactions)]


def _yard(yard: state.Shipyard) -> list[Any]:
    nets = {kind: ship.net for kind, ship in yard.ships.items()}
    return [yard.waypoint, yard.ticks, nets, _pack(yard.transactions)]


def _changed(place: state.Waypoint) -> bool:
    """Whether somebody has charted it or worn it out; constructions are kept by themselves."""
    return bool(place.modifiers) or place.charted_by not in UNTOUCHED


def _place(place: state.Waypoint) -> list[Any]:
    return [
        place.symbol,
        place.charted_by,
        place.charted_at,
        place.modifiers,
    ]


# --- reading ---------------------------------------------------------------------------------


def describe(data: bytes) -> dict[str, Any]:
    """The head of a snapshot: version, scenario, seed, speed, start."""
    content = _read(data)
    return {
        name: content[name]
        for name in ("version", "scenario", "seed", "speed", "start", "reset_date")
    }


def load(data: bytes) -> World:
    content = _read(data)
    world = scenarios.build(
        content["scenario"],
        seed=content["seed"],
        start=moment(content["start"]),
        speed=content["speed"],
        era=content["era"],
        reset_date=content["reset_date"],
        **_options(content["options"]),
    )
    world.wall, world.now = content["wall"], content["now"]
    world.maintenance = content["maintenance"]
    for name, count in content["streams"].items():
        world.streams[name] = Stream(world.seed, world.reset_date, name, count=count)
    world.faults.chance.count = content["fault_count"]
    _restore_players(world, content)
    _restore_places(world, content)
    return world


def _options(packed: dict[str, Any]) -> dict[str, Any]:
    """Options as they were given; JSON knows no tuples."""
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in packed.items()
    }


def _read(data: bytes) -> dict[str, Any]:
    if not data.startswith(MAGIC):
        raise SnapshotError("this is not a snapshot of a universe")
    try:
        content = json.loads(zlib.decompress(data[len(MAGIC) :]))
    except (ValueError, zlib.error) as error:
        raise SnapshotError(f"the snapshot is damaged ({error})") from error
    if content.get("version") != VERSION:
        found = content.get("version")
        raise SnapshotError(f"the snapshot has version {found}, this release reads {VERSION}")
    return content  # type: ignore[no-any-return]


def _restore_players(world: World, content: dict[str, Any]) -> None:
    for packed in content["accounts"]:
        account = _unpack(state.Account, packed)
        world.accounts[account.id] = account
    for packed in content["agents"]:
        agent = _unpack(state.Agent, packed)
        world.agents[agent.symbol] = agent
        for ship in agent.ships.values():
            world.ships[ship.symbol] = ship
            world.put(ship, ship.waypoint)
    for packed in content["surveys"]:
        survey = _unpack(state.Survey, packed)
        world.surveys[survey.signature] = survey
    for name, packed in content["stress"].items():
        world.stress[name] = _unpack(state.Stress, packed)


def _restore_places(world: World, content: dict[str, Any]) -> None:
    galaxy = world.galaxy
    for symbol, ticks, goods, transactions in content["markets"]:
        market = galaxy.markets[symbol]
        market.ticks = ticks
        for name, margin, volume, net, rest, pressure, activity in goods:
            good = market.goods[name]
            good.margin, good.volume, good.net, good.rest = margin, volume, net, rest
            good.pressure, good.activity = pressure, activity
        market.transactions.extend(_unpack(state.Transaction, row) for row in transactions)
    for symbol, ticks, nets, transactions in content["yards"]:
        yard = galaxy.yards[symbol]
        yard.ticks = ticks
        for kind, net in nets.items():
            yard.ships[kind].net = net
        yard.transactions.extend(_unpack(state.YardTransaction, row) for row in transactions)
    for packed in content["constructions"]:
        site = _unpack(state.Construction, packed)
        galaxy.waypoints[site.waypoint].under_construction = not site.complete
        galaxy.constructions[site.waypoint] = site
    for symbol, charted_by, charted_at, modifiers in content["places"]:
        place = galaxy.waypoints[symbol]
        place.charted_by, place.charted_at = charted_by, charted_at
        place.modifiers = modifiers


def _unpack(kind: type[T], packed: Any) -> T:
    """The record of `kind` that was packed; nested records follow their annotations."""
    hints = _hints(kind)
    return kind(**{name: _value(hints[name], item) for name, item in packed.items()})


def _hints(kind: type) -> dict[str, Any]:
    if kind not in _HINTS:
        _HINTS[kind] = get_type_hints(kind)
    return _HINTS[kind]


def _value(hint: Any, packed: Any) -> Any:
    if packed is None or hint in (int, float, str, bool, object):
        return packed
    if hasattr(hint, "__dataclass_fields__"):
        return _unpack(hint, packed)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        inner = next(argument for argument in arguments if argument is not type(None))
        return _value(inner, packed)
    if origin is dict:
        return {name: _value(arguments[1], item) for name, item in packed.items()}
    if origin is list:
        return [_value(arguments[0], item) for item in packed]
    return packed
