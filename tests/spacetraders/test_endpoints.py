"""Every method of the client against the published descriptions of the API."""

import json

import httpx
import pytest

from spacefleet.spacetraders import Client, payloads
from tests.spacetraders import openapi
from tests.spacetraders.games import client

SURVEY = {
    "signature": "X1-AB12-C3-0FF1CE",
    "symbol": "X1-AB12-C3",
    "deposits": [{"symbol": "IRON_ORE"}],
    "expiration": "2026-07-06T12:00:00.000Z",
    "size": "SMALL",
}
PLACE, SHIP, CONTRACT = "X1-AB12-C3", "RED-1", "cmts1w1oni5liuo6x08fsx690"

CALLS = {
    "get_status": (),
    "list_error_codes": (),
    "register": ("RED", "COSMIC"),
    "supply_chain": (),
    "list_factions": (),
    "get_faction": ("COSMIC",),
    "list_agents": (),
    "get_agent": ("RED",),
    "list_systems": (),
    "get_system": ("X1-AB12",),
    "list_waypoints": ("X1-AB12",),
    "get_waypoint": (PLACE,),
    "get_market": (PLACE,),
    "get_shipyard": (PLACE,),
    "get_jump_gate": (PLACE,),
    "get_construction": (PLACE,),
    "supply_construction": (PLACE, SHIP, "FAB_MATS", 9),
    "get_my_account": (),
    "get_my_agent": (),
    "list_my_agent_events": (),
    "list_my_factions": (),
    "list_contracts": (),
    "get_contract": (CONTRACT,),
    "accept_contract": (CONTRACT,),
    "deliver_contract": (CONTRACT, SHIP, "IRON_ORE", 9),
    "fulfill_contract": (CONTRACT,),
    "negotiate_contract": (SHIP,),
    "list_ships": (),
    "get_ship": (SHIP,),
    "get_cargo": (SHIP,),
    "get_nav": (SHIP,),
    "get_cooldown": (SHIP,),
    "get_modules": (SHIP,),
    "get_mounts": (SHIP,),
    "orbit": (SHIP,),
    "dock": (SHIP,),
    "set_flight_mode": (SHIP, "BURN"),
    "navigate": (SHIP, PLACE),
    "warp": (SHIP, PLACE),
    "jump": (SHIP, PLACE),
    "refuel": (SHIP,),
    "survey": (SHIP,),
    "extract": (SHIP,),
    "siphon": (SHIP,),
    "refine": (SHIP, "IRON"),
    "chart": (SHIP,),
    "scan_systems": (SHIP,),
    "scan_waypoints": (SHIP,),
    "scan_ships": (SHIP,),
    "sell": (SHIP, "IRON_ORE", 9),
    "purchase": (SHIP, "IRON_ORE", 9),
    "jettison": (SHIP, "IRON_ORE", 9),
    "transfer": (SHIP, "RED-2", "IRON_ORE", 9),
    "purchase_ship": ("SHIP_MINING_DRONE", PLACE),
    "install_mount": (SHIP, "MOUNT_MINING_LASER_I"),
    "remove_mount": (SHIP, "MOUNT_MINING_LASER_I"),
    "install_module": (SHIP, "MODULE_CARGO_HOLD_I"),
    "remove_module": (SHIP, "MODULE_CARGO_HOLD_I"),
    "get_scrap_quote": (SHIP,),
    "scrap": (SHIP,),
    "get_repair_quote": (SHIP,),
    "repair": (SHIP,),
}
MORE = {
    "extract with a survey": ("extract", (SHIP, payloads.Survey.from_json(SURVEY))),
    "extract with a stored survey": ("extract", (SHIP, SURVEY)),
    "refuel a little from cargo": ("refuel", (SHIP, 100, True)),
}
ALL = {**{name: (name, arguments) for name, arguments in CALLS.items()}, **MORE}
DESCRIPTIONS = [
    pytest.param(openapi.OFFICIAL, id="official"),
    pytest.param(openapi.LIVE, id="as the server generates it"),
]
SOCKET = "GET /my/socket.io"
UNOFFICIAL = {"list_error_codes", "get_my_account", "list_my_agent_events", "list_my_factions"}
"""What the server answers although the official description does not say so."""


@pytest.fixture(autouse=True)
def _descriptions_are_there():
    if not (openapi.OFFICIAL.exists() and openapi.LIVE.exists()):
        pytest.skip("the published descriptions of the API are not beside the project")


def known(description) -> dict[str, openapi.Operation]:
    return {operation.key: operation for operation in openapi.operations(description)}


class DescribedGame:
    """Answers each call with the example of the operation that its path belongs to."""

    def __init__(self, description, *, full: bool) -> None:
        self.operations = openapi.operations(description)
        self.full = full
        self.asked: openapi.Operation | None = None
        self.body = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/v2")
        self.asked = next(
            (
                operation
                for operation in self.operations
                if operation.method == request.method and _fits(operation.path, path)
            ),
            None,
        )
        self.body = json.loads(request.content) if request.content else None
        assert self.asked is not None, f"{request.method} {path} is not described"
        example = self.asked.example(full=self.full)
        return httpx.Response(self.asked.status, json=example)


def _fits(template: str, path: str) -> bool:
    parts, named = path.split("/"), template.split("/")
    return len(parts) == len(named) and all(
        name.startswith("{") or name == part for name, part in zip(named, parts, strict=True)
    )


@pytest.mark.parametrize("description", DESCRIPTIONS)
@pytest.mark.parametrize("full", [False, True], ids=["least", "full"])
@pytest.mark.parametrize("name", ALL)
def test_method_asks_and_reads_as_described(name, full, description):
    if name in UNOFFICIAL and description == openapi.OFFICIAL:
        pytest.skip("the official description does not have it")
    method, arguments = ALL[name]
    game = DescribedGame(description, full=full)

    result = getattr(client(game), method)(*arguments)

    body = game.body or {}
    assert result is not None or name == "get_cooldown"
    assert set(game.asked.body.get("required", ())) <= set(body)
    assert set(body) <= set(game.asked.body.get("properties", ()))


@pytest.mark.parametrize("description", DESCRIPTIONS)
def test_client_has_a_method_for_every_operation(description):
    asked = set()

    for method, arguments in ALL.values():
        calls = []
        game = DescribedGame(openapi.LIVE, full=True)
        getattr(client(game, on_call=calls.append), method)(*arguments)
        asked.add(f"{calls[0].method} {openapi.anonymous(calls[0].endpoint)}")

    assert set(known(description)) - {SOCKET} <= asked


def test_every_method_of_the_client_is_tried_here():
    not_endpoints = {"bound", "budget", "close", "server_at"}
    methods = {name for name in vars_of(Client) if not name.startswith(("_", "every_"))}

    assert methods - not_endpoints == set(CALLS)


def vars_of(kind) -> set[str]:
    return {name for base in kind.__mro__[:-1] for name in vars(base)}
