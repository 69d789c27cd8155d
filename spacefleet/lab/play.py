"""Playing a fleet in virtual time: the very code that flies for real, deterministic and fast."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from fleet.engine import Dispatcher
from fleet.models import Agent
from fleet.selectors import earnings
from fleet.services import joining, lanes, navigation, parameters, readings
from fleet.services.connections import Connections
from spacefleet import clock
from spacefleet.lab.share import PartOf
from spacefleet.universe import World
from spacefleet.universe.events import Entry
from spacefleet.universe.faults import mixed
from spacefleet.universe.scenarios import build
from spacefleet.universe.transport import UniverseTransport

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SERVER = "http://universe.invalid/v2"


@dataclass(slots=True)
class Play:
    """A fleet in a universe of its own, at the moment its clock shows."""

    world: World
    transport: UniverseTransport
    agent: Agent
    clock: clock.VirtualClock
    spoiled: Counter[str] = field(default_factory=Counter)

    def run(self, *, hours: float, share: float = 1.0, watch: Callable[[], bool] = bool) -> int:
        """Let `hours` of game time pass; answers how many steps were taken.

        `share` is the part of the request budget the fleet may spend. `watch` is called before
        each round; the run ends early when it answers True.
        """
        lease = lanes.acquire(self.agent.lane.name, owner="lab")
        if lease is None:
            raise RuntimeError("the lane is held by somebody else")
        connections = Connections(transport=self.transport, margin_ms=0)
        if share < 1:
            connections.budget = PartOf(share, margin_ms=0)
        if saved := lanes.lane(lease.name).budget:
            connections.budget.restore(saved, complete=True)
        dispatcher = Dispatcher(lease, connections=connections, pool=0)
        return dispatcher.run(until=clock.now() + timedelta(hours=hours), stop=watch)

    def trouble(self, percent: float) -> None:
        """Let the server spoil so many percent of all calls from now on; `spoiled` counts them.

        An answer that never comes costs its caller's patience, and in the lab, where steps do
        not overlap, that of all ships: a fleet in trouble fares worse here than when it flies.
        """
        self.world.faults.clear()
        for rule in mixed(percent):
            self.world.faults.add(rule)
        self.transport.sleep = clock.sleep if percent else None
        self.world.log.tell = self._hear

    def _hear(self, entry: Entry) -> None:
        if entry.action == "fault":
            self.spoiled[str(entry.details["kind"])] += 1


@contextmanager
def playing(
    scenario: str,
    *,
    seed: int,
    start: datetime = START,
    symbol: str = "LABRAT",
    **options: Any,
) -> Iterator[Play]:
    """A new agent in a new universe; inside the block the whole process lives by its clock.

    `options` change the scenario, as in `spacefleet.universe.scenarios.build`.
    """
    navigation.forget_places()
    parameters.forget()
    readings.forget()
    earnings.forget()
    with clock.use(clock.VirtualClock(start)) as virtual:
        assert isinstance(virtual, clock.VirtualClock)
        world = build(scenario, seed=seed, start=start, **options)
        transport = UniverseTransport(world, clock.now)
        agent = joining.register(
            SERVER,
            symbol=symbol,
            faction="COSMIC",
            transport=transport,
            tell=lambda text: None,
        )
        yield Play(world, transport, agent, virtual)
    navigation.forget_places()
