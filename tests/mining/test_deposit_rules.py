"""Which goods a place can give, and what a survey is worth (mining.rules.deposits)."""

import pytest

from mining.rules import deposits
from spacefleet.universe.catalog import places

PRICES = {"IRON_ORE": 40.0, "GOLD_ORE": 100.0, "QUARTZ_SAND": 10.0}


@pytest.mark.parametrize(
    ("type", "traits", "goods"),
    [
        pytest.param("GAS_GIANT", ["STRONG_GRAVITY"], deposits.GASES, id="a gas giant"),
        pytest.param("PLANET", ["COMMON_METAL_DEPOSITS"], (), id="a planet gives nothing"),
        pytest.param("ASTEROID", ["HOLLOWED_INTERIOR"], (), id="a rock without deposits"),
        pytest.param(
            "ASTEROID",
            ["RARE_METAL_DEPOSITS", "STRIPPED"],
            ("URANITE_ORE", "MERITIUM_ORE"),
            id="a rock with rare metals",
        ),
    ],
)
def test_a_place_gives(type, traits, goods):
    assert deposits.goods_of(type, traits) == goods


def test_a_good_of_two_deposits_is_named_once():
    goods = deposits.goods_of("ASTEROID", ["COMMON_METAL_DEPOSITS", "MINERAL_DEPOSITS"])

    assert len(goods) == len(set(goods))
    assert {"IRON_ORE", "PRECIOUS_STONES"} <= set(goods)


@pytest.mark.parametrize(
    ("goods", "prices", "mean"),
    [
        pytest.param(("IRON_ORE", "GOLD_ORE"), PRICES, 70.0, id="both bought"),
        pytest.param(("IRON_ORE", "ICE_WATER"), PRICES, 20.0, id="what nobody buys counts 0"),
        pytest.param((), PRICES, 0.0, id="nothing there"),
    ],
)
def test_a_unit_is_worth_on_average(goods, prices, mean):
    assert deposits.mean_price(goods, prices) == mean


@pytest.mark.parametrize(
    ("listed", "value"),
    [
        pytest.param(["IRON_ORE"], 40.0, id="one deposit"),
        pytest.param(["IRON_ORE", "IRON_ORE", "GOLD_ORE"], 60.0, id="repeats weigh twice"),
        pytest.param(["GOLD_ORE", "DIAMONDS"], 50.0, id="unknown buyers count 0"),
        pytest.param([], 0.0, id="an empty survey"),
    ],
)
def test_a_survey_is_worth(listed, value):
    assert deposits.survey_value(listed, PRICES) == value


def test_the_best_survey_is_not_the_one_with_the_most_deposits():
    many = ["QUARTZ_SAND"] * 7
    rich = ["GOLD_ORE", "IRON_ORE"]

    assert deposits.survey_value(rich, PRICES) > deposits.survey_value(many, PRICES)


@pytest.mark.parametrize(
    ("values", "percent", "found"),
    [
        pytest.param([], 60, None, id="none yet"),
        pytest.param([5.0], 60, 5.0, id="one"),
        pytest.param([1.0, 2.0, 3.0, 4.0, 5.0], 60, 3.0, id="nearest rank"),
        pytest.param([5.0, 1.0, 4.0, 2.0, 3.0], 60, 3.0, id="in any order"),
        pytest.param([1.0, 2.0, 3.0, 4.0, 5.0], 61, 4.0, id="just above a rank"),
        pytest.param([1.0, 2.0, 3.0], 0, 1.0, id="the least"),
        pytest.param([1.0, 2.0, 3.0], 100, 3.0, id="the greatest"),
    ],
)
def test_the_percentile_of_surveys(values, percent, found):
    assert deposits.percentile(values, percent) == found


def test_rocks_of_the_universe_hold_what_we_expect_of_them():
    ours = {trait: set(goods) for trait, goods in deposits.BY_TRAIT.items()}
    theirs = {trait: set(goods) for trait, goods in places.DEPOSITS.items()}

    assert ours == theirs


def test_a_survey_promises_only_what_its_surveyor_can_name():
    rare = ("URANITE_ORE", "MERITIUM_ORE")

    assert deposits.nameable(rare, 1) == []
    assert deposits.nameable(rare, 2) == ["URANITE_ORE"]
    assert deposits.nameable(rare, 3) == ["URANITE_ORE", "MERITIUM_ORE"]
    assert deposits.nameable(("HYDROCARBON", "IRON_ORE"), 3) == ["IRON_ORE"]


@pytest.mark.parametrize(
    ("strength", "siphon", "seconds"), [(3, False, 70), (5, False, 80), (10, True, 70)]
)
def test_stronger_mounts_rest_longer(strength, siphon, seconds):
    assert deposits.cooldown(strength, siphon=siphon) == seconds
