"""What charting pays: a one-time reward by the type of the place and by how rare it is.

Players' logs of 2025 and 2026 give the ordinary rewards (asteroids about 10,000, planets and
moons 30,000 to 47,000, all together 15,600 on average) and the largest one, eight million. How
the tail between them runs is a guess: a Pareto law for a small share of places.
"""

from spacefleet.universe.chance import rolls
from spacefleet.universe.rules import UniverseRules

REWARDS = {
    "ASTEROID": (8_000, 12_000),
    "PLANET": (30_000, 47_000),
    "MOON": (30_000, 47_000),
    "ORBITAL_STATION": (12_000, 20_000),
    "GAS_GIANT": (12_000, 20_000),
    "JUMP_GATE": (12_000, 20_000),
}
OTHERWISE = (6_000, 12_000)

MOST = 8_000_000
"""The largest reward that was told of."""


def reward(kind: str, key: int, rules: UniverseRules) -> int:
    """Credits for the first chart of a place of this type; `key` is the number of the place.

    A rare place pays the ordinary reward times a factor that exceeds f with probability
    f ** -exponent.
    """
    roll = rolls(key)
    low, high = REWARDS.get(kind, OTHERWISE)
    ordinary = low + (high - low) * roll[0]
    if roll[1] >= rules.chart_rare_share:
        return round(ordinary)
    rarity = float((1 - roll[2]) ** (-1 / rules.chart_rare_exponent))
    return min(MOST, round(ordinary * rules.chart_rare_factor * rarity))
