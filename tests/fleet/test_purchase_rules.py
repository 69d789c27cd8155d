"""The guard before every ship purchase (fleet.rules.purchases)."""

from dataclasses import replace

import pytest

from fleet.rules.purchases import Offer, Treasury, refusal

OFFER = Offer(price=40_000, age=60.0)
TREASURY = Treasury(
    credits=100_000,
    floor=20_000,
    share=90,
    max_age=900.0,
    earns_an_hour=4_000.0,
    hours_left=24.0,
)


def test_a_ship_that_passes_every_check_is_bought():
    assert refusal(OFFER, TREASURY) is None


@pytest.mark.parametrize(
    ("offer", "treasury", "because"),
    [
        pytest.param({"price": None}, {}, "price unknown", id="nobody saw a price"),
        pytest.param({"age": None}, {}, "price unknown", id="nobody knows how old it is"),
        pytest.param({"age": 900.1}, {}, "15 min old", id="the price is too old"),
        pytest.param({}, {"credits": 59_999}, "cash floor of 20,000", id="below the floor"),
        pytest.param({}, {"share": 39}, "more than 39 %", id="more than its share"),
        pytest.param({}, {"hours_left": 9.9}, "pays back in 10 h", id="too late to pay back"),
        pytest.param(
            {},
            {"earns_an_hour": None, "hours_left": 11.0, "last_hours": 12},
            "the reset is in 11 h",
            id="so late that somebody must know what it earns",
        ),
        pytest.param({}, {"earns_an_hour": 0.0}, "earns nothing", id="its role earns nothing"),
        pytest.param({}, {"earns_an_hour": -5.0}, "earns nothing", id="its role loses credits"),
    ],
)
def test_a_purchase_is_refused_when(offer, treasury, because):
    why = refusal(replace(OFFER, **offer), replace(TREASURY, **treasury))

    assert why is not None
    assert because in why


@pytest.mark.parametrize(
    ("offer", "treasury"),
    [
        pytest.param({"age": 900.0}, {}, id="the price is just fresh"),
        pytest.param({}, {"credits": 60_000}, id="exactly the floor remains"),
        pytest.param({}, {"share": 40}, id="exactly its share"),
        pytest.param({}, {"hours_left": 10.0}, id="it pays back at the reset"),
        pytest.param({}, {"hours_left": None}, id="no reset is announced"),
        pytest.param(
            {},
            {"earns_an_hour": None, "hours_left": 12.0, "last_hours": 12},
            id="nothing was measured, but there is time",
        ),
        pytest.param({}, {"earns_an_hour": None}, id="nothing was measured yet"),
        pytest.param(
            {}, {"hours_left": 0.5, "payback_needed": False}, id="it need not pay back"
        ),
    ],
)
def test_a_purchase_is_allowed_when(offer, treasury):
    assert refusal(replace(OFFER, **offer), replace(TREASURY, **treasury)) is None
