"""The client and the project's own game server, which share no code, play a round together."""

from datetime import UTC, datetime

import pytest

from spacefleet import clock
from spacefleet.spacetraders import Budget, Client, errors
from spacefleet.universe import scenarios
from spacefleet.universe.transport import UniverseTransport

NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    with clock.frozen_at(NOON):
        yield


def universe(**options):
    return scenarios.build("first_day", seed=7, start=NOON, **options)


def client(world, token=None, **options) -> Client:
    options.setdefault("budget", Budget(margin_ms=0))
    return Client(
        token,
        base_url="http://universe.test/v2",
        transport=UniverseTransport(world, clock.now),
        **options,
    )


@pytest.fixture
def game():
    """A registered player's client and what registration answered."""
    world = universe()
    registration = client(world).register("RED", "COSMIC")
    return client(world, registration.token), registration


def sleep_until(moment: datetime | None) -> None:
    if moment:
        clock.sleep((moment - clock.now()).total_seconds() + 0.001)


def fly(api: Client, ship: str, waypoint: str) -> None:
    api.orbit(ship)
    sleep_until(api.navigate(ship, waypoint).nav.arrives_at)


def test_frigate_surveys_mines_and_sells(game):
    api, registration = game
    frigate = registration.ships[0]
    system = frigate.nav.system
    [rock] = api.every_waypoint(system, kind="ENGINEERED_ASTEROID")
    fly(api, frigate.symbol, rock.symbol)

    found = api.survey(frigate.symbol)
    sleep_until(found.cooldown_ends_at)
    load = api.extract(frigate.symbol, found.surveys[0])
    [buyer] = [
        market
        for market in map(_market_of(api), _near(api, rock))
        if load.good in (*market.imports, *market.exchange)
    ][:1]
    fly(api, frigate.symbol, buyer.symbol)
    api.dock(frigate.symbol)
    sale = api.sell(frigate.symbol, load.good, load.units)

    assert load.good in found.surveys[0].deposits
    assert sale.transaction.total == sale.transaction.price * load.units
    assert sale.credits == registration.agent.credits + sale.transaction.total
    assert sale.cargo.goods == {}


def _market_of(api):
    return lambda waypoint: api.get_market(waypoint.symbol)


def _near(api, place):
    """The system's markets, nearest first."""
    markets = api.every_waypoint(place.system, traits=["MARKETPLACE"])
    return sorted(markets, key=lambda at: (at.x - place.x) ** 2 + (at.y - place.y) ** 2)


def test_prices_are_seen_where_a_ship_is_and_nowhere_else(game):
    api, registration = game
    here = registration.ships[0].nav.waypoint
    there = next(at for at in _near(api, api.get_waypoint(here)) if at.symbol != here)

    seen, unseen = api.get_market(here), api.get_market(there.symbol)

    assert all(good.we_pay >= good.we_receive for good in seen.goods)
    assert unseen.goods is None


def test_everything_one_may_read_reads(game):
    api, registration = game
    system = registration.ships[0].nav.system
    waypoints = list(api.every_waypoint(system))
    [gate] = [at for at in waypoints if at.type == "JUMP_GATE"]
    yards = [at for at in waypoints if "SHIPYARD" in at.traits]

    assert (
        len({at.symbol for at in waypoints})
        == len(waypoints)
        == api.list_waypoints(system).total
    )
    assert api.get_jump_gate(gate.symbol).symbol == gate.symbol
    assert api.get_construction(gate.symbol).materials
    assert api.get_shipyard(yards[0].symbol).ship_types
    assert api.get_system(system).symbol == system
    assert any(each.symbol == system for each in api.every_system())
    assert [ship.symbol for ship in api.every_ship()] == ["RED-1", "RED-2"]
    assert [each.id for each in api.every_contract()] == [registration.contract.id]
    assert api.get_my_agent() == registration.agent
    assert api.get_agent("RED").credits == registration.agent.credits
    assert {faction.symbol for faction in api.every_faction()} >= {"COSMIC"}
    assert api.supply_chain()
    assert api.list_error_codes()
    assert api.get_cooldown("RED-1") is None


def test_refusals_are_understood(game):
    api, _ = game

    with pytest.raises(errors.WrongStatus):
        api.extract("RED-1")
    with pytest.raises(errors.CargoMissing):
        api.jettison("RED-1", "IRON_ORE", 3)
    with pytest.raises(errors.NotFound):
        api.get_ship("BLUE-1")
    here = api.orbit("RED-1").waypoint
    with pytest.raises(errors.AlreadyThere):
        api.navigate("RED-1", here)


def test_flying_ship_refuses_and_says_until_when(game):
    api, registration = game
    frigate = registration.ships[0]
    [rock] = api.every_waypoint(frigate.nav.system, kind="ENGINEERED_ASTEROID")
    api.orbit(frigate.symbol)
    leg = api.navigate(frigate.symbol, rock.symbol)

    with pytest.raises(errors.ShipInTransit) as caught:
        api.dock(frigate.symbol)

    assert caught.value.arrives_at == leg.nav.arrives_at


def test_recharging_ship_refuses_and_says_until_when(game):
    api, registration = game
    frigate = registration.ships[0]
    [rock] = api.every_waypoint(frigate.nav.system, kind="ENGINEERED_ASTEROID")
    fly(api, frigate.symbol, rock.symbol)
    found = api.survey(frigate.symbol)

    with pytest.raises(errors.CooldownActive) as caught:
        api.extract(frigate.symbol)

    assert caught.value.until == found.cooldown_ends_at


def test_token_of_nobody_is_not_accepted():
    with pytest.raises(errors.Unauthorized):
        client(universe(), token="nonsense").get_my_agent()


@pytest.mark.parametrize(("speed", "seconds"), [(1.0, 3600), (60.0, 60)])
def test_saturated_lane_is_never_refused(speed, seconds):
    """At least 2.49 requests a second and not one 429."""
    world = universe(speed=speed)
    statuses = []
    api = client(
        world,
        client(world).register("RED", "COSMIC").token,
        budget=Budget(factor=speed, margin_ms=0),
        on_call=lambda call: statuses.append(call.status),
    )
    clock.sleep(61)
    start = clock.now()

    while (clock.now() - start).total_seconds() < seconds:
        api.get_cooldown("RED-1")

    assert set(statuses) == {204}
    assert len(statuses) / seconds >= 2.49 * speed


def test_status_page_tells_the_time_factor():
    assert client(universe(speed=60.0)).get_status().time_factor == 60.0
