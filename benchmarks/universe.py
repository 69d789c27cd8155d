"""How fast the universe answers: `python -m benchmarks.universe [--http] [--large]`.

One core, one world. Calls go through `World.handle` as clients' calls do, with tokens, routing,
limits and JSON. Every figure is the median of several runs; beside calls a second stands the
processor time of one, which other programs on the machine change less.
"""

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from benchmarks import load
from spacefleet.universe import World, snapshot
from spacefleet.universe.scenarios import build

START = datetime(2026, 7, 6, 12, 0, tzinfo=UTC)
SHIPS = 50
SPEED = 1000.0
STEP = timedelta(milliseconds=1)
"""A call a millisecond in a universe a thousand times faster: within the limit, which grows
with the speed, and a second of the game passes between two calls."""

Call = Callable[[int], tuple[str, str, object | None]]
Case = tuple[str, Call]
Row = tuple[str, str]


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

    def rate(self, case: Call, seconds: float) -> tuple[float, float]:
        """Calls a second, and microseconds of processor time of one."""
        done, began, used = 0, time.perf_counter(), time.process_time()
        while (took := time.perf_counter() - began) < seconds:
            for _ in range(200):
                self.call(*case(done))
                done += 1
        return done / took, (time.process_time() - used) / done * 1e6

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


# --- the rows ------------------------------------------------------------------------------------


def calls(repeat: int, seconds: float) -> Iterator[Row]:
    bench = Bench()
    for name, case in bench.reads() + bench.writes():
        runs = [bench.rate(case, seconds) for _ in range(repeat)]
        rate, used = (median(figures) for figures in zip(*runs, strict=True))
        yield name, f"{rate:,.0f} /s, {used:.0f} µs CPU"


def spans(repeat: int) -> Iterator[Row]:
    """What takes a while, in seconds of processor time."""
    yield "1,000 systems, drawn as looked at", _cpu(lambda: _galaxy(1000), repeat)
    yield "1,000 systems, drawn to the last market", _cpu(lambda: _drawn(_galaxy(1000)), repeat)
    yield "a week, nobody looking", _cpu(_week, repeat)
    yield "a week, then all of home looked at", _cpu(lambda: _look(_week(), home=True), repeat)
    world = build("first_day", seed=7, start=START)
    _drawn(world)
    world.advance(START + timedelta(days=7))
    yield (
        f"a week, then all {len(world.galaxy.markets):,} markets",
        _cpu(lambda: _look(world, home=False), 1),
    )


def large(repeat: int) -> Iterator[Row]:
    """A galaxy and a fleet as large as they come, each in a process of its own."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        yield "7,000 systems, drawn to the last market", pool.apply(_live_galaxy)
    with context.Pool(1) as pool:
        yield from pool.apply(_ten_thousand, (repeat,))


def over_http(repeat: int, seconds: float) -> Iterator[Row]:
    with load.served() as universe:
        for name, asked in (("reads", load.reads), ("half of them changes", load.mixed)):
            runs = [
                load.measure(universe, asked, clients=50, seconds=seconds)
                for _ in range(repeat)
            ]
            yield f"50 clients over HTTP, {name}", str(_middle(runs))
        runs = [load.measure(universe, load.reads, clients=1, seconds=1) for _ in range(repeat)]
        yield "1 client over HTTP, reads", str(_middle(runs))
    with tempfile.TemporaryDirectory() as folder:
        options = {
            "snapshot": Path(folder) / "snapshot",
            "snapshot_every": 1.0,
            "start_fleet": {"SHIP_PROBE": 198},
        }
        with load.served(**options) as universe:
            run = load.measure(universe, load.mixed, clients=50, seconds=3 * seconds)
            yield "50 clients, 10,000 ships, a snapshot a second", str(run)


def _middle(runs: list[load.Outcome]) -> load.Outcome:
    return sorted(runs, key=lambda run: run.rate)[len(runs) // 2]


def _cpu(work: Callable[[], object], repeat: int) -> str:
    figures = []
    for _ in range(repeat):
        used = time.process_time()
        work()
        figures.append(time.process_time() - used)
    return f"{median(figures):.3f} s CPU"


def _galaxy(systems: int) -> World:
    return build("first_day", seed=7, start=START, others=systems - 19)


def _drawn(world: World) -> int:
    return len(world.waypoints) + len(world.galaxy.markets) + len(world.galaxy.yards)


def _week() -> World:
    world = build("first_day", seed=7, start=START)
    world.advance(START + timedelta(days=7))
    return world


def _look(world: World, *, home: bool) -> None:
    first = next(iter(world.systems.values()))
    for symbol in first.waypoints if home else world.galaxy.markets:
        world.market(symbol)


def _live_galaxy() -> str:
    used = _cpu(lambda: _drawn(_galaxy(6996)), 1)
    return f"{used}, {_mebibytes():,.0f} MiB"


def _mebibytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 / (1024 if sys.platform == "darwin" else 1)


def _ten_thousand(repeat: int) -> list[Row]:
    fleet = {"SHIP_MINING_DRONE": 9_998}
    world = build("first_day", seed=7, start=START, start_fleet=fleet, start_hold_percent=60)
    body = b'{"symbol": "BADGER", "faction": "COSMIC"}'
    headers = {"content-type": "application/json"}
    world.handle("POST", "/register", headers=headers, body=body, at=START)
    copied = _cpu(lambda: snapshot.capture(world), repeat)
    content = snapshot.capture(world)
    data = snapshot.encode(content)
    return [
        ("10,000 ships, memory", f"{_mebibytes():,.0f} MiB"),
        ("10,000 ships, copied for a snapshot", copied),
        (
            "10,000 ships, packed beside the calls",
            _cpu(lambda: snapshot.encode(content), repeat),
        ),
        ("10,000 ships, restored", _cpu(lambda: World.restore(data), 1)),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0, help="of a run")
    parser.add_argument("--repeat", type=int, default=3, help="runs of which the median counts")
    parser.add_argument("--http", action="store_true", help="also through sockets")
    parser.add_argument("--large", action="store_true", help="also 7,000 systems, 10,000 ships")
    options = parser.parse_args()
    show(calls(options.repeat, options.seconds))
    show(spans(options.repeat))
    if options.large:
        show(large(options.repeat))
    if options.http:
        show(over_http(options.repeat, 2 * options.seconds))


def show(rows: Iterable[Row]) -> None:
    for name, figure in rows:
        print(f"{name:<45}  {figure}", flush=True)


if __name__ == "__main__":
    main()
