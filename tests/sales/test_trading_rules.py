"""What to carry from where to where (sales.rules.trading, backlog, merchants)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.rules.curves import Quote
from sales.rules import backlog, merchants, trading
from sales.rules.backlog import Backlog
from sales.rules.trading import Barred, Pair, Terms, Way

CHEAP = Quote("EXPORT", 1_000, 480, 20)  # a step of 40 credits
DEAR = Quote("IMPORT", 2_880, 1_400, 20)  # the same
RICH = Terms(room=100, budget=1e9)


def straight(origin: str, to: str) -> Way | None:
    """A world where every flight takes five minutes and nobody is far away."""
    return Way(300, 50, 1) if origin != to else Way(0, 0, 0)


def test_a_load_grows_until_the_next_tranche_pays_no_more() -> None:
    made = trading.load([Pair("FOOD", CHEAP, DEAR)], RICH)

    (lot,) = made.lots
    # 1,000, 1,049, 1,110 and 1,185 are paid, 1,400, 1,351, 1,290 and 1,215 received; the
    # fifth tranche would cost 1,277 and bring 1,123
    assert (lot.units, lot.trades) == (80, 8)
    assert made.gain == pytest.approx(20 * (400 + 301.6 + 180.3 + 30.8), rel=0.001)


def test_a_margin_leaves_tranches_that_hardly_pay() -> None:
    bare = trading.load([Pair("FOOD", CHEAP, DEAR)], RICH)
    careful = trading.load([Pair("FOOD", CHEAP, DEAR)], Terms(room=100, budget=1e9, margin=20))

    assert careful.lots[0].units < bare.lots[0].units


def test_requests_that_are_worth_more_elsewhere_are_not_spent() -> None:
    dear_requests = Terms(room=100, budget=1e9, request_worth=2_500)

    made = trading.load([Pair("FOOD", CHEAP, DEAR)], dear_requests)

    assert made.lots[0].units == 40  # the third tranche gains 3,606 with two requests


def test_a_load_never_exceeds_hold_or_budget() -> None:
    small = trading.load([Pair("FOOD", CHEAP, DEAR)], Terms(room=15, budget=1e9))
    poor = trading.load([Pair("FOOD", CHEAP, DEAR)], Terms(room=100, budget=5_500))

    assert small.lots[0].units == 15
    assert poor.lots[0].units == 5
    assert poor.cost <= 5_500


def test_goods_are_mixed_by_the_gain_of_their_next_tranche() -> None:
    other = Pair("CLOTHING", CHEAP, Quote("IMPORT", 2_840, 1_380, 20))

    made = trading.load([Pair("FOOD", CHEAP, DEAR), other], Terms(room=40, budget=1e9))

    assert {lot.good: lot.units for lot in made.lots} == {"FOOD": 20, "CLOTHING": 20}


@given(
    pay=st.integers(10, 5_000),
    receive=st.integers(10, 5_000),
    step=st.integers(0, 300),
    volumes=st.tuples(st.sampled_from([6, 20, 60]), st.sampled_from([6, 20, 60])),
    room=st.integers(1, 120),
    budget=st.integers(0, 300_000),
)
def test_no_load_costs_more_than_it_brings(
    pay: int, receive: int, step: int, volumes: tuple[int, int], room: int, budget: int
) -> None:
    buy = Quote("EXPORT", pay, max(1, (pay - step) / 2), volumes[0])
    sell = Quote("IMPORT", 2 * (receive + step), receive, volumes[1])

    made = trading.load([Pair("FOOD", buy, sell)], Terms(room, budget))

    assert made.gain >= 0
    assert sum(lot.units for lot in made.lots) <= room
    assert made.cost <= budget


BOOK = {
    "NEAR": {"FOOD": CHEAP},
    "SHOP": {"FOOD": DEAR, "IRON": Quote("EXPORT", 100, 48, 60)},
    "MILL": {"IRON": Quote("IMPORT", 300, 146, 60)},
}


def choose(book=None, barred=None, terms=RICH):
    return trading.choices(
        book or BOOK,
        approach=lambda to: Way(0, 0, 0),
        way=straight,
        terms=terms,
        barred=barred or Barred(),
    )


def test_trips_are_ranked_with_what_follows_from_there() -> None:
    first, second = choose()

    assert (first.trip.origin, first.trip.destination) == ("NEAR", "SHOP")
    assert (second.trip.origin, second.trip.destination) == ("SHOP", "MILL")
    assert first.per_hour < first.trip.per_hour(0)  # what follows brings less
    assert second.per_hour > second.trip.per_hour(0)


def test_nothing_is_bought_where_it_is_imported() -> None:
    assert choose({"A": {"FOOD": DEAR}, "B": {"FOOD": Quote("IMPORT", 9_000, 4_000, 20)}}) == []


@pytest.mark.parametrize(
    "barred",
    [
        Barred(lanes={("FOOD", "NEAR", "SHOP")}),
        Barred(origins={("FOOD", "NEAR")}),
        Barred(destinations={("FOOD", "SHOP")}),
        Barred(goods={"FOOD"}),
    ],
    ids=["the lane rests", "another buys there", "another sells there", "it is somebody's"],
)
def test_what_is_barred_is_not_traded(barred: Barred) -> None:
    assert [each.trip.origin for each in choose(barred=barred)] == ["SHOP"]


def work(**options) -> Backlog:
    options = {"least_per_hour": 0.0, "horizon": 1e6} | options
    return backlog.backlog(BOOK, way=straight, terms=RICH, barred=Barred(), **options)


def test_a_backlog_is_flown_until_nothing_pays_any_more() -> None:
    done = work()

    assert 600 <= done.seconds < 3_600
    assert done.net > trading.load([Pair("FOOD", CHEAP, DEAR)], RICH).gain


def test_a_backlog_ends_where_an_hour_brings_too_little_and_at_its_horizon() -> None:
    assert work(least_per_hour=1e9) == Backlog()
    assert work(horizon=1).seconds == choose()[0].trip.seconds


@pytest.mark.parametrize(
    ("flown", "left"),
    [(0, 400), (50, 350), (100, 300), (200, 150), (300, 0), (900, 0)],
)
def test_what_is_left_of_a_backlog_after_some_flying(flown: int, left: int) -> None:
    assert Backlog(((100, 100), (200, 300))).after(flown) == left


def pool(hours: int, hourly: float = 300_000) -> Backlog:
    return Backlog(((3_600, hourly),) * hours)


def hire(**options):
    options = {
        "own": 0,
        "capacity": 1.0,
        "work": pool(30),
        "gained": 400_000.0,
        "price": 90_000,
        "payback_hours": 3,
        "least_per_hour": 30_000,
    } | options
    return merchants.wanted(**options)


def test_another_ship_is_wanted_while_the_others_leave_enough_undone() -> None:
    staff = hire(work=pool(6))

    assert staff.wanted == 1
    assert staff.per_hour == 300_000


def test_a_fast_ship_leaves_less_undone() -> None:
    assert hire(work=pool(6), capacity=2.0).wanted == 0


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"work": pool(3)}, "another brings 0 of 30,000"),
        ({"work": pool(30, 10_000)}, "of 30,000"),
        ({"gained": None}, "nothing measured"),
        ({"price": None}, "no yard"),
        ({"price": 30_000_000}, "of 10,000,000"),
    ],
    ids=["the others fetch it all", "too little", "nothing measured", "price unknown", "dear"],
)
def test_no_further_ship_without_a_reason(options, reason: str) -> None:
    staff = hire(**options)

    assert staff.wanted == 0
    assert reason in staff.why


def test_ships_that_bring_nothing_are_given_back_one_by_one() -> None:
    staff = hire(own=3, capacity=4.0, gained=10_000.0)

    assert staff.wanted == 2
    assert "one ship too many" in staff.why
