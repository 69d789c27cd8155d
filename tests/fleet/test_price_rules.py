"""What the next tranche brings (fleet.rules.prices)."""

import csv
from pathlib import Path
from statistics import median

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
    pay=st.one_of(st.none(), st.integers(1, 60_000)),
    activity=st.sampled_from(["WEAK", "RESTRICTED", "GROWING", "STRONG", ""]),
)
RECORDED = Path(__file__).resolve().parents[3] / "shared/reference/data/calibration"
RECORDED = RECORDED / "market_snapshots.csv"


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
    sold = prices.proceeds(Quote("EXCHANGE", 1_000, 180, "MODERATE"), 540)

    assert sold == 180 * (1_000 + 996 + 991)


def test_price_steps_of_an_import_grow_with_what_was_sold():
    asked = [price for _, price in prices.tranches(Quote("IMPORT", 10_000, 20, "SCARCE"), 120)]

    steps = [before - after for before, after in zip(asked, asked[1:], strict=False)]
    growth = [after / before for before, after in zip(steps, steps[1:], strict=False)]
    assert growth == pytest.approx([2**0.3] * len(growth), rel=0.02)


def imported(base, margin, volume, level):
    """An import of the universe with so many trade volumes of net supply."""
    return MarketGood(
        symbol="IRON",
        kind="IMPORT",
        base=base,
        margin=margin,
        volume=volume,
        net=round(level * volume),
        rest=0.0,
    )


def shown(good):
    pay, receive = markets.prices(good)
    return Quote(good.kind, receive, good.volume, markets.supply(good), pay)


@pytest.mark.parametrize("margin", [6, 8, 10])
@pytest.mark.parametrize("level", [-6.0, -3.0, -1.0, 1.0, 3.0])
@pytest.mark.parametrize("volumes", [1, 2, 4])
def test_two_prices_tell_what_a_load_brings(margin, level, volumes):
    good = imported(1_000, margin, 20, level)
    bids = [max(1, markets.bid(good, good.net + 20 * number)) for number in range(volumes)]

    expected = prices.proceeds(shown(good), 20 * volumes)

    assert expected == pytest.approx(20 * sum(bids), rel=0.01)


@pytest.mark.parametrize("level", [2.0, 5.0, 8.0])
def test_what_an_export_pays_follows_from_its_two_prices_too(level):
    good = imported(1_000, 8, 20, level)
    good.kind = "EXPORT"
    quote = shown(good)
    received = []
    for number in range(4):
        good.net = round(level * 20) + 20 * number
        received.append(markets.prices(good)[1])

    assert prices.proceeds(quote, 80) == pytest.approx(20 * sum(received), rel=0.01)


@given(
    base=st.integers(20, 8_000),
    margin=st.sampled_from([7, 8, 9]),
    level=st.floats(-7, 1),
)
def test_cheap_goods_are_bounded_by_their_supply_label(base, margin, level):
    good = imported(base, margin, 60, level)
    bids = [max(1, markets.bid(good, good.net + 60 * number)) for number in range(3)]

    expected = prices.proceeds(shown(good), 180)

    assert expected == pytest.approx(60 * sum(bids), rel=0.15)


@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded market rows are not here")
def test_recorded_ladders_are_foretold():
    errors = []
    with RECORDED.open() as lines:
        rows = [row for row in csv.DictReader(lines) if row["type"] == "IMPORT"]
    for row in rows:
        if row["exact_fit"] != "1":
            continue
        good = imported(
            int(row["base_price"]), int(row["fit_margin_pct"]), int(row["tradeVolume"]), 0
        )
        good.net = int(row["fit_net_supply_min"])
        bids = [
            max(1, markets.bid(good, good.net + number * good.volume)) for number in range(4)
        ]
        quote = Quote(
            "IMPORT",
            int(row["sellPrice"]),
            good.volume,
            row["supply"],
            int(row["purchasePrice"]),
        )
        told = prices.proceeds(quote, 4 * good.volume)
        errors.append(abs(told / (good.volume * sum(bids)) - 1))

    assert len(errors) > 200
    assert median(errors) < 0.002
    assert sorted(errors)[int(0.95 * len(errors))] < 0.04


@given(quote=quotes, units=st.floats(-500, 2_000))
def test_the_way_back_from_a_price_finds_the_units(quote, units):
    law = prices.curve(quote)
    price = law.level - law.weight * 2 ** (law.direction * 0.3 * units / law.volume)

    if law.weight and abs(price) < 1e9 and abs(units / law.volume) < 40:
        assert law.units_down_to(price) == pytest.approx(units, abs=max(1.0, abs(units) / 50))


@pytest.mark.parametrize(
    ("quote", "hours", "units"),
    [
        pytest.param(Quote("IMPORT", 900, 60, "MODERATE", activity="WEAK"), 1, 24.6, id="weak"),
        pytest.param(
            Quote("IMPORT", 900, 60, "MODERATE", activity="STRONG"), 1, 132, id="strong"
        ),
        pytest.param(Quote("EXPORT", 900, 60, "HIGH", activity="STRONG"), 9, 0, id="export"),
        pytest.param(Quote("EXCHANGE", 900, 180, "HIGH"), 1, 36, id="exchange"),
        pytest.param(Quote("EXCHANGE", 900, 180, "MODERATE"), 9, 0, id="exchange at rest"),
        pytest.param(
            Quote("IMPORT", 1_300, 60, "SCARCE", activity="STRONG"), 9, 0, id="at rest"
        ),
    ],
)
def test_consumers_take_goods_up_at_the_pace_of_their_activity(quote, hours, units):
    assert prices.recovered(quote, hours) == pytest.approx(units, abs=0.01)


def test_a_price_rises_again_with_what_was_consumed():
    quote = Quote("IMPORT", 900, 60, "MODERATE", activity="GROWING")

    fresh = prices.proceeds(quote, 60)
    rested = prices.proceeds(quote, 60, sold=-prices.recovered(quote, 1))

    assert rested > fresh


def test_goods_that_fill_a_market_to_the_brim_are_still_worth_a_credit():
    assert prices.proceeds(Quote("IMPORT", 40, 10, "ABUNDANT"), 1_000) >= 1_000


def test_what_remains_after_a_trade_continues_the_ladder():
    quote = Quote("IMPORT", 1_000, 10, "MODERATE")
    ladder = [price for _, price in prices.tranches(quote, 40)]

    second = prices.after_selling(quote, price=1_000, units=10)
    third = prices.after_selling(quote, price=second, units=10, sold=10)

    assert [round(second), round(third)] == ladder[1:3]
