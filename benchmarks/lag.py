"""How late steps begin: `python -m benchmarks.lag [--ships 200] [--rate 10] [--seconds 60]`.

A dispatcher with its pool of threads flies so many ships in real time on a scratch database, all in
a role that decides nothing, as many steps a second as `--rate` says, at random moments. Prints a
table: how long after its alarm a step began, and what the dispatcher itself took for it, in
statements and processor time. The database is a SQLite file, or DATABASE_URL, which must be empty.
"""

import argparse
import logging
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

from .run import ROOT, fleet

AIMS = {"p99": 50.0, "statements": 4.0, "ms": 5.0}
SERVER = "http://universe.invalid/v2"
FAR = timedelta(days=1)
WARM = 5.0  # wall seconds that are not measured: imports, first connections

lags: list[float] = []
decided = 0.0
period = 20.0
statements = 0
dice = random.Random(7)


def rest(ship: Any, *, api: Any, at: Any) -> Any:
    """The role: note how late it is, and wake at some moment around a period later."""
    global decided
    from fleet.wake import Wake
    from spacefleet import clock

    began = time.thread_time()
    now = clock.now()
    lags.append(1000 * (now - ship.wake_at).total_seconds())
    pause = timedelta(seconds=dice.uniform(0.5, 1.5) * period)
    wake = Wake(now + pause, "rests")
    decided += time.thread_time() - began
    return wake


def _count(sql: object) -> None:
    global statements
    statements += not str(sql).startswith(("COMMIT", "ROLLBACK", "RELEASE"))


def _listen(connection: Any, **kwargs: Any) -> None:
    """Count what this connection is asked, where it costs least."""
    if connection.vendor == "sqlite":
        connection.connection.set_trace_callback(_count)
        return

    def counted(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        _count(sql)
        return execute(sql, params, many, context)

    connection.execute_wrappers.append(counted)


def measure(ships: int, rate: float, seconds: float) -> dict[str, Any]:
    """Fly for so long; for a process whose database is a scratch."""
    global period, decided, statements
    import django

    django.setup()
    logging.disable(logging.INFO)
    from django.core.management import call_command
    from django.db import connection, connections
    from django.db.backends.signals import connection_created

    from fleet.engine import Dispatcher
    from fleet.models import Evaluator, Ship
    from fleet.services import joining, lanes
    from fleet.services.connections import Connections
    from fleet.services.logbook import Logbook
    from spacefleet import clock, jobs
    from spacefleet.universe.scenarios import build
    from spacefleet.universe.transport import UniverseTransport

    call_command("migrate", verbosity=0, interactive=False)
    world = build("late_fleet", seed=7, start=clock.now(), start_fleet=fleet(ships))
    transport = UniverseTransport(world, clock.now)
    agent = joining.register(
        SERVER, symbol="LAG", faction="COSMIC", transport=transport, tell=lambda text: None
    )
    period = Ship.objects.filter(agent=agent).count() / rate
    jobs.ROLES["lag"] = jobs.Role("benchmarks.lag.rest", 3, "measured")
    Evaluator.objects.update(wake_at=clock.now() + FAR)
    for ship in Ship.objects.filter(agent=agent):
        ship.roles, ship.wake_at = (
            ["lag"],
            clock.now() + timedelta(seconds=dice.random() * period),
        )
        ship.save(update_fields=["roles", "wake_at"])
    connections.close_all()
    connection_created.connect(_listen)
    lease = lanes.acquire(agent.lane.name, owner="benchmark")
    assert lease is not None
    dispatcher = Dispatcher(
        lease, connections=Connections(transport=transport), logbook=Logbook()
    )
    began = time.monotonic()
    told: dict[str, float] = {}

    def stop() -> bool:
        global decided, statements
        now = time.monotonic() - began
        if now >= WARM and not told:
            lags.clear()
            decided, statements = 0.0, 0
            told.update(steps=dispatcher.steps, cpu=time.process_time(), at=now)
        return now >= WARM + seconds

    dispatcher.run(stop=stop)
    took = time.monotonic() - began - told["at"]
    cpu, steps = time.process_time() - told["cpu"] - decided, dispatcher.steps - told["steps"]
    marks = quantiles(lags, n=100)
    return {
        "database": connection.vendor,
        "ships": Ship.objects.filter(agent=agent).count(),
        "rate": steps / took,
        "median": marks[49],
        "p95": marks[94],
        "p99": marks[98],
        "most": max(lags),
        "statements": statements / steps,
        "ms": 1000 * cpu / steps,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--ships", type=int, default=200)
    parser.add_argument("--rate", type=float, default=10.0, help="steps a second")
    parser.add_argument("--seconds", type=float, default=60.0)
    chosen = parser.parse_args()
    if "SPACEFLEET_LAG" not in os.environ:
        sys.exit(_again())
    found = measure(chosen.ships, chosen.rate, chosen.seconds)
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"{os.cpu_count()} cores, load {load}; {chosen.seconds:g} s\n")
    print(
        "| database | ships | steps/s | ms late, median | p95 | p99 | most | statements a step "
        "| ms CPU a step |"
    )
    print("|" + "---|" * 9)
    cells = [f"{found[name]:.3g}" for name in ("rate", "median", "p95", "p99", "most")]
    own = [f"{found[name]:.2f}" for name in ("statements", "ms")]
    print(f"| {found['database']} | {found['ships']} | " + " | ".join([*cells, *own]) + " |")
    over = [
        f"{name} {found[name]:.1f} > {aim:g}" for name, aim in AIMS.items() if found[name] > aim
    ]
    print(f"\n{'over: ' + ', '.join(over) if over else 'all within the aims'}")


def _again() -> int:
    """The same command in a process whose settings name the scratch."""
    with tempfile.TemporaryDirectory(prefix="spacefleet-lag-") as folder:
        url = os.environ.get("DATABASE_URL", f"sqlite:///{Path(folder) / 'lag.sqlite3'}")
        return subprocess.run(
            [sys.executable, "-c", "from benchmarks import lag; lag.main()", *sys.argv[1:]],
            cwd=ROOT,
            env={
                **os.environ,
                "SPACEFLEET_LAG": "1",
                "SPACEFLEET_HOME": folder,
                "DATABASE_URL": url,
                "DJANGO_SETTINGS_MODULE": "spacefleet.settings",
            },
        ).returncode


if __name__ == "__main__":
    main()
