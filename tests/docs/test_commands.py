"""Commands, their options and make's targets: what is named exists, what exists is named."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from tests.docs import shelf

OURS = sorted(name for name, app in get_commands().items() if app.split(".")[0] in shelf.APPS)
TARGETS = re.findall(r"^(\w+):", shelf.text("Makefile"), flags=re.MULTILINE)
ALL = "\n".join(document.read_text("utf-8") for document in shelf.documents())


def calls(told: str) -> Iterator[tuple[str, list[str]]]:
    """Each call of manage.py or `make demo` in a document: the command and its arguments."""
    for line in shelf.lines_of_code(told):
        if match := re.search(r"manage\.py ([a-z_]+)(.*)", line):
            yield match[1], _words(match[2])
        elif match := re.search(r'make demo ARGS="([^"]*)"', line):
            yield "demo", _words(match[1])


def _words(text: str) -> list[str]:
    words = shlex.split(text, comments=True)
    ends = [at for at, word in enumerate(words) if word in ("&&", "|", ">", "&", ";")]
    return words[: ends[0]] if ends else words


def options(command: str) -> set[str]:
    parser = load_command_class(get_commands()[command], command).create_parser("", command)
    return set(parser._option_string_actions)


@pytest.mark.parametrize("document", shelf.documents(), ids=shelf.name_of)
def test_every_command_in_a_document_exists_with_its_options(document: Path) -> None:
    wrong = []

    for command, words in calls(document.read_text(encoding="utf-8")):
        if command not in get_commands():
            wrong.append(command)
            continue
        flags = {word.split("=")[0] for word in words if word.startswith("--")}
        wrong += sorted(flags - options(command))

    assert wrong == []


def test_an_option_that_does_not_exist_is_noticed() -> None:
    told = "`manage.py demo --warp 9` and `manage.py demo --speed 60`"

    flags = [words[0] for _, words in calls(told)]

    assert [flag in options("demo") for flag in flags] == [False, True]


@pytest.mark.parametrize("command", OURS)
def test_every_command_of_ours_is_in_the_operator_s_list(command: str) -> None:
    rows = shelf.table(shelf.text("docs/operations.md"), "Commands")

    assert command in [row[0].removeprefix("manage.py ") for row in rows]


def test_every_make_target_named_exists() -> None:
    named = {
        match
        for line in shelf.lines_of_code(ALL)
        for match in re.findall(r"(?:^|&& )make ([a-z]+)", line)
    }

    assert named <= set(TARGETS)
    assert {"demo", "test"} <= named


def test_contributing_names_every_make_target() -> None:
    rows = shelf.table(shelf.text("CONTRIBUTING.md"), "The gate")

    assert {row[0].removeprefix("make ") for row in rows} >= set(TARGETS)
