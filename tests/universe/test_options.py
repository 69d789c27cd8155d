"""What can be asked of a world on the command line, and what is told to those who ask too much."""

from argparse import ArgumentTypeError
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from spacefleet.management.commands import rununiverse
from spacefleet.universe import World, options, server
from spacefleet.universe.events import EventLog

from .play import NOON


@pytest.fixture
def served(monkeypatch):
    """Runs the command up to the point where it would serve; gives the world it would serve."""

    def serve(world, *where, **how):
        served.world, served.how = world, how

    def run(*arguments: str) -> World:
        call_command("rununiverse", *arguments, stdout=StringIO())
        return served.world

    monkeypatch.setattr(server, "serve", serve)
    return run


def test_a_galaxy_is_as_large_and_as_open_as_asked(served):
    world = served("--systems", "40", "--gates", "open", "--rivals", "2", "--seed", "5")

    assert len(world.systems) == 40
    assert world.seed == 5
    assert world.rules.rivals == 2
    assert not any(site.materials and not site.complete for site in homes(world))


def homes(world: World):
    galaxy = world.galaxy
    gates = [system.gate for system in world.systems.values() if system.home_of]
    return [galaxy.constructions[gate] for gate in gates]


def test_a_galaxy_of_few_systems_is_all_homes(served):
    world = served("--systems", "3")

    assert len([system for system in world.systems.values() if system.home_of]) == 3


def test_any_parameter_can_be_set(served):
    world = served(
        "--systems", "1", "--set", "wear_chance=0", "--set", 'start_fleet={"SHIP_PROBE": 2}',
        "--set", "survey_minutes=[1, 2]", "--set", "open_registration=false",
    )  # fmt: skip

    assert world.rules.wear_chance == 0
    assert world.rules.start_fleet == {"SHIP_PROBE": 2}
    assert world.rules.survey_minutes == (1, 2)
    assert not world.rules.open_registration


def test_the_hour_of_the_weekly_reset_can_be_chosen(served):
    world = served("--systems", "1", "--weekly-reset", "Wednesday 9:30")
    announced = world.next_reset()
    world.reset(announced)

    assert (announced.weekday(), announced.hour, announced.minute) == (2, 9, 30)
    assert world.next_reset() == announced + timedelta(days=7)


def test_a_universe_goes_on_as_its_file_says_unless_asked_otherwise(served, tmp_path):
    file = tmp_path / "a.universe"
    first = served("--systems", "2", "--seed", "9", "--speed", "3", "--snapshot", str(file))
    file.write_bytes(first.snapshot())

    second = served("--snapshot", str(file), "--strict")

    assert (len(second.systems), second.seed, second.timeline.speed) == (2, 9, 3.0)
    assert second.rules.strict
    second.reset(datetime.fromisoformat("2030-01-01T00:00:00+00:00"))
    assert second.rules.strict
    for asked in (
        "--systems 3",
        "--seed 8",
        "--speed 4",
        "--gates open",
        "--set wear_chance=1",
    ):
        with pytest.raises(CommandError, match="start it as it was"):
            served("--snapshot", str(file), *asked.split())


@pytest.mark.parametrize(
    "asked",
    [
        "--systems 0",
        "--speed 0",
        "--speed nan",
        "--rivals -1",
        "--set nothing=1",
        "--set wear_chance",
        "--set wear_chance=true",
        "--set strict=1",
        "--set tick_minutes=0",
        "--set start_credits=-5",
        "--set start_credits=1.5",
        "--set survey_minutes=5",
        "--set start_fleet=[1]",
        "--set homes=0",
        "--weekly-reset noon",
        "--weekly-reset fri_25:00",
        "--fault nonsense",
        "--snapshot /there/is/no/folder/x",
        "--log /there/is/no/folder/x",
        "--port 70000",
        "--snapshot-every 0",
        "--scenario nowhere",
    ],
)
def test_what_cannot_be_is_refused_in_words(served, asked):
    option, value = asked.split()

    with pytest.raises(CommandError) as refusal:
        served(option, value.replace("_2", " 2"))

    assert len(str(refusal.value)) > 10


@pytest.mark.parametrize("text", ["", "-1", "80a", "65536"])
def test_a_port_is_a_small_number(text):
    with pytest.raises(ArgumentTypeError):
        rununiverse._port(text)


def test_an_address_that_is_not_ours_is_told_in_words():
    with pytest.raises(server.ServerError, match="choose another"):
        server.bind("host.invalid", 0)


def test_a_log_tells_every_change_in_a_line_and_what_befell_the_server():
    heard: list[str] = []
    log = EventLog(tell=lambda entry: heard.append(entry.text()))
    at = int(NOON.timestamp() * 1000)

    log.add(at, "BADGER", "BADGER-1", "buy ship", type="SHIP_PROBE", credits=-5, survey=None)
    log.remark(at, "reset", reset_date="2026-07-06")

    assert heard == [
        "2026-07-06T12:00:00.000Z BADGER-1 buy ship type=SHIP_PROBE credits=-5",
        "2026-07-06T12:00:00.000Z - reset reset_date=2026-07-06",
    ]
    assert len(log) == 1


def test_parameters_are_known_by_name_and_kind():
    assert options.setting("rivals=3") == ("rivals", 3)
    assert options.setting("also_sold=[]") == ("also_sold", ())
