"""The clients of a lane: one for each agent, all spending one request budget."""

from collections.abc import Callable
from typing import Any

from fleet.models import Agent, Era
from fleet.params import RequestParams
from spacefleet import clock
from spacefleet.requests import RequestLog
from spacefleet.spacetraders import Budget, Call, Client, Limits, Request, Tags

from . import controls, parameters

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
        self._symbols: dict[int, str] = {}

    def client(self, agent: Agent) -> Client:
        """The client that speaks for `agent`."""
        if agent.pk not in self._clients:
            self._symbols[agent.pk] = agent.symbol
            self._clients[agent.pk] = self._made(agent.era, agent)
        return self._clients[agent.pk]

    @property
    def spent(self) -> Callable[[int], float] | None:
        """What an agent, by its key, had of its share of the budget; None while one agent has it
        all and nobody need compare."""
        if len(self._clients) < 2:
            return None
        return lambda key: self.budget.spent(self._symbols.get(key, ""))

    def share_out(self) -> None:
        """Divide the budget by what its owner chose for each agent."""
        if len(self._clients) > 1:
            parts = {
                symbol: float(parameters.resolve(RequestParams, "requests", agent=key).parts)
                for key, symbol in list(self._symbols.items())
            }
            self.budget.divide(parts)

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
