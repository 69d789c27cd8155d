"""Statements written once (spacefleet.statements) answer what the ORM answers."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Case, Count, DateTimeField, F, Max, When

from fleet.models import Agent, Evaluator, Ship, Waypoint
from spacefleet import clock
from spacefleet.statements import Select, Update
from tests.factories import AgentFactory, EvaluatorFactory, ShipFactory, WaypointFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

BY_AGENT = Select(lambda agent: Ship.objects.filter(agent=agent).select_related("agent__era"))
NAMES = Select(
    lambda names: (
        Ship.objects.filter(symbol__in=names)
        .order_by("-symbol")
        .values_list("symbol", flat=True)
    )
)
DUE = Select(lambda at: Ship.objects.filter(wake_at__lte=at).values_list("pk", "wake_at"))
WORTH = Select(lambda agent: Agent.objects.filter(pk=agent).annotate(many=Count("ships")))
LATEST = Select(
    lambda agent: (
        Ship.objects.filter(agent=agent).values_list("agent").annotate(latest=Max("wake_at"))
    )
)
EARN = Update(
    lambda agent, amount: (
        Agent.objects.filter(pk=agent),
        {"credits": F("credits") + amount},
    ),
    returning=("credits",),
)
LOAD = Update(
    lambda pk, cargo, units: (
        Ship.objects.filter(pk=pk),
        {"cargo": cargo, "cargo_units": units},
    )
)
RING = Update(
    lambda pk, believed, at: (
        Ship.objects.filter(pk=pk),
        {
            "wake_at": Case(
                When(wake_at=believed, then=at),
                default=F("wake_at"),
                output_field=DateTimeField(),
            )
        },
    ),
    returning=("wake_at",),
)


def everything(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_instances_are_the_same_as_the_orm_s_with_their_relations():
    ship = ShipFactory(cargo={"IRON_ORE": 3}, cargo_units=3, roles=["miner"], under_way=True)
    ShipFactory()

    found = BY_AGENT.all(agent=ship.agent_id)

    told = Ship.objects.select_related("agent__era").get(pk=ship.pk)
    assert [everything(each) for each in found] == [everything(told)]
    with connection.execute_wrapper(_refuse):
        assert everything(found[0].agent) == everything(told.agent)
        assert everything(found[0].agent.era) == everything(told.agent.era)


def _refuse(execute, sql, params, many, context):
    raise AssertionError(sql)


def test_a_row_that_was_read_can_be_saved_like_any_other():
    ship = ShipFactory()
    row = BY_AGENT.first(agent=ship.agent_id)

    row.why = "saved"
    row.save(update_fields=["why"])

    assert Ship.objects.get().why == "saved"


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_list_of_any_length_may_stand_behind_in(count):
    ships = ShipFactory.create_batch(4)
    names = sorted(ship.symbol for ship in ships)[:count]

    assert NAMES.all(names=names) == sorted(names, reverse=True)


def test_moments_are_compared_and_read_to_the_microsecond():
    early, late = ShipFactory(), ShipFactory()
    Ship.objects.filter(pk=late.pk).update(wake_at=early.wake_at + clock.MILLISECOND / 1000)

    assert DUE.all(at=early.wake_at) == [(early.pk, early.wake_at)]


def test_annotations_and_sums_come_as_the_orm_s():
    ship = ShipFactory()
    ShipFactory(agent=ship.agent)

    assert WORTH.first(agent=ship.agent_id).many == 2
    assert LATEST.all(agent=ship.agent_id) == [(ship.agent_id, ship.wake_at)]


def test_the_first_row_is_the_one_with_the_lowest_key():
    ships = ShipFactory.create_batch(3, agent=AgentFactory())

    assert BY_AGENT.first(agent=ships[0].agent_id) == ships[0]
    assert BY_AGENT.first(agent=0) is None


def test_updates_are_counted_and_know_the_columns_they_fill():
    ship = ShipFactory()

    changed = LOAD.run(pk=ship.pk, cargo={"IRON_ORE": 2}, units=2)
    nobody = LOAD.run(pk=0, cargo={}, units=0)

    assert (changed, nobody) == (1, 0)
    assert Ship.objects.get().cargo == {"IRON_ORE": 2}


def test_an_update_answers_the_values_it_left():
    agent = AgentFactory(credits=100)

    assert EARN.values(agent=agent.pk, amount=-30) == [(70,)]
    assert EARN.instances(agent=agent.pk, amount=5)[0].credits == 75


@pytest.mark.parametrize(("belief", "moved"), [(0, True), (1, False)])
def test_a_condition_inside_an_update_is_decided_by_the_row(belief, moved):
    ship = ShipFactory()
    believed = ship.wake_at + belief * clock.MILLISECOND
    at = ship.wake_at + clock.game(60)

    found = RING.values(pk=ship.pk, believed=believed, at=at)

    assert found == [(at if moved else ship.wake_at,)]


def test_what_the_database_refuses_breaks_the_transaction_as_usual():
    ship = ShipFactory(cargo_capacity=10)

    with pytest.raises(IntegrityError), transaction.atomic():
        LOAD.run(pk=ship.pk, cargo={"IRON_ORE": 11}, units=11)

    assert Ship.objects.get().cargo_units == 0


def test_dictionaries_come_with_the_names_of_their_columns():
    place = WaypointFactory()
    names = Select(lambda era: Waypoint.objects.filter(era=era).values("symbol", "system"))

    assert names.all(era=place.era_id) == [{"symbol": place.symbol, "system": place.system}]


def test_named_tuples_are_refused_because_nobody_reads_them():
    odd = Select(lambda era: Waypoint.objects.filter(era=era).values_list("pk", named=True))

    with pytest.raises(TypeError, match="instances and values"):
        odd.all(era=1)


def test_one_statement_serves_the_rows_of_different_models_apart():
    evaluator, place = EvaluatorFactory(), WaypointFactory()
    of_name = Select(lambda name: Evaluator.objects.filter(name=name))
    of_symbol = Select(lambda symbol: Waypoint.objects.filter(symbol=symbol))

    assert of_name.all(name=evaluator.name) == [evaluator]
    assert of_symbol.all(symbol=place.symbol) == [place]
