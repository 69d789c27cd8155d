"""Spending that runs away: noticed within a minute, stopped, shown, and released by a person."""

from datetime import timedelta

import pytest
from django.urls import reverse

from fleet.models import LedgerEntry, MarketGood, Ship, ShipOrder, SpendingStop
from fleet.services import cargo, navigation, protection
from fleet.wake import wake_in
from spacefleet import clock, jobs
from spacefleet.lab.play import playing
from spacefleet.models import Alert, AuditEntry
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(240)]

ALLOWED = 40_000


def squander(ship, *, api, at):
    """A mistake of ours: buys what it sells again at once, at this very market."""
    navigation.dock(ship, api=api)
    bought = cargo.buy(ship, "FUEL", min(20, ship.cargo_space), api=api)
    cargo.jettison(ship, "FUEL", bought.units, api=api)
    return wake_in(1, "bought fuel and threw it away")


@pytest.fixture
def play(monkeypatch):
    monkeypatch.setitem(jobs.ROLES, "squander", jobs.Role(f"{__name__}.squander", 3, "wastes"))
    with playing("showcase", seed=7) as play:
        make.ParameterFactory(
            behaviour="protection", name="loss_at_least", value=str(ALLOWED), agent=None
        )
        make.ParameterFactory(behaviour="protection", name="loss_share", value="1", agent=None)
        yield play


def let_squander(play) -> Ship:
    """The command ship, where fuel is sold, in the hands of the mistake."""
    ship = Ship.objects.get(symbol="LABRAT-1")
    market = MarketGood.objects.filter(good="FUEL", we_pay__gt=0).first() or (
        MarketGood.objects.filter(good="FUEL").first()
    )
    told = play.world.ships[ship.symbol]
    play.world.put(told, market.waypoint.symbol)
    told.docked = True
    Ship.objects.filter(pk=ship.pk).update(
        roles=["squander"], role_pinned=True, waypoint=market.waypoint.symbol,
        nav_status="DOCKED", wake_at=clock.now(), cargo={}, cargo_units=0,
    )  # fmt: skip
    return ship


def wasted() -> int:
    rows = LedgerEntry.objects.filter(behaviour="squander")
    return -sum(rows.values_list("amount", flat=True))


def test_a_loop_that_wastes_credits_is_stopped_shown_and_released(play, client):
    let_squander(play)
    make.ParameterFactory(behaviour="trading", name="active", value="no", agent=None)
    make.ParameterFactory(behaviour="contracts", name="enabled", value="no", agent=None)
    play.run(hours=0.5)
    stop = SpendingStop.objects.get()
    before = wasted()

    play.run(hours=0.2)

    # stopped: nothing was bought any more, and everybody says why
    assert ALLOWED < stop.lost < ALLOWED * 2
    assert wasted() == before
    assert Ship.objects.get(symbol="LABRAT-1").why.startswith("buying is stopped until")
    waiting = ShipOrder.objects.filter(status="open")
    assert waiting.filter(verdict__startswith="buying is stopped").exists()
    assert Alert.objects.open().get(kind="spending").subject == "LABRAT"
    assert not Ship.objects.filter(failures__gt=0).exists(), "a stop is no failure"
    assert play.agent.ships.filter(price_paid__gt=0).count() == len(
        LedgerEntry.objects.filter(kind="ship", at__lte=stop.at)
    )

    # shown
    client.force_login(make.UserFactory(username="looker"))
    assert "stopped" in client.get(reverse("overview")).content.decode()
    page = client.get(reverse("fleet:stops")).content.decode()
    assert stop.why in page
    assert "<button" not in page.split("<main")[1], "who may only look has no button"
    assert client.post(reverse("fleet:stops"), {"release": stop.pk}).status_code == 403

    # released, by name
    client.force_login(make.UserFactory(username="ada", is_superuser=True))
    assert "<button" in client.get(reverse("fleet:stops")).content.decode().split("<main")[1]
    client.post(reverse("fleet:stops"), {"release": stop.pk})
    alerted = Alert.objects.open().filter(kind="spending").exists()
    play.run(hours=0.03)

    stop.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert (stop.released_by, entry.user.username, entry.verb) == ("ada", "ada", "released")
    assert not alerted
    assert wasted() > before, "it may buy again, and what it lost before counts no more"

    # and stopped again, since nobody mended the mistake
    play.run(hours=0.1)
    assert SpendingStop.objects.count() == 2
    assert protection.standing(play.agent.pk) is not None


def test_a_stop_runs_out_by_itself(play):
    stop = make.SpendingStopFactory(
        agent=play.agent, at=clock.now(), until=clock.now() + timedelta(hours=1)
    )
    held = protection.standing(play.agent.pk)

    clock.sleep(3_600)

    assert held == stop
    assert protection.standing(play.agent.pk) is None
    assert not protection.release(stop, by="somebody who came too late")
