"""A ship the game fails to show: lists that have it fail too, and the others do not go blind."""

import pytest

from fleet.models import LedgerEntry, Ship, ShipOrder
from fleet.services import healing, joining, muster, roster, treasury
from spacefleet import clock
from spacefleet.models import Alert
from spacefleet.spacetraders import errors
from tests.crew import SERVER

pytestmark = pytest.mark.usefixtures("record")


def corrupt(crew, symbol: str) -> None:
    crew.world.faults.add(f"* * corrupt:{symbol} every 1")


def test_a_list_that_fails_is_read_ship_by_ship(crew):
    corrupt(crew, "CREW-2")

    found = muster.muster("CREW", api=crew.api)

    assert [ship.symbol for ship in found.ships] == ["CREW-1"]
    assert found.unreadable == 1
    assert Alert.objects.open().get().kind == "unreadable"


def test_only_the_page_with_the_corrupt_ship_costs_more(crew):
    place = crew.place("PLANET")
    for _ in range(40):
        crew.commission("SHIP_PROBE", place)
    corrupt(crew, "CREW-19")  # the twenty-fifth, on the second of three pages
    crew.line.asked.clear()

    found = muster.muster("CREW", api=crew.api)

    assert (len(found.ships), found.unreadable) == (41, 1)
    lists = crew.line.asked.count("GET /my/ships")
    assert lists == 1 + 3 + 19 + 3 + 1, "two pages, one tried three times, twenty ships alone"


def test_a_ship_that_is_shown_again_ends_the_alert(crew):
    corrupt(crew, "CREW-2")
    muster.muster("CREW", api=crew.api)
    crew.world.faults.clear()

    assert muster.muster("CREW", api=crew.api).unreadable == 0
    assert not Alert.objects.open().exists()


def test_a_server_that_is_away_is_no_corrupt_ship(crew):
    crew.world.faults.add("* * 503 every 1")

    with pytest.raises(errors.ServerUnavailable):
        muster.muster("CREW", api=crew.api)

    assert not Alert.objects.exists()


def test_an_agent_with_a_corrupt_ship_is_adopted_with_all_others(crew):
    lost = crew.commission("SHIP_LIGHT_SHUTTLE", crew.place("PLANET"))
    token = crew.agent.token
    Ship.objects.filter(agent=crew.agent).delete()
    corrupt(crew, lost.symbol)

    joining.adopt(SERVER, token=token, transport=crew.line, tell=lambda text: None)

    assert set(crew.ships().values_list("symbol", flat=True)) == {"CREW-1", "CREW-2"}


def test_a_corrupt_ship_is_tried_ever_later_and_holds_up_nobody(crew):
    place = crew.place("PLANET")
    bad, good = (crew.commission("SHIP_LIGHT_SHUTTLE", place) for _ in range(2))
    crew.fly(bad, roles=("count",))
    crew.fly(good, roles=("look",))
    healing.suspect(bad, "an answer was lost")
    corrupt(crew, bad.symbol)

    crew.run(10)
    meanwhile = treasury.funds(crew.agent)
    crew.run(590)

    bad, good = (crew.ships().get(pk=each.pk) for each in (bad, good))
    assert meanwhile is None, "nobody knows yet what the lost answer cost"
    assert treasury.funds(crew.agent), "the others may spend again"
    assert bad.failures >= 5
    assert "ServerUnavailable" in bad.last_error
    assert crew.line.asked.count(f"GET /my/ships/{bad.symbol}") <= 3 * 7, (
        "three tries each time"
    )
    assert good.why == "asked"
    assert Alert.objects.open().get(kind="failing").subject == bad.symbol


def test_a_ship_that_is_repaired_flies_again(crew):
    bad = crew.commission("SHIP_LIGHT_SHUTTLE", crew.place("PLANET"))
    crew.fly(bad, roles=("count",))
    healing.suspect(bad, "an answer was lost")
    corrupt(crew, bad.symbol)
    crew.run(120)
    crew.world.faults.clear()

    crew.run(600)

    bad = crew.ships().get(pk=bad.pk)
    assert (bad.failures, bad.suspect_since, bad.why) == (0, None, "counted")
    assert not Alert.objects.open().exists()


def test_a_look_that_fails_once_is_made_again_and_is_no_failure_of_the_ship(crew, caplog):
    ship = crew.commission("SHIP_LIGHT_SHUTTLE", crew.place("PLANET"))
    crew.fly(ship, roles=("count",))
    healing.suspect(ship, "an answer was lost")
    for number in (1, 2, 3):  # of the client's three tries
        crew.world.faults.add(f"GET /my/ships/{ship.symbol} 502 {number}")

    crew.run(5)
    waiting = crew.ships().get(pk=ship.pk)
    crew.run(10)

    assert (waiting.failures, waiting.last_error) == (1, "")
    assert "looked at again soon" in waiting.why
    ship = crew.ships().get(pk=ship.pk)
    assert (ship.failures, ship.suspect_since, ship.why) == (0, None, "counted")
    assert not [each for each in caplog.records if each.levelname == "ERROR"]


def test_a_busy_server_counts_against_no_ship(crew):
    ship = crew.commission("SHIP_LIGHT_SHUTTLE", crew.place("PLANET"))
    crew.fly(ship, roles=("count",))
    healing.suspect(ship, "an answer was lost")
    crew.world.faults.add("* * 503 every 1")

    crew.run(60)

    ship = crew.ships().get(pk=ship.pk)
    assert ship.failures == 0
    assert "server busy" in ship.why


def test_a_bought_ship_that_cannot_be_shown_is_paid_once_and_not_bought_again(crew):
    yard = next(w for w in crew.world.waypoints.values() if crew.world.yard(w.symbol))
    kind = next(iter(crew.world.yard(yard.symbol).ships))
    crew.put(crew.ships().get(symbol="CREW-2"), yard.symbol)
    order = roster.order(crew.agent, ship_type=kind, role="scout", place="", why="wanted")
    ShipOrder.objects.filter(pk=order.pk).update(
        status="buying", waypoint=yard.symbol, price=1, decided_at=clock.now()
    )
    before = crew.player.credits
    crew.world.faults.add("* * corrupt:CREW-3 every 1")
    with pytest.raises(errors.OutcomeUnknown):
        crew.api.purchase_ship(kind, yard.symbol)

    clock.sleep(healing.IN_FLIGHT.total_seconds())  # the request is not on its way any more
    roster.settle_purchases(crew.agent, api=crew.api)

    order.refresh_from_db()
    paid = LedgerEntry.objects.get(kind="ship")
    assert order.status == "cancelled"
    assert "fails to show" in order.verdict
    assert -paid.amount == before - crew.player.credits > 0
