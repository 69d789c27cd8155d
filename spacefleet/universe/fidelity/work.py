"""Siphoning, extraction, surveys."""

from functools import partial
from statistics import mean

from spacefleet.universe.physics import work

from .figure import Figure, Span, single
from .laboratory import Laboratory

SECTION = "Work"
AVERAGES = "averages of two players, 2023 and 2024"


def _yields(lab: Laboratory, *, strength: int) -> list[float]:
    chance = lab.chance(f"yield {strength}")
    return [
        float(work.amount([strength], rules=lab.rules, stripped=False, chance=chance))
        for _ in range(2000)
    ]


def _nitrogen(lab: Laboratory) -> list[float]:
    nitrogen = lab.rules.gas_weights["LIQUID_NITROGEN"]
    return [nitrogen / (nitrogen + lab.rules.gas_weights["LIQUID_HYDROGEN"])]


def _capacity(lab: Laboratory, *, size: str) -> list[float]:
    chance = lab.chance("surveys")
    drawn = [work.survey_size(lab.rules, chance) for _ in range(4000)]
    return [mean(units for found, units in drawn if found == size)]


def _small(lab: Laboratory) -> list[float]:
    return [lab.rules.survey_sizes["SMALL"]]


def _deposits(lab: Laboratory) -> list[float]:
    chance = lab.chance("deposits")
    found = dict.fromkeys(("IRON_ORE", "COPPER_ORE", "ALUMINUM_ORE"), 1.0)
    return [float(len(work.survey_deposits(found, chance))) for _ in range(1000)]


def _lives(lab: Laboratory) -> list[float]:
    chance = lab.chance("lives")
    return [work.survey_lifetime(lab.rules, chance) / 60_000 for _ in range(1000)]


FIGURES = (
    Figure(
        SECTION,
        "units per siphoning, first siphon",
        Span(8, 11, 14, 253),
        "sales of three drones on the staging server, holds of 15",
        partial(_yields, strength=10),
    ),
    Figure(
        SECTION,
        "units per extraction, first laser",
        None,
        "two extractions of 2024 on a stripped rock: 1 and 2",
        partial(_yields, strength=3),
        "strength ± 50 %, as for siphons",
    ),
    Figure(
        SECTION,
        "share of nitrogen among nitrogen and hydrogen siphoned",
        single(0.62, 262),
        "the same sales",
        _nitrogen,
        "the share of hydrocarbon",
    ),
    *(
        Figure(
            SECTION,
            f"mean units until a {size} survey is exhausted",
            recorded,
            AVERAGES,
            partial(_capacity, size=size),
            "the shape of the distribution",
        )
        for size, recorded in (
            ("SMALL", Span(275, 298, 322, 185)),
            ("MODERATE", Span(476, 618, 761, 85)),
            ("LARGE", Span(754, 1221, 1688, 20)),
        )
    ),
    Figure(SECTION, "share of surveys that are SMALL", single(0.64, 290), AVERAGES, _small),
    Figure(
        SECTION,
        "deposits named by a survey",
        Span(3, 5, 7),
        "players",
        _deposits,
        "all numbers equally likely",
        extent=True,
    ),
    Figure(
        SECTION,
        "minutes a survey lives",
        None,
        "players: roughly 5 to 60",
        _lives,
        "evenly between",
    ),
)
