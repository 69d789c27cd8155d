"""The universe beside the recorded game: every price, every rate, and the report about it."""

import csv
import io
import re
from collections import Counter, defaultdict
from pathlib import Path
from statistics import quantiles

import pytest
from django.core.management import call_command

from spacefleet.universe.catalog.goods import GOODS
from spacefleet.universe.catalog.supply_chain import RECIPES
from spacefleet.universe.fidelity import FIGURES, Laboratory, flow, untouched, verdict
from spacefleet.universe.fidelity import recorded as cases
from spacefleet.universe.fidelity.figure import span
from spacefleet.universe.physics import markets
from spacefleet.universe.state import MarketGood

from .conftest import recorded

REPORT = (Path(__file__).resolve().parents[2] / "docs" / "fidelity.md").read_text()


FEW_GATES = 0.03


@pytest.fixture(scope="module")
def laboratory() -> Laboratory:
    return Laboratory(6, galaxy_size=1500)


# --- our own report ----------------------------------------------------------------------------


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.title)
def test_figures_stay_inside_what_was_recorded(laboratory, figure):
    here = span(figure.sample(laboratory))

    assert here is not None
    told = figure.recorded
    if told is None:
        return
    # Fewer homes and a smaller galaxy than the report takes: a little more may stick out.
    leeway = 0.1 * (told.high - told.low) + 0.03 * max(abs(told.low), abs(told.high))
    leeway += FEW_GATES if figure.title == "share of gates under construction" else 0
    assert told.low - leeway <= here.middle <= told.high + leeway


def test_recorded_cases_are_reproduced_without_exception():
    for law, reproduced, total in cases.check():
        assert reproduced == total, law


def test_the_report_is_what_the_command_writes(tmp_path):
    """Of two homes and a small galaxy, so only its make-up is compared."""
    file = tmp_path / "fidelity.md"

    call_command("fidelity", seeds=2, systems=60, to=file, stdout=io.StringIO())

    def skeleton(text: str) -> list[str]:
        rows = [line.split(" | ") for line in text.splitlines() if line.startswith("|")]
        return [row[0] for row in rows]

    assert skeleton(file.read_text()) == skeleton(REPORT)


def test_the_report_names_every_figure_with_a_verdict_and_nothing_lies_outside():
    for figure in FIGURES:
        [line] = [row for row in REPORT.splitlines() if row.startswith(f"| {figure.title} | ")]
        assert re.search(r"\| (inside|in range|not measured) \|", line), line
        assert line.endswith(f"| {figure.source} | {figure.guess} |")
    assert "**outside**" not in REPORT


def test_what_is_not_measured_is_marked_as_a_guess():
    for figure in FIGURES:
        if figure.recorded is None:
            assert figure.guess, figure.title


def test_a_verdict_follows_the_recorded_quartiles():
    figure = next(f for f in FIGURES if f.recorded and f.recorded.low > 0 and not f.extent)
    low, high = figure.recorded.low, figure.recorded.high

    assert verdict(figure, span([low, high])) == "inside"
    assert verdict(figure, span([2 * high, 2 * high])) == "**outside**"
    assert verdict(figure, None) == "**outside**"


# --- recorded files -------------------------------------------------------------------------------


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(recorded(name))))


def test_recorded_rows_of_four_systems_are_reproduced_to_the_credit():
    exact = total = 0
    for row in rows("calibration/market_snapshots.csv"):
        if row["type"] not in ("EXPORT", "IMPORT"):
            continue
        total += 1
        if not row["fit_margin_pct"]:
            continue
        exact += any(
            _quoted(row, int(row["fit_margin_pct"]), net)
            for net in range(int(row["fit_net_supply_min"]), int(row["fit_net_supply_max"]) + 1)
        )

    assert total == 448
    assert exact >= 443


def test_recorded_rows_of_a_fifth_system_are_reproduced_to_the_credit():
    exact = total = 0
    for row in rows("calibration/fb5_supply_transitions_2025-11-30.csv"):
        total += row["inferred_type"] in ("EXPORT", "IMPORT")
        if row["fit_net_supply"] and row["inferred_type"] in ("EXPORT", "IMPORT"):
            middle = float(row["fit_net_supply"])
            nets = range(int(middle) - 3, int(middle) + 4)
            row["type"] = row["inferred_type"]
            exact += any(_quoted(row, int(row["fit_margin_pct"]), net) for net in nets)

    assert total >= 841
    assert exact >= 825


def _quoted(row: dict[str, str], margin: int, net: int) -> bool:
    base = GOODS[row["symbol"]].base
    good = MarketGood(
        row["symbol"], row["type"], base, margin, int(row["tradeVolume"]), net, 0.0
    )
    seen = (int(row["purchasePrice"]), int(row["sellPrice"]), row["supply"])
    return (*markets.prices(good), markets.supply(good)) == seen


def test_recorded_ladders_are_climbed_to_the_credit():
    """Each ladder whose margin is not told must fit some whole margin and net supply."""
    for ladder in recorded("golden_cases.json")["market_price_ladders"]:
        if ladder.get("tradeVolume") is None or "era" in ladder:
            continue
        base = GOODS[ladder["symbol"]].base
        margins = [ladder["margin_pct"]] if "margin_pct" in ladder else range(3, 14)
        assert any(
            _climbed(ladder, base, margin, net)
            for margin in margins
            for net in range(-200, 201)
        ), ladder["where"]


def _climbed(ladder: dict, base: int, margin: int, net: int) -> bool:
    """Whether these prices follow each other; a lot that was not noted may be of any size."""
    volume, selling = ladder["tradeVolume"], ladder["side"] == "sell"
    nets = {net}
    for lot, price in zip([*ladder["units"], 0], ladder["prices"], strict=False):
        goods = (
            MarketGood(ladder["symbol"], ladder["type"], base, margin, volume, net, 0.0)
            for net in nets
        )
        fitting = [good.net for good in goods if markets.prices(good)[selling] == price]
        lots = range(1, volume + 1) if lot is None else (lot,)
        nets = {net + (units if selling else -units) for net in fitting for units in lots}
    return bool(nets)


def test_the_recorded_rush_costs_what_it_cost():
    for case in recorded("golden_cases.json")["rush_cost_reference"]["cases"]:
        good = MarketGood(
            "X", "EXPORT", case["base"], case["margin_pct"], case["tradeVolume"], 0, 0.0
        )
        good.net = min(
            range(-400, 800), key=lambda net: abs(markets.ask(good, net) - case["spot"])
        )
        total, need = 0, case["need"]
        while need:
            lot = min(need, good.volume)
            total += lot * markets.ask(good, good.net)
            good.net -= lot
            need -= lot
        assert total == pytest.approx(case["total"], abs=case["tolerance"])


def test_recorded_contracts_follow_the_law():
    for case in recorded("golden_cases.json")["contracts"]:
        total = case["onAccepted"] + case["onFulfilled"]
        assert total == case["total"]
        if case["kind"] == "negotiated":
            assert cases._deal(case["units"], case["onAccepted"], case["onFulfilled"])
            assert 1.90 <= total / case["units"] / GOODS[case["symbol"]].base <= 2.66


def test_recorded_ticks_are_whole_trade_volumes_where_trade_was_strong():
    for seen in recorded("golden_cases.json")["market_tick_observations"]:
        if seen["type"] != "EXPORT":
            continue
        observed = seen["observations"]
        for (_, net), bought, (_, later) in zip(
            observed, seen["own_buys"], observed[1:], strict=False
        ):
            gained = later - (net - bought)
            assert gained % seen["tradeVolume"] == 0


def test_the_recorded_quartiles_of_untouched_markets_are_those_of_the_report():
    captured = {"ZG64": "X1-ZG64", "PD33": "X1-PD33", "AD75": "X1-AD75"}
    table = rows("calibration/market_snapshots.csv")
    for _, source, (ask, bid, made, wanted) in untouched.RECORDED[:3]:
        here = [row for row in table if row["system"] == captured[source] and row["base_price"]]
        exports = [row for row in here if row["type"] == "EXPORT"]
        imports = [row for row in here if row["type"] == "IMPORT"]
        for told, found in (
            (ask, [float(r["purchasePrice"]) / float(r["base_price"]) for r in exports]),
            (bid, [float(r["sellPrice"]) / float(r["base_price"]) for r in imports]),
            (made, _levels(exports)),
            (wanted, _levels(imports)),
        ):
            assert told.count == len(found)
            computed = quantiles(found, n=4, method="inclusive")
            assert (told.low, told.middle, told.high) == pytest.approx(computed, abs=0.001)


def _levels(here: list[dict[str, str]]) -> list[float]:
    return [
        (float(row["fit_net_supply_min"]) + float(row["fit_net_supply_max"]))
        / 2
        / float(row["tradeVolume"])
        for row in here
        if row["fit_net_supply_min"]
    ]


def test_the_recorded_rates_are_those_of_the_report():
    from datetime import datetime

    series = defaultdict(list)
    for row in rows("calibration/fb5_supply_transitions_2025-11-30.csv"):
        if row["fit_net_supply"] and row["inferred_type"] in ("EXPORT", "IMPORT"):
            key = (row["waypoint"], row["symbol"], row["inferred_type"])
            series[key].append(row)
    rates = defaultdict(list)
    for (_, _, kind), seen in series.items():
        seen.sort(key=lambda row: row["recorded_at"])
        for before, after in zip(seen, seen[1:], strict=False):
            hours = (
                datetime.fromisoformat(after["recorded_at"])
                - datetime.fromisoformat(before["recorded_at"])
            ).total_seconds() / 3600
            gained = float(after["fit_net_supply"]) - float(before["fit_net_supply"])
            volume = int(before["tradeVolume"])
            natural = gained > 0 if kind == "EXPORT" else gained < 0
            same = all(before[name] == after[name] for name in ("tradeVolume", "activity"))
            if natural and same and 0.4 <= hours <= 12:
                rates[kind, before["activity"]].append((volume, gained / volume / hours))

    for kind, activity, _, volumes, told in flow.RATES:
        found = [rate for volume, rate in rates[kind, activity] if volume in volumes]
        computed = quantiles(found, n=4, method="inclusive")
        assert told.count == len(found)
        assert (told.low, told.middle, told.high) == pytest.approx(computed, abs=0.002)


def test_imports_are_restricted_where_all_that_is_made_of_them_is_abundant():
    places = defaultdict(dict)
    for row in rows("calibration/market_snapshots.csv"):
        places[row["waypoint"]][row["symbol"]] = row
    told = Counter()
    for here in places.values():
        for symbol, row in here.items():
            made = [
                other
                for name, other in here.items()
                if other["type"] == "EXPORT" and symbol in RECIPES[name]
            ]
            if row["type"] == "IMPORT" and made:
                full = all(other["supply"] == "ABUNDANT" for other in made)
                told[full == (row["activity"] == "RESTRICTED")] += 1

    assert (told[True], told[False]) == (201, 11)
