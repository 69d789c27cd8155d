"""The same first day for every third-party client: register, mine, sell, earn a contract.

This file runs in the environment of the clients, beside one of them, and needs nothing but the
standard library. Each client is steered by a small `Helm` of its own that calls the library's
published functions and nothing below them.
"""

import json
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

ORES = ("ALUMINUM_ORE", "COPPER_ORE", "IRON_ORE")
MOST_TRIPS = 6
NEARLY_FULL = 36
"""Units in a hold of 40."""


@dataclass(frozen=True, slots=True)
class Deal:
    """What the contract still needs, and where."""

    good: str
    units: int
    destination: str


class Helm(Protocol):
    """What the journey asks of a library. Times are None where the library waits by itself."""

    def register(self, symbol: str, faction: str) -> None: ...
    def ships(self) -> list[str]: ...
    def asteroid(self) -> str: ...
    def deal(self) -> Deal: ...
    def accept(self) -> None: ...
    def refuel(self, ship: str) -> None: ...
    def orbit(self, ship: str) -> None: ...
    def dock(self, ship: str) -> None: ...
    def navigate(self, ship: str, waypoint: str) -> datetime | None: ...
    def survey(self, ship: str) -> tuple[list[tuple[Any, list[str]]], datetime | None]: ...
    def extract(self, ship: str, survey: Any) -> datetime | None: ...
    def cargo(self, ship: str) -> dict[str, int]: ...
    def sell(self, ship: str, good: str, units: int) -> None: ...
    def deliver(self, ship: str, good: str, units: int) -> None: ...
    def fulfill(self) -> None: ...


def play(helm: Helm, *, symbol: str) -> None:
    """Ends when the contract is fulfilled; whatever goes wrong on the way is raised."""
    helm.register(symbol, "COSMIC")
    ship = min(helm.ships())
    rock = helm.asteroid()
    helm.accept()
    for _ in range(MOST_TRIPS):
        deal = helm.deal()
        _fly(helm, ship, rock)
        _mine(helm, ship, good=deal.good, wanted=deal.units + 1)
        _fly(helm, ship, deal.destination)
        helm.dock(ship)
        _unload(helm, ship, deal)
        if not helm.deal().units:
            return helm.fulfill()
    raise TimeoutError(f"after {MOST_TRIPS} trips the contract is still open")


def _fly(helm: Helm, ship: str, waypoint: str) -> None:
    helm.dock(ship)
    helm.refuel(ship)
    helm.orbit(ship)
    _wait(helm.navigate(ship, waypoint))


def _mine(helm: Helm, ship: str, *, good: str, wanted: int) -> None:
    """Extract from the best survey until there is enough of `good` or little room."""
    surveys, ready = helm.survey(ship)
    survey, _ = max(surveys, key=lambda found: found[1].count(good) / len(found[1]))
    held: dict[str, int] = {}
    while held.get(good, 0) < wanted and sum(held.values()) < NEARLY_FULL:
        _wait(ready)
        ready = helm.extract(ship, survey)
        held = helm.cargo(ship)
    _wait(ready)


def _unload(helm: Helm, ship: str, deal: Deal) -> None:
    """Deliver what the contract asks, sell every other ore the refinery takes."""
    for good, units in helm.cargo(ship).items():
        if good == deal.good and units > 1:
            helm.deliver(ship, good, min(units - 1, deal.units))
    for good, units in helm.cargo(ship).items():
        if good in ORES:
            helm.sell(ship, good, units)


def _wait(until: datetime | None) -> None:
    if until is not None:
        time.sleep(max(0.0, (until - datetime.now(UTC)).total_seconds()) + 0.02)


def main(steer: type, *, fault: type[Exception] | tuple[type[Exception], ...] = ()) -> None:
    """`python steer_X.py ADDRESS SYMBOL FOLDER`: play, and tell the outcome as a line of JSON.

    `fault` is how the library tells the game's refusals; they are part of an outcome.
    """
    address, symbol, _ = sys.argv[1:]
    outcome = {"refused": ""}
    try:
        play(steer(address), symbol=symbol)
    except fault as refusal:
        outcome = {"refused": str(refusal)}
    print(json.dumps(outcome))
