"""What the next tranche brings (fleet.rules.prices)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.rules import prices
from fleet.rules.prices import Quote
from spacefleet.universe.physics import markets
from spacefleet.universe.state import MarketGood

KINDS = ["IMPORT", "EXPORT", "EXCHANGE"]
SUPPLIES = ["SCARCE", "LIMITED", "MODERATE", "HIGH", "ABUNDANT", ""]

quotes = st.builds(
    Quote,
    kind=st.sampled_from(KINDS),
    price=st.integers(1, 30_000),
    trade_volume=st.integers(1, 180),
    supply=st.sampled_from(SUPPLIES),
)


def test_the_first_tranche_brings_the_quoted_price():
    first = next(prices.tranches(Quote("IMPORT", 57, 20, "LIMITED"), 45))

    assert first == (20, 57)


@given(quote=quotes, units=st.integers(0, 2_000))
def test_tranches_are_a_trade_volume_each_and_add_up(quote, units):
    parts = [part for part, _ in prices.tranches(quote, units)]

    assert sum(parts) == units
    assert all(0 < part <= quote.trade_volume for part in parts)
    assert all(part == quote.trade_volume for part in parts[:-1])


@given(quote=quotes, units=st.integers(1, 2_000))
def test_no_tranche_brings_more_than_the_one_before_or_less_than_a_credit(quote, units):
    asked = [price for _, price in prices.tranches(quote, units)]

    assert asked == sorted(asked, reverse=True)
    assert asked[-1] >= 1


def test_exchanges_hardly_move():
    assert prices.proceeds(Quote("EXCHANGE", 1_000, 10), 30) == 10 * (1_000 + 998 + 996)


def test_price_steps_of_an_import_grow_with_what_was_sold():
    asked = [price for _, price in prices.tranches(Quote("IMPORT", 10_000, 20, "SCARCE"), 120)]

    steps = [before - after for before, after in zip(asked, asked[1:], strict=False)]
    growth = [after / before for before, after in zip(steps, steps[1:], strict=False)]
    assert growth == pytest.approx([2**0.3] * len(growth), rel=0.02)


@pytest.mark.parametrize(
    ("supply", "level"),
    [("SCARCE", -6.0), ("LIMITED", -3.0), ("MODERATE", -1.0), ("HIGH", 3.0)],
)
@pytest.mark.parametrize("volumes", [1, 2, 4, 6])
def test_a_load_brings_what_the_universe_would_pay(supply, level, volumes):
    good = MarketGood(
        symbol="IRON",
        kind="IMPORT",
        base=1_000,
        margin=prices.MARGIN,
        volume=20,
        net=round(level * 20),
        rest=0.0,
    )
    bids = [max(1, markets.bid(good, good.net + 20 * number)) for number in range(volumes)]

    expected = prices.proceeds(Quote("IMPORT", bids[0], 20, markets.supply(good)), 20 * volumes)

    assert markets.supply(good) == supply
    assert expected == pytest.approx(20 * sum(bids), rel=0.12)


def test_goods_that_fill_a_market_to_the_brim_are_still_worth_a_credit():
    assert prices.proceeds(Quote("IMPORT", 40, 10, "ABUNDANT"), 1_000) >= 1_000


def test_what_remains_after_a_trade_continues_the_ladder():
    quote = Quote("IMPORT", 1_000, 10, "MODERATE")
    ladder = [price for _, price in prices.tranches(quote, 40)]

    second = prices.after_selling(quote, price=1_000, units=10)
    third = prices.after_selling(quote, price=second, units=10, sold=10)

    assert [round(second), round(third)] == ladder[1:3]
