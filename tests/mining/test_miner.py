"""The life of a miner at its site (mining.loops.miner, mining.services)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleet.models import MarketGood, Ship, Waypoint
from inventory.models import Pickup
from mining.loops import miner
from mining.models import Extraction, Jettison, Session, Site, Survey
from mining.params import MinerParams
from mining.selectors import pace, stays, surveys
from mining.services import extracting, surveying
from spacefleet import clock
from spacefleet.models import Alert, RequestCount
from spacefleet.universe import state as game
from spacefleet.universe.timeline import milliseconds
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


def survey_of(crew, rock, *deposits):
    """A survey of the rock, known to the game and to us, that lives for an hour."""
    ends = clock.now() + timedelta(hours=1)
    signature = f"{rock.waypoint.symbol}-{len(crew.world.surveys):06X}"
    crew.world.surveys[signature] = game.Survey(
        signature, rock.waypoint.symbol, list(deposits), "LARGE", milliseconds(ends), 500
    )
    return SurveyFactory(
        made_by=crew.frigate,
        waypoint=rock.waypoint.symbol,
        signature=signature,
        deposits=list(deposits),
        size="LARGE",
        expires_at=ends,
        raw={
            "signature": signature,
            "symbol": rock.waypoint.symbol,
            "deposits": [{"symbol": good} for good in deposits],
            "size": "LARGE",
            "expiration": crew.world.stamp(milliseconds(ends)),
        },
    )


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


def test_a_hundred_extractions_cost_hardly_more_requests(crew, rock):
    priced(crew, IRON_ORE=40, COPPER_ORE=60, ALUMINUM_ORE=50)
    surveyor = crew.commission("SHIP_SURVEYOR", rock.waypoint.symbol, docked=False)
    surveying.survey(surveyor, api=crew.api)
    for _ in range(3):
        crew.told(drone(crew, rock)).cargo_capacity = 5_000
    Ship.objects.filter(agent=crew.agent).update(cargo_capacity=5_000)
    crew.line.asked.clear()

    crew.run(3_600)

    loads = crew.log("extract")
    assert len(loads) >= 100
    assert len(crew.line.asked) <= 1.1 * len(loads)
    assert not RequestCount.objects.filter(status=409).exists(), "no cooldown is run into"
    assert crew.differences() == {}


@pytest.mark.parametrize("calls", ["POST */extract", "POST */extract/survey"])
def test_a_miner_killed_in_its_work_goes_on_when_its_mount_has_cooled(crew, rock, calls):
    priced(crew, IRON_ORE=40, COPPER_ORE=40, ALUMINUM_ORE=40)
    if calls.endswith("survey"):
        survey_of(crew, rock, "IRON_ORE")
    drone(crew, rock)
    crew.line.kill(calls)

    crew.run_until_killed(30)
    crew.run(200)

    loads = [entry.at for entry in crew.world.log.of("extract")]
    assert len(loads) >= 3
    assert min(b - a for a, b in zip(loads, loads[1:], strict=False)) >= 70_000
    assert not RequestCount.objects.filter(status=409).exists()
    assert Extraction.objects.count() == len(loads)
    assert crew.differences() == {}


@pytest.mark.parametrize("aimed", [False, True], ids=["blind", "by a survey"])
def test_a_load_costs_few_statements(crew, rock, aimed):
    priced(crew, IRON_ORE=40, COPPER_ORE=40, ALUMINUM_ORE=40)
    if aimed:
        survey_of(crew, rock, "IRON_ORE")
    ship = drone(crew, rock)
    crew.run(10)
    ship.refresh_from_db()
    later = ship.cooldown_ends_at
    Site.objects.filter(pk=rock.pk).update(priced_at=later)

    with clock.frozen_at(later), CaptureQueriesContext(connection) as told:
        stay = stays.running(ship)
        miner.work(
            ship,
            stays.site_of(ship, stay),
            MinerParams(),
            stay=stay,
            api=crew.api,
            at=clock.now(),
        )

    passing = (
        "SAVEPOINT",
        'FROM "fleet_parameter"',
        'FROM "fleet_agent"',
    )  # read once a second
    own = [each["sql"] for each in told if not any(word in each["sql"] for word in passing)]
    assert len(own) <= (5 if aimed else 4), own


def test_a_session_adds_up_to_its_loads(crew, rock):
    ship = drone(crew, rock)

    crew.run(280)
    extracting.end_session(ship, outcome="called away", at=clock.now())

    session = Session.objects.counted().get()
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


@pytest.mark.parametrize("rich", ["COPPER_ORE", "IRON_ORE"])
def test_the_survey_of_the_greatest_expected_value_aims(crew, rock, rich):
    priced(crew, **{"ALUMINUM_ORE": 30, "COPPER_ORE": 30, "IRON_ORE": 30} | {rich: 90})
    survey_of(crew, rock, *["ALUMINUM_ORE"] * 7)
    best = survey_of(crew, rock, rich, rich, "ALUMINUM_ORE")
    ship = drone(crew, rock)

    crew.run(5)

    ship.refresh_from_db()
    load = Extraction.objects.get()
    assert load.survey == best
    assert "with the best of 2 surveys" in load.why
    assert load.why in ship.why


def test_a_survey_nobody_pays_for_is_not_dug_by(crew, rock):
    priced(crew, IRON_ORE=40, COPPER_ORE=40, ALUMINUM_ORE=40)
    survey_of(crew, rock, "QUARTZ_SAND", "QUARTZ_SAND")
    drone(crew, rock)

    crew.run(5)

    assert Extraction.objects.get().survey is None
    assert "without a survey" in Extraction.objects.get().why


@pytest.mark.parametrize(
    ("policy", "surveys_made"), [("never", False), ("always", True), ("percentile", True)]
)
def test_an_owner_chooses_how_surveys_are_decided(crew, rock, policy, surveys_made):
    ParameterFactory(behaviour="surveying", name="policy", value=policy)
    priced(crew, IRON_ORE=40)
    surveyor = crew.commission("SHIP_SURVEYOR", rock.waypoint.symbol, docked=False)
    crew.fly(surveyor, roles=("surveyor",), place=rock.waypoint.symbol)

    crew.run(5)

    assert Survey.objects.exists() is surveys_made
    surveyor.refresh_from_db()
    assert surveyor.why


def test_a_surveyor_rests_while_one_more_survey_brings_less_than_it_costs(crew, rock):
    priced(crew, IRON_ORE=40, COPPER_ORE=40, ALUMINUM_ORE=40)
    surveyor = crew.commission("SHIP_SURVEYOR", rock.waypoint.symbol, docked=False)
    for _ in range(3):
        survey_of(crew, rock, "IRON_ORE")
    crew.fly(surveyor, roles=("surveyor",), place=rock.waypoint.symbol)
    before = Survey.objects.count()

    crew.run(5)

    surveyor.refresh_from_db()
    assert Survey.objects.count() == before
    assert "brings 0 credits and costs" in surveyor.why


def test_goods_that_fill_our_holds_make_their_surveys_worth_less(crew, rock):
    priced(crew, IRON_ORE=60, COPPER_ORE=50)
    MarketGood.objects.filter(good="IRON_ORE", we_receive=60).update(
        kind="IMPORT", trade_volume=20, supply="HIGH"
    )
    survey_of(crew, rock, "IRON_ORE")
    copper = survey_of(crew, rock, "COPPER_ORE")
    crew.commission("SHIP_LIGHT_HAULER", crew.place("PLANET"), cargo={"IRON_ORE": 60})
    drone(crew, rock)

    crew.run(5)

    assert Extraction.objects.get().survey == copper


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


@pytest.mark.parametrize("fate", ["lost", "malformed", "hang"])
def test_goods_thrown_overboard_are_written_down_though_the_answer_was_lost(crew, rock, fate):
    ParameterFactory(behaviour="miner", name="jettison_below", value="50")
    priced(crew, ICE_WATER=49, IRON_ORE=60)
    served(crew, rock)
    drone(crew, rock, ICE_WATER=5, IRON_ORE=10)
    crew.world.faults.add(f"POST */jettison {fate} 1")

    crew.run(30)

    rows = [(row.good, row.units) for row in Jettison.objects.order_by("pk")]
    assert rows == [(each["good"], each["units"]) for each in crew.log("jettison")]
    assert rows[0] == ("ICE_WATER", 5)
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
