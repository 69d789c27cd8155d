"""Many workers move cargo at once (inventory.services.transfers), against the universe."""

import json
import random
import threading
import time

import httpx
import pytest

from fleet.services import healing
from inventory.models import Stock, Transfer
from inventory.services import transfers
from spacefleet.spacetraders import errors
from spacefleet.universe.transport import UniverseTransport
from tests.concurrency.test_claims import together
from tests.crew import crewed
from tests.factories import DepotFactory

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS, ROUNDS = 8, 200


class Watched(httpx.BaseTransport):
    """The way to the universe, which notes transfers that overlap on one ship."""

    def __init__(self, inner: UniverseTransport) -> None:
        self.inner = inner
        self.lock = threading.Lock()
        self.under_way: list[str] = []
        self.most = 0
        self.overlaps: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/transfer"):
            return self.inner.handle_request(request)
        ships = [request.url.path.split("/")[-2], json.loads(request.read())["shipSymbol"]]
        with self.lock:
            self.overlaps += [ship for ship in ships if ship in self.under_way]
            self.under_way += ships
            self.most = max(self.most, len(self.under_way))
        time.sleep(0.001)  # so that others have the chance to come between
        try:
            return self.inner.handle_request(request)
        finally:
            with self.lock:
                for ship in ships:
                    self.under_way.remove(ship)


@pytest.fixture
def crew(transactional_db):
    with crewed() as found:
        found.line.inner = Watched(found.line.inner)
        yield found


@pytest.fixture
def depots(crew):
    hulls = [
        crew.commission("SHIP_LIGHT_SHUTTLE", crew.place("PLANET"), roles=("depot",))
        for _ in range(4)
    ]
    return [DepotFactory(ship=hull, waypoint=hull.waypoint) for hull in hulls]


@pytest.fixture
def haulers(crew):
    port = crew.place("PLANET")
    made = [
        crew.commission("SHIP_LIGHT_SHUTTLE", port, cargo={"IRON_ORE": 20})
        for _ in range(WORKERS)
    ]
    crew.ships().filter(pk__in=[ship.pk for ship in made]).update(stepping=1)
    return made


def work(crew, depots, hauler, number):
    """One worker with a ship of its own: so many tries, with depots that all others use.

    What it cannot know the outcome of it looks at, like a step of the engine does.
    """
    chance = random.Random(number)
    api = crew.api
    for _ in range(ROUNDS):
        mine = crew.ships().get(pk=hauler.pk)
        hull = crew.ships().get(pk=chance.choice(depots).ship_id)
        deposit = mine.cargo and (chance.random() < 0.5 or not hull.cargo)
        giver, receiver = (mine, hull) if deposit else (hull, mine)
        kind = Transfer.Kind.DEPOSIT if deposit else Transfer.Kind.WITHDRAW
        units = chance.randint(1, 20)
        try:
            transfers.transfer(giver, receiver, "IRON_ORE", units, kind=kind, api=api)
        except errors.OutcomeUnknown:
            for ship in (mine, hull):
                healing.heal(crew.ships().get(pk=ship.pk), api=api)


def test_holds_never_overflow_and_books_stay_right(crew, depots, haulers):
    crew.world.faults.add("POST */transfer lost 2%")

    together(WORKERS, lambda number: work(crew, depots, haulers[number], number))

    watched = crew.line.inner
    assert watched.overlaps == [], "one transfer at a time per ship"
    assert watched.most > 2, "transfers of different ships overlapped"
    assert crew.differences() == {}
    holds = [crew.told(ship).cargo.get("IRON_ORE", 0) for ship in crew.ships()]
    assert sum(holds) == WORKERS * 20
    assert min(holds) >= 0
    for depot in depots:
        booked = Stock.objects.filter(depot=depot, good="IRON_ORE").values_list("units")
        assert sum(units for (units,) in booked) == crew.told(depot.ship).cargo.get(
            "IRON_ORE", 0
        )
    applied = [(each["target"], each["units"]) for each in crew.log("transfer")]
    rows = Transfer.objects.values_list("receiver__symbol", "units", "status")
    assert sorted(rows) == sorted((*each, "confirmed") for each in applied)
    assert len(applied) > WORKERS * ROUNDS / 10
    assert not crew.ships().exclude(cargo_lock="").exists()
