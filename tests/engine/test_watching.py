"""A fleet that only watches reads and decides; what it would have done is its ships' reason."""

import inspect

import pytest

from fleet.models import (
    Control,
    LedgerEntry,
    MarketGood,
    Ship,
    ShipOrder,
    ShipyardOffer,
    Waypoint,
)
from fleet.rules.watching import DEEDS, WatchingOnly, deed
from fleet.services import controls, joining, roster
from spacefleet import clock
from spacefleet.lab.play import playing
from spacefleet.models import Alert
from spacefleet.spacetraders.endpoints import agent, ships, trade, work, world
from tests import factories as make
from tests.crew import SERVER, Line

pytestmark = pytest.mark.django_db

Mode = Control.Mode


# a whole fleet


@pytest.mark.timeout(240)
@pytest.mark.parametrize("scenario", ["first_day", "showcase"])
def test_a_whole_fleet_that_watches_for_an_hour_changes_nothing(scenario):
    with playing(scenario, seed=7) as play:
        before = play.world.agents["LABRAT"].credits
        line = play.transport = Line(play.transport)
        controls.give(Mode.WATCH, by="ada")

        play.run(hours=1)

        assert line.asked
        assert {asked.split()[0] for asked in line.asked} == {"GET"}
        assert play.world.agents["LABRAT"].credits == before
        assert LedgerEntry.objects.count() == 1
        assert not Alert.objects.filter(kind__in=["failing", "drift"]).exists()
        assert not Ship.objects.filter(failures__gt=0).exists()
        told = list(Ship.objects.values_list("why", flat=True))
        assert all(told)
        assert any(why.startswith("watching only by ada: would ") for why in told), told
        clock.set_factor(1.0)


# one ship


def laden(crew):
    market = crew.market("IRON_ORE", MarketGood.Kind.IMPORT)
    ship = crew.put(crew.frigate, market, docked=False, cargo={"IRON_ORE": 12})
    rock = Waypoint.objects.get(era=crew.agent.era, symbol=crew.place("ASTEROID"))
    make.SiteFactory(agent=crew.agent, waypoint=rock)
    crew.fly(ship, roles=("starter",))
    return ship, market


def test_a_ship_that_watches_says_what_it_would_have_sold_and_where(crew):
    ship, market = laden(crew)
    controls.give(Mode.WATCH, agent=crew.agent)

    crew.run(60)

    ship.refresh_from_db()
    assert ship.why == f"watching only: would sell 12 IRON_ORE at {market}"
    assert ship.cargo == {"IRON_ORE": 12}


def test_it_sleeps_a_while_instead_of_deciding_the_same_at_once(crew):
    ship, _ = laden(crew)
    controls.give(Mode.WATCH, ship=ship)
    crew.run(60)
    crew.line.asked.clear()

    crew.run(200)

    assert crew.line.asked == []


def test_it_acts_at_once_when_the_order_is_taken_back(crew):
    ship, _ = laden(crew)
    controls.give(Mode.WATCH, ship=ship)
    crew.run(60)

    controls.release(ship=ship)
    crew.run(30)

    ship.refresh_from_db()
    assert ship.cargo == {}
    assert crew.differences() == {}


def test_a_ship_that_watches_notices_what_another_client_did_with_it(crew):
    ship, _ = laden(crew)
    controls.give(Mode.WATCH, ship=ship)
    crew.run(60)
    crew.told(ship).cargo, crew.told(ship).cargo_units = {"IRON_ORE": 2}, 2

    crew.run(400)

    ship.refresh_from_db()
    assert ship.cargo == {"IRON_ORE": 2}
    assert ship.why.startswith("watching only: would ")


def test_other_ships_of_its_agent_go_on_acting(crew):
    ship, market = laden(crew)
    other = crew.commission("SHIP_LIGHT_SHUTTLE", market, cargo={"IRON_ORE": 12})
    controls.give(Mode.WATCH, ship=ship)
    controls.give(Mode.DRAIN, ship=other)
    crew.fly(other, roles=("scout",))

    crew.run(600)

    assert {sale["ship"] for sale in crew.log("sell")} == {other.symbol}


@pytest.mark.parametrize("mode", [Mode.PAUSE, Mode.DRAIN, Mode.RECALL])
def test_no_other_order_lets_out_what_watching_forbids(crew, mode):
    ship, _ = laden(crew)
    controls.give(Mode.WATCH, agent=crew.agent)
    controls.give(mode, ship=ship)

    crew.run(600)

    assert {asked.split()[0] for asked in crew.line.asked} == {"GET"}


def test_a_call_that_waited_while_the_order_was_given_does_not_go_out(crew):
    api = crew.api.bound(
        ship=crew.frigate.symbol,
        before_call=lambda: controls.give(Mode.WATCH, agent=crew.agent) and None,
    )

    with pytest.raises(WatchingOnly, match="would leave the dock"):
        api.orbit(crew.frigate.symbol)

    assert crew.line.asked == []


def test_an_order_to_watch_with_an_end_ends_by_itself(crew):
    ship, _ = laden(crew)
    controls.give(Mode.WATCH, until=clock.now() + clock.game(120))

    crew.run(600)

    ship.refresh_from_db()
    assert ship.cargo == {}


# ships that would be bought


def test_a_purchase_that_would_be_made_is_a_refusal_with_its_price(crew):
    offer = ShipyardOffer.objects.filter(waypoint__era=crew.agent.era).order_by("pk").first()
    assert offer is not None
    crew.put(crew.frigate, offer.waypoint.symbol)
    order = make.ShipOrderFactory(agent=crew.agent, ship_type=offer.ship_type)
    controls.give(Mode.WATCH, agent=crew.agent)
    assert roster.execute(order, api=crew.api) is None

    order.refresh_from_db()
    assert order.status == ShipOrder.Status.OPEN
    assert order.verdict


# joining


def test_an_agent_adopted_to_watch_is_never_asked_to_change(crew):
    line = Line(crew.line.inner)

    found = joining.adopt(
        SERVER, token=crew.agent.token, watch=True, transport=line, tell=lambda text: None
    )

    assert Control.objects.get().agent == found
    assert {asked.split()[0] for asked in line.asked} == {"GET"}


# words


def test_every_change_of_the_game_has_words_of_its_own():
    """Each endpoint that the client may change the game with, found in its source."""
    source = "".join(inspect.getsource(each) for each in (agent, ships, trade, work, world))
    wanted = [
        path for path in DEEDS if f'"{path}"' in source or path.endswith("/construction/supply")
    ]
    posts = source.count('"POST"') + source.count('"PATCH"')

    assert sorted(wanted) == sorted(DEEDS)
    assert posts <= len(DEEDS)
    for path in DEEDS:
        words = deed("POST", path, {"units": 3, "symbol": "X", "tradeSymbol": "X"})
        assert words
        assert "/" not in words


def test_a_change_nobody_gave_words_is_told_by_its_address():
    assert deed("POST", "/new") == "ask for POST /new"
