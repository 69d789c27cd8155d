"""Reasons for people (spacefleet.fields): however long one gets, it never costs the row."""

import pytest
from django.apps import apps
from django.db import models

from fleet.models import Ship
from fleet.services import sync
from spacefleet.fields import Sentence
from tests import factories as make
from tests.crew import Crew

REASONS = {"why", "cause", "judgement", "reason", "note", "halted", "verdict", "suspect_why"}
OURS = ["spacefleet", "fleet", "inventory", "allocation", "sales", "mining"]


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["create", "save", "update", "write"])
def test_a_reason_that_is_too_long_is_cut_on_its_way_in(how: str) -> None:
    long = "because " * 40
    ship = make.ShipFactory(why=long if how == "create" else "")

    if how == "save":
        ship.why = long
        ship.save(update_fields=["why"])
    elif how == "update":
        Ship.objects.filter(pk=ship.pk).update(why=long)
    elif how == "write":
        sync.write(ship, why=long)

    ship.refresh_from_db()
    assert ship.why == f"{long[:199]}…"


def test_a_long_reason_of_a_step_does_not_fail_it(crew: Crew) -> None:
    crew.fly(crew.frigate, roles=("no role of that name " * 15,))

    crew.run(5)

    assert crew.frigate.failures == 0
    assert len(crew.frigate.why) == 200


def test_every_reason_is_such_a_column() -> None:
    others = [
        f"{model.__name__}.{column.name}"
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        for column in model._meta.get_fields()
        if isinstance(column, models.CharField)
        and column.name in REASONS
        and not isinstance(column, Sentence)
    ]

    assert others == []
