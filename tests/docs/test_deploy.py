"""Image, compose file and systemd units: what they name is there, and nothing secret is in them.

There is no Docker where these tests run: they read the files as Docker would.
"""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from tests.docs import shelf
from tests.docs.test_settings import documented

UNITS = sorted((shelf.ROOT / "deploy" / "systemd").iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]
GUNICORN = "gunicorn --worker-class gthread --threads 8"


def instructions() -> list[tuple[str, str]]:
    """The lines of the Dockerfile as instruction and argument, continued lines joined."""
    joined = shelf.text("Dockerfile").replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]


def of(kind: str) -> list[str]:
    return [argument for name, argument in instructions() if name == kind]


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(shelf.text("compose.yaml"))
    return found


def unit(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path)
    return parser


def ours(words: str) -> list[str]:
    """Our own commands in a command line, whichever way they are called."""
    return re.findall(r"(?:manage\.py|\bspacefleet) ([a-z]\w+)", words)


# the image


def test_the_image_runs_as_nobody_with_rights() -> None:
    names = [name for name, _ in instructions()]

    assert of("USER") == ["fleet"]
    assert names.index("USER") < names.index("CMD")
    assert "USER" not in names[: names.index("FROM", 1)]


def test_the_image_is_built_on_a_slim_python_that_the_gate_tests() -> None:
    bases = [argument.split()[0] for argument in of("FROM")]

    assert set(bases) == {"python:3.11-slim"}
    assert 'requires-python = ">=3.11"' in shelf.text("pyproject.toml")


def test_the_image_takes_every_app_and_nothing_that_is_not_there() -> None:
    taken = [word for line in of("COPY") if "--from" not in line for word in line.split()[:-1]]

    assert [name for name in taken if not (shelf.ROOT / name).exists()] == []
    assert set(taken) >= {*shelf.APPS, "templates", "setup.py", "constraints.txt"}


def test_what_is_taken_is_let_through_and_data_and_secrets_are_not() -> None:
    lines = shelf.text(".dockerignore").splitlines()
    let_through = {line[1:] for line in lines if line.startswith("!")}

    taken = {w for line in of("COPY") if "--from" not in line for w in line.split()[:-1]}

    assert lines[1] == "*"
    assert taken == let_through
    assert not let_through & {"var", ".git", ".env", "tests"}


def test_the_image_is_looked_at_and_starts_the_dashboard() -> None:
    assert "/login/" in of("HEALTHCHECK")[0]
    assert GUNICORN in of("CMD")[0]
    assert GUNICORN in shelf.text("Procfile")
    assert set(ours(of("CMD")[0])) <= set(get_commands())


def test_nothing_is_added_or_fetched_but_by_pip() -> None:
    assert of("ADD") == []
    assert not any(word in line for line in of("RUN") for word in ("curl", "wget", "apt-get"))
    assert all("--no-cache-dir" in line for line in of("RUN") if "pip install" in line)


# the compose file


def test_compose_starts_database_dashboard_and_workers_in_this_order() -> None:
    services = compose()["services"]

    assert list(services) == ["database", "web", "workers"]
    assert services["web"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert services["workers"]["depends_on"] == {"web": {"condition": "service_healthy"}}
    assert all("healthcheck" in services[name] for name in ("database", "workers"))


def test_compose_names_commands_and_variables_of_ours() -> None:
    services = compose()["services"]
    variables = set(services["workers"]["environment"]) | set(services["web"]["environment"])

    assert ours(" ".join(services["workers"]["command"])) == ["runworkers"]
    assert ours(" ".join(services["workers"]["healthcheck"]["test"])) == ["doctor"]
    assert variables <= documented("Environment variables")


def test_compose_refuses_to_start_without_its_secrets() -> None:
    told = shelf.text("compose.yaml")

    asked = set(re.findall(r"\$\{(\w+):\?", told))

    assert asked == {"POSTGRES_PASSWORD", "SECRET_KEY", "TOKEN_KEYS"}
    assert all(name in shelf.text("docs/operations.md") for name in asked)


def test_volumes_of_the_compose_file_are_declared() -> None:
    found = compose()

    used = {
        volume.split(":")[0]
        for service in found["services"].values()
        for volume in service.get("volumes", [])
    }

    assert used == set(found["volumes"])


# systemd


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_unit_runs_what_exists(path: Path) -> None:
    service = unit(path)["Service"]

    commands = ours(service["ExecStart"])

    assert set(commands) <= set(get_commands())
    assert commands or GUNICORN in service["ExecStart"]
    assert service["EnvironmentFile"] == "/etc/spacefleet.env"


def test_the_workers_are_ended_in_order() -> None:
    workers = unit(shelf.ROOT / "deploy/systemd/spacefleet-workers.service")["Service"]

    assert workers["KillMode"] == "mixed"
    assert workers["Restart"] == "always"


def test_the_example_of_an_environment_names_variables_of_ours() -> None:
    names = re.findall(r"^(\w+)=", shelf.text("deploy/spacefleet.env.example"), re.MULTILINE)

    assert set(names) <= documented("Environment variables")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here")
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    for path in UNITS:
        text = path.read_text(encoding="utf-8")
        for program in re.findall(r"/srv/spacefleet/\.venv/bin/\w+", text):
            text = text.replace(program, sys.executable)
        (tmp_path / path.name).write_text(text, encoding="utf-8")

    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert checked.stderr.strip() == ""
    assert checked.returncode == 0
