"""Recorded cases of the real game, and how many of them the formulas reproduce."""

from collections.abc import Callable, Iterator

from spacefleet.universe.physics import contracts, markets, shipyards, travel
from spacefleet.universe.state import MarketGood, YardShip

FLIGHTS = (
    # engine speed, mode, distance, seconds
    (36, "BURN", 117.0043, 56),
    (3, "CRUISE", 36.1248, 315),
    (9, "CRUISE", 150.0833, 432),
    (30, "DRIFT", 328.9331, 2757),
)
"""Flights of fresh ships whose whole duration was recorded, 2024 to 2026."""

TANKS = (
    # distance, mode, fuel
    (117.004, "BURN", 234),
    (102.825, "BURN", 206),
    (62.769, "CRUISE", 63),
    (150.083, "CRUISE", 150),
    (0.3, "CRUISE", 1),
    (0.0, "CRUISE", 0),
    (42.5, "STEALTH", 43),
    (42.5, "BURN", 86),
)
JUMPS = ((1527, 473), (2000, 615), (2500, 765))
"""Distance and cooldown."""

QUOTES = (
    # kind, base, margin, net supply, trade volume, we pay, we receive, supply
    ("IMPORT", 1800, 9, 4, 60, 4152, 1953, "MODERATE"),
    ("IMPORT", 2800, 7, -63, 20, 6898, 3373, "LIMITED"),
    ("IMPORT", 5600, 13, -29, 6, 16748, 8174, "SCARCE"),
    ("IMPORT", 24000, 13, -121, 6, 78894, 39412, "SCARCE"),
    ("IMPORT", 2600, 9, 176, 39, 3654, 1378, "ABUNDANT"),
    ("IMPORT", 5400, 9, 8, 6, 11492, 5265, "MODERATE"),
    ("IMPORT", 3000, 6, 3, 20, 6594, 3157, "MODERATE"),
    ("EXPORT", 3000, 10, 92, 20, 1961, 937, "ABUNDANT"),
    ("EXPORT", 4600, 7, 64, 20, 3652, 1764, "HIGH"),
    ("EXPORT", 3000, 8, -167, 43, 3953, 1775, "LIMITED"),
    ("EXPORT", 5600, 6, 125, 15, 4158, 2057, "ABUNDANT"),
    ("EXPORT", 22000, 10, 88, 6, 11417, 5670, "ABUNDANT"),
    ("EXPORT", 2400, 8, -14, 20, 2328, 1081, "MODERATE"),
    ("EXPORT", 4000, 8, 0, 20, 3680, 1720, "MODERATE"),
)
"""A choice from four home systems of 2025; of all their 448 rows of exports and imports 443 are
reproduced, and 841 of 857 of a fifth."""

LADDERS = (
    # base, margin, net supply, trade volume, units bought, prices seen
    (2600, 8, 46, 20, 20, (2076, 2195)),
)
"""Prices of consecutive purchases."""

PROBES = (
    23179, 23839, 24570, 25382, 26283, 27283, 28392, 29623, 30988, 32503, 34185, 36050, 38120,
    40416, 42964,
)  # fmt: skip
YARDS = (
    # base, margin, ships above balance, prices of consecutive ships
    (31200, 9, 6, PROBES),
    (56200, 10, 3, (44556, 46359, 48360, 50580)),
    (55800, 11, 7, (36968, 38267)),
    (425200, 10, 7, (294743,)),
)
GROWTH = (
    (6, 7),
    (11, 13),
    (13, 15),
    (20, 22),
    (28, 31),
    (39, 43),
    (60, 66),
    (90, 100),
    (100, 111),
)
"""Trade volumes before and after growing."""

DEALS = (
    # units, advance, rest
    (52, 3438, 8418),
    (64, 2110, 7938),
    (9, 28232, 80353),
    (18, 52665, 128937),
    (14, 1218, 4872),
    (25, 3796, 10804),
    (26, 39972, 113766),
)
"""Negotiated contracts."""


def check() -> Iterator[tuple[str, int, int]]:
    """Law, cases reproduced, cases recorded."""
    for law, cases, holds in _LAWS:
        yield law, sum(holds(*case) for case in cases), len(cases)


def _flight(speed: int, mode: str, apart: float, seconds: int) -> bool:
    return travel.seconds(apart, mode=mode, speed=speed) == seconds


def _tank(apart: float, mode: str, fuel: int) -> bool:
    return travel.fuel(apart, mode=mode) == fuel


def _jump(apart: float, seconds: int) -> bool:
    return travel.jump_cooldown(apart) == seconds


def _quote(
    kind: str, base: int, margin: int, net: int, volume: int, pay: int, receive: int, label: str
) -> bool:
    good = MarketGood("", kind, base, margin, volume, net, 0.0)
    return (*markets.prices(good), markets.supply(good)) == (pay, receive, label)


def _ladder(
    base: int, margin: int, net: int, volume: int, units: int, seen: tuple[int, ...]
) -> bool:
    good = MarketGood("", markets.EXPORT, base, margin, volume, net, 0.0)
    return seen == tuple(markets.ask(good, net - units * step) for step in range(len(seen)))


def _yard(base: int, margin: int, net: int, seen: tuple[int, ...]) -> bool:
    ships = (YardShip("", base, margin, net - step, net) for step in range(len(seen)))
    return seen == tuple(map(shipyards.price, ships))


def _grows(before: int, after: int) -> bool:
    return markets.grown(before) == after


def _deal(units: int, advance: int, rest: int) -> bool:
    """Whether some whole price and percentage split the total this way."""
    total = advance + rest
    least, most = contracts.ADVANCE_PERCENT
    splits = {round(total * percent / 100) for percent in range(least, most + 1)}
    return total % units == 0 and advance in splits


_LAWS: tuple[tuple[str, tuple[tuple, ...], Callable[..., bool]], ...] = (
    ("duration of a flight", FLIGHTS, _flight),
    ("fuel of a flight", TANKS, _tank),
    ("cooldown after a jump", JUMPS, _jump),
    ("both prices and the supply label of a good", QUOTES, _quote),
    ("prices of consecutive purchases", LADDERS, _ladder),
    ("prices of consecutive ships", YARDS, _yard),
    ("growth of a trade volume", GROWTH, _grows),
    ("split of a contract's payment", DEALS, _deal),
)
