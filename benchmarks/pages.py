"""What pages and panels cost at full size: `python -m benchmarks.pages [--seed] [--runs 20]`.

`--seed` fills the PostgreSQL database of DATABASE_URL, which must be empty or seeded before, with
20 agents of 250 ships, 1,000,000 ledger entries and 30 days of prices, as retention leaves them,
beside loads, transfers, requests and sales in proportion. Then each address is asked for as a
browser would ask, through everything but the socket: wall and processor time, statements, bytes.
"""

import argparse
import gzip
import logging
import os
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from statistics import median, quantiles
from typing import Any

AGENTS, SHIPS = 20, 250
LEDGER = 1_000_000
DAYS = 30
MARKETS, GOODS = 25, 20
LIMIT = 200  # milliseconds within which 95 of 100 answers are to be there
OTHERS = ("/admin/", "/login", "/logout", "/health")  # no pages of ours
FIRST_LOAD = 300 * 1024  # bytes of a page with all it needs, plotly left out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", action="store_true", help="fill the database first")
    parser.add_argument("--runs", type=int, default=20, help="of each address (default 20)")
    parser.add_argument("--only", default="", help="addresses that contain this")
    parser.add_argument("--top", type=int, default=0, help="only so many of the slowest")
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacefleet.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor != "postgresql":
        sys.exit("Set DATABASE_URL to a PostgreSQL database that may be filled.")
    from spacefleet import clock
    from tests.factories import NOON

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    logging.disable(logging.INFO)
    with clock.frozen_at(NOON):
        if chosen.seed:
            began = time.monotonic()
            seed()
            print(f"seeded in {time.monotonic() - began:.0f} s")
        report(list(measured(chosen.runs, chosen.only)), chosen.top)


# what is there


def seed() -> None:
    from django.core.management import call_command
    from django.db import connection

    from tests.pages.scenes import busy_day

    call_command("flush", interactive=False, verbosity=0)
    agent = busy_day()
    places = _places(agent)
    agents = _agents(agent)
    _multiply_all(agents, places)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _places(agent: Any) -> list[int]:
    """A home system with markets that trade many goods; answers the keys of the markets."""
    from tests import factories as make

    keys = []
    for n in range(MARKETS):
        place = make.WaypointFactory(
            era=agent.era, symbol=f"X1-AA1-M{n}", market=True, shipyard=n < 3
        )
        keys.append(place.pk)
        for g in range(GOODS):
            make.MarketGoodFactory(waypoint=place, good=f"GOOD_{g}")
    return keys


def _agents(first: Any) -> list[int]:
    """All agents with their ships, numbered one after the other; answers the first ship's key."""
    from fleet.models import Agent, Ship
    from tests import factories as make
    from tests.factories import NOON

    roles = ["miner"] * 5 + ["surveyor", "transport", "trader", "courier", "scout"]
    while Agent.objects.count() < AGENTS:
        symbol = f"AGENT{Agent.objects.count():02}"
        make.AgentFactory(era=first.era, lane=first.lane, symbol=symbol, credits=5_000_000)
    agents = list(Agent.objects.order_by("pk"))
    Ship.objects.bulk_create(
        make.ShipFactory.build(
            agent=agent,
            symbol=f"{agent.symbol}-E{n:03X}",
            roles=[roles[n % len(roles)]],
            place="X1-AA1-B7",
            why="extracted 5 IRON_ORE, cooling down",
            stepped_at=NOON - timedelta(seconds=n % 90),
            wake_at=NOON + timedelta(seconds=n % 90),
            price_paid=45_000,
        )
        for agent in agents
        for n in range(SHIPS)
    )
    return [agent.pk for agent in agents]


def _multiply_all(agents: list[int], places: list[int]) -> None:
    """Rows of each growing table as one row of the busy day, so many times, spread over time."""
    from fleet.models import Ship

    ships = list(
        Ship.objects.filter(symbol__contains="-E")
        .order_by("agent", "pk")
        .values_list("pk", flat=True)
    )
    every = len(ships)
    by = {
        "ship_id": f"({_array(ships)})[1 + n % {every}]",
        "agent_id": f"({_array(agents)})[1 + (n % {every}) / {SHIPS}]",
    }
    good = f"'GOOD_' || n % {GOODS}"
    market = f"'X1-AA1-M' || n % {MARKETS}"
    _multiply(
        "fleet_ledgerentry",
        LEDGER,
        by
        | {
            "at": _spread(LEDGER, DAYS),
            "kind": "(ARRAY['sale','purchase','fuel','sale','fuel'])[1 + n % 5]",
            "amount": "(ARRAY[900,-400,-72,1400,-36])[1 + n % 5]",
            "activity": "(ARRAY['mining','trading','contracts','mining','scouting'])[1 + n % 5]",
            "behaviour": "(ARRAY['trader','merchant','courier'])[1 + n % 3]",
            "good": good,
            "units": "40",
            "price": "50",
            "waypoint": market,
            "game_at": _spread(LEDGER, DAYS),
        },
    )
    series = MARKETS * GOODS
    samples = series * DAYS * 48
    _multiply(
        "sales_pricesample",
        samples,
        {
            "waypoint_id": f"({_array(places)})[1 + n % {MARKETS}]",
            "good": f"'GOOD_' || (n / {MARKETS}) % {GOODS}",
            "at": f"{_noon()} - (n / {series}) * interval '30 minutes' - interval '1 second'",
            "we_receive": "60 + n % 17",
            "we_pay": "90 + n % 17",
        },
    )
    _multiply(
        "sales_marketindex",
        MARKETS * DAYS * 48,
        {
            "waypoint_id": f"({_array(places)})[1 + n % {MARKETS}]",
            "at": f"{_noon()} - (n / {MARKETS}) * interval '30 minutes' - interval '1 second'",
        },
    )
    own = {"agent_id": f"({_array(agents)})[1 + n % {AGENTS}]"}
    for rows, step in ((AGENTS * 3 * 1440, "1 minute"), (AGENTS * DAYS * 24, "1 hour")):
        at = f"{_noon()} - (n / {AGENTS}) * interval '{step}'"
        _multiply("fleet_creditreading", rows, own | {"at": at, "credits": "1000000 - n"})
    _multiply(
        "spacefleet_requestcount",
        150 * 2 * 1440,
        {
            "minute": f"{_noon()} - (n / 150) * interval '1 minute'",
            "era": "0",
            "agent": f"({_array(_symbols(agents))})[1 + n % {AGENTS}]",
            "ship": "'S' || n % 150",
            "purpose": "(ARRAY['miner','trader','courier','merchant','scout'])[1 + n % 5]",
            "endpoint": "'/my/ships/{ship}/' || (n % 7)",
        },
    )
    _work(by, own, good, market)


def _work(by: dict[str, str], own: dict[str, str], good: str, market: str) -> None:
    from fleet.models import Agent

    only_ship = {"ship_id": by["ship_id"]}
    _multiply("mining_session", 20_000, only_ship | {
        "started_at": _spread(20_000, 14), "ended_at": _spread(20_000, 14),
    })  # fmt: skip
    stay = "(SELECT MIN(id) + 2 FROM mining_session) + n % 20000"
    _multiply(
        "mining_extraction",
        300_000,
        only_ship | {"at": _spread(300_000, 14), "session_id": stay},
    )
    _multiply("mining_jettison", 20_000, only_ship | {"at": _spread(20_000, 14)})
    _multiply("inventory_transfer", 200_000, {
        "giver_id": by["ship_id"], "receiver_id": str(_carrier()), "status": "'confirmed'",
        "at": _spread(200_000, 14), "done_at": _spread(200_000, 14),
    })  # fmt: skip
    _multiply("inventory_pickup", 50_000, only_ship | {
        "filed_at": _spread(50_000, 14), "ended_at": _spread(50_000, 14),
    })  # fmt: skip
    _multiply("inventory_round", 50_000, only_ship | {"at": _spread(50_000, 14)})
    _multiply("inventory_capacityreading", AGENTS * DAYS * 288, own | {
        "at": f"{_noon()} - (n / {AGENTS}) * interval '5 minutes'",
    })  # fmt: skip
    ended = {"status": "'fulfilled'", "claimed": "units", "withdrawn": "units"}
    _multiply("allocation_resourcerequest", 50_000, own | ended | {
        "good": good, "created_at": _spread(50_000, DAYS), "ended_at": _spread(50_000, DAYS),
    })  # fmt: skip
    _multiply("allocation_transition", 150_000, {"at": _spread(150_000, 14)})
    _multiply("sales_opportunity", 150_000, own | {
        "good": good, "at": _spread(150_000, 7), "accepted": "n % 20 = 0",
    })  # fmt: skip
    first = Agent.objects.order_by("pk").values_list("pk", flat=True)[0]
    _multiply("sales_sale", 40_000, own | {
        "request_id": "(SELECT MIN(id) + 10 FROM allocation_resourcerequest) + n",
        "opportunity_id": "NULL", "status": "'done'", "good": good, "market": market,
        "decided_at": _spread(40_000, DAYS), "ended_at": _spread(40_000, DAYS),
        "ship_id": "NULL", "units_sold": "units", "realised": "3000",
    })  # fmt: skip
    _multiply("sales_traderun", 40_000, by | {
        "origin": market, "started_at": _spread(40_000, DAYS), "ended_at": _spread(40_000, DAYS),
        "realised": "3000",
    })  # fmt: skip
    _multiply("sales_tradelot", 40_000, {
        "agent_id": str(first), "run_id": "(SELECT MIN(id) + 1 FROM sales_traderun) + n",
        "good": good, "ended_at": _spread(40_000, DAYS),
    })  # fmt: skip
    _multiply("allocation_contract", 4_000, own | {
        "game_id": "'old-' || n", "status": "'fulfilled'", "ended_at": _spread(4_000, DAYS),
        "offered_at": _spread(4_000, DAYS), "seen_at": _spread(4_000, DAYS),
        "units_fulfilled": "units_required", "units_under_way": "0",
    })  # fmt: skip
    _multiply("fleet_shiporder", AGENTS * SHIPS, own | {
        "status": "'cancelled'", "ship_id": "NULL", "ordered_at": _spread(5_000, DAYS),
        "decided_at": _spread(5_000, DAYS),
    })  # fmt: skip


def _carrier() -> int:
    from fleet.models import Ship

    return Ship.objects.filter(symbol="MAGPIE-6").values_list("pk", flat=True)[0]


def _symbols(agents: list[int]) -> list[str]:
    from fleet.models import Agent

    return list(
        Agent.objects.filter(pk__in=agents).order_by("pk").values_list("symbol", flat=True)
    )


def _array(values: list[Any]) -> str:
    return f"ARRAY[{', '.join(repr(value) for value in values)}]"


def _noon() -> str:
    from tests.factories import NOON

    return f"timestamptz '{NOON.isoformat()}'"


def _spread(rows: int, days: int) -> str:
    """Moments in equal steps over the last `days` before noon."""
    return f"{_noon()} - n * interval '{days * 86_400 / rows} seconds'"


def _multiply(table: str, rows: int, chosen: dict[str, str]) -> None:
    """So many copies of the first row of a table, with other values in the chosen columns."""
    from django.db import connection

    with connection.cursor() as cursor:
        names = [
            column.name
            for column in connection.introspection.get_table_description(cursor, table)
            if column.name != "id"
        ]
        values = ", ".join(f"({chosen[name]})" if name in chosen else name for name in names)
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} "
            f"FROM generate_series(0, {rows - 1}) n, "
            f"(SELECT * FROM {table} ORDER BY id LIMIT 1) one"
        )


# what it costs


@dataclass(frozen=True)
class Cost:
    """One address: milliseconds of wall and of processor time, statements, bytes."""

    address: str
    slow: float
    typical: float
    cpu: float
    statements: int
    bytes: int
    first_load: int


def measured(runs: int, only: str) -> Iterator[Cost]:
    from django.contrib.auth import get_user_model
    from django.test import Client

    person = get_user_model().objects.filter(is_superuser=True).first()
    if person is None:
        person = get_user_model().objects.create_superuser("measurer", password="x")
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    for address in addresses():
        if only in address:
            yield _cost(client, address, runs)


def addresses() -> Iterator[str]:
    """Every page, panel, chart and the metrics; those of a ship for one ship."""
    from django.urls import URLPattern, URLResolver, get_resolver

    def routes(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
        for each in patterns:
            route = before + str(each.pattern)
            if isinstance(each, URLResolver):
                yield from routes(each.url_patterns, route)
            else:
                yield route

    for route in routes(get_resolver().url_patterns, "/"):
        route = route.replace("<str:symbol>", "MAGPIE-2")
        if "<" not in route and not route.startswith(OTHERS):
            yield route


def _cost(client: Any, address: str, runs: int) -> Cost:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    headers = {"HX-Request": "true"} if "panels/" in address else {}
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(address, headers=headers)
    statements = len(caught)
    walls, cpus = [], []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        answer = client.get(address, headers=headers)
        cpus.append(1000 * (time.process_time() - cpu))
        walls.append(1000 * (time.perf_counter() - wall))
    if answer.status_code >= 400:
        print(f"{address} answers {answer.status_code}")
    whole = _first_load(answer.content) if "<html" in answer.content[:200].decode() else 0
    return Cost(
        address,
        slow=quantiles(walls, n=20)[-1],
        typical=median(walls),
        cpu=median(cpus),
        statements=statements,
        bytes=len(answer.content),
        first_load=whole,
    )


def _first_load(page: bytes) -> int:
    """Bytes of a page with the styles and scripts it names, as they travel; plotly left out."""
    from django.contrib.staticfiles import finders

    total = len(page)
    for name in re.findall(rb'(?:src|href)="/static/([^"?]+\.(?:js|css|svg))', page):
        path = finders.find(re.sub(r"\.[0-9a-f]{12}\.", ".", name.decode()))
        if path and "plotly" not in name.decode():
            with open(path, "rb") as file:
                total += len(gzip.compress(file.read()))
    return total


def report(costs: list[Cost], top: int) -> None:
    from benchmarks.run import machine

    costs.sort(key=lambda cost: -cost.slow)
    print(f"PostgreSQL, {machine().split(', SQLite')[0]}; load {os.getloadavg()[0]:.1f}\n")
    print(
        "| address | 95 % within ms | median | of it processor | statements | KiB | first load |"
    )
    print("|---|---|---|---|---|---|---|")
    for cost in costs[: top or None]:
        first = f"{cost.first_load / 1024:.0f}" if cost.first_load else ""
        print(
            f"| {cost.address} | {cost.slow:.0f} | {cost.typical:.0f} | {cost.cpu:.0f} "
            f"| {cost.statements} | {cost.bytes / 1024:.0f} | {first} |"
        )
    late = [cost.address for cost in costs if cost.slow > LIMIT]
    large = [cost.address for cost in costs if cost.first_load > FIRST_LOAD]
    print(f"\n{len(costs)} addresses; over {LIMIT} ms: {len(late)}; over 300 KiB: {large or 0}")


if __name__ == "__main__":
    main()
