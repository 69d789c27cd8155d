"""Trade runs from the choice to the last credit (sales.loops.merchant, sales.services.trading)."""

import pytest

from fleet.models import Earmark, LedgerEntry, MarketGood, Vacancy, Waypoint, Wish
from sales.loops import merchant
from sales.models import TradeLot, TradeRun
from sales.services import merchants, trading
from spacefleet import clock
from spacefleet.universe.physics import markets
from tests.factories import HOUR, ParameterFactory, TradeLotFactory, TradeRunFactory
from tests.inventory.test_statements import Counted

pytestmark = pytest.mark.django_db

SHUTTLE = "SHIP_LIGHT_SHUTTLE"


@pytest.fixture
def lane(crew):
    """Food is cheap at K and dear at A1: origin and destination, both seen just now."""
    origin, destination = crew.market("FOOD", "EXPORT"), crew.market("FOOD", "IMPORT")
    see(crew, origin)
    see(crew, destination)
    return origin, destination


def see(crew, symbol):
    """Have a look at a market as if a ship of ours were there, at no request."""
    for good in crew.world.market(symbol).goods.values():
        pay, receive = markets.prices(good)
        MarketGood.objects.filter(
            waypoint__era=crew.agent.era, waypoint__symbol=symbol, good=good.symbol
        ).update(we_pay=pay, we_receive=receive, trade_volume=good.volume, seen_at=clock.now())


def only(crew, *goods):
    """Nobody trades anything else."""
    MarketGood.objects.filter(waypoint__era=crew.agent.era).exclude(good__in=goods).delete()


def a_merchant(crew, at, **options):
    ship = crew.commission(SHUTTLE, at, roles=("merchant",), **options)
    crew.fly(ship)
    return ship


def stand(ship, crew):
    return crew.ships().get(pk=ship.pk)


def test_a_merchant_buys_where_a_good_is_cheap_and_sells_where_it_is_dear(crew, lane):
    origin, destination = lane
    only(crew, "FOOD")
    ship = a_merchant(crew, origin)

    crew.run(1_500)

    run = TradeRun.objects.order_by("pk").first()
    lot = run.lots.get()
    assert (lot.origin, lot.destination) == lane
    assert lot.bought == lot.sold == lot.units == 40
    assert run.realised > 0
    assert run.realised == pytest.approx(run.expected, rel=0.02)
    activities = LedgerEntry.objects.filter(ship=ship).values_list("activity", flat=True)
    assert set(activities) == {"trading"}
    assert crew.differences() == {}


def test_the_ledger_says_what_a_run_brought(crew, lane):
    only(crew, "FOOD")
    ship = a_merchant(crew, lane[0])

    crew.run(1_500)

    runs = TradeRun.objects.filter(ended_at__isnull=False)
    booked = LedgerEntry.objects.filter(ship=ship)
    assert sum(run.realised for run in runs) == sum(entry.amount for entry in booked)


def test_without_fresh_prices_nothing_is_bought(crew, lane):
    only(crew, "FOOD")
    ParameterFactory(behaviour="trading", name="look_worth", value="0")
    ship = a_merchant(crew, crew.place("ASTEROID_BASE"))
    crew.clock.sleep(3 * 3600)

    crew.run(60)

    assert not TradeRun.objects.exists()
    assert "no fresh price" in stand(ship, crew).why


def test_a_market_nobody_has_seen_is_looked_at(crew, lane):
    only(crew, "FOOD")
    unseen = MarketGood.objects.filter(good="FOOD").exclude(waypoint__symbol__in=lane)
    MarketGood.objects.filter(pk__in=unseen).update(we_pay=None, we_receive=None, seen_at=None)
    MarketGood.objects.filter(waypoint__symbol=lane[1]).update(
        we_pay=None, we_receive=None, seen_at=None
    )
    a_merchant(crew, lane[0])

    crew.run(1_500)

    assert MarketGood.objects.get(waypoint__symbol=lane[1], good="FOOD").we_receive
    assert TradeRun.objects.exists()


def test_the_cash_floor_holds(crew, lane):
    only(crew, "FOOD")
    ParameterFactory(behaviour="purchases", name="cash_floor", value="170000")
    ParameterFactory(behaviour="trading", name="least_gain", value="1")
    a_merchant(crew, lane[0])

    crew.run(30)

    balance = 0
    for entry in LedgerEntry.objects.order_by("pk"):
        balance += entry.amount
        if entry.kind == LedgerEntry.Kind.PURCHASE:
            assert balance >= 170_000
    assert TradeLot.objects.get().units < 5


def test_a_price_that_ran_away_is_not_paid(crew, lane):
    only(crew, "FOOD")
    ship = a_merchant(crew, lane[1])
    crew.world.market(lane[0]).goods["FOOD"].net -= 400

    crew.run(700)

    run = TradeRun.objects.order_by("pk").first()
    assert "asks more than was known" in run.why
    assert run.realised == 0
    assert crew.log("purchase") == []
    assert stand(ship, crew).cargo == {}


def test_nothing_is_sold_below_what_it_cost_while_another_market_pays_more(crew, lane):
    only(crew, "FOOD")
    other = crew.place("ASTEROID_BASE")
    ship = carrying(crew, lane, paid=120_000)
    add_buyer(crew, other, price=4_000)

    crew.run(60)

    run = TradeRun.objects.get()
    assert crew.log("sell") == []
    assert run.destination == other
    assert "to sell what it bought" in stand(ship, crew).why


def test_goods_nobody_pays_for_leave_by_the_best_exit_and_their_lane_rests(crew, lane):
    only(crew, "FOOD")
    carrying(crew, lane, paid=400_000)

    crew.run(60)

    lot = TradeLot.objects.order_by("pk").first()
    assert lot.sold == 40
    assert lot.gain < 0
    assert lot.why.startswith("lost ")
    assert "the best exit" in lot.why
    assert lot.rest_until > clock.now()


def test_a_lane_that_rests_is_not_flown(crew, lane):
    only(crew, "FOOD")
    MarketGood.objects.exclude(waypoint__symbol__in=lane).delete()
    ship = a_merchant(crew, lane[0])
    over = TradeRunFactory(ship=ship, ended_at=clock.now(), started_at=clock.now())
    TradeLotFactory(
        run=over,
        origin=lane[0],
        destination=lane[1],
        ended_at=clock.now(),
        rest_until=clock.now() + HOUR,
    )

    crew.run(60)

    assert TradeRun.objects.count() == 1
    assert "no lane pays" in stand(ship, crew).why


def test_two_ships_never_share_a_side_of_a_lane(crew, lane):
    only(crew, "FOOD")
    MarketGood.objects.exclude(waypoint__symbol__in=lane).delete()
    first, second = (a_merchant(crew, lane[0]) for _ in range(2))

    crew.run(30)

    assert TradeRun.objects.get().ship_id in (first.pk, second.pk)
    whys = stand(first, crew).why + stand(second, crew).why
    assert "lanes are taken" in whys


def test_a_hold_that_other_duties_fill_is_no_hold_to_trade_with(crew, lane):
    ship = a_merchant(crew, lane[0], cargo={"IRON_ORE": 30})

    crew.run(30)

    assert stand(ship, crew).why == "no room in its hold to trade with"


def test_goods_that_are_aboard_already_are_never_traded(crew, lane):
    only(crew, "FOOD")
    ship = a_merchant(crew, lane[0], cargo={"FOOD": 5})

    crew.run(300)

    assert not TradeRun.objects.exists()
    assert stand(ship, crew).cargo == {"FOOD": 5}


def test_trading_is_switched_off_by_a_parameter(crew, lane):
    ParameterFactory(behaviour="trading", name="active", value="no")
    ship = a_merchant(crew, lane[0])

    crew.run(30)
    merchants.tend(crew.agent)

    assert "switched off" in stand(ship, crew).why
    assert not Vacancy.objects.filter(role="merchant").exists()


def test_a_purchase_whose_answer_was_lost_is_bought_once(crew, lane):
    only(crew, "FOOD")
    ship = a_merchant(crew, lane[0])
    crew.line.kill("POST */purchase")

    crew.run_until_killed()
    crew.clock.sleep(60)
    crew.run(1_500)

    run = TradeRun.objects.order_by("pk").first()
    lot = run.lots.get()
    assert lot.bought == lot.sold == 40
    assert (
        sum(each["units"] for each in crew.log("purchase") if each["ship"] == ship.symbol) >= 40
    )
    assert run.realised == pytest.approx(run.expected, rel=0.1)
    assert crew.differences() == {}


def test_a_sale_whose_answer_was_lost_is_booked_under_trading(crew, lane):
    only(crew, "FOOD")
    ship = a_merchant(crew, lane[0])
    ship.roles = ["trader", "merchant"]
    ship.save(update_fields=["roles"])
    crew.line.kill("POST */sell")

    crew.run_until_killed()
    crew.clock.sleep(60)
    crew.run(300)

    healed = LedgerEntry.objects.get(note__startswith="healed")
    assert (healed.kind, healed.activity, healed.behaviour) == ("sale", "trading", "merchant")
    assert TradeRun.objects.order_by("pk").first().realised > 0
    assert crew.differences() == {}


def test_a_market_ship_on_a_run_takes_no_sale(crew, lane):
    only(crew, "FOOD")
    ship = carrying(crew, lane, paid=40_000, roles=("trader", "merchant"))

    crew.run(60)

    assert {entry.activity for entry in LedgerEntry.objects.filter(ship=ship, kind="sale")} == {
        "trading"
    }


# what trading wants


def test_a_run_that_nobody_carries_on_gives_its_lane_back(crew, lane):
    ship = carrying(crew, lane, paid=40_000)
    ship.roles = ["transport"]
    ship.save(update_fields=["roles"])

    said = merchants.tend(crew.agent)

    assert "gave up 1 runs" in said
    assert not TradeLot.objects.filter(ended_at__isnull=True).exists()


def test_old_prices_are_a_wish_to_look(crew, lane):
    crew.clock.sleep(3 * 3600)

    merchants.tend(crew.agent)

    wished = Wish.objects.filter(answered_at__isnull=True, why__contains="old prices promise")
    assert set(wished.values_list("waypoint__symbol", flat=True)) <= set(lane)
    assert wished.exists()


def test_capital_is_kept_from_the_first_minute(crew):
    merchants.tend(crew.agent)

    assert Vacancy.objects.get(role="merchant").wanted == 0
    assert Earmark.objects.get(stated_by="trading").credits == 120_000


# cost


def test_choosing_a_lane_takes_few_statements(crew, lane):
    only(crew, "FOOD")
    ship = a_merchant(crew, crew.place("ASTEROID_BASE"))
    ship = stand(ship, crew)

    with Counted() as ours:
        merchant.trade(ship, api=crew.api, at=clock.now())

    assert TradeRun.objects.exists()
    assert len(ours) <= 16


# arrangements


def carrying(crew, lane, *, paid, roles=("merchant",)):
    """A ship at the far end of a run, with 40 units that cost so much aboard."""
    ship = crew.commission(SHUTTLE, lane[1], roles=roles, cargo={"FOOD": 40})
    run = TradeRunFactory(
        ship=ship,
        origin=lane[0],
        destination=lane[1],
        started_at=clock.now(),
        bought_at=clock.now(),
    )
    TradeLotFactory(run=run)
    entry = LedgerEntry.objects.create(
        agent=crew.agent,
        ship=ship,
        at=clock.now(),
        kind="purchase",
        amount=-paid,
        good="FOOD",
        units=40,
        activity="trading",
        behaviour="merchant",
    )
    assert entry.pk > run.ledger_from
    crew.fly(ship)
    return ship


def add_buyer(crew, symbol, *, price):
    """Another market that is known to pay so much."""
    place = Waypoint.objects.get(era=crew.agent.era, symbol=symbol)
    MarketGood.objects.update_or_create(
        waypoint=place,
        good="FOOD",
        defaults={
            "kind": "IMPORT",
            "we_pay": 2 * price + 100,
            "we_receive": price,
            "trade_volume": 60,
            "seen_at": clock.now(),
        },
    )


def test_the_run_and_its_tally_agree(crew, lane):
    ship = carrying(crew, lane, paid=40_000)
    run, lots = trading.current(ship)

    tally = trading.count(run, lots)

    assert (tally.of("FOOD").bought, tally.of("FOOD").paid) == (40, 40_000)
    assert tally.of("FOOD").cost == 1_000
