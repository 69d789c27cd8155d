"""Thirty-two clients at once on two ships, a market and a shipyard: nothing comes from nowhere."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from math import hypot
from random import Random
from typing import Any

import httpx
import pytest

from spacefleet.universe import World, server
from spacefleet.universe.events import Entry
from spacefleet.universe.scenarios import build

CLIENTS = 32
DEEDS = 30
SHIPS = ("BADGER-1", "BADGER-3")
GOODS = ("IRON", "COPPER", "FUEL")
SPEED = 3600.0
"""Flights around the refinery end within milliseconds."""

ACTIONS = {
    "purchase": "purchase",
    "sell": "sell",
    "transfer": "transfer",
    "jettison": "jettison",
    "refuel": "refuel",
    "navigate": "navigate",
    "ships": "buy ship",
}
"""Last word of a path → what the log calls it. Docking twice is no change and not compared."""


class Hammer:
    """One client; what it does follows from its number alone, what comes of it does not."""

    def __init__(self, number: int, address: str, token: str, places: list[str]) -> None:
        self.dice = Random(number)
        self.places = places
        headers = {"Authorization": f"Bearer {token}"}
        self.client = httpx.Client(base_url=address, headers=headers, timeout=30)
        self.done: Counter[str] = Counter()

    def run(self, start: threading.Barrier) -> Counter[str]:
        with self.client:
            start.wait()
            for _ in range(DEEDS):
                self.strike()
        return self.done

    def strike(self) -> None:
        for path, body in self.choose():
            answer = self.client.post(path, json=body)
            assert answer.status_code < 500, answer.text
            if answer.status_code < 300:
                self.done[ACTIONS.get(path.rsplit("/", 1)[1], "")] += 1

    def choose(self) -> list[tuple[str, dict[str, Any]]]:
        """One deed, of one call or a few that belong together."""
        ship, other = self.dice.sample(SHIPS, 2)
        path, units = f"/my/ships/{ship}", self.dice.randint(1, 6)
        trade = {"symbol": self.dice.choice(GOODS), "units": units}
        target = {"waypointSymbol": self.dice.choice(self.places)}
        model = {"shipType": "SHIP_MINING_DRONE", "waypointSymbol": self.places[0]}
        return self.dice.choice(
            [
                [(f"{path}/orbit", {}), (f"{path}/navigate", target)],
                [(f"{path}/dock", {}), (f"{path}/refuel", {})],
                [(f"{path}/dock", {}), (f"{path}/purchase", trade)],
                [(f"{path}/dock", {}), (f"{path}/sell", trade)],
                [(f"{path}/refuel", {"fromCargo": True})],
                [(f"{path}/purchase", trade)],
                [(f"{path}/jettison", trade)],
                [
                    (f"{path}/transfer", {"tradeSymbol": good, "units": 1, "shipSymbol": other})
                    for good in GOODS
                ],
                [("/my/ships", model)],
            ]
        )


@dataclass(frozen=True)
class Aftermath:
    """The world after the storm, and how many calls the clients believe went through."""

    world: World
    believed: Counter[str]

    def entries(self, action: str, ship: str | None = None) -> Iterator[Entry]:
        for entry in self.world.log:
            if entry.action == action and ship in (None, entry.ship):
                yield entry

    def sum(self, action: str, name: str, ship: str | None = None) -> int:
        return sum(entry.details[name] for entry in self.entries(action, ship))


def nearest_market(world: World, waypoint: str) -> str:
    """The nearest market that is not at the same spot, so that flying there costs fuel."""
    here = world.waypoints[waypoint]
    system = world.systems[here.system].waypoints.values()
    apart = {
        place.symbol: hypot(place.x - here.x, place.y - here.y)
        for place in system
        if "MARKETPLACE" in place.traits
    }
    return min((symbol for symbol in apart if apart[symbol]), key=apart.__getitem__)


@pytest.fixture(scope="module")
def aftermath() -> Aftermath:
    world = build(
        "first_day",
        seed=7,
        start=datetime.now(UTC),
        speed=SPEED,
        others=0,
        rate_limited=False,
        wear_chance=0.0,
        start_credits=400_000,
    )
    with server.running(world) as address, ThreadPoolExecutor(CLIENTS) as pool:
        told = httpx.post(
            f"{address}/register", json={"symbol": "BADGER", "faction": "COSMIC"}
        ).json()["data"]
        refinery = told["contract"]["terms"]["deliver"][0]["destinationSymbol"]
        yard = told["ships"][1]["nav"]["waypointSymbol"]
        headers = {"Authorization": f"Bearer {told['token']}"}
        body = {"shipType": "SHIP_MINING_DRONE", "waypointSymbol": yard}
        assert httpx.post(f"{address}/my/ships", json=body, headers=headers).is_success
        world.put(world.ships["BADGER-1"], refinery)
        world.ships["BADGER-1"].fuel = 100
        start = threading.Barrier(CLIENTS)
        places = [yard, refinery, refinery, nearest_market(world, refinery)]
        hammers = [Hammer(number, address, told["token"], places) for number in range(CLIENTS)]
        results = list(pool.map(lambda hammer: hammer.run(start), hammers))
    return Aftermath(world, sum(results, Counter({"buy ship": 1})))


def test_the_storm_moved_something_of_every_kind(aftermath: Aftermath):
    assert all(aftermath.believed[action] for action in ACTIONS.values()), aftermath.believed
    assert aftermath.sum("navigate", "fuel") > 0
    assert aftermath.sum("refuel", "fuel") > 0


def test_what_clients_were_told_is_what_happened(aftermath: Aftermath):
    happened = Counter(entry.action for entry in aftermath.world.log)

    for action in ACTIONS.values():
        assert aftermath.believed[action] == happened[action], action


def test_the_purse_is_the_sum_of_what_was_paid(aftermath: Aftermath):
    agent = aftermath.world.agents["BADGER"]

    assert agent.credits == sum(
        entry.details.get("credits", 0) for entry in aftermath.world.log
    )
    assert agent.credits >= 0
    for action, sign in (("purchase", -1), ("sell", 1), ("refuel", -1)):
        for entry in aftermath.entries(action):
            paid = entry.details["units"] * entry.details["price"]
            assert entry.details["credits"] == sign * paid


@pytest.mark.parametrize("ship", SHIPS)
def test_a_hold_is_the_sum_of_what_came_and_went(aftermath: Aftermath, ship):
    vessel = aftermath.world.ships[ship]
    held: Counter[str] = Counter()

    for entry in aftermath.world.log:
        told = entry.details
        if entry.action == "transfer" and told["target"] == ship:
            held[told["good"]] += told["units"]
        if entry.ship != ship:
            continue
        if entry.action == "purchase":
            held[told["good"]] += told["units"]
        if entry.action in ("sell", "jettison", "transfer"):
            held[told["good"]] -= told["units"]
        if entry.action == "refuel" and not told["price"]:
            held["FUEL"] -= told["units"]
        assert min(held.values(), default=0) >= 0
        assert held.total() <= vessel.cargo_capacity

    assert +held == Counter(vessel.cargo)
    assert vessel.cargo_units == held.total()


@pytest.mark.parametrize(("ship", "first"), [("BADGER-1", 100), ("BADGER-3", 80)])
def test_a_tank_is_the_sum_of_what_was_filled_and_burnt(aftermath: Aftermath, ship, first):
    vessel = aftermath.world.ships[ship]
    filled = aftermath.sum("refuel", "fuel", ship)
    burnt = aftermath.sum("navigate", "fuel", ship)

    assert vessel.fuel == first + filled - burnt
    assert 0 <= vessel.fuel <= vessel.fuel_capacity
    for entry in aftermath.entries("refuel", ship):
        assert entry.details["fuel"] <= 100 * entry.details["units"]


def test_every_ship_was_paid_for(aftermath: Aftermath):
    world = aftermath.world
    bought = {entry.ship for entry in aftermath.entries("buy ship")}

    assert set(world.ships) == {"BADGER-1", "BADGER-2"} | bought
    assert len(bought) == aftermath.believed["buy ship"]
    assert all(entry.details["credits"] < 0 for entry in aftermath.entries("buy ship"))
    assert sum(len(berth) for berth in world.berths.values()) == len(world.ships)
