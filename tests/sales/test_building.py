"""Building the home gate (sales.services.building, sales.loops.builder, sales.rules.building)."""

import pytest

from fleet.models import LedgerEntry, Material, Parameter, Vacancy, Waypoint
from fleet.services import sync
from sales.rules import building as rules
from sales.services import building
from spacefleet import clock
from tests.crew import crewed
from tests.factories import NOON, ParameterFactory, PriceSampleFactory

HOUR = 3_600.0
GOODS = ("FAB_MATS", "ADVANCED_CIRCUITRY")


@pytest.fixture
def crew(transactional_db):
    with crewed(start_credits=20_000_000) as crew:
        yield crew


@pytest.fixture
def gate(crew):
    return crew.place("JUMP_GATE")


def source(**fields):
    known = {
        "waypoint": "X1-AA1-F1",
        "good": "FAB_MATS",
        "price": 1_600,
        "usual": 1_600.0,
        "trade_volume": 20,
        "seconds": 100.0,
    }
    return rules.Source(**(known | fields))


def see_prices(crew):
    """A probe of the game's own stands at each market that sells a material: prices are known,
    and were the same for a while."""
    for good in GOODS:
        place = Waypoint.objects.get(symbol=crew.market(good, "EXPORT"))
        crew.put(crew.ships().get(symbol="CREW-2"), place.symbol, docked=False)
        sync.look_at_market(place, api=crew.api)
        seen = place.goods.get(good=good)
        PriceSampleFactory(
            waypoint=place, good=good, we_pay=seen.we_pay, we_receive=seen.we_receive, at=NOON
        )


def needs(crew, gate, **left):
    """Let the site lack only so many units of each good."""
    materials = crew.world.galaxy.constructions[gate].materials
    for good, bill in materials.items():
        bill[1] = bill[0] - left.get(good, 0)


def builder(crew, **fields):
    ship = crew.commission("SHIP_LIGHT_HAULER", crew.market("FAB_MATS", "EXPORT"))
    crew.fly(ship, roles=("builder",))
    return ship


# rules


def test_the_material_with_the_longest_row_of_trades_left_goes_first():
    fab = source()
    circuits = source(good="ADVANCED_CIRCUITRY", waypoint="X1-AA1-D1", trade_volume=10)

    missing = {"FAB_MATS": 100, "ADVANCED_CIRCUITRY": 90}
    chosen = rules.choose([fab, circuits], missing, dearest=125)

    assert chosen == circuits


def test_what_is_too_dear_or_done_is_not_bought():
    dear = source(price=2_001)

    assert rules.choose([dear], {"FAB_MATS": 10}, dearest=125) is None
    assert "more than 2,000" in rules.refusal(dear, dearest=125)
    assert rules.choose([source()], {"FAB_MATS": 0}, dearest=125) is None


@pytest.mark.parametrize("unknown", [{"price": None}, {"usual": None}])
def test_nothing_is_bought_on_an_unknown_price(unknown):
    assert "not known" in rules.refusal(source(**unknown), dearest=125)


# the evaluator


def test_builders_are_wanted_out_of_surplus_only(crew, gate):
    ParameterFactory(behaviour="construction", name="reserve", value="50000000")

    said = building.watch(crew.agent, api=crew.api)

    assert said.startswith("no surplus")
    assert not Vacancy.objects.filter(role="builder").exists()


def test_a_builder_stays_wanted_while_the_treasury_rises_and_falls(crew, gate):
    building.watch(crew.agent, api=crew.api)

    for reserve, wanted in ((20_000_000, True), (50_000_000, False)):
        ParameterFactory(behaviour="construction", name="reserve", value=str(reserve))
        building.watch(crew.agent, api=crew.api)
        assert Vacancy.objects.filter(role="builder").exists() is wanted
        Parameter.objects.all().delete()


def test_the_bill_is_read_and_a_builder_wanted_when_there_is_a_surplus(crew, gate):
    said = building.watch(crew.agent, api=crew.api)

    bill = {row.good: row.required for row in Material.objects.all()}
    assert bill["FAB_MATS"] == 1_600
    assert Vacancy.objects.get(role="builder").wanted == 1
    assert said == f"{gate} still needs 400 ADVANCED_CIRCUITRY, 1600 FAB_MATS"


def test_late_in_an_era_nobody_builds(crew, gate):
    crew.agent.era.next_reset_at = clock.now() + clock.game(10 * HOUR)
    crew.agent.era.save()

    assert "too late" in building.watch(crew.agent, api=crew.api)


# the life of a builder


def test_a_builder_buys_carries_and_supplies_until_the_gate_stands(crew, gate):
    needs(crew, gate, FAB_MATS=50, ADVANCED_CIRCUITRY=15)
    see_prices(crew)
    building.watch(crew.agent, api=crew.api)
    ship = builder(crew)

    crew.run(24 * HOUR)

    assert not crew.world.waypoints[gate].under_construction
    assert not Waypoint.objects.get(symbol=gate).under_construction
    assert sum(each["units"] for each in crew.log("supply")) == 65
    assert crew.ships().get(pk=ship.pk).cargo == {}
    assert {row.activity for row in LedgerEntry.objects.filter(kind="purchase")} == {
        "construction"
    }
    assert crew.differences() == {}


def test_a_price_beyond_the_guard_is_not_paid(crew, gate):
    see_prices(crew)
    building.watch(crew.agent, api=crew.api)
    ParameterFactory(behaviour="construction", name="dearest", value="90")
    ship = builder(crew)

    crew.run(HOUR)

    assert not LedgerEntry.objects.filter(kind="purchase").exists()
    assert "at its price" in crew.ships().get(pk=ship.pk).why


def test_an_answer_lost_while_supplying_is_not_supplied_twice(crew, gate):
    needs(crew, gate, FAB_MATS=30)
    see_prices(crew)
    building.watch(crew.agent, api=crew.api)
    builder(crew)
    crew.line.kill("POST */construction/supply")

    crew.run_until_killed(12 * HOUR)
    crew.clock.jump_to(clock.now() + clock.game(120))
    crew.run(12 * HOUR)

    assert sum(each["units"] for each in crew.log("supply")) == 30
    assert crew.differences() == {}


def test_what_others_supplied_meanwhile_is_sold_and_not_carried_about(crew, gate):
    needs(crew, gate, FAB_MATS=30)
    see_prices(crew)
    building.watch(crew.agent, api=crew.api)
    ship = builder(crew)
    crew.run(60)
    needs(crew, gate)
    place = crew.world.waypoints[gate]
    place.under_construction, place.text = False, ""

    crew.run(24 * HOUR)

    assert crew.ships().get(pk=ship.pk).cargo == {}
    assert crew.differences() == {}
