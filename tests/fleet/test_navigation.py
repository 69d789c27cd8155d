"""Moving ships (fleet.services.navigation), looking (wishes, scouts) and joining, against the
universe."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fleet.models import (
    Agent,
    Evaluator,
    LedgerEntry,
    MarketGood,
    NavStatus,
    ShipPrice,
    ShipyardOffer,
    Waypoint,
    Wish,
)
from fleet.services import cargo, joining, navigation, sync, wishes
from spacefleet import clock, jobs
from spacefleet.models import Alert
from tests.crew import SERVER
from tests.factories import ParameterFactory, WishFactory


@pytest.fixture
def port(crew):
    return crew.place("PLANET")


@pytest.fixture
def shuttle(crew, port):
    return crew.commission("SHIP_LIGHT_SHUTTLE", port)


def go(crew, ship, to):
    return navigation.travel_to(ship, to, api=crew.api, at=clock.now(), why="to see")


# flying


def test_a_flight_takes_as_long_as_planned(crew, shuttle):
    there = crew.market("FERTILIZERS", "EXPORT")
    planned = navigation.flight_seconds(shuttle, shuttle.waypoint, there)

    wake = go(crew, shuttle, there)

    assert wake.at - shuttle.departed_at == timedelta(seconds=planned)
    assert wake.why == f"flying to {there}: to see"
    assert crew.differences() == {}


def test_nothing_is_asked_for_a_ship_that_is_there(crew, shuttle):
    assert go(crew, shuttle, shuttle.waypoint) is None
    assert crew.line.asked == []


def test_nothing_is_asked_for_a_ship_under_way(crew, shuttle):
    there = crew.market("FERTILIZERS", "EXPORT")
    arrives = go(crew, shuttle, there).at
    crew.line.asked.clear()

    assert go(crew, shuttle, crew.place("ASTEROID")).at == arrives
    assert crew.line.asked == []


def test_a_ship_refuels_before_a_way_it_could_not_fly(crew, shuttle):
    crew.put(shuttle, shuttle.waypoint, fuel=1)

    go(crew, shuttle, crew.market("FERTILIZERS", "EXPORT"))

    paid = LedgerEntry.objects.get(kind="fuel")
    assert -paid.amount == -crew.log("refuel")[0]["credits"]
    assert crew.differences() == {}


def test_a_docked_ship_orbits_before_it_leaves_and_one_in_orbit_does_not(crew, shuttle):
    crew.put(shuttle, shuttle.waypoint, docked=False)

    go(crew, shuttle, crew.market("FERTILIZERS", "EXPORT"))

    assert crew.log("orbit") == []


def test_a_far_goal_is_reached_hop_by_hop(crew, port):
    drone = crew.commission("SHIP_MINING_DRONE", port)
    far = crew.place("ASTEROID_BASE")
    stops = []
    for _ in range(30):
        wake = go(crew, drone, far)
        if wake is None:
            break
        stops.append(drone.waypoint)
        crew.clock.jump_to(wake.at)
        drone = crew.ships().get(pk=drone.pk)
        drone.settle(clock.now())

    assert drone.waypoint == far
    assert len(stops) > 1
    assert stops == [each["to"] for each in crew.log("navigate")]
    assert crew.differences() == {}


def test_a_ship_without_a_route_stays_says_so_and_alerts(crew):
    rock = crew.place("ASTEROID")
    drone = crew.commission("SHIP_MINING_DRONE", rock, docked=False)
    crew.put(drone, rock, docked=False, fuel=0)

    wake = go(crew, drone, crew.place("PLANET"))

    assert "no fuel for any route" in wake.why
    assert wake.at == clock.now() + timedelta(seconds=600)
    assert Alert.objects.open().get().kind == "stranded"
    assert crew.line.asked == []


def test_the_alert_ends_when_there_is_a_route_again(crew):
    rock = crew.place("ASTEROID")
    drone = crew.commission("SHIP_MINING_DRONE", rock, docked=False)
    crew.put(drone, rock, docked=False, fuel=0)
    go(crew, drone, crew.place("PLANET"))
    drone = crew.put(drone, rock, docked=False, fuel=80)

    go(crew, drone, crew.place("PLANET"))

    assert not Alert.objects.open().exists()


@pytest.mark.parametrize("docked", [True, False])
def test_only_navigation_changes_where_a_ship_is(crew, shuttle, port, docked):
    """A low-level call never docks or undocks on the side."""
    crew.put(shuttle, port, docked=docked, cargo={"IRON_ORE": 5})
    other = crew.commission("SHIP_LIGHT_SHUTTLE", port, docked=docked)
    api = crew.api

    api.transfer(shuttle.symbol, other.symbol, "IRON_ORE", 1)
    api.jettison(shuttle.symbol, "IRON_ORE", 1)
    api.get_ship(shuttle.symbol)

    assert crew.told(shuttle).docked is docked
    assert crew.log("dock") == crew.log("orbit") == []


def test_docking_twice_asks_once(crew, shuttle, port):
    crew.put(shuttle, port, docked=False)

    for _ in range(2):
        navigation.dock(shuttle, api=crew.api)

    assert shuttle.nav_status == NavStatus.DOCKED
    assert len(crew.line.asked) == 1


def test_buying_books_what_it_cost(crew, shuttle):
    place = crew.market("IRON", "EXPORT")
    crew.put(shuttle, place)
    shuttle = crew.ships().get(pk=shuttle.pk)

    trade = cargo.buy(shuttle, "IRON", 2, api=crew.api)

    entry = LedgerEntry.objects.get(kind="purchase")
    assert (entry.amount, entry.units, entry.price) == (-trade.total, 2, trade.price)
    assert crew.differences() == {}


# looking


def test_a_look_answers_the_wish_for_it(crew, shuttle):
    unseen = crew.market("FERTILIZERS", "EXPORT")
    place = Waypoint.objects.get(era=crew.agent.era, symbol=unseen)
    wishes.wish(place, Wish.What.MARKET, why="to decide", value=5)
    shuttle = crew.put(shuttle, unseen)

    said = wishes.look_here(shuttle, api=crew.api)

    assert "market" in said
    assert Wish.objects.get().answered_at is not None
    assert MarketGood.objects.filter(waypoint=place, we_receive__isnull=False).exists()


def test_what_is_fresh_is_not_read_again(crew, shuttle):
    shuttle = crew.put(shuttle, crew.market("FERTILIZERS", "EXPORT"))
    wishes.look_here(shuttle, api=crew.api)
    crew.line.asked.clear()

    assert wishes.look_here(shuttle, api=crew.api) == ""
    assert crew.line.asked == []
    clock.sleep(wishes.FRESH + 1)
    assert wishes.look_here(shuttle, api=crew.api) != ""


@pytest.mark.parametrize(("value", "kept"), [(5, 10), (15, 15)])
def test_a_standing_wish_only_gains_in_value(crew, port, value, kept):
    place = Waypoint.objects.get(era=crew.agent.era, symbol=port)
    WishFactory(waypoint=place, value=10)

    wishes.wish(place, Wish.What.MARKET, why="another reason", value=value)

    assert Wish.objects.get().value == kept


def test_a_scout_flies_to_the_most_valuable_wish(crew):
    yard, station = crew.place("FUEL_STATION"), crew.market("FERTILIZERS", "EXPORT")
    for symbol, value in ((yard, 5), (station, 9)):
        place = Waypoint.objects.get(era=crew.agent.era, symbol=symbol)
        wishes.wish(place, Wish.What.MARKET, why="to decide", value=value)
    probe = crew.ships().get(symbol="CREW-2")
    crew.fly(probe, roles=("scout",))

    crew.run(5)

    assert crew.log("navigate")[0]["to"] == station


def test_a_ship_price_is_kept_when_it_changed_and_only_then(crew):
    yard = Waypoint.objects.filter(era=crew.agent.era, shipyard=True).first()
    crew.put(crew.ships().get(symbol="CREW-2"), yard.symbol)
    told = crew.api.get_shipyard(yard.symbol)
    offer, *others = told.offers
    dearer = replace(told, offers=(replace(offer, price=offer.price + 500), *others))

    for answer in (told, told, dearer, dearer, told):
        sync.store_shipyard(yard, answer)

    rows = ShipPrice.objects.filter(waypoint=yard, ship_type=offer.type).order_by("pk")
    prices = list(rows.values_list("price", flat=True))
    assert prices == [offer.price, offer.price + 500, offer.price]
    assert ShipPrice.objects.filter(waypoint=yard).count() == len(told.offers) + 2


def test_two_scouts_never_fly_to_the_same_wish(crew):
    first = crew.ships().get(symbol="CREW-2")
    second = crew.commission("SHIP_PROBE", first.waypoint)
    place = Waypoint.objects.get(
        era=crew.agent.era, symbol=crew.market("FERTILIZERS", "EXPORT")
    )
    wishes.wish(place, Wish.What.MARKET, why="to decide", value=9)
    crew.fly(first, second, roles=("scout",))

    crew.run(10)

    goals = [each["to"] for each in crew.log("navigate")]
    assert len(goals) == len(set(goals)) == 2


def test_a_scout_with_nothing_to_look_at_rests_as_long_as_its_owner_says(crew):
    MarketGood.objects.update(seen_at=clock.now(), we_receive=1, we_pay=1)
    ShipyardOffer.objects.update(seen_at=clock.now())
    for place in Waypoint.objects.filter(shipyard=True, goods__isnull=True):
        MarketGood.objects.create(waypoint=place, good="FUEL", seen_at=clock.now())
    ParameterFactory(behaviour="scout", name="rest", value="77")
    probe = crew.ships().get(symbol="CREW-2")
    crew.fly(probe, roles=("scout",))

    crew.run(1)
    ParameterFactory(behaviour="scout", name="rest", value="33", agent=crew.agent)
    probe.refresh_from_db()
    first = (probe.wake_at - probe.stepped_at).total_seconds()
    crew.run(78)
    probe.refresh_from_db()
    second = (probe.wake_at - probe.stepped_at).total_seconds()

    assert (first, second) == (77, 33)


# joining


def test_a_new_agent_knows_its_home_its_ships_and_its_balance(crew):
    agent = crew.agent

    assert agent.credits == crew.player.credits == 175_000
    assert LedgerEntry.objects.get().kind == "opening"
    assert crew.ships().count() == 2
    assert Waypoint.objects.filter(era=agent.era).count() == len(
        crew.world.systems[agent.home].waypoints
    )
    assert crew.differences() == {}


def test_an_agent_is_adopted_as_it_stands(crew):
    crew.player.credits = 123_456
    crew.commission("SHIP_MINING_DRONE", crew.place("PLANET"))
    token = crew.agent.token
    for model in (LedgerEntry, Evaluator):
        model.objects.all().delete()
    crew.ships().delete()
    Agent.objects.all().delete()

    agent = joining.adopt(SERVER, token=token, transport=crew.line, tell=lambda text: None)

    crew.agent = agent
    assert agent.credits == 123_456
    assert set(Evaluator.objects.values_list("name", flat=True)) == set(jobs.EVALUATORS)
    assert crew.differences() == {}


def test_adopting_again_keeps_the_ledger(crew):
    before = list(LedgerEntry.objects.values())
    Agent.objects.update(halted="the token was not accepted")

    agent = joining.adopt(
        SERVER, token=crew.agent.token, transport=crew.line, tell=lambda text: None
    )

    assert (agent.pk, agent.halted) == (crew.agent.pk, "")
    assert list(LedgerEntry.objects.values()) == before


@pytest.mark.parametrize(
    ("token", "says"),
    [("not a token", "does not know this token"), ("", "does not know this token")],
)
def test_a_token_nobody_knows_is_explained(crew, token, says):
    with pytest.raises(joining.CannotJoin, match=says):
        joining.adopt(SERVER, token=token, transport=crew.line, tell=lambda text: None)


def test_a_symbol_that_is_taken_is_explained(crew):
    with pytest.raises(joining.CannotJoin, match="CREW.* cannot be registered"):
        joining.register(
            SERVER, symbol="CREW", faction="COSMIC", transport=crew.line, tell=lambda text: None
        )


def test_a_server_that_is_none_is_explained(crew):
    crew.world.faults.add("* * 503 1.0")

    with pytest.raises(joining.CannotJoin, match="does not answer as a SpaceTraders server"):
        joining.greet(SERVER, transport=crew.line)


def test_unknown_modules_and_mounts_do_not_matter(crew, shuttle):
    crew.told(shuttle).modules.append("MODULE_CARGO_HOLD_I")
    crew.told(shuttle).outfit = ""

    sync.reread(shuttle, api=crew.api)

    assert "MODULE_CARGO_HOLD_I" in shuttle.modules
