"""What exists at the start of an era: systems, waypoints, markets, yards and gates from a seed.

Only stars and the connections between them are drawn at once. What a system holds is drawn when
somebody first looks there, from a stream of numbers of its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from math import cos, radians, sin

from .catalog import goods as goods_catalog
from .catalog import home, ships
from .catalog.factions import FACTIONS
from .catalog.supply_chain import RECIPES
from .chance import Stream, key
from .physics import markets, shipyards
from .rules import UniverseRules
from .shelf import Shelf
from .state import Construction, Market, MarketGood, Shipyard, System, Waypoint, YardShip


@dataclass(frozen=True, slots=True)
class Options:
    """How large a galaxy is, and what may differ from the ordinary at its start."""

    homes: int = len(FACTIONS)
    """Starting systems: one for every faction, recruiting ones first; more go round again."""
    others: int = 231
    """Ordinary systems around them. The live galaxy of July 2026 has 6,996 systems in all."""
    gate_open: bool = False
    """Whether home gates are complete already. Live they never are."""
    also_sold: tuple[str, ...] = ()
    """Ship types the mining yard at home sells besides its own, for shorter games."""


class Gates(Mapping[str, list[str]]):
    """Jump gate waypoint → gates it is connected to, in order of their symbols."""

    def __init__(self, galaxy: "Galaxy") -> None:
        self._galaxy = galaxy
        self._known: dict[str, list[str]] = {}

    def __getitem__(self, symbol: str) -> list[str]:
        known = self._known.get(symbol)
        if known is None:
            system = self._galaxy.system_of(symbol)
            if system is None or system.gate != symbol:
                raise KeyError(symbol)
            known = self._known[symbol] = self._connections(system)
        return known

    def _connections(self, system: System) -> list[str]:
        links = self._galaxy.links.get(system.symbol, ())
        gates = (self._galaxy.systems[other].gate for other in links)
        return sorted(gate for gate in gates if gate is not None)

    def __iter__(self) -> Iterator[str]:
        gates = (system.gate for system in self._galaxy.systems.values())
        return (gate for gate in gates if gate is not None)

    def __len__(self) -> int:
        return len(self._galaxy.links)


class Galaxy:
    """Everything that is where it is, and what is on sale there."""

    def __init__(self, *, seed: object, start: int, rules: UniverseRules) -> None:
        make_market = partial(_make_market, seed, rules)
        make_yard = partial(_make_yard, seed, rules)
        self.systems: dict[str, System] = {}
        self.waypoints: Shelf[Waypoint] = Shelf(self._reveal)
        self.markets: Shelf[Market] = Shelf(self._reveal, make_market)
        self.yards: Shelf[Shipyard] = Shelf(self._reveal, make_yard)
        self.constructions: Shelf[Construction] = Shelf(self._reveal)
        self.links: dict[str, list[str]] = {}
        """System with a gate → systems its gate leads to."""
        self.gates = Gates(self)
        self.seed = seed
        self.start = start
        self.rules = rules
        self._size = 0

    def system_of(self, waypoint: str) -> System | None:
        return self.systems.get(waypoint.rpartition("-")[0])

    def count_waypoints(self) -> int:
        """How many there are, drawn or not."""
        if not self._size:
            self._size = sum(system.size() for system in self.systems.values())
        return self._size

    def _reveal(self, waypoint: str | None) -> None:
        if waypoint is None:
            for system in self.systems.values():
                system.draw()
            return
        here = self.system_of(waypoint)
        if here is not None:
            here.draw()


@dataclass(slots=True)
class Trade:
    """What a market is to deal in, once somebody looks at it."""

    exports: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    exchange: tuple[str, ...] = ()


@dataclass(slots=True)
class Builder:
    """Puts places into one system of a galaxy."""

    galaxy: Galaxy
    system: System
    placed: list[Waypoint] = field(default_factory=list)

    def place(self, name: str, kind: str, *, x: int, y: int) -> Waypoint:
        system = self.system
        waypoint = Waypoint(f"{system.symbol}-{name}", system.symbol, kind, x, y, [])
        system.places[waypoint.symbol] = waypoint
        self.galaxy.waypoints[waypoint.symbol] = waypoint
        self.placed.append(waypoint)
        if kind == "JUMP_GATE":
            system.gate_symbol = waypoint.symbol
        return waypoint

    def orbit(self, child: Waypoint, parent: Waypoint) -> None:
        child.orbits = parent.symbol
        parent.orbitals.append(child.symbol)

    def construction(self, gate: Waypoint, *, complete: bool) -> None:
        """The bill of a gate, paid or not."""
        bill = {
            good: [required, required if complete else fulfilled]
            for good, (required, fulfilled) in home.GATE_BILL.items()
        }
        gate.under_construction = not complete
        self.galaxy.constructions[gate.symbol] = Construction(gate.symbol, bill)

    def market(
        self,
        waypoint: str,
        *,
        exports: tuple[str, ...] = (),
        imports: tuple[str, ...] = (),
        exchange: tuple[str, ...] = (),
    ) -> None:
        self.galaxy.markets.order(waypoint, Trade(exports, imports, exchange))

    def yard(self, waypoint: str, types: tuple[str, ...]) -> None:
        for kind in types:
            if ships.SHIPS[kind].base is None:
                raise ValueError(f"{kind} is not for sale")
        self.galaxy.yards.order(waypoint, types)


def _make_market(seed: object, rules: UniverseRules, waypoint: str, trade: Trade) -> Market:
    chance = Stream(seed, "market", waypoint)
    lean = chance.random()
    needed = {name for export in trade.exports for name in RECIPES[export]}
    listed: dict[str, MarketGood] = {}
    for kind, symbols in (
        (markets.EXPORT, trade.exports),
        (markets.IMPORT, trade.imports),
        (markets.EXCHANGE, trade.exchange),
    ):
        for symbol in symbols:
            if symbol not in listed:
                feeds = symbol in needed
                listed[symbol] = market_good(
                    symbol, kind, feeds=feeds, lean=lean, chance=chance
                )
    market = Market(
        waypoint=waypoint,
        goods=listed,
        phase=int(chance.random() * rules.tick_minutes * 60_000),
        key=key(seed, "ticks", waypoint),
        ticks=0,
    )
    markets.wire(market, RECIPES)
    markets.label(market, rules)
    return market


def market_good(
    symbol: str, kind: str, *, feeds: bool, lean: float, chance: Stream
) -> MarketGood:
    """A good at a market as an era begins."""
    good = goods_catalog.GOODS[symbol]
    volume = goods_catalog.exchange_volume(symbol) if kind == markets.EXCHANGE else good.volume
    start, rest = markets.levels(kind, symbol, volume, feeds=feeds, lean=lean, chance=chance)
    return MarketGood(
        symbol=symbol,
        kind=kind,
        base=good.base,
        margin=markets.margin(volume, chance.random()),
        volume=volume,
        net=round(start * volume),
        rest=rest,
        # Makers and consumers are used to how short goods are when an era begins.
        pressure=-abs(rest - start),
        pace=chance.random(),
    )


def _make_yard(
    seed: object, rules: UniverseRules, waypoint: str, types: tuple[str, ...]
) -> Shipyard:
    chance = Stream(seed, "yard", waypoint)
    on_sale = {}
    for kind in types:
        net = shipyards.start_net(chance)
        margin = shipyards.margin(chance)
        on_sale[kind] = YardShip(kind, ships.SHIPS[kind].base or 0, margin, net, net)
    return Shipyard(
        waypoint=waypoint,
        ships=on_sale,
        phase=int(chance.random() * rules.tick_minutes * 60_000),
        key=key(seed, "yard ticks", waypoint),
        ticks=0,
        fee=rules.modifications_fee,
    )


def asteroid_traits(chance: Stream) -> list[str]:
    """One kind of deposit, and whatever else the rock is."""
    deposit = chance.weighted(_DEPOSITS, _DEPOSIT_WEIGHTS)
    others = [
        trait for trait, share in home.OTHER_ASTEROID_TRAITS.items() if chance.random() < share
    ]
    return [deposit, *others]


_DEPOSITS = list(home.DEPOSIT_TRAITS)
_DEPOSIT_WEIGHTS = list(home.DEPOSIT_TRAITS.values())


def polar(radius: float, angle: float) -> tuple[int, int]:
    """Coordinates at a distance and an angle in degrees from the star."""
    return round(radius * cos(radians(angle))), round(radius * sin(radians(angle)))
