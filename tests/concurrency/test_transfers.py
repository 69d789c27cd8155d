"""Many workers move cargo at once (inventory.services.transfers), against the universe."""

import random

import pytest

from inventory.models import Stock, Transfer
from inventory.services import transfers
from spacefleet.spacetraders import errors
from tests.concurrency.test_claims import together
from tests.crew import crewed
from tests.factories import DepotFactory

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS, ROUNDS = 8, 25


@pytest.fixture
def crew(transactional_db):
    with crewed() as found:
        yield found


@pytest.mark.parametrize("lost", [False, True], ids=["all answers arrive", "some are lost"])
def test_holds_never_overflow_and_books_stay_right(crew, lost):
    port = crew.place("PLANET")
    depots = []
    for _ in range(2):
        hull = crew.commission("SHIP_LIGHT_SHUTTLE", port, roles=("depot",))
        depots.append(DepotFactory(ship=hull, waypoint=port))
    haulers = [
        crew.commission("SHIP_LIGHT_SHUTTLE", port, cargo={"IRON_ORE": 25}) for _ in range(4)
    ]
    total = 4 * 25
    if lost:
        crew.world.faults.add("POST */transfer lost 5%")

    def work(number):
        chance = random.Random(number)
        api = crew.api
        for _ in range(ROUNDS):
            depot = chance.choice(depots)
            hauler = crew.ships().get(pk=chance.choice(haulers).pk)
            hull = crew.ships().get(pk=depot.ship_id)
            deposit = chance.random() < 0.6
            giver, receiver = (hauler, hull) if deposit else (hull, hauler)
            kind = Transfer.Kind.DEPOSIT if deposit else Transfer.Kind.WITHDRAW
            try:
                transfers.transfer(
                    giver, receiver, "IRON_ORE", chance.randint(1, 20), kind=kind, api=api
                )
            except errors.OutcomeUnknown:
                continue

    together(WORKERS, work)
    crew.world.faults.clear()
    for ship in crew.ships().filter(suspect_since__isnull=False):
        crew.fly(ship, roles=("none yet",))
    crew.run(300)

    assert crew.differences() == {}
    assert sum(crew.told(hull).cargo.get("IRON_ORE", 0) for hull in crew.ships()) == total
    for depot in depots:
        booked = Stock.objects.filter(depot=depot, good="IRON_ORE").values_list("units")
        aboard = crew.told(depot.ship).cargo.get("IRON_ORE", 0)
        assert sum(units for (units,) in booked) == aboard
    confirmed = Transfer.objects.filter(status="confirmed")
    assert confirmed.count() == len(crew.log("transfer")) > WORKERS
    assert not Transfer.objects.filter(status__in=["reserved", "unknown"]).exists()
