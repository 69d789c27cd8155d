"""The whole configuration as it holds now: every parameter with its source, and the installation."""

from collections import defaultdict
from dataclasses import dataclass
from importlib.metadata import version

from django.conf import settings
from django.db import connection

from fleet.models import Agent, Parameter
from fleet.services.parameters import Explained, explain
from spacefleet import jobs


@dataclass(frozen=True, slots=True)
class Line:
    """A parameter as it holds for the agent shown, and where somebody chose otherwise."""

    one: Explained
    chosen: list[Parameter]

    @property
    def changed(self) -> bool:
        return bool(self.chosen)


@dataclass(frozen=True, slots=True)
class Block:
    behaviour: str
    lines: list[Line]


def blocks(agent: Agent | None, *, only_changed: bool = False) -> list[Block]:
    """Every behaviour's parameters, for an agent or for all; one query for the choices."""
    chosen: dict[tuple[str, str], list[Parameter]] = defaultdict(list)
    for row in Parameter.objects.select_related("agent", "ship").defer("agent__token"):
        chosen[row.behaviour, row.name].append(row)
    found = [
        Block(
            behaviour,
            [
                Line(one, chosen.get((behaviour, one.spec.name), []))
                for one in explain(behaviour, agent=agent)
            ],
        )
        for behaviour in sorted(jobs.PARAMETERS)
    ]
    if not only_changed:
        return found
    kept = [Block(each.behaviour, [x for x in each.lines if x.changed]) for each in found]
    return [each for each in kept if each.lines]


def installation() -> list[tuple[str, str, str]]:
    """Name, value and meaning of what the environment decides; nothing secret."""
    return [
        ("game server", settings.SPACETRADERS_URL, "SPACETRADERS_URL"),
        ("database", connection.vendor, "DATABASE_URL names it"),
        ("node", settings.NODE, "SPACEFLEET_NODE, name of this process's node"),
        ("steps at once", str(settings.STEP_THREADS), "SPACEFLEET_STEP_THREADS"),
        ("lab workers", str(settings.LAB_WORKERS), "SPACEFLEET_LAB_WORKERS"),
        ("version", version("spacefleet"), "of spacefleet"),
    ]
