"""Every change the fleet asks for, its answer lost before or after the game made it: a look at
what happened comes before anything else, and at the end nothing is doubled or missing."""

from collections import Counter

import pytest

from fleet.models import Ship, ShipOrder
from inventory.models import Transfer
from spacefleet.lab.play import playing
from spacefleet.soak import books
from spacefleet.soak.witness import Witness

CHANGES = {
    "sell": "POST /my/ships/*/sell",
    "purchase": "POST /my/ships/*/purchase",
    "refuel": "POST /my/ships/*/refuel",
    "extract": "POST /my/ships/*/extract*",
    "siphon": "POST /my/ships/*/siphon",
    "survey": "POST /my/ships/*/survey",
    "transfer": "POST /my/ships/*/transfer",
    "navigate": "POST /my/ships/*/navigate",
    "orbit": "POST /my/ships/*/orbit",
    "dock": "POST /my/ships/*/dock",
    "buy ship": "POST /my/ships",
    "offer": "POST /my/ships/*/negotiate/contract",
    "accept": "POST /my/contracts/*/accept",
    "deliver": "POST /my/contracts/*/deliver",
    "fulfill": "POST /my/contracts/*/fulfill",
    "flight mode": "PATCH /my/ships/*/nav",
}
OFTEN = {"navigate": 5, "orbit": 5, "dock": 5, "extract": 4, "sell": 3, "transfer": 3}
"""Every such call is spoiled; of the others every second."""

AFTER, BEFORE, HALF = "lost", "hang", "malformed"


@pytest.mark.timeout(300)
@pytest.mark.django_db
@pytest.mark.parametrize("fate", [AFTER, BEFORE, HALF])
def test_answers_of_all_changes_get_lost_and_nothing_is_doubled(fate):
    with playing("showcase", seed=11) as play:
        witness = Witness(play.world)
        play.transport.world = witness
        rules = {
            action: play.world.faults.add(f"{call} {fate} every {OFTEN.get(action, 2)}")
            for action, call in CHANGES.items()
        }
        play.run(hours=0.6)
        spoiled = witness.spoiled
        play.world.faults.clear()
        play.run(hours=0.15)

        asked = Counter({action: rule.seen for action, rule in rules.items()})
        assert {action for action in CHANGES if not asked[action]} <= {"flight mode"}
        assert spoiled > 50
        assert witness.blind == []
        agree(play, witness)


def agree(play, witness):
    log = [each for each in play.world.log if each.agent == play.agent.symbol]
    assert books.doubled(play.agent, books.events(log)) == []
    assert books.missing(play.agent, books.events(log)) == []
    assert books.balance(play.agent, play.world) == {}
    assert books.holds(play.agent, play.world) == {}
    assert books.stores(play.agent, play.world) == {}
    assert books.deliveries(play.agent, log) == []
    assert books.doubtful(play.agent) == []
    assert books.failing(play.agent) == []
    assert not Ship.objects.exclude(last_error="").exists()
    assert not Transfer.objects.filter(status__in=Transfer.UNSETTLED).exists()
    assert not ShipOrder.objects.filter(status="buying").exists()
