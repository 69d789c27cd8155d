"""A game of another day, with ships, parts, goods and places nobody has heard of: the fleet plays
on, and tells what is new."""

from collections.abc import Iterator, Mapping

import httpx
import pytest
from django.test import Client
from django.urls import reverse

from fleet.models import MarketGood, Novelty, Waypoint
from fleet.services import sync
from mining.models import Extraction
from spacefleet import clock
from spacefleet.navigation import GROUPS
from tests import factories as make
from tests.crew import Crew, crewed

NAMES = {
    "IRON_ORE": "SINGING_SAND",
    "QUARTZ_SAND": "WEEPING_SAND",
    "FRAME_DRONE": "FRAME_GNAT",
    "MODULE_CARGO_HOLD_I": "MODULE_CARGO_HOLD_POCKET",
    "MOUNT_MINING_LASER_I": "MOUNT_MINING_LASER_BLUNT",
    "SHIP_MINING_DRONE": "SHIP_GNAT",
    "SHALLOW_CRATERS": "METAL_SONGS",
    "PLANET": "RINGWORLD",
}


class Renaming(httpx.BaseTransport):
    """The way to a game that has other names for some of its things."""

    def __init__(self, inner: httpx.BaseTransport, names: Mapping[str, str]) -> None:
        self.inner = inner
        self.names = names

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        for old, new in self.names.items():
            body = body.replace(f'"{new}"'.encode(), f'"{old}"'.encode())
        headers = {
            name: text for name, text in request.headers.items() if name != "content-length"
        }
        asked = httpx.Request(request.method, request.url, headers=headers, content=body)
        answer = self.inner.handle_request(asked)
        told = answer.read()
        for old, new in self.names.items():
            told = told.replace(f'"{old}"'.encode(), f'"{new}"'.encode())
        headers = {
            name: text
            for name, text in answer.headers.items()
            if name not in ("content-length", "content-encoding")
        }
        return httpx.Response(answer.status_code, headers=headers, content=told)


@pytest.fixture
def strange(db: None) -> Iterator[Crew]:
    with crewed(through=lambda inner: Renaming(inner, NAMES)) as found:
        yield found


def seen() -> set[tuple[str, str]]:
    return set(Novelty.objects.values_list("kind", "symbol"))


def test_the_fleet_plays_on_and_tells_what_is_new(strange: Crew) -> None:
    rock = Waypoint.objects.filter(traits__icontains="COMMON_METAL_DEPOSITS").first()
    assert rock
    make.SiteFactory(agent=strange.agent, waypoint=rock)
    MarketGood.objects.update(we_receive=40, we_pay=50, seen_at=clock.now())
    drone = strange.commission("SHIP_MINING_DRONE", rock.symbol, docked=False)
    strange.fly(drone, roles=("miner",), place=rock.symbol)
    strange.fly(strange.frigate, roles=("starter",))

    strange.run(1_500)

    assert not strange.ships().exclude(failures=0).exists()
    assert Extraction.objects.filter(good__in=["SINGING_SAND", "WEEPING_SAND"]).exists()
    assert {
        ("type of waypoint", "RINGWORLD"),
        ("trait", "METAL_SONGS"),
        ("good", "SINGING_SAND"),
        ("part of a ship", "FRAME_GNAT"),
        ("part of a ship", "MOUNT_MINING_LASER_BLUNT"),
    } <= seen()


def test_every_page_shows_a_strange_game(strange: Crew, client: Client) -> None:
    probe = strange.ships().get(symbol="CREW-2")
    for yard in Waypoint.objects.filter(shipyard=True):
        strange.put(probe, yard.symbol)
        assert sync.look_at_shipyard(yard, api=strange.api)
    client.force_login(make.UserFactory(is_staff=True, is_superuser=True))

    pages = [reverse(name) for group in GROUPS.values() for _, name in group]
    answers = {
        address: client.get(address).status_code
        for address in ["/", f"/fleet/{probe.symbol}/", *pages]
    }

    assert {a: code for a, code in answers.items() if code != 200} == {}
    assert ("ship type", "SHIP_GNAT") in seen()
    assert "SHIP_GNAT" in client.get(reverse("novelties")).content.decode()


def test_a_thing_keeps_where_and_when_it_was_met_first(strange: Crew) -> None:
    first = Novelty.objects.get(symbol="RINGWORLD")

    strange.clock.sleep(60)
    sync.store_waypoints(strange.agent, strange.api.every_waypoint(strange.agent.home))

    assert Novelty.objects.filter(symbol="RINGWORLD").count() == 1
    assert Novelty.objects.get(symbol="RINGWORLD").seen_at == first.seen_at
