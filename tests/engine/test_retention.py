"""Old detail is added up and dropped by age; nothing that is still open is old."""

from datetime import timedelta

import pytest
from django.db.models import Sum

from allocation.models import Claim, ResourceRequest
from fleet.models import CreditReading, LedgerEntry, Parameter
from fleet.services import readings
from inventory.models import Transfer
from mining.models import Extraction, Session, Survey
from sales.models import MarketIndex, Opportunity, PriceSample, Sale, TradeLot, TradeRun
from spacefleet import pruning, retention, rollups
from spacefleet.models import Alert, RequestCount
from tests import factories as make
from tests.factories import NOON
from tests.pages.scenes import busy_day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

DAY = timedelta(days=1)
LONG_AGO = NOON - 1_000 * DAY


def prune() -> str:
    return pruning.prune(at=NOON)


# the ledger


def traded(agent, *, days, n=5, **changes):
    for minute in range(n):
        make.LedgerEntryFactory(
            agent=agent,
            at=NOON - days * DAY + timedelta(minutes=minute),
            **{"good": "IRON_ORE", "units": 10, "amount": 500 + minute} | changes,
        )


def test_old_trades_become_one_entry_a_day_with_every_credit_and_unit():
    agent = make.AgentFactory()
    traded(agent, days=40)
    traded(agent, days=41, good="QUARTZ_SAND")
    before = LedgerEntry.objects.aggregate(credits=Sum("amount"), units=Sum("units"))

    prune()

    after = LedgerEntry.objects.aggregate(
        credits=Sum("amount"), units=Sum("units"), n=Sum("entries")
    )
    assert after == before | {"n": 10}
    assert LedgerEntry.objects.count() == 2


def test_operating_profit_is_the_same_before_and_after():
    agent = make.AgentFactory()
    traded(agent, days=40)
    traded(agent, days=40, kind="fuel", amount=-70)
    profit = readings.operating_profit(agent)

    prune()

    assert readings.operating_profit(agent) == profit


def test_trades_of_an_era_that_runs_stay_single():
    agent = make.AgentFactory()
    traded(agent, days=29)

    prune()

    assert LedgerEntry.objects.count() == 5


def test_ships_contracts_and_the_opening_stay_single_for_ever():
    agent = make.AgentFactory()
    for kind in ("ship", "contract", "opening", "fee"):
        traded(agent, days=999, n=2, kind=kind)

    prune()

    assert LedgerEntry.objects.count() == 8


def test_what_is_added_up_is_not_added_up_again():
    agent = make.AgentFactory()
    traded(agent, days=40)
    prune()
    first = LedgerEntry.objects.get()

    told = prune()

    assert LedgerEntry.objects.get() == first
    assert told == "nothing is old enough"


def test_two_agents_are_never_added_together():
    traded(make.AgentFactory(), days=40)
    traded(make.AgentFactory(), days=40)

    prune()

    assert LedgerEntry.objects.values("agent").distinct().count() == 2
    assert LedgerEntry.objects.count() == 2


# requests and readings


def test_old_requests_are_counted_by_the_hour_without_a_ship():
    for minute in range(30):
        make.RequestCountFactory(
            minute=NOON - 4 * DAY + timedelta(minutes=minute),
            ship=f"AGENT-{minute % 3}",
            endpoint="/my/ships/{ship}/extract",
            count=2,
            productive=1,
        )

    prune()

    row = RequestCount.objects.get()
    assert (row.count, row.productive, row.ship, row.minute) == (60, 30, "", NOON - 4 * DAY)


def test_recent_requests_keep_minute_and_ship():
    make.RequestCountFactory(minute=NOON - DAY, ship="AGENT-1")

    prune()

    assert RequestCount.objects.get().ship == "AGENT-1"


def test_requests_so_far_do_not_shrink_when_they_are_added_up():
    agent = make.AgentFactory(joined_at=NOON - 5 * DAY + timedelta(minutes=20))
    for minute in range(40):
        make.RequestCountFactory(
            minute=agent.joined_at.replace(second=0) + timedelta(minutes=minute),
            agent=agent.symbol,
            era=agent.era_id,
            ship="AGENT-1",
            endpoint="/my/ships/{ship}/extract",
            count=3,
            productive=3,
        )
    readings.forget()
    before = readings.requests(agent)

    prune()

    readings.forget()
    assert readings.requests(agent) == before == 120


def test_requests_of_another_life_of_the_same_name_are_not_ours():
    agent = make.AgentFactory(joined_at=NOON - timedelta(minutes=5))
    other = make.EraFactory(reset_date="2026-01-01")
    make.RequestCountFactory(
        minute=NOON - timedelta(minutes=2), agent=agent.symbol, era=other.pk, count=9
    )
    readings.forget()

    assert readings.requests(agent) == 0


def test_old_readings_are_thinned_to_one_an_hour():
    agent = make.AgentFactory()
    for minute in range(90):
        at = NOON - 5 * DAY + timedelta(minutes=minute)
        make.CreditReadingFactory(agent=agent, at=at, credits=minute)
        make.CreditReadingFactory(agent=agent, at=at + 5 * DAY - timedelta(hours=3))

    rollups.readings(until=NOON - 3 * DAY)

    old = CreditReading.objects.filter(at__lt=NOON - 3 * DAY).order_by("at")
    assert [reading.credits for reading in old] == [0, 60]
    assert CreditReading.objects.count() == 92


# what is dropped


def test_old_prices_and_rejections_are_dropped():
    for days in (6, 8, 29, 31):
        at = NOON - days * DAY
        make.PriceSampleFactory(at=at)
        make.MarketIndexFactory(at=at)
        make.OpportunityFactory(at=at, accepted=False)
        make.OpportunityFactory(at=at)

    prune()

    assert PriceSample.objects.count() == MarketIndex.objects.count() == 3
    assert Opportunity.objects.filter(accepted=False).count() == 1
    assert Opportunity.objects.filter(accepted=True).count() == 4


def test_a_session_goes_after_its_loads_and_an_open_one_stays():
    over = make.SessionFactory(started_at=LONG_AGO, ended_at=LONG_AGO)
    open_one = make.SessionFactory(started_at=LONG_AGO)
    make.ExtractionFactory(session=over, at=LONG_AGO)
    make.SurveyFactory(expires_at=LONG_AGO)

    prune()

    assert list(Session.objects.all()) == [open_one]
    assert not Extraction.objects.exists()
    assert not Survey.objects.filter(expires_at=LONG_AGO).exists()


def test_a_session_with_fresh_loads_stays():
    session = make.SessionFactory(started_at=LONG_AGO, ended_at=LONG_AGO)
    make.ExtractionFactory(session=session, at=NOON)

    prune()

    assert Session.objects.get() == session


@pytest.mark.parametrize("status", [Transfer.Status.RESERVED, Transfer.Status.UNKNOWN])
def test_a_transfer_nobody_settled_is_never_old(status):
    make.TransferFactory(status=status, at=LONG_AGO, done_at=None)
    make.TransferFactory(status=Transfer.Status.REFUSED, at=LONG_AGO, done_at=None)

    prune()

    assert [row.status for row in Transfer.objects.all()] == [status]


def test_a_request_goes_with_its_claims_once_its_sale_is_gone():
    ended = {"status": ResourceRequest.Status.FULFILLED, "ended_at": LONG_AGO}
    request = make.RequestFactory(created_at=LONG_AGO, **ended)
    make.ClaimFactory(request=request, released_at=LONG_AGO)
    make.SaleFactory(request=request, status=Sale.Status.DONE, ended_at=LONG_AGO)
    waiting = make.RequestFactory(created_at=LONG_AGO)

    prune()

    assert list(ResourceRequest.objects.all()) == [waiting]
    assert not Sale.objects.exists()
    assert not Claim.objects.filter(request_id=request.pk).exists()


def test_a_run_under_way_keeps_its_lots():
    over = make.TradeRunFactory(started_at=LONG_AGO, ended_at=LONG_AGO)
    make.TradeLotFactory(run=over, ended_at=LONG_AGO)
    lot = make.TradeLotFactory(run=make.TradeRunFactory(started_at=LONG_AGO))

    prune()

    assert list(TradeRun.objects.all()) == [lot.run]
    assert list(TradeLot.objects.all()) == [lot]


def test_an_open_alert_is_never_old():
    make.AlertFactory(subject="over", first_at=LONG_AGO, cleared_at=LONG_AGO)
    make.AlertFactory(subject="open", first_at=LONG_AGO, last_at=LONG_AGO)

    prune()

    assert [alert.subject for alert in Alert.objects.all()] == ["open"]


def test_an_owner_s_age_holds():
    make.PriceSampleFactory(at=NOON - 20 * DAY)
    Parameter.objects.create(behaviour="retention", name="prices", value="10")

    prune()

    assert not PriceSample.objects.exists()


def test_a_run_deletes_a_bounded_number_in_short_transactions(monkeypatch):
    place = make.WaypointFactory()
    PriceSample.objects.bulk_create(
        PriceSample(
            waypoint=place, good=f"G{n}", at=LONG_AGO, we_receive=1, we_pay=2, trade_volume=1
        )
        for n in range(70)
    )
    monkeypatch.setattr(retention, "BATCH", 20)
    monkeypatch.setattr(retention, "MOST", 60)

    first = retention.drop(PriceSample.objects.all())
    second = retention.drop(PriceSample.objects.all())

    assert (first, second) == (60, 10)


def test_a_busy_day_of_long_ago_leaves_what_is_open():
    busy_day()

    told = pruning.prune(at=NOON + 1_000 * DAY)

    assert "ledger entries added up" in told
    assert not ResourceRequest.objects.filter(ended_at__isnull=False).exists()
    assert ResourceRequest.objects.filter(status="queued").exists()
