"""A whole fleet while the server misbehaves: everything resumes, nothing is applied twice."""

from collections import Counter

import pytest

from fleet.models import LedgerEntry, Ship, ShipOrder
from inventory.models import Stock, Transfer
from mining.models import Extraction
from spacefleet.lab.play import playing
from spacefleet.models import RequestCount
from tests.crew import differences

TROUBLE = (
    "POST /my/ships/*/* lost 12%",
    "POST /my/ships lost 50%",
    "POST /my/contracts/* lost 50%",
    "POST /my/ships/*/* 502 6%",
    "PATCH * lost 20%",
    "GET * 503 5%",
    "* * html429 3%",
)
GAME_KINDS = {"sell": "sale", "buy ship": "ship", "accept": "contract", "fulfill": "contract"}


@pytest.mark.timeout(240)
@pytest.mark.django_db
def test_a_fleet_among_lost_answers_keeps_every_book_right():
    with playing("showcase", seed=11) as play:
        for rule in TROUBLE:
            play.world.faults.add(rule)
        play.run(hours=0.3)
        lost = RequestCount.objects.filter(status=0)
        play.world.faults.clear()
        play.run(hours=0.15)

        assert sum(lost.values_list("count", flat=True)) > 20, "there was trouble"
        assert differences(play.agent, play.world) == {}
        assert not Ship.objects.filter(suspect_since__isnull=False).exists()
        assert not Transfer.objects.filter(status__in=["reserved", "unknown"]).exists()
        assert not ShipOrder.objects.filter(status="buying").exists()
        assert not Ship.objects.exclude(last_error="").exists()
        happened = Counter(GAME_KINDS.get(each.action, each.action) for each in play.world.log)
        for kind in ("sale", "ship", "contract"):
            assert LedgerEntry.objects.filter(kind=kind).count() == happened[kind], kind
        confirmed = Transfer.objects.filter(status="confirmed").count()
        assert confirmed == happened["transfer"] > 0
        dug = sum(
            each.details["units"]
            for each in play.world.log
            if each.action in ("extract", "siphon")
        )
        assert sum(Extraction.objects.values_list("units", flat=True)) == dug
        for stock in Stock.objects.select_related("depot__ship"):
            aboard = play.world.ships[stock.depot.ship.symbol].cargo
            assert stock.units == aboard.get(stock.good, 0)
