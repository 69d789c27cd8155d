"""The life of a miner at its site (mining.loops.miner, mining.services)."""

from datetime import timedelta

import pytest

from fleet.models import MarketGood, Ship, Waypoint
from inventory.models import Pickup
from mining.models import Extraction, Jettison, Session, Site, Survey
from mining.selectors import pace, surveys
from mining.services import extracting, surveying
from spacefleet import clock
from spacefleet.models import Alert, RequestCount
from tests.factories import (
    DepotFactory,
    ExtractionFactory,
    LoopFactory,
    ParameterFactory,
    ReservationFactory,
    SiteFactory,
    SurveyFactory,
)

PRICES = {"IRON_ORE": 40.0, "GOLD_ORE": 100.0, "QUARTZ_SAND": 10.0}


@pytest.fixture
def rock(crew):
    """An open site at a rock with common metals."""
    found = Waypoint.objects.filter(
        era=crew.agent.era, type="ASTEROID", traits__icontains="COMMON_METAL_DEPOSITS"
    ).order_by("pk")
    return SiteFactory(agent=crew.agent, waypoint=found.first())


def drone(crew, site, **cargo):
    ship = crew.commission(
        "SHIP_MINING_DRONE",
        site.waypoint.symbol,
        docked=False,
        cargo=cargo,
        roles=("miner",),
        place=site.waypoint.symbol,
    )
    crew.fly(ship)
    return ship


def served(crew, site):
    """A transport has its round here, and is away."""
    port = crew.place("PLANET")
    transport, hull = (crew.commission("SHIP_LIGHT_SHUTTLE", port) for _ in range(2))
    depot = DepotFactory(ship=hull, waypoint=port)
    LoopFactory(ship=transport, agent=crew.agent, site=site.waypoint.symbol, depot=depot)


def priced(crew, **prices):
    """What we last saw a market pay."""
    place = Waypoint.objects.get(era=crew.agent.era, symbol=crew.place("ASTEROID_BASE"))
    MarketGood.objects.filter(waypoint__era=crew.agent.era).update(we_receive=None, we_pay=None)
    for good, price in prices.items():
        MarketGood.objects.update_or_create(
            waypoint=place,
            good=good,
            defaults={
                "kind": "EXCHANGE",
                "we_receive": price,
                "we_pay": price,
                "seen_at": clock.now(),
            },
        )


# extracting


def test_a_load_costs_one_request_and_no_cooldown_is_run_into(crew, rock):
    ship = drone(crew, rock)
    Ship.objects.filter(pk=ship.pk).update(cargo_capacity=15)

    crew.run(280)

    loads = crew.log("extract")
    assert len(loads) == 4
    assert len(crew.line.asked) <= 1.1 * len(loads)
    assert not RequestCount.objects.filter(status__gte=400).exists()


def test_a_session_adds_up_to_its_loads(crew, rock):
    ship = drone(crew, rock)

    crew.run(280)
    extracting.end_session(ship, outcome="called away", at=clock.now())

    session = Session.objects.get()
    rows = Extraction.objects.filter(session=session)
    assert session.extractions == rows.count() == len(crew.log("extract"))
    assert session.units == sum(rows.values_list("units", flat=True))
    assert (session.outcome, session.ended_at) == ("called away", clock.now())


def test_a_ship_that_moves_on_begins_a_new_session(crew, rock):
    ship = drone(crew, rock)
    elsewhere = SiteFactory(agent=crew.agent)

    first = extracting.open_session(ship, rock, at=clock.now())
    same = extracting.open_session(ship, rock, at=clock.now())
    second = extracting.open_session(ship, elsewhere, at=clock.now())

    first.refresh_from_db()
    assert (first, first.outcome) == (same, "moved to another site")
    assert second.ended_at is None


# surveys


def test_a_survey_of_one_ship_aims_the_extractions_of_another(crew, rock):
    priced(crew, IRON_ORE=40, COPPER_ORE=40, ALUMINUM_ORE=40)
    surveyor = crew.commission("SHIP_SURVEYOR", rock.waypoint.symbol, docked=False)
    made = surveying.survey(surveyor, api=crew.api)
    SurveyFactory(made_by=surveyor, waypoint=rock.waypoint.symbol, expires_at=clock.now())
    drone(crew, rock)

    crew.run(10)

    used = [each["survey"] for each in crew.log("extract")]
    known = {row.signature for row in made}
    assert len(used) == 1
    assert used[0] in known
    assert Survey.objects.get(signature=used[0]).uses == 1
    assert not Survey.objects.exclude(signature__in=known).filter(uses__gt=0).exists()


@pytest.mark.parametrize("best", ["GOLD_ORE", "IRON_ORE"])
def test_the_survey_of_the_greatest_expected_value_is_used(crew, rock, best):
    priced(crew, GOLD_ORE=100, IRON_ORE=40, QUARTZ_SAND=10)
    surveyor = crew.commission("SHIP_SURVEYOR", rock.waypoint.symbol)
    many = SurveyFactory(made_by=surveyor, deposits=["QUARTZ_SAND"] * 7)
    rich = SurveyFactory(made_by=surveyor, deposits=[best, best, "QUARTZ_SAND"])

    assert surveys.best([many, rich], PRICES) == rich


def test_a_survey_nobody_pays_for_is_no_survey():
    assert surveys.best([], PRICES) is None


@pytest.mark.parametrize(
    ("changes", "usable"),
    [
        pytest.param({"expires_at": 61}, True, id="a second longer than the guard"),
        pytest.param({"expires_at": 60}, False, id="it ends with the guard"),
        pytest.param({"expires_at": -5}, False, id="expired"),
        pytest.param({"exhausted_at": -1}, False, id="exhausted"),
        pytest.param({"uses": 1}, True, id="used once"),
    ],
)
@pytest.mark.django_db
def test_a_survey_is_usable(noon, changes, usable):
    fields = {
        name: clock.now() + timedelta(seconds=value) if name.endswith("_at") else value
        for name, value in changes.items()
    }
    row = SurveyFactory(**fields)

    found = surveys.usable(row.era_id, row.waypoint, at=clock.now(), guard=60)

    assert (row in found) is usable


@pytest.mark.django_db
@pytest.mark.parametrize(("max_uses", "usable"), [(0, True), (3, True), (2, False), (1, False)])
def test_an_owner_may_limit_the_uses_of_a_survey(noon, max_uses, usable):
    row = SurveyFactory(uses=2)

    found = surveys.usable(
        row.era_id, row.waypoint, at=clock.now(), guard=60, max_uses=max_uses
    )

    assert (row in found) is usable


def test_a_survey_the_game_calls_used_up_is_never_sent_again(crew, rock):
    priced(crew, IRON_ORE=40, COPPER_ORE=40, ALUMINUM_ORE=40)
    surveyor = crew.commission("SHIP_SURVEYOR", rock.waypoint.symbol, docked=False)
    row = surveying.survey(surveyor, api=crew.api)[0]
    del crew.world.surveys[row.signature]
    ship = drone(crew, rock)

    first = extracting.take(ship, rock, survey=row, prices=PRICES, api=crew.api, at=clock.now())

    row.refresh_from_db()
    assert first is None
    assert row.exhausted_at is not None
    assert surveys.usable(row.era_id, row.waypoint, at=clock.now(), guard=0).count(row) == 0


# sparing the rock


@pytest.mark.django_db
@pytest.mark.parametrize(("recent", "waits"), [(8, 0.0), (9, 30.0), (10, 30.0)])
def test_a_rock_is_worked_so_often_a_minute(noon, recent, waits):
    session = ExtractionFactory(at=clock.now() - timedelta(minutes=2)).session
    for _ in range(recent):
        ExtractionFactory(session=session, at=clock.now() - timedelta(seconds=30))
    era = session.ship.agent.era_id

    rest = pace.rest(session.site.waypoint.symbol, era, at=clock.now(), cap=9)

    assert rest == waits


def test_an_unstable_rock_is_left_alone(crew, rock):
    place = crew.world.waypoints[rock.waypoint.symbol]
    place.modifiers = ["UNSTABLE"]
    crew.world.stress[place.symbol] = type(
        "Worked", (), {"level": 500.0, "at": crew.world.now}
    )()
    ship = drone(crew, rock)

    for _ in range(20):
        crew.run(80)
        if not Site.objects.get(pk=rock.pk).open:
            break

    rock.refresh_from_db()
    ship.refresh_from_db()
    assert not rock.open
    assert rock.closed_until > clock.now()
    assert ship.wake_at == rock.closed_until
    assert Alert.objects.open().get().kind == "unstable"


# the hold


@pytest.mark.parametrize(
    ("cargo", "dropped"),
    [
        pytest.param({"ICE_WATER": 5, "IRON_ORE": 10}, {"ICE_WATER": 5}, id="full"),
        pytest.param({"ICE_WATER": 5, "IRON_ORE": 9}, {}, id="one unit of room"),
        pytest.param({"QUARTZ_SAND": 5, "IRON_ORE": 10}, {}, id="exactly at the threshold"),
        pytest.param({"SILVER_ORE": 5, "IRON_ORE": 10}, {}, id="of unknown price"),
    ],
)
def test_cheap_goods_make_room_only_in_a_full_hold(crew, rock, cargo, dropped):
    ParameterFactory(behaviour="miner", name="jettison_below", value="50")
    priced(crew, ICE_WATER=49, QUARTZ_SAND=50, IRON_ORE=60)
    served(crew, rock)
    ship = drone(crew, rock, **cargo)

    crew.run(1)

    rows = {row.good: (row.units, row.price) for row in Jettison.objects.all()}
    assert rows == {good: (units, 49) for good, units in dropped.items()}
    assert {each["good"]: each["units"] for each in crew.log("jettison")} == dropped
    if dropped:
        assert Jettison.objects.get().value_lost == 5 * 49
        assert crew.told(ship).cargo.get("ICE_WATER", 0) == 0
    assert crew.differences() == {}


def test_goods_a_contract_needs_are_kept_however_cheap(crew, rock):
    ParameterFactory(behaviour="miner", name="jettison_below", value="50")
    priced(crew, ICE_WATER=49, IRON_ORE=49)
    ReservationFactory(contract__agent=crew.agent, good="ICE_WATER")
    served(crew, rock)
    drone(crew, rock, ICE_WATER=10, IRON_ORE=5)

    crew.run(1)

    assert [each["good"] for each in crew.log("jettison")] == ["IRON_ORE"]


def test_a_full_miner_asks_for_a_transport_and_sleeps(crew, rock):
    priced(crew, IRON_ORE=60)
    served(crew, rock)
    ship = drone(crew, rock, IRON_ORE=15)

    crew.run(900)

    ship.refresh_from_db()
    assert Pickup.objects.get().units == 15
    assert ship.why == "full, waiting for a transport"
    assert crew.line.asked == [], "it costs no requests to wait"


def test_a_miner_that_waited_too_long_carries_its_load_itself(crew, rock):
    priced(crew, IRON_ORE=60)
    served(crew, rock)
    ship = drone(crew, rock, IRON_ORE=15)

    crew.run(1_810)

    ship.refresh_from_db()
    assert "waited too long" in Pickup.objects.get().outcome
    assert ship.waypoint == crew.place("ASTEROID_BASE")
    assert ship.nav_status == "IN_TRANSIT"


def test_a_miner_nobody_serves_carries_its_load_at_once(crew, rock):
    priced(crew, IRON_ORE=60)
    ship = drone(crew, rock, IRON_ORE=15)

    crew.run(10)

    ship.refresh_from_db()
    assert ship.nav_status == "IN_TRANSIT"
    assert not Pickup.objects.exists()


def test_a_miner_without_a_site_waits(crew):
    ship = crew.commission("SHIP_MINING_DRONE", crew.place("PLANET"), roles=("miner",))
    crew.fly(ship)

    crew.run(10)

    ship.refresh_from_db()
    assert ship.why == "no site to mine yet"
