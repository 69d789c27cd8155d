"""What the first chart of a place is worth."""

# What players were paid in 2025 and 2026: asteroids about 10,000 credits, planets and moons 30,000
# to 47,000, all together 15,600 on average.
REWARDS = {
    "ASTEROID": 10_000,
    "PLANET": 38_500,
    "MOON": 38_500,
    "ORBITAL_STATION": 16_000,
    "GAS_GIANT": 16_000,
    "JUMP_GATE": 16_000,
}
OTHERWISE = 9_000
REQUESTS = 2  # of a chart: fly there in orbit, and chart


def per_request(kind: str, *, chance: int) -> float:
    """Credits a request that a chart of this type of waypoint is expected to bring.

    `chance` is the percentage of attempts in which nobody else was there first.
    """
    return REWARDS.get(kind, OTHERWISE) * chance / 100 / REQUESTS
