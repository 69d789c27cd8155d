"""What buying costs, with our own impact on the price (fleet.rules.buying)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.rules import buying
from fleet.rules.buying import Ask
from spacefleet.universe.physics import markets
from spacefleet.universe.state import MarketGood


def shelf(kind, base, volume, net, margin=8):
    return MarketGood("FABRICS", kind, base, margin, volume, net, rest=0.0)


def seen(good):
    """What a visitor sees of a shelf of the universe."""
    pay, receive = markets.prices(good)
    return Ask(good.kind, pay, good.volume, receive)


@pytest.mark.parametrize("kind", ["EXPORT", "IMPORT"])
@pytest.mark.parametrize("level", [-4, -1, 0, 2, 5])
@pytest.mark.parametrize("volumes", [1, 2, 3])
def test_the_price_of_the_next_tranches_is_foreseen(kind, level, volumes):
    good = shelf(kind, 4_000, 20, level * 20)
    ask = seen(good)

    good.net -= volumes * 20

    asked = markets.prices(good)[0]
    assert buying.price_after(ask, volumes * 20) == pytest.approx(asked, rel=0.01)


def test_the_first_tranche_is_at_the_price_seen_and_each_next_one_dearer():
    ask = Ask("EXPORT", 1_000, 20, 490)

    found = list(buying.tranches(ask, 50))

    assert [units for units, _ in found] == [20, 20, 10]
    assert found[0][1] == 1_000
    assert found[0][1] < found[1][1] < found[2][1]
    assert buying.last_price(ask, 50) == found[2][1]
    assert buying.cost(ask, 50) == round(sum(units * price for units, price in found))


def test_an_exchange_hardly_moves():
    assert buying.price_after(Ask("EXCHANGE", 100, 180, 95), 180) == pytest.approx(
        100, rel=0.01
    )


@pytest.mark.parametrize(
    ("funds", "units"), [(0, 0), (99, 0), (100, 1), (950, 9), (10_000, 20)]
)
def test_no_more_is_bought_than_the_funds_pay(funds, units):
    assert buying.affordable(20, price=100, funds=funds) == units


@given(
    kind=st.sampled_from(["EXPORT", "IMPORT", "EXCHANGE"]),
    price=st.integers(1, 60_000),
    part=st.one_of(st.none(), st.floats(0.3, 0.5)),
    volume=st.integers(1, 180),
    units=st.integers(0, 400),
)
def test_more_units_never_cost_less(kind, price, part, volume, units):
    ask = Ask(kind, price, volume, part and price * part)

    assert buying.cost(ask, units + 1) >= buying.cost(ask, units)
    assert buying.price_after(ask, units) >= price
