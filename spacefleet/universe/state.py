"""The state of a world: plain slotted records, no behaviour beyond lookups on themselves.

Instants are game milliseconds. Records refer to each other by symbol, except where an object
is asked for on every request.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(slots=True)
class Account:
    """Somebody who may register agents."""

    id: str
    created_at: int


@dataclass(slots=True)
class Agent:
    """A player. `ships` is ordered by purchase; `ship_counter` never goes back."""

    symbol: str
    account_id: str
    faction: str
    headquarters: str
    credits: int
    created_at: int
    ships: "dict[str, Ship]" = field(default_factory=dict)
    contracts: "dict[str, Contract]" = field(default_factory=dict)
    ship_counter: int = 0
    charts: int = 0
    due_at: int = 0
    """The next deadline of an accepted contract, 0 without one."""
    events: list[dict[str, object]] = field(default_factory=list)
    hulls: int = 0
    """Ships of a rival, of which nothing but the number is known."""


@dataclass(slots=True)
class Part:
    """Frame, reactor or engine of one ship."""

    symbol: str
    condition: float = 1.0
    integrity: float = 1.0


FOR_EVER = 1 << 62
"""An instant that never comes."""

_set = object.__setattr__


@dataclass(slots=True)
class Ship:
    """One ship. While under way `waypoint` is already the destination.

    Fleets look at their ships far more often than anything happens to them, so a ship remembers
    what it looks like. Setting any field makes it forget; collections are changed by its methods
    or together with a field.
    """

    symbol: str
    agent: str
    type: str
    role: str
    faction: str
    frame: Part
    reactor: Part
    engine: Part
    modules: list[str]
    mounts: list[str]
    waypoint: str
    origin: str
    departed_at: int
    arrives_at: int
    docked: bool
    mode: str
    fuel: int
    fuel_capacity: int
    fuel_used: int
    fuel_used_at: int
    cargo: dict[str, int]
    cargo_units: int
    cargo_capacity: int
    crew_required: int
    crew_capacity: int
    cooldown_seconds: float = 0.0
    cooldown_until: int = 0
    outfit: str = ""
    """Rendered registration, crew, parts, modules and mounts; to be emptied by every change."""
    route: str = ""
    """Rendered route; to be emptied by every departure and change of arrival."""
    text: str = ""
    """Rendered as a whole."""
    text_until: int = 0
    """When time alone makes the text untrue."""

    def __setattr__(self, name: str, value: object) -> None:
        _set(self, name, value)
        _set(self, "text_until", 0)

    def remember(self, text: str, until: int) -> None:
        """Keep a rendered text until that instant, or until something changes."""
        _set(self, "text", text)
        _set(self, "text_until", until)

    def in_transit(self, now: int) -> bool:
        return now < self.arrives_at

    def status(self, now: int) -> str:
        if self.docked:
            return "DOCKED"
        return "IN_TRANSIT" if now < self.arrives_at else "IN_ORBIT"

    @property
    def space(self) -> int:
        return self.cargo_capacity - self.cargo_units

    def load(self, good: str, units: int) -> None:
        self.cargo[good] = self.cargo.get(good, 0) + units
        self.cargo_units += units

    def unload(self, good: str, units: int) -> None:
        left = self.cargo[good] - units
        if left:
            self.cargo[good] = left
        else:
            del self.cargo[good]
        self.cargo_units -= units


@dataclass(slots=True)
class Waypoint:
    """A place. `traits` are the true ones, shown only once the place is charted."""

    symbol: str
    system: str
    type: str
    x: int
    y: int
    traits: list[str]
    faction: str | None = None
    orbits: str | None = None
    orbitals: list[str] = field(default_factory=list)
    charted_by: str | None = None
    charted_at: int = 0
    modifiers: list[str] = field(default_factory=list)
    under_construction: bool = False
    text: str = ""
    """Rendered answer; emptied whenever something of it changes."""
    stop: str = ""
    """Rendered as an end of a route; it never changes."""

    @property
    def charted(self) -> bool:
        return self.charted_by is not None


@dataclass(slots=True)
class System:
    """A star and its waypoints, in the order the API lists them.

    What is around the star is drawn when somebody first looks: see `Shelf`.
    """

    symbol: str
    type: str
    x: int
    y: int
    factions: list[str]
    home_of: str | None = None
    """The faction whose agents start here."""
    text: str = ""
    drawn_by: "Drawing | None" = None
    """What is still to be drawn; None once it is."""
    places: dict[str, Waypoint] = field(default_factory=dict)
    gate_symbol: str | None = None

    def draw(self) -> None:
        drawing, self.drawn_by = self.drawn_by, None
        if drawing is not None:
            drawing.draw()

    @property
    def waypoints(self) -> dict[str, Waypoint]:
        if self.drawn_by is not None:
            self.draw()
        return self.places

    @property
    def gate(self) -> str | None:
        """The jump gate's waypoint, None without one."""
        if self.drawn_by is not None:
            self.draw()
        return self.gate_symbol

    def size(self) -> int:
        """How many waypoints there are."""
        if self.drawn_by is not None:
            return self.drawn_by.size()
        return len(self.places)


class Drawing(Protocol):
    """Draws what a system holds, and knows beforehand how much."""

    def draw(self) -> None: ...

    def size(self) -> int: ...


@dataclass(slots=True)
class MarketGood:
    """One good at one market: the four numbers behind its prices, and what moves them.

    `net` is the hidden net supply in units, `rest` the level (in trade volumes) it returns to,
    `pressure` how many trade volumes it has lately been away from there, as of the last tick,
    `pace` (0 to 1) how fast its makers and consumers work.
    """

    symbol: str
    kind: str
    base: int
    margin: int
    volume: int
    net: int
    rest: float
    pressure: float = 0.0
    activity: str | None = None
    pace: float = 0.5


@dataclass(slots=True)
class Transaction:
    """A trade of cargo, or fuel bought."""

    waypoint: str
    ship: str
    good: str
    type: str
    units: int
    price: int
    total: int
    at: int


@dataclass(slots=True)
class Market:
    """A marketplace. `phase` is where in the half hour its ticks fall."""

    waypoint: str
    goods: dict[str, MarketGood]
    phase: int
    key: int
    ticks: int
    sources: dict[str, list[MarketGood]] = field(default_factory=dict)
    """Exported good → the goods imported here that it is made from."""
    outlets: dict[str, list[MarketGood]] = field(default_factory=dict)
    """Imported good → the goods exported here that are made from it."""
    transactions: deque[Transaction] = field(default_factory=lambda: deque(maxlen=20))
    listing: str = ""
    """Rendered lists of goods; they never change."""
    prices: str = ""
    """Rendered prices and transactions; emptied by every trade and tick."""


@dataclass(slots=True)
class YardShip:
    """A ship type on sale: the export curve with a trade volume of two."""

    type: str
    base: int
    margin: int
    net: int
    rest: int


@dataclass(slots=True)
class YardTransaction:
    """A ship sold."""

    waypoint: str
    type: str
    price: int
    agent: str
    at: int


@dataclass(slots=True)
class Shipyard:
    """A yard. Ticks like a market."""

    waypoint: str
    ships: dict[str, YardShip]
    phase: int
    key: int
    ticks: int
    fee: int
    transactions: deque[YardTransaction] = field(default_factory=lambda: deque(maxlen=20))
    prices: str = ""


@dataclass(slots=True)
class Contract:
    """A procurement with one line to deliver."""

    id: str
    agent: str
    faction: str
    good: str
    destination: str
    units: int
    delivered: int
    on_accepted: int
    on_fulfilled: int
    accept_by: int
    deadline: int
    accepted: bool = False
    fulfilled: bool = False
    lapsed: bool = False
    """Accepted, not fulfilled in time, the advance taken back."""

    @property
    def running(self) -> bool:
        """Accepted and not decided yet."""
        return self.accepted and not self.fulfilled and not self.lapsed

    def open(self, now: int) -> bool:
        """Whether it still stands between its agent and a new one."""
        if self.fulfilled:
            return False
        return now < (self.deadline if self.accepted else self.accept_by)


@dataclass(slots=True)
class Survey:
    """A survey handed out. `remaining` units can still be dug with it."""

    signature: str
    waypoint: str
    deposits: list[str]
    size: str
    expires_at: int
    remaining: int


@dataclass(slots=True)
class Construction:
    """What a jump gate still needs: good → [required, fulfilled]."""

    waypoint: str
    materials: dict[str, list[int]]

    @property
    def complete(self) -> bool:
        return all(have >= need for need, have in self.materials.values())


@dataclass(slots=True)
class Stress:
    """How hard a rock has been worked lately."""

    level: float
    at: int
