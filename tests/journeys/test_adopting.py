"""The moment of adoption, and another client that goes on playing beside us."""

import pytest

from fleet.models import LedgerEntry, NavStatus, Ship
from spacefleet import clock
from spacefleet.lab.play import Play
from tests.crew import differences
from tests.journeys.veteran import Life, adopt, lived

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]


@pytest.fixture
def life(noon: clock.VirtualClock) -> Life:
    return lived(noon)


def test_it_is_taken_over_as_it_stands(life: Life) -> None:
    agent = adopt(life)

    assert differences(agent, life.world) == {}
    ships = Ship.objects.filter(agent=agent)
    assert ships.filter(nav_status=NavStatus.IN_TRANSIT).count() == 1
    assert ships.filter(cooldown_ends_at__gt=clock.now()).count() == 1
    assert LedgerEntry.objects.get(agent=agent).amount == life.player.credits


def test_another_client_that_plays_on_beside_us_harms_nothing(
    life: Life, noon: clock.VirtualClock
) -> None:
    """It sells, moves and buys a ship after our first reading; our rows follow by themselves, and
    the credits it moved are shown as unexplained, not smoothed over."""
    agent = adopt(life)
    courier = next(s for s in life.world.ships.values() if s.cargo.get(life.contract.good))
    life.api.jettison(courier.symbol, life.contract.good, 2)
    life.api.orbit(courier.symbol)
    life.api.navigate(courier.symbol, life.player.headquarters)
    new = life.commission("SHIP_PROBE", life.player.headquarters)
    life.player.credits -= 20_000

    Play(life.world, life.transport, agent, noon).run(hours=1)

    agent.refresh_from_db()
    assert agent.credits + agent.drift == life.player.credits
    assert agent.drift == -20_000
    assert Ship.objects.filter(symbol=new.symbol).exists()
    assert Ship.objects.get(symbol=new.symbol).roles
    assert not Ship.objects.filter(failures__gt=0).exists()
