"""Which goods a place can give, and what a survey or a place is worth."""

from collections import Counter
from collections.abc import Mapping, Sequence

# Goods by trait, as players found them; weights are unknown and taken as equal.
BY_TRAIT = {
    "COMMON_METAL_DEPOSITS": (
        "ALUMINUM_ORE",
        "COPPER_ORE",
        "IRON_ORE",
        "ICE_WATER",
        "SILICON_CRYSTALS",
        "QUARTZ_SAND",
    ),
    "MINERAL_DEPOSITS": (
        "SILICON_CRYSTALS",
        "QUARTZ_SAND",
        "AMMONIA_ICE",
        "ICE_WATER",
        "IRON_ORE",
        "PRECIOUS_STONES",
    ),
    "PRECIOUS_METAL_DEPOSITS": (
        "PLATINUM_ORE",
        "GOLD_ORE",
        "SILVER_ORE",
        "ALUMINUM_ORE",
        "COPPER_ORE",
        "ICE_WATER",
        "QUARTZ_SAND",
        "SILICON_CRYSTALS",
    ),
    "RARE_METAL_DEPOSITS": ("URANITE_ORE", "MERITIUM_ORE"),
    "EXPLOSIVE_GASES": ("HYDROCARBON",),
    "METHANE_POOLS": ("HYDROCARBON",),
    "SWAMP": ("HYDROCARBON",),
    "FROZEN": ("ICE_WATER", "AMMONIA_ICE"),
    "ICE_CRYSTALS": ("ICE_WATER", "AMMONIA_ICE", "LIQUID_HYDROGEN", "LIQUID_NITROGEN"),
    "STRONG_MAGNETOSPHERE": ("EXOTIC_MATTER", "GRAVITON_EMITTERS"),
}
GASES = ("HYDROCARBON", "LIQUID_HYDROGEN", "LIQUID_NITROGEN")  # of a gas giant
ROCKS = ("ASTEROID", "ENGINEERED_ASTEROID", "ASTEROID_FIELD")
# Seconds of cooldown and yield a drone with one mount of strength 1 unit: the game's formula is
# 60 + 10 for each power of the mounts, the drones' mounts have power 1.
DRONE_CYCLE = 70
COOLDOWN_BASE, COOLDOWN_PER_POWER = 60, 10
LASER_POWER = {3: 1, 5: 2, 10: 4}  # of the three mining lasers, by strength
SIPHON_STRENGTH = 10  # of a siphon for each power of it
STRIPPED_YIELD = 0.5  # guess from yields of 1 and 2 with the first laser
GAS_SHARES = {  # recorded: nitrogen to hydrogen as 62 to 38; hydrocarbon is a guess
    "LIQUID_NITROGEN": 0.45,
    "LIQUID_HYDROGEN": 0.28,
    "HYDROCARBON": 0.27,
}


def cooldown(strength: int, *, siphon: bool) -> float:
    """Game seconds of rest after an extraction with mounts of such strength together."""
    power = strength / SIPHON_STRENGTH if siphon else LASER_POWER.get(strength, strength / 3)
    return COOLDOWN_BASE + COOLDOWN_PER_POWER * power


def yield_share(traits: Sequence[str]) -> float:
    """What an extraction yields there, as a share of what it yields elsewhere."""
    return STRIPPED_YIELD if "STRIPPED" in traits else 1.0


def shares(type: str, traits: Sequence[str]) -> dict[str, float]:
    """The share of each good in what is dug or siphoned there."""
    if type == "GAS_GIANT":
        return dict(GAS_SHARES)
    goods = goods_of(type, traits)
    return {good: 1 / len(goods) for good in goods}


def goods_of(type: str, traits: Sequence[str]) -> tuple[str, ...]:
    """Goods that extraction or siphoning at such a waypoint can give; empty for none."""
    if type == "GAS_GIANT":
        return GASES
    if type not in ROCKS:
        return ()
    found = dict.fromkeys(good for trait in traits for good in BY_TRAIT.get(trait, ()))
    return tuple(found)


# What the surveyors of the game can name, by their strength; the third one is a guess.
UNNAMED_BY_FIRST = {"URANITE_ORE", "DIAMONDS"}
UNNAMED_BY_SECOND = {"MERITIUM_ORE"}
NEVER_NAMED = {"HYDROCARBON", "LIQUID_HYDROGEN", "LIQUID_NITROGEN"} | {
    "EXOTIC_MATTER",
    "GRAVITON_EMITTERS",
}


def nameable(goods: Sequence[str], strength: int) -> list[str]:
    """The goods a survey may name when surveyors of such strength make it: others lie there, and
    come up only where nobody aims."""
    hidden = set(NEVER_NAMED)
    if strength < 3:
        hidden |= UNNAMED_BY_SECOND
    if strength < 2:
        hidden |= UNNAMED_BY_FIRST
    return [good for good in goods if good not in hidden]


def mean_price(goods: Sequence[str], prices: Mapping[str, float]) -> float:
    """Credits a unit to expect when every good is equally likely; goods nobody buys count 0."""
    if not goods:
        return 0.0
    return sum(prices.get(good, 0.0) for good in goods) / len(goods)


def survey_value(deposits: Sequence[str], prices: Mapping[str, float]) -> float:
    """Expected credits a unit of an extraction aimed by this survey.

    Each listed deposit is equally likely, a repeated one as often as it is listed.
    """
    if not deposits:
        return 0.0
    counts = Counter(deposits)
    return sum(counts[good] * prices.get(good, 0.0) for good in counts) / len(deposits)


def percentile(values: Sequence[float], percent: int) -> float | None:
    """The value below which `percent` of `values` lie (nearest rank), None without values."""
    if not values:
        return None
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * percent // 100) - 1)]
