"""Journeys: a whole fleet in a universe of its own, played once and looked at from many sides."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from spacefleet import clock, outcome
from spacefleet.lab.play import Play, playing


@dataclass(frozen=True, slots=True)
class Played:
    """A run that is over: the fleet and its universe as they stand, and what it brought."""

    play: Play
    brought: dict[str, Any]


def _played(scenario: str, hours: float, blocker: Any) -> Iterator[Played]:
    """Play once for a whole module; its rows are gone when the module ends."""
    with blocker.unblock(), transaction.atomic():
        with playing(scenario, seed=7) as play:
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
