"""The manual names what exists, and everything that exists and matters is named in it."""

import re
from argparse import ArgumentParser
from dataclasses import fields
from pathlib import Path

from spacefleet.management.commands.rununiverse import Command
from spacefleet.universe import UniverseRules
from spacefleet.universe.faults import parse
from spacefleet.universe.scenarios import SCENARIOS

ROOT = Path(__file__).resolve().parents[2]
MANUAL = (ROOT / "docs" / "universe.md").read_text()


def section(title: str) -> str:
    return MANUAL.split(f"# {title}\n", 1)[1].split("\n## ")[0]


def test_the_scenarios_of_the_manual_are_those_there_are():
    named = set(re.findall(r"^\| `(\w+)` \|", section("Scenarios").split("###")[0], re.M))

    assert named == set(SCENARIOS)


def test_the_options_of_the_manual_are_those_of_the_command():
    parser = ArgumentParser()
    Command().add_arguments(parser)
    known = {text for action in parser._actions for text in action.option_strings}

    named = set(re.findall(r"`(--[a-z-]+)", section("The command")))

    assert named == known - {"-h", "--help"}


def test_the_faults_of_the_manual_can_be_ordered():
    rules = re.findall(r"--fault '([^']+)'", MANUAL)

    assert len(rules) >= 3
    for rule in rules:
        parse(rule)
    for kind in ("503", "html429", "hang", "lost", "slow:1", "malformed"):
        assert f"`{kind.partition(':')[0]}" in MANUAL or kind == "503"
        parse(f"* * {kind} 1")


def test_the_parameters_of_the_manual_exist_with_the_defaults_it_tells():
    table = section("What is assumed")
    rules, known = UniverseRules(), {field.name for field in fields(UniverseRules)}

    for row in re.findall(r"^\| (`.+?`) \| (.+?) \|", table, re.M):
        for name in re.findall(r"`(\w+)`", row[0]):
            assert name in known, name
    for name, told in re.findall(r"^\| `(\w+)` \| ([\d.]+) \|", table, re.M):
        assert getattr(rules, name) == float(told)


def test_the_actions_of_the_manual_are_those_the_code_records():
    sources = (ROOT / "spacefleet" / "universe").rglob("*.py")
    text = "\n".join(path.read_text() for path in sources)
    calls = re.findall(r"record\(([^()]*(?:\([^()]*\)[^()]*)*)\)", text)
    recorded = {found for call in calls for found in re.findall(r'"([a-z ]+)"', call)}
    recorded |= set(re.findall(r'"((?:install|remove) (?:mount|module))"', text))

    named = set(re.findall(r"`([a-z ]+)`", section("In process")))

    assert {name for name in recorded if name != "HERE"} <= named, recorded - named
