"""Scripted trouble, and the transport it reaches clients through."""

import threading

import httpx
import pytest

from spacefleet.universe.faults import FaultError, parse
from spacefleet.universe.transport import UniverseTransport

from .play import Player, play


def test_a_status_is_answered_in_place_of_the_game(player: Player):
    player.world.faults.add("GET /my/agent 502 1")
    request = ("GET", "/my/agent")

    first = player.world.handle(*request, headers={}, body=b"", at=player.at)

    assert (first.status, first.headers["content-type"]) == (502, "text/html")
    assert player.get("/my/agent")["symbol"] == "BADGER"


def test_a_lost_answer_is_to_a_call_that_was_applied(player: Player):
    player.world.ships["BADGER-1"].load("IRON", 10)
    player.world.faults.add("POST /my/ships/*/jettison lost every 2")
    client = _client(player)
    jettison = f"/v2{player.frigate}/jettison"
    body = {"symbol": "IRON", "units": 3}

    assert client.post(jettison, json=body).status_code == 200
    with pytest.raises(httpx.RemoteProtocolError):
        client.post(jettison, json=body)

    assert player.world.ships["BADGER-1"].cargo == {"IRON": 4}


def test_a_call_that_hangs_was_not_applied(player: Player):
    player.world.faults.add("POST * hang 100%")
    slept: list[float] = []
    client = _client(player, sleep=slept.append, timeout=7.0)

    with pytest.raises(httpx.ReadTimeout):
        client.post(f"/v2{player.frigate}/orbit")

    assert player.world.ships["BADGER-1"].docked
    assert slept == [7.0]


def test_a_slow_answer_takes_its_time_and_arrives(player: Player):
    player.world.faults.add("* * slow:2.5 100%")
    slept: list[float] = []

    answer = _client(player, sleep=slept.append).get("/v2/my/agent")

    assert answer.json()["data"]["symbol"] == "BADGER"
    assert slept == [2.5]


def test_a_malformed_answer_is_half_of_one(player: Player):
    player.world.faults.add("GET /my/agent malformed 1")

    answer = _client(player).get("/v2/my/agent")

    with pytest.raises(ValueError, match="JSON|Unterminated|Expecting"):
        answer.json()


def test_the_proxy_limits_in_html(player: Player):
    player.world.faults.add("GET * html429 1")

    answer = _client(player).get("/v2/my/agent")

    assert answer.status_code == 429
    assert "retry-after" not in answer.headers
    assert answer.text.startswith("<!doctype html>")


def test_a_rate_strikes_about_as_often_as_it_says_and_alike_for_a_seed():
    struck = []
    for _ in range(2):
        player = play()
        player.world.faults.add("GET /my/* 503 20%")
        struck.append([_client(player).get("/v2/my/agent").status_code for _ in range(500)])

    assert struck[0] == struck[1]
    assert 70 <= struck[0].count(503) <= 130


@pytest.mark.parametrize(
    "text",
    [
        "",
        "GET /x lost",
        "GET /x 404 1",
        "GET /x bad 1",
        "GET /x slow 1",
        "GET /x lost 0",
        "* * lost x",
    ],
)
def test_a_rule_that_means_nothing_is_refused(text):
    with pytest.raises(FaultError):
        parse(text)


def test_many_threads_share_a_transport(player: Player):
    client = _client(player)
    player.world.ships["BADGER-1"].load("IRON", 40)
    answers: list[int] = []

    def throw_away() -> None:
        for _ in range(5):
            answer = client.post(
                f"/v2{player.frigate}/jettison", json={"symbol": "IRON", "units": 1}
            )
            answers.append(answer.status_code)

    threads = [threading.Thread(target=throw_away) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [200] * 40
    assert player.world.ships["BADGER-1"].cargo_units == 0


def _client(player: Player, *, timeout: float = 5.0, sleep=None) -> httpx.Client:
    transport = UniverseTransport(player.world, lambda: player.at, sleep=sleep)
    headers = {"Authorization": f"Bearer {player.token}"}
    return httpx.Client(
        transport=transport, base_url="http://universe", headers=headers, timeout=timeout
    )
