"""A typed client of the SpaceTraders v2 API: one method an endpoint, one HTTP call a method."""

from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

from .budget import Budget
from .calls import Call, Caller, Request, Tags
from .endpoints.agent import AgentEndpoints
from .endpoints.ships import ShipEndpoints
from .endpoints.trade import TradeEndpoints
from .endpoints.work import WorkEndpoints
from .endpoints.world import WorldEndpoints
from .http import Transport, Wire

BASE_URL = "https://api.spacetraders.io/v2"


class Client(WorldEndpoints, AgentEndpoints, ShipEndpoints, WorkEndpoints, TradeEndpoints):
    """Speaks for one token. Another `transport` talks to a universe in process instead.

    All clients of a lane share its `budget`; without one the client keeps its own. `account`
    names whose request limit the calls count against, besides that of the address: agents of
    one account share it. `on_call` hears of every request that went out, failed ones too.
    `before_change` is asked before each request that would change something, whoever makes it:
    what it raises keeps that request from going out.
    """

    def __init__(
        self,
        token: str | None,
        *,
        base_url: str = BASE_URL,
        transport: Transport | None = None,
        proxy: str | None = None,
        budget: Budget | None = None,
        account: str = "",
        on_call: Callable[[Call], None] | None = None,
        before_change: Callable[[Request, Tags], None] | None = None,
        timeout: float = 20.0,
    ) -> None:
        wire = Wire(token, base_url=base_url, transport=transport, proxy=proxy, timeout=timeout)
        caller = Caller(
            wire,
            budget=Budget() if budget is None else budget,
            account=account,
            on_call=on_call,
            before_change=before_change,
        )
        super().__init__(caller, Tags())

    def bound(
        self,
        *,
        purpose: str = "",
        ship: str = "",
        priority: int = 3,
        due: datetime | None = None,
        before_call: Callable[[], None] | None = None,
    ) -> Self:
        """The same client on behalf of one step: connections and budget are shared.

        `before_call` runs after the wait for the budget, right before each request goes out;
        what it raises stops the call.
        """
        view = object.__new__(type(self))
        view._caller = self._caller
        view._tags = Tags(
            purpose=purpose, ship=ship, priority=priority, due=due, before_call=before_call
        )
        return view

    @property
    def budget(self) -> Budget:
        return self._caller.budget

    @property
    def server_at(self) -> datetime | None:
        """The server's own clock in its last answer, to the second; None where it did not tell."""
        try:
            return parsedate_to_datetime(self._caller.wire.date)
        except ValueError:
            return None

    def close(self) -> None:
        """Close the connections, of all bound views too."""
        self._caller.wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
