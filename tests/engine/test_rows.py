"""Querysets that are composed once (spacefleet.rows) answer what the ORM answers."""

import copy
import pickle
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db import IntegrityError, connection, transaction
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from fleet.models import Agent, Evaluator, MarketGood, NavStatus, Ship, Waypoint
from spacefleet import clock, recipes
from spacefleet.rows import Row
from tests.factories import (
    AgentFactory,
    EvaluatorFactory,
    MarketGoodFactory,
    ShipFactory,
    WaypointFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def fleet():
    """Three ships of one agent and one of another, all a little different."""
    agent = AgentFactory()
    ships = [
        ShipFactory(
            agent=agent,
            roles=["miner"] if number else [],
            fuel=100 * number,
            fuel_capacity=400,
            wake_at=clock.now() + timedelta(seconds=number),
            arrives_at=clock.now() if number == 2 else None,
        )
        for number in range(3)
    ]
    return [*ships, ShipFactory()]


def told(row):
    """A row as its columns, or what it is."""
    if not hasattr(row, "_meta"):
        return row
    return {
        field.attname: row.__dict__.get(field.attname, "deferred")
        for field in row._meta.concrete_fields
    }


ASKED = {
    "no condition": lambda rows, one: rows.filter(agent=one.agent)._next_is_sticky().filter(),
    "everything": lambda rows, one: rows.all(),
    "by instance": lambda rows, one: rows.filter(agent=one.agent),
    "by key": lambda rows, one: rows.filter(agent_id=one.agent_id, pk__gt=one.pk),
    "by keys": lambda rows, one: rows.filter(pk__in=[one.pk, one.pk + 1, one.pk]),
    "by nothing": lambda rows, one: rows.filter(pk__in=[]),
    "by a set": lambda rows, one: rows.filter(symbol__in={one.symbol}),
    "by instances": lambda rows, one: rows.filter(agent__in=[one.agent]),
    "by text": lambda rows, one: rows.filter(symbol=one.symbol, nav_status=one.nav_status),
    "by choice": lambda rows, one: rows.filter(nav_status=NavStatus.DOCKED),
    "by pattern": lambda rows, one: rows.filter(roles__icontains='"miner"'),
    "by document": lambda rows, one: rows.filter(roles__0="miner"),
    "by truth": lambda rows, one: rows.filter(excluded=False),
    "by absence": lambda rows, one: rows.filter(arrives_at=None),
    "by presence": lambda rows, one: rows.exclude(arrives_at__isnull=True),
    "by moment": lambda rows, one: rows.filter(wake_at__lte=one.wake_at),
    "by range": lambda rows, one: rows.filter(fuel__range=(50, 150)),
    "by fraction": lambda rows, one: rows.filter(fuel__gte=99.5, condition__gt=0),
    "by column": lambda rows, one: rows.filter(fuel__lt=F("fuel_capacity") - 250),
    "by relation": lambda rows, one: rows.filter(agent__era__archived_at__isnull=True),
    "either": lambda rows, one: rows.filter(Q(fuel=100) | Q(symbol=one.symbol)),
    "neither": lambda rows, one: rows.filter(~Q(fuel=100), agent=one.agent),
    "but not": lambda rows, one: rows.exclude(agent=one.agent, fuel__gt=0),
    "of a subquery": lambda rows, one: rows.filter(
        agent__in=Agent.objects.filter(symbol=one.agent.symbol)
    ),
    "of values": lambda rows, one: rows.filter(
        agent__in=Agent.objects.filter(symbol=one.agent.symbol).values("pk"), fuel=one.fuel
    ),
    "where exists": lambda rows, one: rows.filter(
        Exists(Evaluator.objects.filter(agent=OuterRef("agent")))
    ),
    "in order": lambda rows, one: rows.order_by("-fuel", "pk"),
    "in an order of nulls": lambda rows, one: rows.order_by(F("arrives_at").desc(nulls_last=True)),
    "in parts": lambda rows, one: rows.order_by("pk")[1:3],
    "from somewhere": lambda rows, one: rows.order_by("pk")[2:],
    "with relations": lambda rows, one: rows.select_related("agent__era").order_by("pk"),
    "as tuples": lambda rows, one: rows.values_list("pk", "wake_at", "roles", "excluded"),
    "as values": lambda rows, one: rows.values_list("arrives_at", flat=True),
    "as dictionaries": lambda rows, one: rows.values("symbol", "cargo"),
    "as named tuples": lambda rows, one: rows.values_list("pk", named=True),
    "counted": lambda rows, one: rows.values_list("agent").annotate(n=Count("pk"), m=Max("fuel")),
    "with sums": lambda rows, one: rows.annotate(room=F("fuel_capacity") - F("fuel")),
    "with cases": lambda rows, one: rows.annotate(
        full=Case(When(fuel__gte=200, then=Value(1)), default=0, output_field=IntegerField())
    ).filter(full=1),
    "with sums of some": lambda rows, one: rows.values("agent").annotate(
        n=Coalesce(Sum("fuel", filter=Q(fuel__gt=50)), 0)
    ),
    "once": lambda rows, one: rows.values_list("nav_status").distinct(),
    "in part": lambda rows, one: rows.only("symbol"),
    "without": lambda rows, one: rows.defer("cargo"),
    "joined": lambda rows, one: rows.filter(fuel=0) | rows.filter(fuel=100),
    "locked": lambda rows, one: rows.select_for_update().filter(pk=one.pk),
}  # fmt: skip


@pytest.mark.parametrize("asked", ASKED)
def test_any_question_is_answered_as_the_orm_answers_it(fleet, asked):
    EvaluatorFactory(agent=fleet[0].agent)

    for one in fleet[:2]:  # the second time the statement is there already
        found = list(ASKED[asked](Ship.objects.all(), one))
        expected = list(ASKED[asked](QuerySet(Ship), one))
        if asked not in ("in order", "in parts"):
            found.sort(key=lambda row: getattr(row, "pk", None) or str(row))
            expected.sort(key=lambda row: getattr(row, "pk", None) or str(row))
        assert [told(row) for row in found] == [told(row) for row in expected]
        assert [type(row).__name__ for row in found] == [type(row).__name__ for row in expected]


@pytest.mark.parametrize("asked", ASKED)
def test_any_question_is_counted_as_the_orm_counts_it(fleet, asked):
    for one in fleet[:2]:
        assert ASKED[asked](Ship.objects.all(), one).count() == (
            ASKED[asked](QuerySet(Ship), one).count()
        )
        assert ASKED[asked](Ship.objects.all(), one).exists() == (
            ASKED[asked](QuerySet(Ship), one).exists()
        )


def test_most_questions_are_composed_once_and_never_again(fleet, monkeypatch):
    """What is asked a second time, of another ship, asks the ORM nothing."""

    def ask(one):
        rows = Ship.objects.filter(
            agent=one.agent, fuel__gte=one.fuel, wake_at__lte=clock.now()
        )
        rows = rows.filter(
            Q(symbol__in=[one.symbol, "X"]) | Q(pk__in=Ship.objects.filter(fuel=0))
        )
        list(rows.select_related("agent").order_by("-fuel", "pk")[:5])
        rows.exists(), rows.count(), rows.first(), rows.aggregate(n=Sum("fuel"))
        rows.update(fuel=F("fuel") + one.fuel % 2, why=one.symbol)
        Ship.objects.get(pk=one.pk)
        Ship.objects.bulk_update([one], ["fuel", "cargo"])
        one.save(update_fields=["why"])

    ask(fleet[0])
    monkeypatch.setattr(recipes, "replay", None)

    ask(fleet[1])


def test_relations_that_were_read_along_are_not_asked_again(fleet):
    (ship,) = Ship.objects.select_related("agent__era").filter(pk=fleet[0].pk)

    with connection.execute_wrapper(_refuse):
        assert ship.agent.era.server


def _refuse(execute, sql, params, many, context):
    raise AssertionError(sql)


def test_rows_that_were_asked_of_their_owner_know_it(fleet):
    agent = Agent.objects.get(pk=fleet[0].agent_id)

    (ship,) = agent.ships.filter(pk=fleet[0].pk)

    assert ship.agent is agent


def test_a_row_without_its_relation_has_none():
    good = MarketGoodFactory()
    agent = AgentFactory()

    row = Agent.objects.select_related("account").get(pk=agent.pk)

    assert (row.account_id is None) == (row.account is None)
    assert MarketGood.objects.select_related("waypoint").get().waypoint == good.waypoint


def test_sums_over_nothing_are_none(fleet):
    nobody = Ship.objects.filter(pk=0)

    assert nobody.aggregate(fuel=Sum("fuel"), n=Count("pk")) == {"fuel": None, "n": 0}
    assert Ship.objects.filter(agent=fleet[0].agent).aggregate(
        fuel=Sum("fuel"), last=Max("wake_at")
    ) == {"fuel": 300, "last": fleet[2].wake_at}


def test_the_first_row_is_the_one_with_the_lowest_key_unless_an_order_is_named(fleet):
    assert Ship.objects.filter(agent=fleet[0].agent).first() == fleet[0]
    assert Ship.objects.order_by("-fuel").first() == fleet[2]
    assert Ship.objects.filter(pk=0).first() is None
    assert Ship.objects.order_by("-fuel")[1] == fleet[1]
    with pytest.raises(IndexError):
        Ship.objects.order_by("-fuel")[10]


def test_one_row_is_got_and_neither_none_nor_several(fleet):
    assert Ship.objects.get(symbol=fleet[0].symbol, agent=fleet[0].agent) == fleet[0]
    with pytest.raises(Ship.DoesNotExist):
        Ship.objects.get(pk=0)
    with pytest.raises(Ship.MultipleObjectsReturned):
        Ship.objects.get(agent=fleet[0].agent)


def test_updates_are_counted_and_written_as_their_columns_want(fleet):
    rows = Ship.objects.filter(agent=fleet[0].agent)

    changed = rows.update(cargo={"IRON_ORE": 2}, cargo_units=2, why="x" * 300, roles=[])
    rows.filter(fuel=100).update(
        fuel=F("fuel") - 30, stepped_at=clock.now(), agent=fleet[3].agent
    )

    assert changed == 3
    row = Ship.objects.get(pk=fleet[1].pk)
    assert (row.cargo, row.roles, row.fuel, row.agent_id) == (
        {"IRON_ORE": 2},
        [],
        70,
        fleet[3].agent_id,
    )
    assert len(row.why) == 200
    assert row.stepped_at == clock.now()


def test_what_the_database_refuses_breaks_the_transaction_as_usual(fleet):
    with pytest.raises(IntegrityError), transaction.atomic():
        Ship.objects.filter(pk=fleet[0].pk).update(fuel=F("fuel") + 1000)
    with pytest.raises(IntegrityError), transaction.atomic():
        ShipFactory(agent=fleet[0].agent, symbol=fleet[0].symbol)

    assert Ship.objects.count() == 4


def test_rows_are_made_one_by_one_and_many_and_over_others():
    era = WaypointFactory().era
    one = Waypoint.objects.create(
        era=era, symbol="A", system="S", type="PLANET", x=1, y=2, seen_at=clock.now()
    )
    two, three = Waypoint.objects.bulk_create(
        Waypoint(era=era, symbol=name, system="S", type="PLANET", x=1, y=2, seen_at=clock.now())
        for name in "BC"
    )
    Waypoint.objects.bulk_create(
        [Waypoint(era=era, symbol="B", system="S", type="MOON", x=1, y=2, seen_at=clock.now())],
        update_conflicts=True,
        unique_fields=["era", "symbol"],
        update_fields=["type"],
    )

    assert one.pk < two.pk < three.pk
    assert Waypoint.objects.get(symbol="B").type == "MOON"
    two.type = "ASTEROID"
    two.save()
    two.refresh_from_db()
    assert (
        Waypoint.objects.filter(system="S").values_list("type", flat=True).distinct().count()
        == 2
    )


def test_a_question_may_be_asked_again_copied_and_pickled(fleet):
    rows = Ship.objects.filter(fuel__gt=0, agent=fleet[0].agent).order_by("pk")

    again = pickle.loads(pickle.dumps(rows))
    apart = copy.deepcopy(rows)

    assert list(rows) == list(again) == list(apart) == list(rows.all()) == fleet[1:3]
    assert bool(rows)
    assert len(rows) == 2
    assert rows[0] == fleet[1]


def test_nonsense_is_refused_as_the_orm_refuses_it(fleet):
    with pytest.raises(FieldError):
        list(Ship.objects.filter(colour="red"))
    with pytest.raises(FieldDoesNotExist):
        Ship.objects.filter(fuel=0).update(colour="red")
    with pytest.raises(ValueError, match="Field 'fuel' expected a number"):
        list(Ship.objects.filter(fuel="much"))


def test_rows_are_iterated_a_piece_at_a_time_too(fleet):
    names = Ship.objects.order_by("pk").values_list("symbol", flat=True)

    assert list(names.iterator(chunk_size=2)) == [ship.symbol for ship in fleet]


def test_one_shape_serves_different_lengths_apart(fleet):
    keys = [ship.pk for ship in fleet]

    for count in (1, 2, 4, 3):
        assert Ship.objects.filter(pk__in=keys[:count]).count() == count


def test_every_model_of_ours_is_a_row():
    ours = {
        config.label for config in apps.get_app_configs() if "site-packages" not in config.path
    }

    assert ours >= {"spacefleet", "fleet", "mining"}
    assert not [
        model
        for model in apps.get_models()
        if model._meta.app_label in ours and not issubclass(model, Row)
    ]
