"""How fast the universe answers: `python -m benchmarks.universe [--http]` prints a table.

One core, one world, 50 ships. Calls go through `World.handle` as clients' calls do, with
tokens, routing, limits and JSON.
"""

import argparse
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from spacefleet.universe import World
from spacefleet.universe.scenarios import build

START = datetime(2026, 7, 6, 12, 0, tzinfo=UTC)
SHIPS = 50
SPEED = 1000.0
STEP = timedelta(milliseconds=1)
"""A call a millisecond in a universe a thousand times faster: within the limit, which grows
with the speed, and a second of the game passes between two calls."""

Case = tuple[str, Callable[[int], tuple[str, str, object | None]]]


class Bench:
    """A world with a fleet, and the calls that are timed."""

    def __init__(self) -> None:
        self.world = build(
            "first_day", seed=7, start=START, speed=SPEED, start_credits=10**9, wear_chance=0.0
        )
        self.at = START
        self.headers = {"content-type": "application/json"}
        body = {"symbol": "BADGER", "faction": "COSMIC"}
        token = json.loads(self.call("POST", "/register", body))["data"]["token"]
        self.headers["authorization"] = f"Bearer {token}"
        self.yard = self.world.ships["BADGER-2"].waypoint
        for _ in range(SHIPS - 2):
            body = {"shipType": "SHIP_MINING_DRONE", "waypointSymbol": self.yard}
            self.call("POST", "/my/ships", body)
        self.system = self.yard.rsplit("-", 1)[0]

    def call(self, method: str, path: str, body: object | None = None) -> bytes:
        content = b"" if body is None else json.dumps(body).encode()
        self.at += STEP
        answer = self.world.handle(method, path, headers=self.headers, body=content, at=self.at)
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.body.decode()}")
        return answer.body

    def rate(
        self, case: Callable[[int], tuple[str, str, object | None]], seconds: float
    ) -> int:
        """Calls a second."""
        done, began = 0, time.perf_counter()
        while True:
            for _ in range(200):
                self.call(*case(done))
                done += 1
            took = time.perf_counter() - began
            if took > seconds:
                return round(done / took)

    # --- what is asked -----------------------------------------------------------------------

    def reads(self) -> list[Case]:
        system = f"/systems/{self.system}"
        market = f"{system}/waypoints/{self.yard}/market"
        return [
            ("GET /my/agent", lambda _: ("GET", "/my/agent", None)),
            (
                "GET /my/ships/{ship}",
                lambda n: ("GET", f"/my/ships/BADGER-{n % 50 + 1:X}", None),
            ),
            ("GET /my/ships?limit=20", lambda _: ("GET", "/my/ships?limit=20", None)),
            ("GET .../market with prices", lambda _: ("GET", market, None)),
            (
                "GET .../waypoints?limit=20",
                lambda _: ("GET", f"{system}/waypoints?limit=20", None),
            ),
        ]

    def writes(self) -> list[Case]:
        moves = ("orbit", "dock")
        return [
            (
                "POST orbit, dock",
                lambda n: ("POST", f"/my/ships/BADGER-3/{moves[n % 2]}", None),
            ),
            ("POST navigate", self._navigate),
            ("POST extract", self._extract),
            ("POST purchase, sell", self._trade),
        ]

    def _navigate(self, number: int) -> tuple[str, str, object | None]:
        ship = self.world.ships["BADGER-1"]
        ship.docked, ship.fuel = False, ship.fuel_capacity
        self.at += 100 * STEP
        places = list(self.world.systems[self.system].waypoints)[:4]
        target = places[number % 4] if places[number % 4] != ship.waypoint else places[-1]
        if target == ship.waypoint:
            target = places[(number + 1) % 4]
        return "POST", "/my/ships/BADGER-1/navigate", {"waypointSymbol": target}

    def _extract(self, number: int) -> tuple[str, str, object | None]:
        ship = self.world.ships["BADGER-3"]
        if number == 0:
            rock = next(w for w in self.world.waypoints.values() if w.type == "ASTEROID")
            self.world.put(ship, rock.symbol)
        ship.docked = False
        ship.cargo.clear()
        ship.cargo_units = 0
        self.at += 100 * STEP
        return "POST", "/my/ships/BADGER-3/extract", None

    def _trade(self, number: int) -> tuple[str, str, object | None]:
        ship = self.world.ships["BADGER-4"]
        ship.docked = True
        action = ("purchase", "sell")[number % 2]
        return "POST", f"/my/ships/BADGER-4/{action}", {"symbol": "FUEL", "units": 5}


def timed(work: Callable[[], object], *, times: int) -> float:
    """Milliseconds of one."""
    began = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - began) / times * 1000


def over_http(seconds: float) -> int:
    """Reads a second through a socket with one client that waits for every answer."""
    import httpx

    from spacefleet.universe import server

    world = build("first_day", seed=7, start=datetime.now(UTC), speed=SPEED)
    with server.running(world) as address, httpx.Client() as client:
        done, began = 0, time.perf_counter()
        while time.perf_counter() - began < seconds:
            client.get(f"{address}/agents").raise_for_status()
            done += 1
        return round(done / (time.perf_counter() - began))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0, help="per row")
    parser.add_argument("--http", action="store_true", help="also through a socket")
    options = parser.parse_args()
    bench = Bench()
    rows = [
        (f"{name}", f"{bench.rate(case, options.seconds):,} /s") for name, case in bench.reads()
    ]
    rows += [
        (name, f"{bench.rate(case, options.seconds):,} /s") for name, case in bench.writes()
    ]
    world = bench.world
    data = world.snapshot()
    rows += [
        ("snapshot", f"{timed(world.snapshot, times=5):.1f} ms, {len(data) / 1024:.0f} KiB"),
        ("restore", f"{timed(lambda: World.restore(data), times=5):.1f} ms"),
        (
            "build, 25 systems",
            f"{timed(lambda: build('first_day', seed=1, start=START), times=5):.1f} ms",
        ),
        ("a day of ticks of all markets", f"{timed(_a_day_of_ticks, times=1):.0f} ms"),
    ]
    if options.http:
        rows.append(("GET over HTTP, one client", f"{over_http(options.seconds):,} /s"))
    width = max(len(name) for name, _ in rows)
    for name, figure in rows:
        print(f"{name:<{width}}  {figure:>18}")


def _a_day_of_ticks() -> None:
    world = build("first_day", seed=7, start=START)
    world.advance(START + timedelta(days=1))
    for symbol in world.galaxy.markets:
        world.market(symbol)


if __name__ == "__main__":
    main()
