"""The laws of the game: tables of cases at, below and above their thresholds."""

import pytest

from spacefleet.universe.catalog import components, goods, ships
from spacefleet.universe.catalog.supply_chain import RECIPES
from spacefleet.universe.chance import Stream, place, rolls
from spacefleet.universe.physics import charts, contracts, markets, shipyards, travel, work
from spacefleet.universe.rules import UniverseRules
from spacefleet.universe.state import Market, MarketGood, YardShip

from .conftest import recorded

RULES = UniverseRules()


def good(kind: str, *, net: int, base: int = 1000, volume: int = 20) -> MarketGood:
    return MarketGood("IRON", kind, base, 8, volume, net, 0.0)


def market(*rows: MarketGood) -> Market:
    there = Market("X1-A1-A1", {row.symbol: row for row in rows}, phase=0, key=1, ticks=0)
    markets.wire(there, RECIPES)
    markets.label(there, RULES)
    return there


# --- recorded cases --------------------------------------------------------------------------


def test_every_recorded_flight_takes_as_long_as_it_took():
    cases = recorded("golden_cases.json")["travel_time"]["cases"]

    computed = [
        travel.seconds(case["distance"], mode=case["flight_mode"], speed=case["engine_speed"])
        for case in cases
    ]

    assert computed == [case["formula_seconds"] for case in cases]
    fresh = [(s, c) for s, c in zip(computed, cases, strict=True) if "worn" not in c["note"]]
    assert all(abs(s - c["observed_seconds"]) <= c["tolerance_s"] for s, c in fresh)


def test_every_recorded_flight_burns_what_it_burnt():
    cases = recorded("golden_cases.json")["fuel"]

    computed = [travel.fuel(case["distance"], mode=case["mode"]) for case in cases]

    assert computed == [case["fuel"] for case in cases]


def test_every_recorded_price_is_reproduced_to_the_credit():
    cases = recorded("golden_cases.json")["market_price_exact"]["cases"]

    for case in cases:
        row = MarketGood(
            case["symbol"],
            case["type"],
            case["base"],
            case["margin_pct"],
            case["tradeVolume"],
            case["net_supply"],
            0.0,
        )
        expected = (case["expect_purchasePrice"], case["expect_sellPrice"])
        assert (*markets.prices(row), markets.supply(row)) == (
            *expected,
            case["expect_supply"],
        ), case["where"]
        assert goods.GOODS[case["symbol"]].base == case["base"]


def test_every_recorded_ladder_of_ship_prices_is_climbed():
    ladders = [
        ladder
        for ladder in recorded("golden_cases.json")["shipyard_price_ladders"]
        if "margin_pct" in ladder
    ]

    for ladder in ladders:
        net = round(ladder["s_first"] * shipyards.VOLUME)
        climbed = [
            shipyards.price(
                YardShip(ladder["type"], ladder["base"], ladder["margin_pct"], net - step, net)
            )
            for step in range(len(ladder["prices"]))
        ]
        assert climbed == ladder["prices"]
        assert ships.SHIPS[ladder["type"]].base == ladder["base"]


def test_trade_volumes_grow_in_the_recorded_steps():
    steps = recorded("golden_cases.json")["trade_volume_growth"]["steps"]

    assert [[before, markets.grown(before)] for before, _ in steps] == steps


def test_recorded_jumps_cool_down_as_long_as_they_did():
    cases = [
        case
        for case in recorded("golden_cases.json")["cooldown"]
        if case["action"] == "jump" and case["distance"]
    ]

    computed = [travel.jump_cooldown(case["distance"]) for case in cases]

    assert computed == [case["total_seconds"] for case in cases]


def test_recorded_ships_carry_what_the_catalogue_says():
    rows = {row["type"]: row for row in recorded("catalog/ships.json")["ships"]}

    for kind, row in rows.items():
        model = ships.SHIPS[kind]
        found = (model.speed, model.fuel_capacity, model.cargo_capacity, model.crew_capacity)
        expected = tuple(
            row[name] for name in ("speed", "fuelCapacity", "cargoCapacity", "crewCapacity")
        )
        assert found == expected, kind
        assert model.crew_required == max(0, row["crewRequired"]), kind


def test_restricted_exports_are_those_with_a_scarce_input_in_every_recorded_market():
    text = recorded("calibration/market_snapshots.csv")
    header, *lines = [line.split(",") for line in text.strip().splitlines()]
    rows = [dict(zip(header, line, strict=True)) for line in lines]
    places: dict[str, dict[str, dict[str, str]]] = {}
    for row in rows:
        places.setdefault(row["waypoint"], {})[row["symbol"]] = row

    told = []
    for there in places.values():
        for symbol, row in there.items():
            if row["type"] == "EXPORT":
                inputs = [there[name] for name in RECIPES[symbol] if name in there]
                scarce = any(
                    source["supply"] == "SCARCE" and source["type"] == "IMPORT"
                    for source in inputs
                )
                told.append(scarce == (row["activity"] == "RESTRICTED"))

    assert len(told) > 100
    assert all(told)


# --- travel ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("apart", "mode", "expected"),
    [
        (0.0, "CRUISE", 0),
        (0.0, "DRIFT", 0),
        (0.0, "BURN", 2),
        (0.3, "CRUISE", 1),
        (0.3, "DRIFT", 1),
        (42.49, "CRUISE", 42),
        (42.5, "CRUISE", 43),
        (100.0, "BURN", 200),
        (800.0, "DRIFT", 1),
    ],
)
def test_fuel_follows_distance_and_mode(apart, mode, expected):
    assert travel.fuel(apart, mode=mode) == expected


@pytest.mark.parametrize(("condition", "share"), [(1.0, 1.0), (0.5, 0.75), (0.0, 0.5)])
def test_a_worn_engine_is_slower_but_never_useless(condition, share):
    assert travel.worn_speed(36, condition) == pytest.approx(36 * share)


# --- markets ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("net", "label"),
    [
        (-81, "SCARCE"),
        (-80, "LIMITED"),
        (-41, "LIMITED"),
        (-40, "MODERATE"),
        (39, "MODERATE"),
        (40, "HIGH"),
        (79, "HIGH"),
        (80, "ABUNDANT"),
    ],
)
def test_supply_labels_change_at_their_marks(net, label):
    assert markets.supply(good("EXPORT", net=net)) == label


@pytest.mark.parametrize("kind", ["EXPORT", "IMPORT", "EXCHANGE"])
def test_selling_a_unit_never_pays_more_than_buying_it_costs(kind):
    for net in range(-400, 400, 7):
        for base in (15, 30, 70, 5000):
            pay, receive = markets.prices(good(kind, net=net, base=base))
            assert pay >= receive >= 1


@pytest.mark.parametrize("kind", ["EXPORT", "IMPORT", "EXCHANGE"])
def test_prices_fall_as_supply_grows(kind):
    quoted = [markets.prices(good(kind, net=net)) for net in range(-200, 201, 20)]

    assert quoted == sorted(quoted, reverse=True)


def test_exchange_prices_stand_at_their_neutral_values_without_trade():
    assert markets.prices(good("EXCHANGE", net=0, base=30, volume=180)) == (32, 28)
    assert markets.prices(good("EXCHANGE", net=0, base=70, volume=180)) == (72, 68)


def test_an_export_is_restricted_exactly_while_an_input_is_scarce():
    iron = MarketGood("IRON", "EXPORT", 120, 8, 60, 0, 3.0)
    ore = MarketGood("IRON_ORE", "IMPORT", 50, 8, 60, -241, -3.0)
    there = market(iron, ore)
    assert iron.activity == "RESTRICTED"

    ore.net = -240
    markets.label(there, RULES)

    assert iron.activity == "WEAK"


def test_an_import_is_restricted_while_all_it_feeds_is_abundant():
    iron = MarketGood("IRON", "EXPORT", 120, 8, 60, 240, 3.0)
    ore = MarketGood("IRON_ORE", "IMPORT", 50, 8, 60, -100, -3.0)
    there = market(iron, ore)
    assert ore.activity == "RESTRICTED"

    iron.net = 239
    markets.label(there, RULES)

    assert ore.activity == "WEAK"


@pytest.mark.parametrize(
    ("activity", "volume", "least", "most"),
    [
        ("STRONG", 43, 43, 43),
        ("GROWING", 20, 9, 20),
        ("RESTRICTED", 20, 4, 4),
        ("RESTRICTED", 39, 7, 8),
        ("WEAK", 6, 1, 2),
        ("WEAK", 60, 1, 3),
    ],
)
def test_makers_work_by_their_activity(activity, volume, least, most):
    gains = set()
    for pace in range(11):
        iron = good("EXPORT", net=-volume, volume=volume)
        iron.activity, iron.pace, iron.rest = activity, pace / 10, 4.0
        there = market(iron)
        for number in range(20):
            iron.activity, iron.net = activity, -volume
            markets.tick(there, number, RULES)
            gains.add(iron.net + volume)

    assert (min(gains), max(gains)) == (least, most)


@pytest.mark.parametrize(
    ("activity", "least", "most"),
    [("WEAK", 7, 18), ("RESTRICTED", 1, 9), ("GROWING", 34, 71), ("STRONG", 39, 90)],
)
def test_consumers_take_by_their_activity(activity, least, most):
    losses = set()
    for pace in range(11):
        ore = good("IMPORT", net=0, volume=60)
        ore.pace, ore.rest = pace / 10, -4.0
        there = market(ore)
        for number in range(20):
            ore.activity, ore.net = activity, 0
            markets.tick(there, number, RULES)
            losses.add(-ore.net)

    assert least <= min(losses) < max(losses) <= most


def test_idle_makers_stop_at_their_level_and_busy_ones_at_eight_trade_volumes():
    idle, busy = good("EXPORT", net=0), good("EXPORT", net=0)
    for iron, pressure in ((idle, 0.0), (busy, 1e9)):
        iron.rest, iron.pressure = 3.0, pressure
        there = market(iron)
        for number in range(200):
            iron.pressure = pressure
            markets.tick(there, number, RULES)

    assert 3.0 <= idle.net / idle.volume <= 3.2
    assert 8.0 <= busy.net / busy.volume < 9.0


def test_production_draws_on_its_inputs_and_stops_without_them():
    iron = MarketGood("IRON", "EXPORT", 120, 8, 60, -600, 0.5, pressure=1e9)
    ore = MarketGood("IRON_ORE", "IMPORT", 50, 8, 60, 0, 0.0)
    there = market(iron, ore)

    for number in range(400):
        iron.net, iron.pressure = min(iron.net, -60), 1e9
        markets.tick(there, number, RULES)

    assert -9 * ore.volume <= ore.net <= -8 * ore.volume
    before = iron.net
    markets.tick(there, 401, RULES)
    assert iron.net == before


def test_idle_makers_leave_their_inputs_at_the_level_of_rest():
    iron = MarketGood("IRON", "EXPORT", 120, 8, 60, -60, 3.0)
    ore = MarketGood("IRON_ORE", "IMPORT", 50, 8, 60, -180, -3.5)
    there = market(iron, ore)

    for number in range(20):
        iron.pressure = 0.0
        markets.tick(there, number, RULES)

    assert iron.net > -60
    assert -230 <= ore.net <= -200


def test_a_full_import_is_drawn_down_to_its_level_and_no_further():
    ore = MarketGood("IRON_ORE", "IMPORT", 50, 8, 60, -90, -2.0)
    there = market(ore)

    for number in range(400):
        markets.tick(there, number, RULES)

    assert -140 <= ore.net <= -120


@pytest.mark.parametrize(
    ("kind", "level", "hours", "activity"),
    [
        ("EXPORT", 2.5, 48, "WEAK"),
        ("EXPORT", 0.0, 1, "WEAK"),
        ("EXPORT", 0.0, 5, "GROWING"),
        ("EXPORT", -6.0, 20, "STRONG"),
        ("IMPORT", -2.0, 48, "WEAK"),
        ("IMPORT", 0.0, 0.5, "WEAK"),
        ("IMPORT", 0.0, 2, "GROWING"),
        ("IMPORT", 4.0, 10, "STRONG"),
    ],
)
def test_activity_rises_with_how_far_and_how_long_a_good_is_from_its_level(
    kind, level, hours, activity
):
    iron = good(kind, net=round(20 * level))
    iron.rest = 3.0 if kind == "EXPORT" else -3.0
    there = market(iron)

    for number in range(int(2 * hours)):
        iron.net = round(20 * level)
        markets.tick(there, number, RULES)

    assert iron.activity == activity


def test_a_good_that_is_left_alone_calms_down():
    iron = good("EXPORT", net=60)
    iron.rest, iron.pressure = 3.0, 3.0
    there = market(iron)
    assert iron.activity == "GROWING"

    for number in range(96):
        markets.tick(there, number, RULES)

    assert iron.activity == "WEAK"


def test_an_overflowing_import_grows_and_agrees_on_a_new_margin():
    ore = MarketGood("IRON_ORE", "IMPORT", 50, 13, 60, 5000, -2.0)
    there = market(ore)

    for number in range(40):
        ore.net = 5000
        markets.tick(there, number, RULES)

    assert 60 < ore.volume <= RULES.growth_ceiling
    assert 3 <= ore.margin <= 9


def test_an_export_grows_while_it_is_bought_empty_and_faster_on_full_inputs():
    volumes = []
    for supplied in (0, -1000):
        iron = MarketGood("IRON", "EXPORT", 120, 8, 20, -100, 3.0)
        ore = MarketGood("IRON_ORE", "IMPORT", 50, 8, 60, 0, -2.0)
        there = market(iron, ore)
        for number in range(12):
            iron.net, ore.net = -100, supplied
            markets.tick(there, number, RULES)
        volumes.append(iron.volume)

    fed, short = volumes
    assert fed > short > 20


def test_an_exchange_returns_to_its_level_a_fixed_step_at_a_time():
    sand = MarketGood("QUARTZ_SAND", "EXCHANGE", 20, 8, 180, -100, 0.0)
    there = market(sand)

    seen = []
    for number in range(7):
        markets.tick(there, number, RULES)
        seen.append(sand.net)

    step = round(180 * RULES.exchange_recovery_per_hour / 2)
    assert seen == [min(0, step * count - 100) for count in range(1, 8)]


def test_an_untouched_market_settles_and_then_stands_still():
    chance = Stream("drift")
    rows = []
    for name, kind in (("IRON", "EXPORT"), ("IRON_ORE", "IMPORT"), ("FUEL", "EXCHANGE")):
        start, rest = markets.levels(kind, name, 60, feeds=True, lean=0.5, chance=chance)
        rows.append(MarketGood(name, kind, 100, 8, 60, round(start * 60), rest))
    there = market(*rows)

    number = 0
    while markets.tick(there, number, RULES):
        number += 1

    assert number < 200
    before = {row.symbol: row.net for row in rows}
    for later in range(number, number + 50):
        assert not markets.tick(there, later, RULES)
    assert {row.symbol: row.net for row in rows} == before


# --- charts --------------------------------------------------------------------------------------


def test_chart_rewards_are_ordinary_with_a_heavy_tail_of_rare_places():
    rewards = [charts.reward("ASTEROID", place(1, number), RULES) for number in range(100_000)]

    rare = [reward for reward in rewards if reward > 12_000]
    assert all(8_000 <= reward <= 12_000 for reward in rewards if reward <= 12_000)
    assert 0.0003 < len(rare) / len(rewards) < 0.0007
    assert min(rare) >= 40_000
    assert 500_000 < max(rare) <= charts.MOST


# --- work ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mounts", "seconds"),
    [
        (["MOUNT_MINING_LASER_I"], 70),
        (["MOUNT_MINING_LASER_II"], 80),
        (["MOUNT_MINING_LASER_I", "MOUNT_MINING_LASER_II"], 90),
        (["MOUNT_MINING_LASER_II", "MOUNT_SURVEYOR_II"], 80),
    ],
)
def test_lasers_cool_down_by_their_power(mounts, seconds):
    assert work.cooldown(mounts, "MOUNT_MINING_LASER") == seconds


def test_a_first_siphon_yields_between_five_and_fifteen_evenly():
    chance = Stream("siphon")

    yields = [
        work.amount([10], rules=RULES, stripped=False, chance=chance) for _ in range(4000)
    ]

    assert (min(yields), max(yields)) == (5, 15)
    assert sum(yields) / len(yields) == pytest.approx(10, abs=0.2)


def test_a_stripped_rock_gives_half_and_never_nothing():
    chance = Stream("stripped")

    yields = {work.amount([3], rules=RULES, stripped=True, chance=chance) for _ in range(500)}

    assert yields == {1, 2}


def test_surveys_last_as_many_units_as_published_for_their_size():
    chance = Stream("sizes")
    drawn: dict[str, list[int]] = {"SMALL": [], "MODERATE": [], "LARGE": []}

    for _ in range(5000):
        size, units = work.survey_size(RULES, chance)
        drawn[size].append(units)

    means = {size: sum(units) / len(units) for size, units in drawn.items()}
    assert 275 <= means["SMALL"] <= 322
    assert 476 <= means["MODERATE"] <= 761
    assert 754 <= means["LARGE"] <= 1688


def test_only_a_second_surveyor_sees_diamonds_and_uranite():
    rare, mineral = ["RARE_METAL_DEPOSITS"], ["MINERAL_DEPOSITS"]

    assert work.surveyable(rare, ["MOUNT_SURVEYOR_I"], RULES) == {}
    assert set(work.surveyable(rare, ["MOUNT_SURVEYOR_II"], RULES)) == {"URANITE_ORE"}
    assert "DIAMONDS" in work.surveyable(mineral, ["MOUNT_SURVEYOR_II"], RULES)


@pytest.mark.parametrize(
    ("level", "before", "after"),
    [
        (59.9, [], []),
        (60.0, [], ["CRITICAL_LIMIT"]),
        (120.0, [], ["CRITICAL_LIMIT", "UNSTABLE"]),
        (60.0, ["CRITICAL_LIMIT", "UNSTABLE"], ["CRITICAL_LIMIT", "UNSTABLE"]),
        (29.9, ["CRITICAL_LIMIT", "UNSTABLE"], []),
    ],
)
def test_an_overworked_rock_complains_late_and_forgives_later(level, before, after):
    assert work.stress_modifiers(level, before, RULES) == after


# --- contracts ------------------------------------------------------------------------------------


def test_contracts_pay_a_whole_price_per_unit_and_a_whole_percent_in_advance():
    chance = Stream("contracts")

    for _ in range(300):
        terms = contracts.negotiated(base=2600, volume=20, chance=chance)
        total = terms.on_accepted + terms.on_fulfilled
        assert total % terms.units == 0
        assert 1.90 <= total / terms.units / 2600 <= 2.66
        assert any(round(total * p / 100) == terms.on_accepted for p in range(20, 31))
        assert 14 <= terms.units <= 77


def test_the_first_contract_pays_less_in_advance_and_more_a_unit():
    chance = Stream("first")

    for _ in range(100):
        terms = contracts.starting(base=60, chance=chance)
        total = terms.on_accepted + terms.on_fulfilled
        assert 3.58 <= total / terms.units / 60 <= 4.32
        assert 0.115 <= terms.on_accepted / total <= 0.165


# --- chance ------------------------------------------------------------------------------------


def test_a_stream_continues_where_its_count_says():
    stream = Stream(7, "x")
    first = [stream.random() for _ in range(10)]

    assert [Stream(7, "x", count=4).random()] == first[4:5]
    assert first != [Stream(8, "x").random() for _ in range(10)]


def test_numbers_of_places_are_even_and_unrelated():
    drawn = [
        roll
        for number in range(200)
        for index in range(5)
        for roll in rolls(place(place(5, number), index))
    ]

    assert sum(drawn) / len(drawn) == pytest.approx(0.5, abs=0.02)
    assert len(set(drawn)) > 0.95 * len(drawn)


# --- the catalogue ---------------------------------------------------------------------------------


def test_every_part_of_every_ship_exists_and_fits():
    for model in ships.SHIPS.values():
        frame = components.FRAMES[model.frame]
        slots = sum(components.MODULES[name].slots for name in model.modules)
        power = ships.power_used(
            model.frame, model.engine, modules=model.modules, mounts=list(model.mounts)
        )
        assert slots <= frame.slots
        assert len(model.mounts) <= frame.mounting_points
        assert power <= components.REACTORS[model.reactor].output
        assert model.crew_required <= max(model.crew_capacity, 0)


def test_every_recipe_speaks_of_known_goods():
    named = set(RECIPES) | {source for sources in RECIPES.values() for source in sources}

    assert named <= set(goods.GOODS)
