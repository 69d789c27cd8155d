"""The price curve read off two prices (fleet.rules.curves), held against the game's own law."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.rules import curves, law
from fleet.rules.curves import Quote
from spacefleet.universe.physics import markets
from spacefleet.universe.state import MarketGood

KINDS = ["EXPORT", "IMPORT"]


def shown(good: MarketGood) -> Quote:
    pay, receive = markets.prices(good)
    return Quote(good.kind, pay, receive, good.volume)


def stocked(kind: str, level: float, *, base: int = 3_000, volume: int = 20) -> MarketGood:
    return MarketGood(
        symbol="FIREARMS",
        kind=kind,
        base=base,
        margin=8,
        volume=volume,
        net=round(level * volume),
        rest=level,
    )


def rounding(tranches: int) -> float:
    """What rounding of the two prices comes to so many steps further on."""
    return 2 + 3 * law.climbed(tranches)


@given(
    kind=st.sampled_from(KINDS),
    level=st.floats(-5, 2),
    base=st.integers(500, 20_000),
    volume=st.sampled_from([6, 20, 60]),
    tranches=st.integers(1, 4),
)
def test_prices_after_our_own_purchases_follow_from_one_look(
    kind: str, level: float, base: int, volume: int, tranches: int
) -> None:
    good = stocked(kind, level, base=base, volume=volume)
    look = shown(good)
    bought = tranches * volume

    good.net -= bought

    pay, receive = markets.prices(good)
    assert curves.paying(look, bought) == pytest.approx(pay, abs=rounding(tranches))
    assert curves.after(look, bought).we_receive == pytest.approx(
        receive, abs=rounding(tranches)
    )


@given(
    kind=st.sampled_from(KINDS),
    level=st.floats(-6, 0),
    base=st.integers(500, 20_000),
    tranches=st.integers(1, 4),
)
def test_prices_after_our_own_sales_follow_from_one_look(
    kind: str, level: float, base: int, tranches: int
) -> None:
    good = stocked(kind, level, base=base)
    look = shown(good)
    sold = tranches * good.volume

    good.net += sold

    pay, receive = markets.prices(good)
    assert curves.receiving(look, sold) == pytest.approx(receive, abs=rounding(tranches))
    assert curves.after(look, -sold).we_pay == pytest.approx(pay, abs=rounding(tranches))


def test_each_tranche_of_an_export_is_dearer_by_a_greater_step() -> None:
    look = shown(stocked("EXPORT", 2.0))

    prices = [curves.paying(look, 20 * number) for number in range(4)]

    steps = [after - before for before, after in zip(prices, prices[1:], strict=False)]
    assert prices[0] == look.we_pay
    assert steps[1] / steps[0] == pytest.approx(2**0.3)
    assert steps[2] / steps[1] == pytest.approx(2**0.3)


def test_an_exchange_hardly_moves() -> None:
    look = Quote("EXCHANGE", 1_000, 980, 180)

    assert 1_000 < curves.paying(look, 180) < 1_010
    assert 970 < curves.receiving(look, 180) < 980


def test_no_price_falls_below_one_credit() -> None:
    look = Quote("IMPORT", 60, 10, 20)

    assert curves.receiving(look, 200) == 1.0


def test_an_answer_corrects_both_prices() -> None:
    look = Quote("EXPORT", 1_000, 480, 20)

    assert curves.corrected(look, 1_010, bought=True) == Quote("EXPORT", 1_010, 485, 20)


def test_a_market_without_a_step_stays_where_it_is() -> None:
    """A price at its floor shows no step: nothing better is promised than what is seen."""
    look = Quote("EXPORT", 100, 60, 20)

    assert curves.paying(look, 60) == 100
