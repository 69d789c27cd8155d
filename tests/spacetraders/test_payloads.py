"""Reading answers (payloads): recorded ones, and such as nobody has seen yet."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from spacefleet.spacetraders import payloads
from tests.spacetraders import openapi

SAMPLES = openapi.FOLDER / "samples"
AT = "2026-07-06T12:00:00.000Z"
NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)


def sample(name: str):
    path = SAMPLES / f"{name}.json"
    if not path.exists():
        pytest.skip("recorded answers are not beside the project")
    return json.loads(path.read_text())["data"]


def test_recorded_registration_tells_agent_ships_and_contract():
    registration = payloads.Registration.from_json(sample("register_response_2025-12-13"))

    frigate, probe = registration.ships
    [delivery] = registration.contract.deliveries
    assert registration.agent.credits == 175_000
    assert (frigate.symbol, frigate.role, frigate.speed) == ("NULLSKY2-1", "COMMAND", 36)
    assert frigate.fuel == payloads.Fuel(current=400, capacity=400)
    assert frigate.cargo.capacity == 40
    assert frigate.cooldown_ends_at is None
    assert frigate.condition == 1.0
    assert {mount.symbol: mount.strength for mount in frigate.mounts}[
        "MOUNT_GAS_SIPHON_II"
    ] == 20
    assert probe.nav.status == "DOCKED"
    assert (delivery.good, delivery.missing) == ("ALUMINUM_ORE", 46)


def test_registration_does_not_show_its_token():
    registration = payloads.Registration.from_json(sample("register_response_2025-12-13"))

    assert registration.token not in repr(registration)


def test_recorded_extraction_tells_yield_cargo_and_cooldown():
    extraction = payloads.Extraction.from_json(sample("2024_extract_ores"))

    assert (extraction.good, extraction.units) == ("QUARTZ_SAND", 1)
    assert extraction.cargo == payloads.Cargo(capacity=15, units=1, goods={"QUARTZ_SAND": 1})
    assert extraction.cargo.free == 14
    assert extraction.cooldown_ends_at == datetime(2024, 2, 7, 3, 10, 48, 583_000, tzinfo=UTC)


def test_recorded_refuelling_tells_what_it_cost():
    refuel = payloads.Refuel.from_json(sample("2024_refuel_ship"))

    assert (refuel.transaction.good, refuel.transaction.total) == ("FUEL", 72)
    assert refuel.fuel.current == 80
    assert refuel.cargo is None


def test_recorded_shipyard_tells_offers_and_what_others_paid():
    yard = payloads.Shipyard.from_json(sample("2024_shipyard_result"))

    drone = yard.offers[0]
    assert yard.ship_types == ("SHIP_MINING_DRONE", "SHIP_SURVEYOR")
    assert (drone.type, drone.price, drone.fuel_capacity) == ("SHIP_MINING_DRONE", 40_568, 80)
    assert drone.cargo_capacity == 15
    assert yard.transactions[0].agent == "CHAOSBEING"


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("2024_extract_ores_second", payloads.Extraction.from_json),
        ("2024_navigate_to_eng_asteroid", payloads.Departure.from_json),
        ("2024_purchased_light_shuttle", payloads.ShipPurchase.from_json),
    ],
)
def test_recorded_answer_reads(name, read):
    assert read(sample(name))


@pytest.mark.parametrize("name", ["2024_dock_at_eng_asteroid", "2024_orbit_asteroid"])
def test_recorded_nav_reads(name):
    nav = payloads.Nav.from_json(sample(name)["nav"])

    assert nav.arrives_at >= nav.departed_at


def test_prices_are_named_by_what_we_pay_and_receive():
    good = payloads.MarketGood.from_json(
        {"symbol": "IRON", "tradeVolume": 20, "purchasePrice": 110, "sellPrice": 54}
    )

    assert (good.we_pay, good.we_receive) == (110, 54)


def test_market_without_a_ship_there_has_no_prices_rather_than_none_for_sale():
    market = payloads.Market.from_json(
        {"symbol": "X1-A-B", "imports": [{"symbol": "IRON"}], "exports": [], "exchange": []}
    )

    assert market.imports == ("IRON",)
    assert market.goods is None
    assert market.transactions is None


def test_unknown_symbols_stay_what_they_are():
    waypoint = payloads.Waypoint.from_json(
        {
            "symbol": "X1-A-B",
            "systemSymbol": "X1-A",
            "type": "DYSON_SPHERE",
            "x": 1,
            "y": -2,
            "traits": [{"symbol": "SINGING"}],
            "population": 12,
        }
    )

    assert (waypoint.type, waypoint.traits, waypoint.charted) == (
        "DYSON_SPHERE",
        ("SINGING",),
        True,
    )


def test_waypoint_nobody_charted_says_so():
    waypoint = payloads.Waypoint.from_json(
        {
            "symbol": "X1-A-B",
            "systemSymbol": "X1-A",
            "type": "PLANET",
            "x": 1,
            "y": 2,
            "traits": [{"symbol": "UNCHARTED"}],
        }
    )

    assert not waypoint.charted


def test_survey_goes_back_as_it_came():
    raw = {
        "signature": "X1-A-B-123456",
        "symbol": "X1-A-B",
        "deposits": [{"symbol": "IRON_ORE"}, {"symbol": "IRON_ORE"}],
        "expiration": AT,
        "size": "COLOSSAL",
        "remark": "kept too",
    }

    survey = payloads.Survey.from_json(raw)

    assert survey.deposits == ("IRON_ORE", "IRON_ORE")
    assert survey.expires_at == NOON
    assert survey.raw == raw


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        pytest.param(AT, NOON, id="zulu"),
        pytest.param("2026-07-06T14:00:00+02:00", NOON, id="offset"),
        pytest.param("2026-07-06T12:00:00", NOON, id="no offset means UTC"),
    ],
)
def test_moments_are_aware_and_in_utc(text, instant):
    at = payloads.AgentEvent.from_json({"id": "1", "type": "X", "createdAt": text}).at

    assert at == instant
    assert at.utcoffset() == timedelta(0)


def test_status_page_of_a_fast_universe_tells_its_factor():
    status = payloads.Status.from_json(
        {
            "version": "v2.3.0",
            "resetDate": "2026-07-05",
            "serverResets": {"next": AT, "frequency": "weekly"},
            "timeFactor": 60,
        }
    )

    assert status.time_factor == 60.0
    assert status.reset_date == date(2026, 7, 5)
    assert status.next_reset_at == NOON


def test_status_page_of_the_real_game_runs_at_factor_one():
    assert payloads.Status.from_json({"resetDate": "2026-07-05"}).time_factor == 1.0


def test_one_good_listed_twice_aboard_is_added_up():
    cargo = payloads.Cargo.from_json(
        {
            "capacity": 40,
            "units": 7,
            "inventory": [{"symbol": "IRON", "units": 3}, {"symbol": "IRON", "units": 4}],
        }
    )

    assert cargo.goods == {"IRON": 7}
