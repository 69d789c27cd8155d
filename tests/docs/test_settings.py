"""Environment variables: the tables in docs/operations.md are what the code reads."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.docs import shelf

OUR_VARIABLE = re.compile(r"(SPACEFLEET|SPACETRADERS)_[A-Z_]+")


def read_in(source: Path) -> Iterator[str]:
    """Variables that a settings file asks the environment for; secrets may also be files."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
        if not isinstance(name, str):
            continue
        asked = ast.unparse(node.func)
        if asked == "from_environment_or_file":
            yield from (name, f"{name}_FILE")
        elif asked.startswith(("env.", "os.environ.", "os.getenv", "whole_number")):
            yield name


def sources() -> Iterator[Path]:
    for app in shelf.APPS:
        yield from (shelf.ROOT / app).rglob("*.py")


def documented(heading: str) -> set[str]:
    rows = shelf.table(shelf.text("docs/operations.md"), heading)
    return {name.strip() for row in rows for name in row[0].split(",")}


def test_every_variable_of_the_settings_is_documented_and_no_other() -> None:
    asked = set(read_in(shelf.ROOT / "spacefleet" / "settings.py"))

    assert documented("Environment variables") == asked


def test_every_variable_of_ours_anywhere_in_the_code_is_documented() -> None:
    known = documented("Environment variables") | documented("Variables of the commands")

    asked = {
        node.value
        for source in sources()
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and OUR_VARIABLE.fullmatch(node.value)
    }

    assert asked <= known


def test_every_variable_named_in_the_documents_is_in_a_table() -> None:
    known = documented("Environment variables") | documented("Variables of the commands")

    named = {
        name[0]
        for document in shelf.documents()
        for name in OUR_VARIABLE.finditer(document.read_text(encoding="utf-8"))
    }

    assert named <= known


def test_defaults_in_the_table_are_those_of_the_settings() -> None:
    told = {
        row[0]: row[1]
        for row in shelf.table(shelf.text("docs/operations.md"), "Environment variables")
    }
    source = shelf.text("spacefleet/settings.py")

    plain = dict(
        re.findall(
            r'(?:env\.\w+|whole_number)\("(\w+)", default=("[^"]*"|\d+|False|True)[,)]', source
        )
    )

    assert plain
    for name, default in plain.items():
        assert told[name] == (default.strip('"') or "none")
