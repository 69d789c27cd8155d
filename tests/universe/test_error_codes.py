"""Every error code there is, provoked once; those that cannot be, with the reason."""

import re
from typing import Any

import pytest

from spacefleet.universe.api.errors import LISTED, REFUSALS

from .conftest import recorded
from .play import Player, play
from .refusals import OUT_OF_REACH, SCENES, Ask

UUID_7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
MEMBERS = {"code", "message", "data", "requestId"}


def provoke(code: int) -> tuple[int, dict[str, Any]]:
    """Status and error of the scene of a code; nothing may change by being refused."""
    player = play(others=3)
    ask: Ask = SCENES[code](player)
    changes = len(player.world.log)

    status, answer = player.send(
        ask.method, ask.path, ask.body, token=ask.token, content_type=ask.content_type
    )

    assert len(player.world.log) == changes
    assert list(answer) == ["error"]
    return status, answer["error"]


@pytest.mark.parametrize("code", sorted(SCENES))
def test_a_refusal_has_its_code_its_status_and_words(code):
    status, error = provoke(code)

    assert (error["code"], status) == (code, REFUSALS[code].http), error
    assert set(error) <= MEMBERS
    assert isinstance(error.get("data", {}), dict)
    assert UUID_7.fullmatch(error["requestId"])
    assert len(error["message"]) > 10
    assert not re.search(r"[{}]", error["message"].replace("{token}", ""))


def test_every_code_is_provoked_or_known_to_be_out_of_reach():
    listed = {refusal.code for refusal in LISTED} | {404, 429, 500}

    assert set(SCENES) | set(OUT_OF_REACH) == listed
    assert not set(SCENES) & set(OUT_OF_REACH)


def test_the_list_of_codes_is_the_live_one(player: Player):
    live = {
        row["code"]: row["name"]
        for row in recorded("catalog/error_codes.json")["codes"]
        if row["live_2026_09"]
    }

    _, told = player.send("GET", "/error-codes")

    assert {row["code"]: row["name"] for row in told["errorCodes"]} == live


def test_refusals_carry_the_status_and_data_that_were_recorded():
    rows = [
        row for row in recorded("catalog/error_codes.json")["codes"] if row["code"] in SCENES
    ]
    differing = []

    for row in rows:
        status, error = provoke(row["code"])
        if row["http_confidence"] != "guess" and row["http"] != status:
            differing.append(f"{row['code']}: status {status}, recorded {row['http']}")
        missing = _fields(row["data_fields"] or []) - set(error.get("data", {}))
        if missing:
            differing.append(f"{row['code']}: no {sorted(missing)} in {error.get('data')}")

    assert not differing


def _fields(described: list[str]) -> set[str]:
    """Names out of descriptions such as `cooldown{…}` and `connections[]`."""
    names = {re.split(r"[\[{]", text)[0] for text in described}
    return names - {"(empty object)"}
