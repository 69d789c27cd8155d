"""To sell or to keep (sales.rules.deciding): decision rule S1 as a complete table."""

from itertools import product

import pytest

from sales.rules.deciding import Criterion, Look, judge

GOOD, CROWDED, KEEP = Criterion.GOOD_PRICE, Criterion.CROWDED, Criterion.NONE

SURPLUS = {"short": 29, "none": 30, "one": 31}  # in store, with 20 reserved and a buffer of 10
PRICE = {"unknown": None, "one below": 109, "exactly 110 %": 110, "one above": 111}
AVERAGE = {"unknown": None, "100": 100.0}
FILL = {"one below": 89, "exactly 90 %": 90, "one above": 91}


def expected(surplus, price, average, fill):
    """The table in words, written down once more and independently of the code."""
    if surplus in ("short", "none") or price == "unknown":
        return KEEP
    if average == "100" and price in ("exactly 110 %", "one above"):
        return GOOD
    return KEEP if fill == "one below" else CROWDED


@pytest.mark.parametrize(
    ("surplus", "price", "average", "fill"),
    [
        pytest.param(
            *row,
            id=", ".join(
                f"{name} {value}"
                for name, value in zip(
                    ("surplus", "price", "average", "fill"), row, strict=True
                )
            ),
        )
        for row in product(SURPLUS, PRICE, AVERAGE, FILL)
    ],
)
def test_goods_are_sold_by(surplus, price, average, fill):
    look = Look(
        units=SURPLUS[surplus],
        reserved=20,
        buffer=10,
        price=PRICE[price],
        average=AVERAGE[average],
        utilisation=FILL[fill],
    )

    verdict = judge(look, good_price=110, crowded_at=90)

    assert verdict.criterion is expected(surplus, price, average, fill)
    assert verdict.sell is (verdict.criterion is not KEEP)
    assert verdict.reason


@pytest.mark.parametrize(
    ("price", "average", "good_price", "sold"),
    [
        pytest.param(55, 50.0, 110, True, id="110 % where floats say 55.00000000000001"),
        pytest.param(54, 50.0, 110, False, id="108 %"),
        pytest.param(11, 10.0, 110, True, id="110 % of ten credits"),
        pytest.param(33, 30.0, 110, True, id="110 % of thirty"),
        pytest.param(100, 100.0, 100, True, id="a lower threshold"),
        pytest.param(99, 100.0, 100, False, id="one below it"),
    ],
)
def test_whole_percents_decide(price, average, good_price, sold):
    look = Look(units=1, reserved=0, buffer=0, price=price, average=average, utilisation=0)

    assert judge(look, good_price=good_price, crowded_at=90).sell is sold


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"units": 30}, "no surplus: 30 in store, 30 stay"),
        ({"price": None}, "no fresh price"),
        ({"average": None}, "too few price samples"),
        ({"price": 90}, "only 90 % of the average (from 110 %), depots 50 % full"),
        ({"price": 120}, "120 credits are 120 % of the average 100"),
        ({"price": 90, "closing": True}, "the reset is near: sold out at 90"),
        ({"price": None, "closing": True}, "no fresh price"),
        ({"units": 30, "closing": True}, "no surplus"),
        ({"price": 90, "utilisation": 95}, "depots 95 % full (from 90 %): sold at 90"),
    ],
)
def test_the_reason_is_a_sentence_with_the_figures(changes, says):
    seen = {
        "units": 100,
        "reserved": 20,
        "buffer": 10,
        "price": 100,
        "average": 100.0,
        "utilisation": 50,
    }

    verdict = judge(Look(**seen | changes), good_price=110, crowded_at=90)

    assert says in verdict.reason
