"""A saturated hour against the universe's own limiter, far away and shared by several agents."""

import heapq
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from spacefleet import clock
from spacefleet.spacetraders import Budget
from spacefleet.universe.limits import Limiter

NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)
HOUR_MS = 3_600_000
HTML_429: dict[str, str] = {}  # the proxy's own: without a header


class Until(clock.VirtualClock):
    """A clock on which answers come at their own time, also while somebody waits."""

    def __init__(self) -> None:
        super().__init__(NOON)
        self.next: Callable[[], float | None] = lambda: None
        self.hear: Callable[[], None] = lambda: None

    def wait(self, condition: threading.Condition, seconds: float) -> None:
        ends = clock.now_ms() + seconds * 1000
        comes = self.next()
        if comes is None or comes > ends:
            self.sleep(seconds)
            return
        self.sleep(max(0.0, comes - clock.now_ms()) / 1000)
        self.hear()


@dataclass
class FarUniverse:
    """The universe's limiter behind a way of `latency` ms there and back, each way varying, one
    in a hundred ways by `spike` ms more."""

    latency: float
    jitter: float
    spike: float = 0.0
    fate: random.Random = field(default_factory=lambda: random.Random(7))
    limiter: Limiter = field(default_factory=lambda: Limiter(1.0))
    refused: int = 0
    under_way: list[tuple[float, int, int, str]] = field(default_factory=list)
    answers: list[tuple[float, int, int, str, int]] = field(default_factory=list)
    sent: int = 0

    def send(self, account: str) -> None:
        self.sent += 1
        entry = (clock.now_ms() + self._way(), self.sent, clock.now_ms(), account)
        heapq.heappush(self.under_way, entry)

    def _way(self) -> float:
        late = self.spike if self.fate.random() < 0.01 else 0.0
        return self.latency / 2 + self.fate.uniform(-self.jitter, self.jitter) + late

    def comes(self) -> float | None:
        """When the next of what is under way arrives, here or there, to the next millisecond."""
        first = [queue[0][0] for queue in (self.under_way, self.answers) if queue]
        return int(min(first)) + 1 if first else None

    def hear(self, budget: Budget) -> None:
        """Hand the budget every answer that has come by now."""
        now = clock.now_ms()
        while self.under_way and self.under_way[0][0] <= now:
            at, number, sent_at, account = heapq.heappop(self.under_way)
            verdict = self.limiter.check(int(at), address="ours", account=account)
            self.refused += not verdict.allowed
            status = 200 if verdict.allowed else 429
            answer = (at + self._way(), number, sent_at, account, status)
            heapq.heappush(self.answers, answer)
        while self.answers and self.answers[0][0] <= now:
            _, _, sent_at, account, status = heapq.heappop(self.answers)
            budget.learn(HTML_429, status, account, sent_at=sent_at)

    def saturate(self, budget: Budget, *, agents: int, within: Until) -> None:
        """An hour in which all agents ask for as much as the budget lets them."""
        within.next, within.hear = self.comes, lambda: self.hear(budget)
        began = clock.now_ms()
        while clock.now_ms() - began < HOUR_MS:
            account = f"agent {self.sent % agents}"
            budget.acquire(account)
            self.send(account)
            self.hear(budget)


@pytest.mark.parametrize("agents", [1, 3])
@pytest.mark.parametrize("latency", [300, 800])
@pytest.mark.parametrize(
    ("jitter", "at_least"),
    [
        pytest.param(0, 2.47, id="a steady way"),
        pytest.param(10, 2.45, id="10 ms"),
        pytest.param(20, 2.42, id="20 ms"),
    ],
)
def test_a_saturated_hour_brings_more_the_steadier_the_way(latency, agents, jitter, at_least):
    universe = FarUniverse(latency, jitter)

    with clock.use(Until()) as within:
        universe.saturate(Budget(), agents=agents, within=within)

    assert universe.sent / 3600 >= at_least
    assert universe.refused == 0


@pytest.mark.parametrize("latency", [300, 800])
@pytest.mark.parametrize("spike", [60, 90, 140])
def test_what_arrives_too_late_now_and_then_is_hardly_refused(latency, spike):
    """More than the margin: a busy machine, a busy line."""
    universe = FarUniverse(latency, 10, spike)

    with clock.use(Until()) as within:
        universe.saturate(Budget(), agents=1, within=within)

    assert universe.sent / 3600 >= 2.40
    assert universe.refused / universe.sent <= 0.0005


def test_the_first_burst_trips_no_limiter():
    universe = FarUniverse(300, 20)

    with clock.frozen_at(NOON):
        budget = Budget(reserve=0)
        while universe.sent < 32:
            budget.acquire("agent")
            universe.send("agent")
        at_once = clock.now() == NOON
        clock.sleep(2)
        universe.hear(budget)

    assert at_once, "thirty-two go out in the very first moment"
    assert universe.refused == 0


def test_a_429_in_html_without_headers_silences_the_lane_for_five_seconds():
    with clock.frozen_at(NOON):
        budget = Budget()
        budget.acquire("agent")
        budget.learn(HTML_429, 429, "agent", sent_at=clock.now_ms())
        waited = budget.acquire("agent")
        refused = budget.usage().refused

    assert 5_000 <= waited <= 5_100
    assert refused == 1
