"""What the documents name in our code exists."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from spacefleet import jobs, parameters
from tests.docs import shelf


def found(dotted: str) -> Any:
    """The object behind a dotted name; raises AttributeError or ImportError without one."""
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        try:
            thing: Any = import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for name in parts[end:]:
            thing = getattr(thing, name)
        return thing
    raise ImportError(dotted)


def named_otherwise(dotted: str) -> bool:
    """Whether it is the name of an evaluator, or of a parameter with its behaviour."""
    described = {f"{row.behaviour}.{row.name}" for row in parameters.everything()}
    return dotted in jobs.EVALUATORS or dotted in described


@pytest.mark.parametrize("document", shelf.documents(), ids=shelf.name_of)
def test_every_dotted_name_in_a_document_imports(document: Path) -> None:
    missing = []

    for dotted in shelf.dotted_names(document.read_text(encoding="utf-8")):
        try:
            found(dotted)
        except (ImportError, AttributeError):
            if not named_otherwise(dotted):
                missing.append(dotted)

    assert missing == []


def test_a_name_that_does_not_exist_is_noticed() -> None:
    told = "See `fleet.services.sync.reread` and `fleet.services.teleport.jump()`."

    first, second = shelf.dotted_names(told)

    assert callable(found(first))
    with pytest.raises(AttributeError):
        found(second)


def test_flow_names_a_function_at_every_station_of_the_pipeline() -> None:
    named = shelf.dotted_names(shelf.text("docs/flow.md"))

    packages = {name.split(".")[0] for name in named}

    assert packages >= {"mining", "inventory", "allocation", "sales", "fleet"}
    assert len(set(named)) >= 40


@pytest.mark.parametrize("document", shelf.documents(), ids=shelf.name_of)
def test_every_constraint_named_in_a_document_is_in_a_table(document: Path) -> None:
    real = {
        rule.name
        for model in apps.get_models()
        for rule in [*model._meta.constraints, *model._meta.indexes]
    }
    real |= {row.name for row in parameters.everything()}
    labels = ("spacefleet_", "fleet_", "inventory_", "allocation_", "sales_", "mining_")

    named = {
        span for span in shelf.spans(document.read_text("utf-8")) if span.startswith(labels)
    }

    assert named <= real
