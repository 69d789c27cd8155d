"""`manage.py doctor` (spacefleet.health): what is wrong is named with what to do."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

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
