"""Journeys: a whole fleet in a universe of its own, played once and looked at from many sides."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from fleet.models import Parameter
from spacefleet import clock, outcome
from spacefleet.lab.orders import Choice
from spacefleet.lab.play import Play, playing


@dataclass(frozen=True, slots=True)
class Played:
    """A run that is over: the fleet and its universe as they stand, and what it brought."""

    play: Play
    brought: dict[str, Any]


def _played(
    scenario: str, hours: float, blocker: Any, *choices: str, seed: int = 7
) -> Iterator[Played]:
    """Play once for a whole module; its rows are gone when the module ends."""
    with blocker.unblock(), transaction.atomic():
        with playing(scenario, seed=seed) as play:
            for choice in map(Choice.read, choices):
                Parameter.objects.create(
                    behaviour=choice.behaviour, name=choice.name, value=choice.value
                )
            before = outcome.reading(play.agent)
            play.run(hours=hours)
            yield Played(play, outcome.between(play.agent, before))
        transaction.set_rollback(True)
    clock.set_factor(1.0)


@pytest.fixture(scope="module")
def showcase(django_db_setup: None, django_db_blocker: Any) -> Iterator[Played]:
    """An hour and a quarter of the scenario in which every role is manned within minutes."""
    yield from _played("showcase", 1.25, django_db_blocker)


@pytest.fixture(scope="module")
def first_day(django_db_setup: None, django_db_blocker: Any) -> Iterator[Played]:
    """The first half hour of the honest start."""
    yield from _played("first_day", 0.5, django_db_blocker)


@pytest.fixture(scope="module", params=[7, 8])
def crowded_depots(
    request: Any, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Played]:
    """Mining alone by the pipeline, on two seeds, from full holds on until more than two hours have passed."""
    only = ("contracts.enabled=no", "trading.active=no", "sites.behaviour=pipeline")
    yield from _played("crowded_depots", 2.1, django_db_blocker, *only, seed=request.param)


@pytest.fixture(scope="module")
def late_fleet(django_db_setup: None, django_db_blocker: Any) -> Iterator[Played]:
    """Three quarters of an hour of fifty ships, with everything they do."""
    yield from _played("late_fleet", 0.75, django_db_blocker)
