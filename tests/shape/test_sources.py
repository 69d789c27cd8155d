"""What holds for every file of the sources."""

import ast
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("spacefleet", "fleet", "inventory", "allocation", "sales", "mining")
SPEAK_HTTP = ("spacefleet/spacetraders/http.py", "spacefleet/universe/")


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def imported(path: Path) -> set[str]:
    """Top-level names of everything a file imports, wherever in the file."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def test_only_the_client_and_the_universe_speak_http():
    speakers = {str(path.relative_to(ROOT)) for path in sources() if "httpx" in imported(path)}

    assert speakers
    assert [each for each in speakers if not each.startswith(SPEAK_HTTP)] == []


def test_every_module_says_what_lives_in_it():
    silent = [
        str(path.relative_to(ROOT))
        for path in sources()
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert silent == []


def test_only_the_clock_reads_the_time():
    """`time.monotonic` measures durations of a process and is no reading of the time."""
    readers = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and ast.unparse(node.func)
                in ("datetime.now", "datetime.utcnow", "time.time", "timezone.now")
            ):
                readers.append(str(path.relative_to(ROOT)))

    allowed = ("spacefleet/clock.py", "spacefleet/universe/", "spacefleet/management/")
    assert [each for each in readers if not each.startswith(allowed)] == []


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration():
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())
