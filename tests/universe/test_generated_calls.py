"""Calls nobody thought of, generated from the official API file: no fault and no odd answer.

Every operation is called with what the file allows, with the names of a living world filled in,
and with what the file forbids. A long life mixes them all against one world whose clock moves on.
What the file leaves out is added here: refusals, as the recorded ones look.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

pytest.importorskip("schemathesis")
import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from spacefleet.universe import World, server
from spacefleet.universe.api.errors import REFUSALS
from spacefleet.universe.api.routes import ROUTES
from spacefleet.universe.routing import PLAYER
from spacefleet.universe.scenarios import build
from spacefleet.universe.state import System

from .play import NOON
from .test_openapi import LIVE, NOT_ANSWERED, OFFICIAL, REFUSAL, described, documented

NO_ROUTE: dict[str, Any] = {
    "type": "object",
    "required": ["message", "error", "statusCode"],
    "properties": {"statusCode": {"enum": [404]}},
}
"""A generated name may hold what the framework takes for another path."""

REFUSED = {
    "description": "refused",
    "content": {"application/json": {"schema": {"anyOf": [REFUSAL, NO_ROUTE]}}},
}
STATUSES = sorted({str(refusal.http) for refusal in REFUSALS.values() if refusal.http < 500})

FEW = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def refusals_are_listed(context: object, response: Any, case: Any) -> None:
    """A refusal has a code of the list, and the status that belongs to it."""
    if response.status_code < 400 or "error" not in response.json():
        return
    error = response.json()["error"]
    if isinstance(error, dict):
        assert REFUSALS[error["code"]].http == response.status_code, error


CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    refusals_are_listed,
]
OWN = {
    f"{method} {path}".replace("{ship}", "{shipSymbol}").replace("{contract}", "{contractId}")
    for method, path, _, access in ROUTES
    if access is PLAYER and path.startswith("/my")
}
"""Operations that need a token. The file says so of most others too; the game does not."""


@dataclass
class Table:
    """A served world, an agent in it, and what came back so far."""

    world: World
    address: str
    token: str
    session: requests.Session = field(default_factory=requests.Session)
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)

    def call(self, case: Any) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        label = case.operation.label
        response = case.call(base_url=self.address, session=self.session, headers=headers)
        self.answers[label, response.status_code] += 1
        chosen = CHECKS + [checks.ignored_auth] * (label in OWN)
        try:
            case.validate_response(response, checks=chosen, headers=headers)
        except schemathesis.errors.SchemathesisError:
            raise
        except (AssertionError, BaseExceptionGroup) as fault:
            self.faults.setdefault(f"{label} {response.status_code}", str(fault))


class Clock:
    """Each look at it lets a minute of the game pass, whatever the machine is doing."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


@pytest.fixture
def table() -> Iterator[Table]:
    world = build(
        "crowded_depots",
        seed=7,
        start=NOON,
        speed=60.0,
        others=2,
        gate_open=True,
        rate_limited=False,
    )
    with server.running(world, clock=Clock()) as address:
        body = {"symbol": "BADGER", "faction": "COSMIC"}
        token = httpx.post(f"{address}/register", json=body).json()["data"]["token"]
        table = Table(world, address, token)
        with table.session:
            yield table


WORKPLACES = ("PLANET", "ENGINEERED_ASTEROID", "GAS_GIANT")

Names = dict[str, list[Any]]
"""Names of parameters and body members, and what they may be in this world."""


def names_of(world: World) -> Names:
    home = next(system for system in world.systems.values() if system.home_of)
    yard = world.ships["BADGER-2"].waypoint
    metals = next(iter(world.agents["BADGER"].contracts.values())).destination
    goods = ["IRON_ORE", "COPPER_ORE", "FUEL"]
    return {
        "shipSymbol": [f"BADGER-{number}" for number in range(1, 7)],
        "agentSymbol": ["BADGER"],
        "factionSymbol": ["COSMIC"],
        "contractId": list(world.agents["BADGER"].contracts),
        "systemSymbol": [home.symbol],
        "waypointSymbol": [yard, metals, str(home.gate), *_of_types(home, *WORKPLACES)],
        "tradeSymbol": goods,
        "symbol": [*goods, "MOUNT_SURVEYOR_I", "MODULE_CARGO_HOLD_I", "MODULE_GAS_PROCESSOR_I"],
        "shipType": ["SHIP_PROBE", "SHIP_MINING_DRONE", "SHIP_LIGHT_SHUTTLE"],
        "units": [1, 5, 30],
    }


def _of_types(system: System, *types: str) -> list[str]:
    """The first waypoint of each type."""
    places = list(system.waypoints.values())
    return [next(place.symbol for place in places if place.type == kind) for kind in types]


def document(name: str, names: Names) -> dict[str, Any]:
    """An API file with refusals added and, where there are `names`, with those filled in."""
    told = described(name)
    for path, methods in told["paths"].items():
        for method in list(methods):
            if f"{method.upper()} {path}" in NOT_ANSWERED:
                del methods[method]
        for described_call in methods.values():
            if isinstance(described_call, dict):
                described_call["responses"] |= dict.fromkeys(STATUSES, REFUSED)
        _fill_in(methods, names)
    return told


def _fill_in(part: Any, names: Names) -> None:
    """Replace the schemas of known parameters and body members by what exists."""
    if isinstance(part, list):
        for item in part:
            _fill_in(item, names)
    if not isinstance(part, dict):
        return
    if part.get("in") == "path" and part.get("name") in names:
        part["schema"] = {"enum": names[part["name"]]}
    for key, value in part.items():
        if key in names and isinstance(value, dict) and "responses" not in value:
            part[key] = {"enum": names[key]}
        elif key != "responses":
            _fill_in(value, names)


def operations(told: dict[str, Any]) -> list[Any]:
    schema = schemathesis.openapi.from_dict(told)
    return [result.ok() for result in schema.get_all_operations()]


def call_each(table: Table, told: dict[str, Any], *, times: int, mode: Any) -> None:
    for operation in operations(told):

        @settings(FEW, max_examples=times)
        @given(operation.as_strategy(generation_mode=mode))
        def call(case: Any) -> None:
            table.call(case)

        with suppress(Unsatisfiable):  # nothing about this operation can be wrong
            call()


def test_what_the_file_allows_gives_no_fault(table: Table):
    mode = schemathesis.GenerationMode.POSITIVE

    call_each(table, document(OFFICIAL, {}), times=3, mode=mode)
    call_each(table, document(OFFICIAL, names_of(table.world)), times=3, mode=mode)

    assert not table.faults, "\n".join(table.faults.values())
    assert {label for label, _ in table.answers} == set(dict(documented(described(OFFICIAL))))


def test_what_the_file_forbids_gives_no_fault(table: Table):
    told = document(OFFICIAL, names_of(table.world))

    call_each(table, told, times=2, mode=schemathesis.GenerationMode.NEGATIVE)

    assert not table.faults, "\n".join(table.faults.values())


def test_a_long_life_of_random_calls_gives_no_fault(table: Table):
    told = document(LIVE, names_of(table.world))
    del told["paths"]["/my/ships/{shipSymbol}/scrap"]["post"]  # a life without ships is dull
    deeds = [operation for operation in operations(told) if operation.method != "get"]

    @settings(FEW, max_examples=10)
    @given(st.data())
    def live(data: Any) -> None:
        for _ in range(35):
            deed = data.draw(st.sampled_from(deeds))
            table.call(data.draw(deed.as_strategy()))

    live()

    assert not table.faults, "\n".join(table.faults.values())
    done = {label for label, status in table.answers if status < 300}
    moves = {f"POST /my/ships/{{shipSymbol}}/{move}" for move in ("orbit", "dock", "navigate")}
    assert moves <= done
