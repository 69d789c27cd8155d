"""Who may play: accounts, tokens, and the words of refusal."""

import base64
import json
from datetime import timedelta

import pytest

from spacefleet.universe.scenarios import build

from .play import NOON, Player, play


def stranger(**options) -> Player:
    options |= {"rate_limited": False, "others": 0}
    return Player(build("first_day", seed=7, start=NOON, **options))


def test_a_token_looks_like_the_real_ones(player: Player):
    head, claims, signature = player.token.split(".")

    told = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))

    assert head
    assert signature
    assert told["identifier"] == "BADGER"
    assert told["version"] == "v2.3.0"
    assert told["reset_date"] == "2026-07-06"
    assert told["sub"] == "agent-token"
    assert told["iat"] == int(NOON.timestamp())


def test_an_own_endpoint_without_a_token_says_what_is_missing():
    refusal = stranger().refused("GET", "/my/agent")

    assert (refusal["http"], refusal["code"], refusal["data"]) == (401, 4103, {})
    assert "Bearer {token}" in refusal["message"]


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "a.e30.c", "e30.e30"])
def test_a_token_that_is_none_is_refused(token):
    status, answer = stranger().send("GET", "/my/agent", token=token)

    assert status == 401
    assert answer["error"]["code"] in (4104, 4109)


def test_a_token_with_a_false_signature_is_refused(player: Player):
    status, answer = player.send("GET", "/my/agent", token=player.token[:-4] + "AAAA")

    assert (status, answer["error"]["code"]) == (401, 4104)


def test_a_token_of_an_era_that_is_over_names_both_dates(player: Player):
    later = Player(build("first_day", seed=8, start=NOON + timedelta(days=7)))

    status, answer = later.send("GET", "/my/agent", token=player.token)

    assert (status, answer["error"]["code"]) == (401, 4113)
    assert answer["error"]["data"] == {"expected": "2026-07-13", "actual": "2026-07-06"}


def test_a_token_of_an_agent_nobody_knows_is_refused(player: Player):
    fresh = stranger()

    status, answer = fresh.send("GET", "/my/agent", token=player.token)

    assert (status, answer["error"]["code"]) == (401, 4107)


def test_an_account_token_does_not_steer_ships():
    player = stranger()
    account = player.post("/accounts")

    status, answer = player.send("GET", "/my/ships", token=account["token"])

    assert (status, answer["error"]["code"]) == (401, 4105)


def test_a_closed_universe_registers_holders_of_an_account_only():
    player = stranger(open_registration=False)
    body = {"symbol": "BADGER", "faction": "COSMIC"}

    assert player.refused("POST", "/register", body)["code"] == 4116
    account = player.post("/accounts")
    player.token = account["token"]
    agent = player.post("/register", body)["agent"]
    assert agent["accountId"] == account["account"]["id"]
    assert player.get("/my/account")["account"]["id"] == account["account"]["id"]


@pytest.mark.parametrize(
    ("body", "http", "code"),
    [
        ({"symbol": "AB", "faction": "COSMIC"}, 422, 3001),
        ({"symbol": "A" * 15, "faction": "COSMIC"}, 422, 3001),
        ({"symbol": "BAD GER", "faction": "COSMIC"}, 422, 3001),
        ({"symbol": "BADGER"}, 422, 3001),
        ({"symbol": "BADGER", "faction": "NOBODY"}, 422, 3001),
        ({"symbol": "BADGER", "faction": "CULT"}, 400, 4112),
    ],
)
def test_a_registration_that_cannot_be_is_refused(body, http, code):
    refusal = stranger().refused("POST", "/register", body)

    assert (refusal["http"], refusal["code"]) == (http, code)


def test_a_symbol_is_given_once_and_in_capitals(player: Player):
    refusal = player.refused("POST", "/register", {"symbol": "badger", "faction": "VOID"})

    assert (refusal["http"], refusal["code"]) == (409, 4111)


def test_every_refusal_carries_an_ordered_request_id(player: Player):
    first = player.refused("GET", "/my/ships/NONE-1")
    player.wait(1)
    second = player.refused("GET", "/my/ships/NONE-1")

    assert first["requestId"][14] == "7"
    assert first["requestId"] < second["requestId"]


def test_unknown_routes_are_answered_by_the_framework(player: Player):
    status, answer = player.send("GET", "/my/submarines")

    assert status == 404
    assert answer == {
        "message": "Route GET:/v2/my/submarines not found",
        "error": "Not Found",
        "statusCode": 404,
    }


@pytest.mark.parametrize("path", ["//my//agent", "/my/agent/", "/my/agent?"])
def test_stray_slashes_do_no_harm(player: Player, path):
    assert player.get(path)["symbol"] == "BADGER"


def test_bodies_may_be_forms(player: Player):
    player.world.ships["BADGER-1"].load("IRON", 5)

    status, answer = player.send(
        "POST",
        f"{player.frigate}/jettison",
        content=b"symbol=IRON&units=2",
        content_type="application/x-www-form-urlencoded",
    )

    assert status == 200
    assert answer["data"]["cargo"]["units"] == 3


def test_an_empty_json_body_is_refused_by_a_strict_universe_only():
    for strict, expected in ((False, 200), (True, 422)):
        player = play(strict=strict)

        status, _ = player.send("POST", f"{player.frigate}/refuel", content=b"")

        assert status == expected


@pytest.mark.parametrize(
    "content",
    [
        b'{"waypointSymbol": "X1-\\ud800"}',
        b'{"waypointSymbol": "X1-\xff"}',
        b'{"waypointSymbol": ' + b"[" * 100_000,
        b'{"waypointSymbol": ' + b"9" * 5_000 + b"}",
        b"[]",
        b"null",
        b"\x00",
    ],
    ids=["half a letter", "no UTF-8", "too deep", "too long", "a list", "null", "a zero byte"],
)
def test_odd_bodies_are_refused_and_break_nothing(player: Player, content):
    player.post(f"{player.frigate}/orbit")

    status, answer = player.send("POST", f"{player.frigate}/navigate", content=content)

    assert (status, answer["error"]["code"]) in ((422, 3001), (400, 4201))


@pytest.mark.parametrize("query", ["page=" + "9" * 5_000, "limit=1e3", "page=%FF", "limit="])
def test_odd_queries_are_refused_or_ignored(player: Player, query):
    status, _ = player.send("GET", f"/my/ships?{query}")

    assert status in (200, 422)


@pytest.mark.parametrize(
    ("query", "issue"), [("page=0", "page"), ("limit=0", "limit"), ("limit=21", "limit")]
)
def test_pages_have_limits(player: Player, query, issue):
    refusal = player.refused("GET", f"/my/ships?{query}")

    assert (refusal["http"], refusal["code"]) == (422, 3001)
    assert refusal["data"]["zodIssues"][0]["path"] == [issue]


@pytest.mark.parametrize("units", [0, -1, 1.5, "two", None, True])
def test_units_are_whole_and_above_zero(player: Player, units):
    body = {"symbol": "IRON", "units": units}

    assert player.refused("POST", f"{player.frigate}/jettison", body)["code"] == 3001
