"""Cooldowns, yields, surveys and the patience of rocks."""

from collections.abc import Iterable, Mapping, Sequence

from spacefleet.universe.catalog import components, places
from spacefleet.universe.chance import Stream
from spacefleet.universe.rules import UniverseRules

COOLDOWN_BASE = 60
COOLDOWN_PER_POWER = 10
"""Extraction with the first laser was measured at 70 s, with both lasers at 90 s; surveys,
siphons and scans follow the same rule by community tables."""

SURVEY_DEPOSITS = (3, 7)
"""A survey names between three and seven deposits, repeats included; recorded surveys."""


def power(mounts: Iterable[str], prefix: str) -> int:
    """Summed power of the mounts of one kind."""
    return sum(components.MOUNTS[name].power for name in mounts if name.startswith(prefix))


def strengths(mounts: Iterable[str], prefix: str) -> list[int]:
    return [components.MOUNTS[name].strength or 0 for name in mounts if name.startswith(prefix)]


def cooldown(mounts: Iterable[str], prefix: str) -> int:
    """Seconds of rest after using all mounts of one kind together."""
    return COOLDOWN_BASE + COOLDOWN_PER_POWER * power(mounts, prefix)


def deposits(traits: Iterable[str]) -> list[str]:
    """What lies at a place with these traits, each good once, in a fixed order."""
    found: dict[str, None] = {}
    for trait in traits:
        found.update(dict.fromkeys(places.DEPOSITS.get(trait, ())))
    return list(found)


def draw(goods: Sequence[str], weights: Mapping[str, float], chance: Stream) -> str:
    """One good; all are equally likely unless `weights` names them."""
    if not weights:
        return goods[int(chance.random() * len(goods))]
    return chance.weighted(goods, [weights.get(good, 1.0) for good in goods])


def amount(
    mount_strengths: Iterable[int], *, rules: UniverseRules, stripped: bool, chance: Stream
) -> int:
    """Units dug or siphoned in one go: every mount adds its strength ± the spread, at least 1."""
    low, span = 1 - rules.yield_spread, 2 * rules.yield_spread
    units = sum(
        round(strength * (low + span * chance.random())) for strength in mount_strengths
    )
    if stripped:
        units = round(units * rules.stripped_yield)
    return max(1, units)


def surveyable(
    traits: Iterable[str], mounts: Iterable[str], rules: UniverseRules
) -> dict[str, float]:
    """What these surveyors can find at such a place, with weights; empty if nothing."""
    traits = list(traits)
    seen = {
        good
        for name in mounts
        if name.startswith("MOUNT_SURVEYOR")
        for good in components.MOUNTS[name].deposits
    }
    found = {
        good: rules.deposit_weights.get(good, 1.0) for good in deposits(traits) if good in seen
    }
    if "DIAMONDS" in seen and any(trait in places.DIAMOND_TRAITS for trait in traits):
        found["DIAMONDS"] = rules.diamond_weight
    return found


def survey_deposits(candidates: Mapping[str, float], chance: Stream) -> list[str]:
    low, high = SURVEY_DEPOSITS
    return chance.choices(
        list(candidates), list(candidates.values()), k=chance.randint(low, high)
    )


def survey_size(rules: UniverseRules, chance: Stream) -> tuple[str, int]:
    """A size, and the units until the survey is exhausted."""
    size = chance.weighted(list(rules.survey_sizes), list(rules.survey_sizes.values()))
    low, mode, high = rules.survey_capacity[size]
    return size, round(chance.triangular(low, high, mode))


def survey_lifetime(rules: UniverseRules, chance: Stream) -> int:
    """Milliseconds until the survey expires."""
    low, high = rules.survey_minutes
    return round(chance.uniform(low, high) * 60_000)


def stress_after(
    level: float, *, idle_ms: int, engineered: bool, unstable: bool, rules: UniverseRules
) -> float:
    """The stress of a rock after a pause. An unstable one settles over hours, not minutes."""
    if unstable:
        leak = rules.stress_recovery_per_hour / 3_600_000
    else:
        leak = rules.stress_leak_per_minute * (2 if engineered else 1) / 60_000
    return max(0.0, level - idle_ms * leak)


def stress_modifiers(level: float, current: Sequence[str], rules: UniverseRules) -> list[str]:
    """Modifiers at this level: they appear at their mark and leave at half of it."""
    marks = {"CRITICAL_LIMIT": rules.stress_critical, "UNSTABLE": rules.stress_unstable}
    kept = [name for name in current if name not in marks]
    for name, mark in marks.items():
        if level >= mark or (name in current and level >= mark / 2):
            kept.append(name)
    return kept
