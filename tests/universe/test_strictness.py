"""Where published clients and the real server disagree: lenient by default, exact if strict."""

import re

import pytest

from spacefleet.universe.api.routes import ROUTES

from .play import Player, play

EMPTY = "the request body is an empty string"


def ask_with_empty_json(player: Player, method: str, pattern: str) -> str:
    """The message of the answer, empty where it is no refusal."""
    names = {"ship": "BADGER-1", "system": player.system, "waypoint": player.places()[0]}
    names["contract"] = next(iter(player.world.agents["BADGER"].contracts))
    path = re.sub(r"{(\w+)}", lambda found: names[found[1]], pattern)
    _, answer = player.send(method, path, content=b"")
    return answer.get("error", {}).get("message", "")


COMMANDS = [(method, pattern) for method, pattern, *_ in ROUTES if method != "GET"]


@pytest.mark.parametrize(("method", "pattern"), COMMANDS)
def test_an_empty_body_called_json_matters_to_strict_universes_only(method, pattern):
    lenient = ask_with_empty_json(play(), method, pattern)
    strict = ask_with_empty_json(play(strict=True), method, pattern)

    assert EMPTY not in lenient
    assert EMPTY in strict
    assert "Send an empty object" in strict


def test_reading_needs_no_body_however_strict():
    player = play(strict=True)

    status, _ = player.send("GET", "/my/ships", content=b"")

    assert status == 200


@pytest.mark.parametrize("strict", [False, True])
def test_a_body_that_is_not_called_json_may_be_empty(strict):
    player = play(strict=strict)

    status, _ = player.send("POST", f"{player.frigate}/orbit", content=b"", content_type="")

    assert status == 200


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("application/json; charset=utf-8", 200),
        ("text/plain;charset=UTF-8", 200),
        ("", 200),
        ("application/xml", 415),
        ("multipart/form-data; boundary=x", 415),
    ],
)
def test_a_body_is_read_as_json_unless_called_something_else(content_type, expected):
    player = play()

    status, _ = player.send(
        "POST",
        f"{player.frigate}/refuel",
        content=b'{"units": 1}',
        content_type=content_type,
    )

    assert status == expected
