"""Starting worlds by name."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from . import genesis
from .galaxy import Options
from .rules import UniverseRules
from .timeline import milliseconds
from .world import World

SHOWCASE_CREDITS = 1_500_000
"""Enough to man every role within minutes of play."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A starting world: the rules it is played by and the galaxy it is played in.

    `remark` ends the description on the status page; it may name fields of the rules.
    """

    rules: UniverseRules
    galaxy: Options
    remark: str


SCENARIOS: dict[str, Callable[[], Scenario]] = {}


def scenario(make: Callable[[], Scenario]) -> Callable[[], Scenario]:
    """Put a scenario on the list under the name of its function."""
    SCENARIOS[make.__name__] = make
    return make


@scenario
def first_day() -> Scenario:
    """What a new agent of the real game meets: 175,000 credits, a frigate and a probe."""
    return Scenario(
        UniverseRules(), Options(), "Agents start with {rules.start_credits:,} credits."
    )


@scenario
def showcase() -> Scenario:
    """The same world with money: a fleet of every role can be bought within minutes."""
    return Scenario(
        UniverseRules(start_credits=SHOWCASE_CREDITS),
        Options(),
        "Agents start with {rules.start_credits:,} credits instead of 175,000, "
        "so that every role can be manned within minutes.",
    )


@scenario
def late_fleet() -> Scenario:
    """The middle of a week: fifty ships are there at once and want to be kept busy."""
    fleet = {
        "SHIP_MINING_DRONE": 16,
        "SHIP_SURVEYOR": 3,
        "SHIP_SIPHON_DRONE": 6,
        "SHIP_LIGHT_HAULER": 8,
        "SHIP_LIGHT_SHUTTLE": 4,
        "SHIP_PROBE": 11,
    }
    return Scenario(
        UniverseRules(start_credits=3_000_000, start_fleet=fleet),
        Options(),
        "Agents start with fifty ships and {rules.start_credits:,} credits.",
    )


@scenario
def crowded_depots() -> Scenario:
    """Holds are nearly full from the first minute: sell, or stand still."""
    fleet = {"SHIP_MINING_DRONE": 10, "SHIP_SURVEYOR": 1, "SHIP_LIGHT_HAULER": 3}
    return Scenario(
        UniverseRules(start_credits=600_000, start_fleet=fleet, start_hold_percent=92),
        Options(),
        "Agents start with {rules.start_credits:,} credits and fourteen ships whose holds are "
        "{rules.start_hold_percent} % full of ore.",
    )


@scenario
def tanking_prices() -> Scenario:
    """Goods nobody ordered pour into every import market, and prices sink to a fraction.

    Exchanges are not flooded: who sells there instead keeps an income. At a level of 7.5 trade
    volumes an import pays nothing to a third of the base price, by its margin.
    """
    fleet = {"SHIP_MINING_DRONE": 12, "SHIP_SURVEYOR": 2, "SHIP_LIGHT_HAULER": 8}
    return Scenario(
        UniverseRules(start_credits=1_000_000, start_fleet=fleet, glut=3.0, glut_level=7.5),
        Options(gate_open=True),
        "Import markets are flooded. Agents start with a mining fleet and "
        "{rules.start_credits:,} credits, and the home gate is open.",
    )


@scenario
def lost_surveys() -> Scenario:
    """Surveys expire within minutes and are exhausted after a few extractions."""
    few = {"SMALL": (5, 12, 20), "MODERATE": (10, 25, 40), "LARGE": (20, 50, 80)}
    return Scenario(
        UniverseRules(survey_minutes=(2.0, 8.0), survey_capacity=few),
        Options(),
        "Surveys live for minutes. Agents start with {rules.start_credits:,} credits.",
    )


@scenario
def open_gates() -> Scenario:
    """The home gate stands: two hundred systems to see, to chart and to trade with."""
    return Scenario(
        UniverseRules(start_credits=1_000_000),
        Options(homes=1, others=199, gate_open=True),
        "The home gate is open. Agents start with {rules.start_credits:,} credits.",
    )


@scenario
def rivals() -> Scenario:
    """Three other agents work every market all day long and chart system after system."""
    return Scenario(
        UniverseRules(rivals=3),
        Options(),
        "{rules.rivals} rival agents work every market and chart. Agents start with {rules.start_credits:,} credits.",
    )


_RULES = {field.name for field in fields(UniverseRules)}
_GALAXY = {field.name for field in fields(Options)}


def settings(name: str) -> dict[str, Any]:
    """Every parameter of a scenario by name, as it stands unless it is overridden."""
    chosen = SCENARIOS[name]()
    return {
        field.name: getattr(part, field.name)
        for part in (chosen.rules, chosen.galaxy)
        for field in fields(part)
    }


def build(
    name: str,
    *,
    seed: int,
    start: datetime,
    speed: float = 1.0,
    era: int = 0,
    reset_date: str | None = None,
    **options: Any,
) -> World:
    """A fresh world of the scenario `name`.

    `options` override fields of `UniverseRules` and of `galaxy.Options` by name;
    `rules=UniverseRules(...)` replaces all rules at once. `era` counts resets.
    """
    if name not in SCENARIOS:
        raise ValueError(f"unknown scenario {name!r}; there are {', '.join(sorted(SCENARIOS))}")
    plain = _plain(options)
    unknown = plain.keys() - _RULES - _GALAXY
    if unknown:
        raise TypeError(f"unknown options: {', '.join(sorted(unknown))}")
    chosen = SCENARIOS[name]()
    rules = replace(chosen.rules, **{key: plain[key] for key in plain.keys() & _RULES})
    galaxy = replace(chosen.galaxy, **{key: plain[key] for key in plain.keys() & _GALAXY})
    stars = genesis.generate(
        seed=seed if era == 0 else f"{seed}, era {era}",
        start=milliseconds(start),
        rules=rules,
        options=galaxy,
    )
    remark = chosen.remark.format(rules=rules)
    return World(
        stars,
        seed=seed,
        start=start,
        speed=speed,
        scenario=name,
        description=f"A local universe, scenario {name}, seed {seed}, time factor {speed:g}. {remark}",
        rules=rules,
        options=plain,
        era=era,
        reset_date=reset_date,
    )


def _plain(options: dict[str, Any]) -> dict[str, Any]:
    """Options as a snapshot keeps them: whole rules as the fields that make them up."""
    rules = options.pop("rules", None)
    whole = {} if rules is None else {name: getattr(rules, name) for name in _RULES}
    return whole | options
