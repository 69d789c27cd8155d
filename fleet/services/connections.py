"""The clients of a lane: one for each agent, all spending one request budget."""

from collections.abc import Callable
from typing import Any

from fleet.models import Agent, Era
from spacefleet import clock
from spacefleet.requests import RequestLog
from spacefleet.spacetraders import Budget, Call, Client, Limits, Request, Tags

from . import controls

Prove = Callable[[], None]


class Connections:
    """Makes and keeps the clients of one lane.

    `transport` replaces the network: the universe in process, in tests and in the lab.
    """

    def __init__(
        self, *, proxy: str = "", transport: Any = None, margin_ms: int | None = None
    ) -> None:
        self.proxy = proxy or None
        self.transport = transport
        self.requests = RequestLog()
        extra = {} if margin_ms is None else {"margin_ms": margin_ms}
        self.budget = Budget(limits=Limits(), factor=clock.factor(), **extra)
        self._clients: dict[int, Client] = {}

    def client(self, agent: Agent) -> Client:
        """The client that speaks for `agent`."""
        if agent.pk not in self._clients:
            self._clients[agent.pk] = self._made(agent.era, agent)
        return self._clients[agent.pk]

    def close(self) -> None:
        """Let go of the network; a client asked for afterwards is a new one."""
        while self._clients:
            self._clients.popitem()[1].close()

    def _made(self, era: Era, agent: Agent) -> Client:
        symbol, key = agent.symbol, agent.pk

        def count(call: Call) -> None:
            self.requests.note(call, agent=symbol, era=era.pk or 0)

        def allow(request: Request, tags: Tags) -> None:
            controls.forbid_changes(key, request, ship=tags.ship)

        return Client(
            agent.token,
            base_url=era.server,
            transport=self.transport,
            proxy=self.proxy,
            budget=self.budget,
            account=symbol,
            on_call=count,
            before_change=allow,
        )
