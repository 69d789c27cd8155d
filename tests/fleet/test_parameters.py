"""Typed parameters: what may be written (spacefleet.parameters), and which value holds
(fleet.services.parameters)."""

import re
from dataclasses import dataclass

import pytest
from django.core.exceptions import ValidationError

from fleet.models import Parameter
from fleet.params import ConductorParams, PurchaseParams
from fleet.services.parameters import explain, resolve
from spacefleet import parameters
from spacefleet.parameters import param
from tests.factories import AgentFactory, ParameterFactory, ShipFactory


@dataclass(frozen=True)
class Oddities:
    """One parameter of every kind."""

    ready: bool = param(True, "whether it is ready")
    pace: float = param(1.5, "how fast", unit="m/s", low=0.5, high=9)
    count: int = param(3, "how many", unit="ships", low=1, high=5)
    mode: str = param("CRUISE", "how to fly", choices=("CRUISE", "BURN"))
    goods: list[str] = param(["IRON"], "which goods", choices=("IRON", "GOLD"))
    note: str = param("", "anything")


@pytest.fixture
def oddities(monkeypatch):
    """A behaviour with one parameter of every kind, on the page of jobs."""
    path = f"{__name__}.Oddities"
    monkeypatch.setitem(parameters.jobs.PARAMETERS, "oddities", path)


@pytest.mark.usefixtures("oddities")
@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        *[("ready", word, True) for word in ("yes", "TRUE", "1", " on ")],
        *[("ready", word, False) for word in ("no", "False", "0", "off")],
        ("pace", "0.5", 0.5),
        ("pace", "9", 9.0),
        ("count", "1", 1),
        ("count", " 5 ", 5),
        ("mode", "BURN", "BURN"),
        ("goods", "IRON, GOLD", ["IRON", "GOLD"]),
        ("goods", "GOLD; ", ["GOLD"]),
        ("goods", "", []),
        ("note", "as you like", "as you like"),
    ],
)
def test_text_is_read_as(name, text, value):
    read = parameters.parse("oddities", name, text)

    assert read == value
    assert type(read) is type(value)


@pytest.mark.usefixtures("oddities")
@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("ready", "maybe", "write yes or no, not 'maybe'"),
        ("count", "2.5", "count must be a whole number, not '2.5'"),
        ("count", "", "must be a whole number"),
        ("count", "0", "count must be at least 1 ships."),
        ("count", "6", "count must be at most 5 ships."),
        ("pace", "0.49", "pace must be at least 0.5 m/s."),
        ("pace", "fast", "pace must be a number, not 'fast'"),
        ("pace", "nan", "pace must be a number, not 'nan'"),
        ("pace", "inf", "pace must be a number, not 'inf'"),
        ("mode", "WARP", "mode must be one of CRUISE, BURN, not 'WARP'"),
        ("goods", "IRON, LEAD", "goods must be one of IRON, GOLD, not 'LEAD'"),
        ("speed", "1", "has no parameter 'speed'. It has: ready, pace, count"),
    ],
)
def test_bad_text_is_refused_with_what_is_allowed(name, text, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        parameters.parse("oddities", name, text)


def test_an_unknown_behaviour_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="no behaviour 'pirate'. Choose one of: conductor"):
        parameters.parse("pirate", "boldness", "1")


# which value holds


@pytest.mark.django_db
def test_the_narrowest_scope_wins():
    ship = ShipFactory()
    for value, scope in (("1", {}), ("2", {"agent": ship.agent}), ("3", {"ship": ship})):
        ParameterFactory(behaviour="conductor", name="scouts", value=value, **scope)
    other = ShipFactory(agent=ship.agent)

    found = [
        resolve(ConductorParams, "conductor", **scope).scouts
        for scope in ({}, {"agent": ship.agent}, {"ship": other}, {"ship": ship})
    ]

    assert found == [1, 2, 2, 3]


@pytest.mark.django_db
def test_without_a_row_the_default_holds():
    agent = AgentFactory()
    ParameterFactory(name="share", value="50", agent=agent)

    stranger = resolve(PurchaseParams, "purchases", agent=AgentFactory())

    assert stranger == PurchaseParams()


@pytest.mark.django_db
def test_a_change_holds_from_the_next_question():
    row = ParameterFactory(name="share", value="50")
    before = resolve(PurchaseParams, "purchases").share

    row.value = "60"
    row.save()
    after = resolve(PurchaseParams, "purchases").share
    row.delete()

    assert (before, after) == (50, 60)
    assert resolve(PurchaseParams, "purchases").share == PurchaseParams().share


@pytest.mark.django_db
def test_a_stored_value_that_is_no_longer_allowed_is_passed_over():
    agent = AgentFactory()
    ParameterFactory(name="share", value="70")
    Parameter.objects.bulk_create(
        [Parameter(behaviour="purchases", name="share", value="900", agent=agent)]
    )

    found = resolve(PurchaseParams, "purchases", agent=agent)

    assert found.share == 70
    shown = {row.spec.name: row for row in explain("purchases", agent=agent)}
    assert (shown["share"].value, shown["share"].source) == (70, "installation")


@pytest.mark.django_db
def test_a_page_shows_where_each_value_comes_from():
    ship = ShipFactory()
    ParameterFactory(name="share", value="70")
    ParameterFactory(name="cash_floor", value="5000", agent=ship.agent)
    ParameterFactory(name="max_price_age", value="60", ship=ship)

    shown = {row.spec.name: (row.value, row.source) for row in explain("purchases", ship=ship)}

    assert shown == {
        "share": (70, "installation"),
        "cash_floor": (5_000, "agent"),
        "max_price_age": (60, "ship"),
        "last_hours": (12, "default"),
    }


@pytest.mark.parametrize(
    ("behaviour", "name", "value"),
    [("purchases", "share", "101"), ("purchases", "nope", "1"), ("nope", "share", "1")],
)
def test_the_admin_refuses_what_is_not_allowed(behaviour, name, value):
    with pytest.raises(ValidationError):
        Parameter(behaviour=behaviour, name=name, value=value).clean()
