"""`manage.py doctor` (spacefleet.health): what is wrong is named with what to do."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from fleet.models import Agent
from spacefleet import health
from spacefleet.health import Level
from spacefleet.models import Node
from spacefleet.universe import server
from spacefleet.universe.scenarios import build
from tests import factories as make
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def findings(**options: bool) -> dict[str, health.Finding]:
    found = health.examine(at=NOON, **{"ask_the_game": False, **options})
    return {finding.subject: finding for finding in found}


def test_whatever_is_not_good_says_what_to_do() -> None:
    agent = make.AgentFactory(halted="The token died. Give a new one: addagent.")
    make.ShipFactory(agent=make.AgentFactory(lane=agent.lane), failures=3, wake_at=NOON)

    found = findings()

    troubled = [each for each in found.values() if each.level is not Level.GOOD]
    assert len(troubled) >= 4
    assert all(each.advice for each in troubled)


def test_a_fleet_at_work_has_no_worries() -> None:
    ship = make.ShipFactory(wake_at=NOON + timedelta(minutes=1))
    lane = ship.agent.lane
    lane.expires_at = NOON + timedelta(seconds=10)
    lane.save()
    Node.objects.create(name="left", lane=lane.name, started_at=NOON, beat_at=NOON)

    found = findings()

    assert {each.level for each in found.values()} == {Level.GOOD}, found


def test_a_silent_node_is_bad() -> None:
    Node.objects.create(
        name="left", lane="home", started_at=NOON, beat_at=NOON - timedelta(minutes=5)
    )

    found = findings()["node left"]

    assert (found.level, "300 s" in found.found) == (Level.BAD, True)


def test_ships_due_long_ago_are_a_worry_by_game_time() -> None:
    ship = make.ShipFactory(agent__era__time_factor=60.0, wake_at=NOON - timedelta(seconds=11))

    found = findings()[f"ships of {ship.agent}"]

    assert found.level is Level.WORRY
    assert "1 were due" in found.found


def test_tokens_are_tried_at_a_server_that_answers() -> None:
    world = build("first_day", seed=7, start=datetime.now(UTC))

    with server.running(world) as address:
        call_command("addagent", "--symbol", "BADGER", "--server", address, stdout=StringIO())
        accepted = findings(ask_the_game=True)["token of BADGER"]
        Agent.objects.update(token="no token at all")
        refused = findings(ask_the_game=True)["token of BADGER"]

    assert accepted.level is Level.GOOD
    assert refused.level is Level.BAD
    assert "addagent" in refused.advice


def test_a_server_that_is_away_is_bad_and_blames_no_token() -> None:
    make.AgentFactory(symbol="BADGER", era__server="http://127.0.0.1:9/v2")

    found = findings(ask_the_game=True)

    assert found["game at 127.0.0.1:9"].level is Level.BAD
    assert "token of BADGER" not in found


def test_the_command_ends_with_an_error_when_something_is_bad() -> None:
    make.AgentFactory(halted="The token died. Give a new one: addagent.")
    told = StringIO()

    with pytest.raises(CommandError, match="1 of"):
        call_command("doctor", "--offline", stdout=told)

    assert "Give a new one: addagent." in told.getvalue()


def test_json_holds_every_finding() -> None:
    told = StringIO()

    call_command("doctor", "--offline", "--json", stdout=told)

    assert {each["level"] for each in json.loads(told.getvalue())} <= set(Level)


def test_the_clock_of_a_server_is_held_against_ours() -> None:
    world = build("first_day", seed=7, start=datetime.now(UTC))

    with server.running(world) as address:
        call_command("addagent", "--symbol", "BADGER", "--server", address, stdout=StringIO())
        found = findings(ask_the_game=True)

    [clock_of] = [each for name, each in found.items() if name.startswith("clock of 127")]
    assert clock_of.level is Level.GOOD


@pytest.mark.parametrize(
    ("seconds", "level", "words"),
    [
        (1.0, Level.GOOD, "1 s ahead of it"),
        (-8.0, Level.WORRY, "8 s behind it"),
        (90.0, Level.BAD, "90 s ahead of it"),
    ],
)
def test_a_clock_that_is_off_is_worse_the_further(
    seconds: float, level: Level, words: str
) -> None:
    found = health.skew("clock of game", seconds)

    assert (found.level, words in found.found) == (level, True)
    assert level is Level.GOOD or "NTP" in found.advice


def test_a_token_no_key_opens_is_bad() -> None:
    make.AgentFactory()
    broken = make.AgentFactory()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE fleet_agent SET token = 'gAAAAnonsense' WHERE id = %s", [broken.pk]
        )

    found = {finding.subject: finding for finding in health.token_keys()}["keys"]

    assert found.level is Level.BAD
    assert "1 of 2" in found.found


def test_a_secret_that_others_may_read_is_a_worry(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path
    (tmp_path / "secrets").mkdir(mode=0o700)
    (tmp_path / "secrets" / "token_keys").write_text("x")
    (tmp_path / "secrets" / "token_keys").chmod(0o644)

    found = {finding.subject: finding for finding in health.token_keys()}["secret token_keys"]

    assert found.level is Level.WORRY
    assert "chmod 600" in found.advice
