"""The narrow laboratory of survey policies (spacefleet.lab.rock, spacefleet.lab.surveying)."""

from dataclasses import replace

import pytest

from mining.rules.aiming import Policy
from spacefleet.lab import surveying
from spacefleet.lab.rock import Rock, Rule, work_rock
from spacefleet.universe.physics.markets import prices

pytestmark = pytest.mark.no_cover  # hundreds of runs of the same few branches
NORMAL = surveying.CREWS["normal"]


def test_the_same_seed_gives_the_same_figures():
    first, second = (work_rock(4, NORMAL, Rule(), saturating=True, hours=1) for _ in range(2))

    assert first == second
    assert first.credits > 0


def test_nothing_that_was_dug_is_lost_or_sold_twice():
    rock = Rock(4, NORMAL, Rule(Policy.NEVER), saturating=True)
    before = {
        (symbol, good.symbol): good.net
        for symbol, market in rock.markets.items()
        for good in market.goods.values()
    }
    rock.rules = replace(rock.rules)
    rock.world.tick_ms = 10**12  # no market updates meanwhile

    result = rock.run(1)

    sold = sum(
        good.net - before[symbol, good.symbol]
        for symbol, market in rock.markets.items()
        for good in market.goods.values()
    )
    aboard = sum(hold.total() for hold in rock.holds) + rock.store.total()
    assert result.extractions == pytest.approx(8 * 3600 / 70, rel=0.05)
    assert sold > 0
    assert aboard >= 0


def test_a_survey_that_ended_is_not_dug_by():
    rock = Rock(4, NORMAL, Rule(), saturating=False)

    rock.run(1)

    assert all(each.taken <= 0 or each.remaining > -NORMAL.hold for each in rock.surveys)
    assert rock.result.aimed > 0


def worked_prices(rock):
    return {
        (symbol, good.symbol): prices(good)
        for symbol in rock.markets
        for good in rock.world.market(symbol).goods.values()
        if good.symbol in rock.goods
    }


def test_markets_that_never_saturate_do_not_notice_what_is_sold():
    worked, idle = (
        Rock(4, crew, Rule(Policy.NEVER), saturating=False)
        for crew in (NORMAL, replace(NORMAL, diggers=0))
    )

    brought = worked.run(2)
    idle.run(2)

    assert brought.credits > 0
    assert worked_prices(worked) == worked_prices(idle)


def test_differences_are_paired_and_have_an_interval():
    theirs = [100.0 + 10 * (n % 7) for n in range(40)]
    ours = [1.05 * each for each in theirs]

    found = surveying.difference(ours, theirs)

    assert found.mean == pytest.approx(5)
    assert found.low == pytest.approx(5)
    assert found.high == pytest.approx(5)


@pytest.mark.parametrize("saturating", [False, True], ids=["deep markets", "real markets"])
def test_the_stopping_rule_beats_never_and_the_90th_percentile(saturating):
    """A small share of the published comparison, on seeds of its own."""
    line = surveying.compare("normal", saturating=saturating, seeds=range(500, 512), hours=3)

    for figure in ("per_request", "per_hour"):
        assert line.against(surveying.NEVER, figure).low > 0
        assert line.against(surveying.THAT_RULE, figure).mean > 0
    assert "| stopping against | a request | an hour |" in surveying.table([line])
