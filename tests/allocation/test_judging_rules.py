"""Whether a contract is worth accepting (allocation.rules.judging)."""

import pytest

from allocation.rules.judging import SHORT, judge

OFFER = {
    "good": "IRON_ORE",
    "own_goods": {"IRON_ORE", "COPPER_ORE"},
    "wanted": True,
    "hours_left": 24.0,
}


@pytest.mark.parametrize(
    ("changes", "accepted", "says"),
    [
        pytest.param({}, True, "our mines bring IRON_ORE, 24 h", id="our mines bring it"),
        pytest.param({"good": "FOOD"}, False, "none of our mines", id="nobody brings it"),
        pytest.param({"own_goods": set()}, False, "none of our mines", id="nothing is mined"),
        pytest.param({"wanted": False}, False, "switched off", id="contracts are off"),
        pytest.param({"hours_left": SHORT}, True, "1 h", id="just enough time"),
        pytest.param({"hours_left": SHORT - 0.1}, False, "only 0.9 h", id="too late"),
        pytest.param({"hours_left": -3.0}, False, "only -3.0 h", id="over already"),
    ],
)
def test_a_contract_is_judged(changes, accepted, says):
    verdict = judge(**OFFER | changes)

    assert verdict.accept is accepted
    assert says in verdict.reason
