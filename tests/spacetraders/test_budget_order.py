"""Who is served first (Budget.acquire with several threads)."""

import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from spacefleet import clock
from spacefleet.spacetraders import Budget, Limits
from tests.spacetraders.limiter import StrictServer

NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)
ONE_A_SECOND = Limits(per_second=1, burst=1, burst_seconds=600)


class HandMovedClock:
    """Real threads wait, time passes only when the test says so."""

    def __init__(self) -> None:
        self._now = NOON
        self._conditions: set[threading.Condition] = set()

    def now(self) -> datetime:
        return self._now

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nobody sleeps in this test")

    def wait(self, condition: threading.Condition, seconds: float) -> None:
        self._conditions.add(condition)
        condition.wait()

    def pass_by(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        for condition in self._conditions:
            with condition:
                condition.notify_all()


class Line:
    """Callers of one budget whose limit is spent, and the order in which they were served."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.served: list[str] = []
        self._threads: list[threading.Thread] = []

    def join(self, name: str, **ask) -> None:
        """Let a caller of this name ask; returns when it stands in line."""
        waiting = self.budget.usage().waiting

        def ask_and_tell():
            self.budget.acquire(**ask)
            self.served.append(name)

        thread = threading.Thread(target=ask_and_tell, daemon=True)
        self._threads.append(thread)
        thread.start()
        self._until(lambda: self.budget.usage().waiting == waiting + 1)

    def serve_all(self, hands: HandMovedClock) -> list[str]:
        while len(self.served) < len(self._threads):
            self.serve_one(hands)
        return self.served

    def serve_one(self, hands: HandMovedClock) -> None:
        served = len(self.served)
        hands.pass_by(1.2)
        self._until(lambda: len(self.served) == served + 1)

    @staticmethod
    def _until(true) -> None:
        for _ in range(2000):
            if true():
                return
            time.sleep(0.005)
        raise AssertionError("it does not happen")


@contextmanager
def spent_budget(**options):
    hands = HandMovedClock()
    with clock.use(hands):
        budget = Budget(ONE_A_SECOND, reserve=0, **options)
        budget.acquire()
        budget.acquire()
        yield hands, Line(budget)


@pytest.mark.parametrize(
    ("asks", "served"),
    [
        pytest.param(
            {"survey": {"priority": 3}, "sale": {"priority": 1}, "probe": {"priority": 4}},
            ["sale", "survey", "probe"],
            id="by priority",
        ),
        pytest.param(
            {
                "whenever": {},
                "later": {"due": NOON + timedelta(seconds=9)},
                "sooner": {"due": NOON},
            },
            ["sooner", "later", "whenever"],
            id="by deadline within a priority",
        ),
        pytest.param(
            {"first": {}, "second": {}, "third": {}},
            ["first", "second", "third"],
            id="by arrival otherwise",
        ),
        pytest.param(
            {
                "patient": {"priority": 3, "at": NOON - timedelta(seconds=60)},
                "new": {"priority": 1},
            },
            ["patient", "new"],
            id="by patience before priority",
        ),
    ],
)
def test_callers_are_served(asks, served):
    with spent_budget(ageing_seconds=20) as (hands, line):
        for name, ask in asks.items():
            line.join(name, **ask)

        assert line.serve_all(hands) == served


def test_stream_of_urgent_callers_starves_nobody():
    with spent_budget(ageing_seconds=2) as (hands, line):
        line.join("patient", priority=4)
        for number in range(12):
            line.join(f"urgent {number}", priority=1)
            line.serve_one(hands)
        line.serve_one(hands)

        assert "patient" in line.served[:10]


def test_caller_that_gives_up_leaves_the_line():
    budget = Budget(ONE_A_SECOND, reserve=0)

    class Impatient(clock.VirtualClock):
        def wait(self, condition, seconds):
            raise InterruptedError

    with clock.use(Impatient(NOON)):
        budget.acquire()
        budget.acquire()
        with pytest.raises(InterruptedError):
            budget.acquire()

        assert budget.usage().waiting == 0


def test_eight_threads_in_real_time_stay_within_the_limit():
    """A small limit with short windows, so that seconds of real time tell something.

    The margin is wide, because a busy machine may stop a thread between grant and sending.
    """
    limits = {"per_second": 20, "burst": 40, "burst_seconds": 1}
    server = StrictServer(limits=limits)
    budget = Budget(Limits(**limits), margin_ms=200, reserve=0)
    arrivals, lock = [], threading.Lock()
    until = time.monotonic() + 2.6

    def send():
        while time.monotonic() < until:
            budget.acquire("red")
            with lock:
                arrivals.append(clock.now_ms())

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    refused = sum(not server.receive("red", at) for at in sorted(arrivals))
    assert refused == 0
    assert len(arrivals) >= 2 * 60
