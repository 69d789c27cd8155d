"""A saturated lane against the universe's strict limiter, at the real game's speed.

`python -m benchmarks.saturation --minutes 60 --latency 300` serves a universe at speed 1, puts so
many milliseconds between it and the client (half before, half after, varying by `--jitter`), and
lets eight callers for each agent ask as fast as the budget lets them. Prints one JSON object:
requests a second, 429s, and how long the callers of each priority waited. `--agents 3` shares one
lane and one budget among three agents of three accounts.
"""

import argparse
import json
import random
import threading
import time
from collections import Counter
from statistics import quantiles
from typing import Any

import httpx

from benchmarks.load import Served, served
from spacefleet.spacetraders import Budget, Client, errors
from spacefleet.spacetraders.calls import Call

CALLERS = 8  # threads of an agent, as many as a dispatcher has
PRIORITIES = (1, 2, 3, 4)


class Far(httpx.BaseTransport):
    """A server that is `latency` ms away, there and back; each way varies by up to `jitter`."""

    def __init__(self, inner: httpx.BaseTransport, latency: float, jitter: float) -> None:
        self.inner, self.latency, self.jitter = inner, latency, jitter

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._travel()
        answer = self.inner.handle_request(request)
        answer.read()
        self._travel()
        return answer

    def _travel(self) -> None:
        way = self.latency / 2 + random.uniform(-self.jitter, self.jitter)
        time.sleep(max(0.0, way) / 1000)


class Tally:
    """What went out, by answer, and how long it waited, by priority."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.answers: Counter[int] = Counter()
        self.waits: dict[int, list[int]] = {each: [] for each in PRIORITIES}

    def of(self, priority: int) -> Any:
        def note(call: Call) -> None:
            with self.lock:
                self.answers[call.status or 0] += 1
                self.waits[priority].append(call.waited_ms)

        return note


def saturate(world: Served, options: argparse.Namespace) -> dict[str, Any]:
    """Ask for so many minutes; answers the figures."""
    budget, tally, ends = Budget(), Tally(), threading.Event()
    threads = []
    for number in range(options.agents):
        token = _register(world.address, f"LOAD{number}")
        for caller in range(CALLERS):
            priority = PRIORITIES[caller % len(PRIORITIES)]
            client = Client(
                token,
                base_url=world.address,
                transport=Far(httpx.HTTPTransport(), options.latency, options.jitter),
                budget=budget,
                account=f"account {number}",
                on_call=tally.of(priority),
            ).bound(priority=priority)
            threads.append(threading.Thread(target=_ask, args=(client, ends), daemon=True))
    time.sleep(61)  # what registering took of the windows is over
    began = time.monotonic()
    for thread in threads:
        thread.start()
    time.sleep(options.minutes * 60)
    with tally.lock:
        answers, took = Counter(tally.answers), time.monotonic() - began
    ends.set()
    return _figures(options, answers, tally, took)


def _register(address: str, symbol: str) -> str:
    with Client(None, base_url=address) as client:
        return client.register(symbol, "COSMIC").token


def _ask(client: Client, ends: threading.Event) -> None:
    while not ends.is_set():
        try:
            client.get_my_agent()
        except errors.TryAgain:
            continue


def _figures(
    options: argparse.Namespace, answers: Counter[int], tally: Tally, took: float
) -> dict[str, Any]:
    sent = sum(answers.values())
    return {
        "minutes": round(took / 60, 1),
        "latency_ms": options.latency,
        "jitter_ms": options.jitter,
        "agents": options.agents,
        "requests": sent,
        "per_second": round(sent / took, 3),
        "limited": answers[429],
        "limited_percent": round(100 * answers[429] / sent, 3),
        "other": {str(status): n for status, n in answers.items() if status not in (200, 429)},
        "waited_ms": {str(p): _waits(waits) for p, waits in tally.waits.items()},
    }


def _waits(waits: list[int]) -> dict[str, int]:
    """Median, 99th percentile and the longest."""
    cuts = quantiles(waits, n=100)
    return {"median": round(cuts[49]), "p99": round(cuts[98]), "longest": max(waits)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--latency", type=float, default=300, help="ms, there and back")
    parser.add_argument("--jitter", type=float, default=10, help="ms, of each way")
    parser.add_argument("--agents", type=int, default=1)
    options = parser.parse_args()
    with served(speed=1.0) as world:
        print(json.dumps(saturate(world, options)))


if __name__ == "__main__":
    main()
