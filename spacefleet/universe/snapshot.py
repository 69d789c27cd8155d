"""A world as bytes and back: compressed JSON of what has changed since the seed.

The galaxy is rebuilt from scenario, seed and options; the snapshot lays the state of markets,
yards, charts, rocks and players over it. Texts rendered for clients are not kept, and neither
are the request pools: after a restart everybody starts with full ones.
"""

import gc
import json
import zlib
from collections.abc import Iterator
from typing import Any

from . import scenarios, state
from .catalog.factions import FACTIONS
from .chance import Stream
from .packing import Layout, names, rows
from .timeline import moment
from .world import World

VERSION = 3
"""Raised whenever a snapshot of the release before cannot be read any more."""

UNTOUCHED = {None, *FACTIONS}
"""Who has charted a place at the beginning: nobody, or the faction at home."""

MAGIC = b"spacefleet-universe\n"

PIECE = 200
"""Records that are turned into JSON at a time."""

_json = json.JSONEncoder(separators=(",", ":")).encode

_RECORDS = (
    state.Account,
    state.Agent,
    state.Ship,
    state.Part,
    state.Contract,
    state.Survey,
    state.Construction,
    state.Transaction,
    state.YardTransaction,
)


class SnapshotError(Exception):
    """The bytes are no snapshot this release can read; the message says why."""


# --- writing ---------------------------------------------------------------------------------


def dump(world: World) -> bytes:
    return encode(capture(world))


def capture(world: World) -> dict[str, Any]:
    """A copy of all that changes, which shares nothing with the world but what never does.

    Quick, because everybody waits for it: 10,000 ships take some 40 ms. To pack the copy with
    `encode` takes longer and may be done in another thread.
    """
    collecting = gc.isenabled()
    gc.disable()  # a hundred thousand new lists, none of them garbage
    try:
        return _copy(world)
    finally:
        if collecting:
            gc.enable()


def _copy(world: World) -> dict[str, Any]:
    galaxy = world.galaxy
    return {
        "version": VERSION,
        "columns": {kind.__name__: names(kind) for kind in _RECORDS},
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
        "accounts": rows(world.accounts.values()),
        "agents": rows(world.agents.values()),
        "ships": rows(world.ships.values()),
        "surveys": rows(world.surveys.values()),
        "stress": {name: [stress.level, stress.at] for name, stress in world.stress.items()},
        "markets": [_market(market) for market in galaxy.markets.made()],
        "yards": [_yard(yard) for yard in galaxy.yards.made()],
        "constructions": rows(galaxy.constructions.made()),
        "places": [_place(place) for place in galaxy.waypoints.made() if _changed(place)],
    }


def encode(content: dict[str, Any]) -> bytes:
    packer = zlib.compressobj(1)
    parts = [packer.compress(text.encode()) for text in _texts(content)]
    return b"".join((MAGIC, *parts, packer.flush()))


def _texts(content: dict[str, Any]) -> Iterator[str]:
    """The content as JSON in pieces that take milliseconds: other threads run in between."""
    opening = "{"
    for name, value in content.items():
        yield f'{opening}"{name}":'
        opening = ","
        if not isinstance(value, list):
            yield _json(value)
            continue
        for start in range(0, len(value), PIECE):
            yield ("," if start else "[") + _json(value[start : start + PIECE])[1:-1]
        yield "]" if value else "[]"
    yield "}"


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
    return [market.waypoint, market.ticks, goods, rows(market.transactions)]


def _yard(yard: state.Shipyard) -> list[Any]:
    nets = {kind: ship.net for kind, ship in yard.ships.items()}
    return [yard.waypoint, yard.ticks, nets, rows(yard.transactions)]


def _changed(place: state.Waypoint) -> bool:
    """Whether somebody has charted it or worn it out; constructions are kept by themselves."""
    return bool(place.modifiers) or place.charted_by not in UNTOUCHED


def _place(place: state.Waypoint) -> list[Any]:
    return [
        place.symbol,
        place.charted_by,
        place.charted_at,
        list(place.modifiers),
    ]


# --- reading ---------------------------------------------------------------------------------


def describe(data: bytes) -> dict[str, Any]:
    """The head of a snapshot: scenario, seed, speed, start, reset date, options."""
    content = _read(data)
    told = ("scenario", "seed", "speed", "start", "reset_date")
    return {name: content[name] for name in told} | {"options": _options(content["options"])}


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
    read = Layout(content["columns"]).record
    for row in content["accounts"]:
        account = read(state.Account, row)
        world.accounts[account.id] = account
    for row in content["agents"]:
        agent = read(state.Agent, row)
        world.agents[agent.symbol] = agent
    for row in content["ships"]:
        ship = read(state.Ship, row)
        world.ships[ship.symbol] = world.agents[ship.agent].ships[ship.symbol] = ship
        world.put(ship, ship.waypoint)
    for row in content["surveys"]:
        survey = read(state.Survey, row)
        world.surveys[survey.signature] = survey
    for name, (level, at) in content["stress"].items():
        world.stress[name] = state.Stress(level, at)


def _restore_places(world: World, content: dict[str, Any]) -> None:
    galaxy, read = world.galaxy, Layout(content["columns"]).record
    for symbol, ticks, goods, transactions in content["markets"]:
        market = galaxy.markets[symbol]
        market.ticks = ticks
        for name, margin, volume, net, rest, pressure, activity in goods:
            good = market.goods[name]
            good.margin, good.volume, good.net, good.rest = margin, volume, net, rest
            good.pressure, good.activity = pressure, activity
        market.transactions.extend(read(state.Transaction, row) for row in transactions)
    for symbol, ticks, nets, transactions in content["yards"]:
        yard = galaxy.yards[symbol]
        yard.ticks = ticks
        for kind, net in nets.items():
            yard.ships[kind].net = net
        yard.transactions.extend(read(state.YardTransaction, row) for row in transactions)
    for row in content["constructions"]:
        site = read(state.Construction, row)
        galaxy.waypoints[site.waypoint].under_construction = not site.complete
        galaxy.constructions[site.waypoint] = site
    for symbol, charted_by, charted_at, modifiers in content["places"]:
        place = galaxy.waypoints[symbol]
        place.charted_by, place.charted_at = charted_by, charted_at
        place.modifiers = modifiers
