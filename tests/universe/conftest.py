"""Where the recorded facts of the game lie, if they lie beside this checkout."""

import json
from pathlib import Path
from typing import Any

import pytest

from .play import Player, play

HERE = Path(__file__).parent
REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tracing ten thousand generated calls costs minutes and tells nothing new: the journeys of
    the fleet take the same branches."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.no_cover)


def recorded(name: str) -> Any:
    """A file of recorded facts; the test is skipped where they are absent."""
    path = REFERENCE / name
    if not path.exists():
        pytest.skip(f"no recorded facts at {path}")
    if path.suffix == ".json":
        return json.loads(path.read_text())
    return path.read_text()


@pytest.fixture
def player() -> Player:
    return play()
