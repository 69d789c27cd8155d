"""A fleet in a universe of its own, its ships placed by hand, over a line that can be cut.

The universe answers in process; rows and game agree when a test begins. What a test changes in
the world behind the fleet's back it says so with `world`.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any

import httpx

from fleet.engine import Dispatcher
from fleet.models import Agent, Evaluator, LedgerEntry, NavStatus, Ship, Waypoint
from fleet.services import joining, lanes, sync
from fleet.services.connections import Connections
from spacefleet import clock
from spacefleet.spacetraders import Client
from spacefleet.universe import World, registry
from spacefleet.universe import state as game
from spacefleet.universe.scenarios import build
from spacefleet.universe.timeline import milliseconds
from spacefleet.universe.transport import UniverseTransport
from tests.factories import NOON

SERVER = "http://universe.invalid/v2"


class Killed(BaseException):
    """The process died: nothing that runs in it hears of it any more."""


def nowhere() -> httpx.MockTransport:
    """A server that knows nobody: for tests that are not about what the game says."""
    unknown = {"error": {"code": 404, "message": "There is nobody here."}}
    return httpx.MockTransport(lambda request: httpx.Response(404, json=unknown))


class Line(httpx.BaseTransport):
    """The way to the universe. `kill` lets the process die once the game did what was asked."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner = inner
        self.deadly: list[tuple[str, str]] = []
        self.asked: list[str] = []

    def kill(self, call: str) -> None:
        """Die after the next call that looks like `call`, such as "POST */sell"."""
        method, path = call.split()
        self.deadly.append((method, path))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/v2")
        self.asked.append(f"{request.method} {path}")
        answer = self.inner.handle_request(request)
        for deadly in self.deadly:
            if deadly[0] == request.method and fnmatchcase(path, deadly[1]):
                self.deadly.remove(deadly)
                raise Killed
        return answer


class Crew:
    """An agent that has just joined, with its frigate and probe told to stay where they are."""

    def __init__(
        self,
        virtual: clock.VirtualClock,
        *,
        through: Callable[[httpx.BaseTransport], httpx.BaseTransport] | None = None,
        **options: Any,
    ) -> None:
        """`through` may put something between the line and the universe."""
        options = {"homes": 1, "others": 0, "wear_chance": 0.0, "rate_limited": False} | options
        name = options.pop("scenario", "first_day")
        self.clock = virtual
        self.world: World = build(name, seed=7, start=virtual.now(), **options)
        universe = UniverseTransport(self.world, clock.now)
        self.line = Line(through(universe) if through else universe)
        self.agent: Agent = joining.register(
            SERVER,
            symbol="CREW",
            faction="COSMIC",
            transport=self.line,
            tell=lambda text: None,
        )
        Evaluator.objects.filter(agent=self.agent).delete()
        self.ships().update(excluded=True)
        self.line.asked.clear()

    # what there is

    @property
    def player(self) -> game.Agent:
        """The agent as the game has it."""
        return self.world.agents[self.agent.symbol]

    @property
    def api(self) -> Client:
        return Connections(transport=self.line, margin_ms=0).client(self.agent)

    def ships(self) -> Any:
        return Ship.objects.filter(agent=self.agent).select_related("agent__era")

    @property
    def frigate(self) -> Ship:
        return self.ships().get(symbol="CREW-1")

    def told(self, ship: Ship) -> game.Ship:
        """The ship as the game has it."""
        return self.world.ships[ship.symbol]

    def place(self, kind: str) -> str:
        """The first home waypoint of a type."""
        found = Waypoint.objects.filter(era=self.agent.era, type=kind).order_by("pk").first()
        assert found is not None, kind
        return found.symbol

    def market(self, good: str, kind: str) -> str:
        """The first home market with a good as EXPORT, IMPORT or EXCHANGE."""
        found = (
            Waypoint.objects.filter(
                era=self.agent.era, goods__good=good, goods__kind=kind, market=True
            )
            .order_by("pk")
            .first()
        )
        assert found is not None, (good, kind)
        return found.symbol

    # what is arranged

    def commission(
        self,
        kind: str,
        at: str,
        *,
        cargo: Mapping[str, int] | None = None,
        docked: bool = True,
        roles: tuple[str, ...] = (),
        place: str = "",
    ) -> Ship:
        """One more ship at a waypoint, in the game and in our rows; it sleeps until `fly`."""
        made = registry.commission(self.world, self.player, kind, at)
        made.docked = docked
        for good, units in (cargo or {}).items():
            made.load(good, units)
        with self._quietly():
            row = sync.store_ship(
                self.agent,
                self.api.get_ship(made.symbol),
                type=kind,
                roles=list(roles),
                place=place,
            )
            sync.write(row, wake_at=clock.now() + timedelta(days=365))
        return self.ships().get(pk=row.pk)

    def put(
        self,
        ship: Ship,
        at: str,
        *,
        docked: bool = True,
        cargo: Mapping[str, int] | None = None,
        fuel: int | None = None,
    ) -> Ship:
        """Have a ship somewhere else, in the game and in our rows."""
        told = self.told(ship)
        self.world.put(told, at)
        told.origin, told.docked, told.arrives_at = at, docked, milliseconds(clock.now())
        told.fuel = told.fuel_capacity if fuel is None else fuel
        if cargo is not None:
            told.cargo, told.cargo_units = dict(cargo), sum(cargo.values())
        with self._quietly():
            sync.reread(ship, api=self.api)
        return self.ships().get(pk=ship.pk)

    def fly(self, *ships: Ship, roles: tuple[str, ...] = (), place: str | None = None) -> None:
        """Let these ships act in these roles."""
        for ship in ships:
            fields: dict[str, Any] = {"excluded": False, "wake_at": clock.now()}
            if roles:
                fields["roles"] = list(roles)
            if place is not None:
                fields["place"] = place
            sync.write(ship, **fields)

    def run(self, seconds: float) -> Dispatcher:
        """Dispatch what is due for so many game seconds, one step after the other."""
        lease = lanes.acquire(self.agent.lane.name, owner="test")
        assert lease is not None, "the lane is held"
        dispatcher = Dispatcher(
            lease, connections=Connections(transport=self.line, margin_ms=0), pool=0
        )
        dispatcher.run(until=clock.now() + timedelta(seconds=seconds))
        return dispatcher

    def run_until_killed(self, seconds: float = 3_600) -> None:
        """Dispatch until the process dies; a later dispatcher finds what it left behind."""
        try:
            self.run(seconds)
        except Killed:
            return
        raise AssertionError("the deadly call was never made")

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Calls inside are no calls of the fleet."""
        before = list(self.line.asked)
        yield
        self.line.asked[:] = before

    # what is true

    def log(self, action: str) -> list[dict[str, Any]]:
        """What the game applied of one kind, in order: ship and details."""
        return [{"ship": each.ship, **each.details} for each in self.world.log.of(action)]

    def differences(self) -> dict[str, tuple[Any, Any]]:
        """Where our rows and the game disagree: what, as (ours, theirs). Empty is good."""
        return differences(self.agent, self.world)


def differences(agent: Agent, world: World) -> dict[str, tuple[Any, Any]]:
    """Where an agent's rows and the game disagree: what, as (ours, theirs). Empty is good."""
    found = {}
    agent.refresh_from_db()
    player = world.agents[agent.symbol]
    ships = Ship.objects.filter(agent=agent)
    entries = LedgerEntry.objects.filter(agent=agent).values_list("amount", flat=True)
    for what, ours, theirs in (
        ("credits", agent.credits, player.credits),
        ("ledger", sum(entries), player.credits),
        ("drift", agent.drift, 0),
        ("ships", ships.count(), len(player.ships)),
    ):
        if ours != theirs:
            found[what] = (ours, theirs)
    now = milliseconds(clock.now())
    for ship in ships:
        told = world.ships[ship.symbol]
        ship.settle(clock.now())
        for what, ours, theirs in (
            ("cargo", ship.cargo, told.cargo),
            ("units", ship.cargo_units, told.cargo_units),
            ("fuel", ship.fuel, told.fuel),
            ("waypoint", ship.waypoint, told.waypoint),
            ("status", str(NavStatus(ship.nav_status)), told.status(now)),
        ):
            if ours != theirs:
                found[f"{ship} {what}"] = (ours, theirs)
    return found


@contextmanager
def crewed(**options: Any) -> Iterator[Crew]:
    """A crew whose process lives by a clock of its own, from noon on."""
    with clock.frozen_at(NOON) as virtual:
        yield Crew(virtual, **options)
