"""Charts as the browser gets them, and the sums behind the tables."""

import json
from datetime import timedelta

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

import allocation.selectors.pages
import fleet.selectors.pages
import inventory.selectors.pages
import mining.selectors.pages
from fleet.models import Agent, CreditReading, LedgerEntry
from inventory.models import Transfer
from spacefleet import charts, selectors
from tests import factories as make
from tests.factories import HOUR, NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> Agent:
    return make.AgentFactory(symbol="MAGPIE", credits=1_000)


def scope(symbol: str = "") -> fleet.selectors.pages.Scope:
    return fleet.selectors.pages.scope(symbol)


def test_credits_chart_has_credits_above_and_operating_profit_below(
    reader: Client, agent: Agent
) -> None:
    make.CreditReadingFactory(agent=agent, at=NOON - HOUR, credits=1_000, operating_profit=0)
    make.CreditReadingFactory(agent=agent, at=NOON, credits=600, operating_profit=100)

    figure = reader.get(reverse("credits-chart")).json()

    above, below = figure["data"]
    assert (above["y"], above["yaxis"]) == ([1_000, 600], "y")
    assert (below["y"], below["yaxis"]) == ([0, 100], "y2")
    assert above["x"] == ["2026-03-01 11:00:00", "2026-03-01 12:00:00"]


def test_credits_chart_shows_the_asked_window(reader: Client, agent: Agent) -> None:
    make.CreditReadingFactory(agent=agent, at=NOON - 7 * HOUR, credits=1)
    make.CreditReadingFactory(agent=agent, at=NOON - 5 * HOUR, credits=2)

    figure = reader.get(reverse("credits-chart"), {"window": "6h"}).json()

    assert figure["data"][0]["y"] == [2]


def test_window_is_game_time(reader: Client) -> None:
    agent = make.AgentFactory(era__time_factor=60)
    make.CreditReadingFactory(agent=agent, at=NOON - timedelta(minutes=7), credits=1)
    make.CreditReadingFactory(agent=agent, at=NOON - timedelta(minutes=5), credits=2)

    figure = reader.get(reverse("credits-chart"), {"window": "6h"}).json()

    assert figure["data"][0]["y"] == [2]


def test_chart_answers_nothing_while_nothing_changed(reader: Client, agent: Agent) -> None:
    make.CreditReadingFactory(agent=agent)
    first = reader.get(reverse("credits-chart"))
    seen = {"X-Panel-Version": first.headers["X-Panel-Version"]}

    unchanged = reader.get(reverse("credits-chart"), headers=seen)
    make.CreditReadingFactory(agent=agent, at=NOON + HOUR)
    changed = reader.get(reverse("credits-chart"), headers=seen)

    assert (unchanged.status_code, changed.status_code) == (204, 200)


def test_figure_carries_no_template_and_no_colours() -> None:
    figure = json.loads(
        charts.lines([charts.Line("a", [(NOON, 1), (NOON, 2)])], titles=["Credits"])
    )

    assert "template" not in figure["layout"]
    assert "color" not in figure["data"][0]["line"]


def test_long_series_are_thinned_but_keep_their_ends(agent: Agent) -> None:
    CreditReading.objects.bulk_create(
        make.CreditReadingFactory.build(agent=agent, at=NOON + timedelta(minutes=n), credits=n)
        for n in range(1_500)
    )

    series = fleet.selectors.pages.credit_series(scope(), since=None)["MAGPIE"]

    assert len(series) <= 601
    assert (series[0].credits, series[-1].credits) == (0, 1_499)


def test_running_minute_does_not_dive_at_the_edge_of_the_chart(
    reader: Client, agent: Agent
) -> None:
    make.RequestCountFactory(agent="MAGPIE", minute=NOON - timedelta(minutes=1), count=140)
    make.RequestCountFactory(agent="MAGPIE", minute=NOON, count=3, productive=3)

    figure = reader.get(reverse("requests-chart")).json()

    assert figure["data"][0]["y"][-1] == 140


def test_plotly_itself_is_a_static_file_and_nothing_else_of_its_package() -> None:
    assert finders.find("plotly.min.js")
    assert not finders.find("widgetbundle.js")


def test_income_leaves_out_the_opening_balance(agent: Agent) -> None:
    make.LedgerEntryFactory(agent=agent, kind=LedgerEntry.Kind.OPENING, amount=175_000)
    make.LedgerEntryFactory(agent=agent, amount=500, at=NOON - 2 * HOUR)
    make.LedgerEntryFactory(agent=agent, amount=700)

    [row] = fleet.selectors.earnings.income(scope(), at=NOON)

    assert (row.activity, row.kind, row.last_hour, row.total) == ("mining", "Sale", 700, 1_200)


def test_profit_of_the_hour_leaves_out_ships(agent: Agent) -> None:
    make.LedgerEntryFactory(agent=agent, kind=LedgerEntry.Kind.SHIP, amount=-45_000)
    make.LedgerEntryFactory(agent=agent, amount=700)
    make.CreditReadingFactory(agent=agent, operating_profit=700, ships_value=45_000)

    [purse] = fleet.selectors.pages.purses(scope(), at=NOON)

    assert purse.profit_last_hour == 700
    assert purse.net_worth == 46_000


def test_agent_without_readings_has_an_unknown_profit(agent: Agent) -> None:
    [purse] = fleet.selectors.pages.purses(scope(), at=NOON)

    assert purse.profit is None


def test_budget_is_measured_over_complete_minutes_against_the_limit_of_the_server() -> None:
    agent = make.AgentFactory(symbol="MAGPIE", era__time_factor=2)
    for minute in range(1, 6):
        make.RequestCountFactory(
            agent="MAGPIE", minute=NOON - timedelta(minutes=minute), count=150, productive=120
        )
    make.RequestCountFactory(agent="MAGPIE", minute=NOON, count=9, productive=0, status=429)
    make.LedgerEntryFactory(agent=agent, amount=759)

    budget = selectors.budget(scope(), at=NOON)

    assert (budget.per_minute, budget.limit, budget.percent) == (150, 300, 50)
    assert (budget.hour, budget.productive, budget.wasted, budget.failed) == (759, 600, 159, 9)
    assert budget.credits_a_request == 1


def test_requests_of_another_agent_do_not_count(agent: Agent) -> None:
    make.RequestCountFactory(agent="SOMEBODY", minute=NOON - timedelta(minutes=1))

    assert selectors.budget(scope("MAGPIE"), at=NOON).hour == 0


def test_request_without_an_answer_counts_as_failed(agent: Agent) -> None:
    make.RequestCountFactory(agent="MAGPIE", status=0, count=2, productive=0)

    [row] = selectors.traffic(scope(), "status", at=NOON)

    assert (row.heading, row.failed, row.wasted) == ("0", 2, 2)


@pytest.mark.parametrize(
    ("minutes", "p50", "p95"),
    [([], None, None), ([4], 4, 4), ([1, 2, 3, 4], 2, 4), (list(range(1, 101)), 50, 95)],
    ids=["nobody", "one", "four", "hundred"],
)
def test_waits_are_nearest_ranks(
    agent: Agent, minutes: list[int], p50: int | None, p95: int | None
) -> None:
    for wait in minutes:
        make.RequestFactory(
            agent=agent, created_at=NOON - timedelta(minutes=wait), claimed_at=NOON
        )

    waits = allocation.selectors.pages.waits(scope(), at=NOON)

    assert waits.p50 == (None if p50 is None else timedelta(minutes=p50))
    assert waits.p95 == (None if p95 is None else timedelta(minutes=p95))


def test_queue_stands_in_the_order_of_coming(agent: Agent) -> None:
    late = make.RequestFactory(agent=agent, created_at=NOON)
    early = make.RequestFactory(agent=agent, created_at=NOON - HOUR)
    make.RequestFactory(agent=agent, good="COPPER_ORE")

    copper, iron = allocation.selectors.pages.queues(scope())

    assert (copper.good, iron.good) == ("COPPER_ORE", "IRON_ORE")
    assert iron.requests == [early, late]


def test_good_in_two_depots_is_summed_and_valued_at_the_best_bid(agent: Agent) -> None:
    make.StockFactory(depot__ship__agent=agent, units=30, promised=10)
    make.StockFactory(depot__ship__agent=agent, units=12)
    make.MarketGoodFactory(waypoint__era=agent.era, we_receive=50, we_pay=50)
    make.MarketGoodFactory(waypoint__era=agent.era, we_receive=40, we_pay=50)

    [holding] = inventory.selectors.pages.holdings(scope())

    assert (holding.units, holding.promised, holding.free) == (42, 10, 32)
    assert holding.value == 2_100


def test_good_that_nobody_was_seen_to_buy_has_an_unknown_value(agent: Agent) -> None:
    make.StockFactory(depot__ship__agent=agent)
    make.MarketGoodFactory(waypoint__era=agent.era, we_receive=None, we_pay=None)

    [holding] = inventory.selectors.pages.holdings(scope())

    assert holding.value is None


def test_transfers_under_way_are_not_judged_yet(agent: Agent) -> None:
    make.TransferFactory(giver__agent=agent)
    make.TransferFactory(giver__agent=agent, status=Transfer.Status.REFUSED)
    make.TransferFactory(giver__agent=agent, status=Transfer.Status.RESERVED)

    success = inventory.selectors.pages.transfer_success(scope(), at=NOON)

    assert (success.tried, success.percent) == (2, 50)


def test_flow_is_summed_by_the_hour_and_unknown_where_nothing_moved(agent: Agent) -> None:
    for minutes, more in (
        (5, {"taken": 10, "rounds": 1, "carried": 30, "tried": 4, "confirmed": 3}),
        (50, {"taken": 5, "rounds": 1, "carried": 40, "tried": 4, "confirmed": 4}),
        (70, {"taken": 0}),
    ):
        make.CapacityReadingFactory(agent=agent, at=NOON - timedelta(minutes=minutes), **more)

    now, before = sorted(
        inventory.selectors.pages.flow_series(scope(), at=NOON)[agent.symbol],
        key=lambda flow: flow.at,
        reverse=True,
    )

    assert (now.taken, now.a_round, now.confirmed) == (15, 35.0, 87.5)
    assert (before.taken, before.a_round, before.confirmed) == (0, None, None)


def test_goods_on_their_way_into_a_depot_are_announced(agent: Agent) -> None:
    depot = make.DepotFactory(ship__agent=agent)
    make.TransferFactory(receiver=depot.ship, status=Transfer.Status.RESERVED, units=8)
    make.TransferFactory(receiver=depot.ship, units=9)

    [line] = inventory.selectors.pages.depots(scope())

    assert line.incoming == 8


def test_site_counts_the_ships_that_work_there(agent: Agent) -> None:
    site = make.SiteFactory(agent=agent)
    for strength in (10, 25):
        make.ShipFactory(agent=agent, place=site.waypoint.symbol, laser_strength=strength)
    make.ShipFactory(agent=agent, place=site.waypoint.symbol, laser_strength=0)

    [line] = mining.selectors.pages.sites(scope(), at=NOON)

    assert (line.ships, line.strength) == (2, 35)


def test_harvest_says_what_had_no_known_price(agent: Agent) -> None:
    session = make.SessionFactory(site__agent=agent)
    make.ExtractionFactory(session=session, units=3, price=10)
    make.ExtractionFactory(session=session, units=4, price=None)
    make.ExtractionFactory(session=session, at=NOON - 2 * HOUR)

    harvest = mining.selectors.pages.harvest(scope(), at=NOON)

    assert [(row.units, row.value, row.unpriced) for row in harvest.yields] == [(7, 30, 4)]
    assert (harvest.loads, harvest.loads_a_ship) == (2, 2)


def test_happenings_tell_the_newest_first(agent: Agent) -> None:
    make.SaleFactory(
        agent=agent, status="done", units_sold=70, realised=3_640, ended_at=NOON - HOUR
    )
    make.ShipOrderFactory(agent=agent, bought=True, ship__symbol="MAGPIE-9")

    told = [one.text for one in selectors.happenings(scope())]

    assert told == [
        "bought MAGPIE-9 (SHIP_MINING_DRONE) for 45,000 credits",
        "sold 70 of 70 IRON_ORE at X1-AA1-A1 for 3,640 credits",
    ]


def test_rows_in_which_nothing_is_drawn_leave_no_empty_space() -> None:
    drawn = [charts.Line("MAGPIE", [(NOON, 1.0), (NOON + HOUR, 2.0)], row=2)]

    figure = json.loads(charts.lines(drawn, titles=["Above", "Between", "Below"]))

    assert [note["text"] for note in figure["layout"]["annotations"]] == ["Below"]
    assert figure["data"][0]["yaxis"] == "y"
    assert figure["layout"]["yaxis"]["domain"] == [0, 1]


def test_rates_on_pages_are_by_the_hour_of_the_game(reader: Client) -> None:
    agent = make.AgentFactory(symbol="MAGPIE", era__time_factor=60)
    make.ContractFactory(agent=agent, offered_at=NOON - timedelta(minutes=1))
    make.LedgerEntryFactory(
        agent=agent,
        kind=LedgerEntry.Kind.CONTRACT,
        activity="contracts",
        amount=7_000,
        at=NOON - timedelta(seconds=5),
    )

    page = reader.get(reverse("allocation:board")).content.decode()

    assert page.count("+7,000 cr") == 2, "once in all, and once for the one hour it took"
