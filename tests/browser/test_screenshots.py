"""Pictures of every page for people to look at: `make screenshots` leaves them in the home folder."""

import math
import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from fleet.models import Agent, Waypoint
from tests import factories as make
from tests.browser.conftest import PHONE
from tests.browser.test_browser import PAGES
from tests.factories import HOUR, NOON
from tests.pages.scenes import busy_day

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        os.environ.get("SPACEFLEET_BROWSER") != "1",
        reason="pictures are for looking at: SPACEFLEET_BROWSER=1 takes them",
    ),
]

DESK = {"width": 1440, "height": 900}


@pytest.mark.usefixtures("signed_in")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_screenshots_of_every_page(
    page: Page, live_server: Any, scheme: Any, size: Any
) -> None:
    folder = Path(settings.HOME) / "screenshots"
    busy_day(ships=24)
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)

    for address in PAGES:
        page.goto(live_server.url + address)
        charts = page.locator("[data-figure]").count()
        expect(page.locator("[data-drawn=yes]")).to_have_count(charts, timeout=15_000)
        name = address.strip("/").replace("/", "-").lower() or "overview"
        picture = folder / f"{name}-{size['width']}-{scheme}.png"
        page.screenshot(path=picture, full_page=True)
        assert picture.stat().st_size > 10_000


README = {
    "overview": ("/", "light"),
    "ship": ("/fleet/MAGPIE-2/", "light"),
    "map": ("/map/", "dark"),
    "sales": ("/sales/", "light"),
}
"""The pictures of the README and where they are taken."""


@pytest.mark.usefixtures("signed_in")
def test_pictures_of_the_readme_are_few_and_light(page: Page, live_server: Any) -> None:
    folder = Path(settings.HOME) / "screenshots" / "readme"
    _spread(busy_day(ships=24))
    page.set_viewport_size({"width": 1280, "height": 860})

    for name, (address, scheme) in README.items():
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(live_server.url + address)
        charts = page.locator("[data-figure]").count()
        expect(page.locator("[data-drawn=yes]")).to_have_count(charts, timeout=15_000)
        page.screenshot(path=folder / f"{name}.png")

    sizes = [(folder / f"{name}.png").stat().st_size for name in README]
    assert all(size > 10_000 for size in sizes)
    assert sum(sizes) < 1_000_000


def _spread(agent: Agent) -> None:
    """Places of the busy day where places are, with a belt of rocks around them, and the ships
    among them: a map with everything on one spot is no picture."""
    rocks = [
        make.WaypointFactory(era=agent.era, symbol=f"X1-AA1-C{n}", type="ASTEROID")
        for n in range(26)
    ]
    inner = Waypoint.objects.filter(era=agent.era).exclude(pk__in=[rock.pk for rock in rocks])
    for far, places in ((90, list(inner.order_by("pk"))), (330, rocks)):
        for n, place in enumerate(places):
            turn, way = 2 * math.pi * n / len(places), far + 37 * (n % 4)
            place.x, place.y = round(way * math.cos(turn)), round(way * math.sin(turn))
            place.save(update_fields=["x", "y"])
    everywhere = [place.symbol for place in (*inner, *rocks[::5])]
    for n, ship in enumerate(agent.ships.filter(arrives_at__isnull=False)):
        ship.origin, ship.waypoint = everywhere[n % 5], everywhere[-1 - n % 5]
        ship.departed_at, ship.arrives_at = NOON - HOUR / 40, NOON + HOUR / (9 + n)
        ship.save(update_fields=["origin", "waypoint", "departed_at", "arrives_at"])
