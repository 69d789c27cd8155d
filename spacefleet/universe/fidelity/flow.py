"""What makers and consumers move, and how trade volumes grow.

Rates an hour were recorded in FB5, 29 hours of November 2025 (production); ticks one by one in a
ledger of the staging server.
"""

from collections.abc import Iterator
from functools import partial

from spacefleet.universe.physics import markets

from .figure import Figure, Span, single
from .laboratory import ANY_VOLUME, Laboratory

SECTION = "What makers and consumers move"
FEW = "hardly recorded"

RATES = (
    ("EXPORT", "WEAK", "trade volume below 10", range(10), Span(0.514, 0.547, 0.664, 8)),
    ("EXPORT", "WEAK", "trade volume 20 to 43", range(20, 44), Span(0.152, 0.163, 0.191, 12)),
    ("EXPORT", "WEAK", "trade volume 60", range(60, 61), Span(0.069, 0.090, 0.385, 4)),
    ("EXPORT", "RESTRICTED", "", ANY_VOLUME, Span(0.189, 0.270, 0.439, 58)),
    ("EXPORT", "GROWING", "", ANY_VOLUME, Span(1.124, 1.497, 2.014, 22)),
    ("EXPORT", "STRONG", "", ANY_VOLUME, Span(1.956, 2.113, 2.231, 5)),
    ("IMPORT", "WEAK", "", ANY_VOLUME, Span(-0.557, -0.410, -0.350, 119)),
    ("IMPORT", "RESTRICTED", "", ANY_VOLUME, Span(-0.299, -0.260, -0.122, 10)),
    ("IMPORT", "GROWING", "", ANY_VOLUME, Span(-2.082, -1.524, -1.122, 28)),
    ("IMPORT", "STRONG", "", ANY_VOLUME, Span(-2.729, -1.998, -1.598, 5)),
)
"""Kind, activity, which trade volumes, and trade volumes an hour."""


def _rates(lab: Laboratory, *, kind: str, activity: str, volumes: range) -> list[float]:
    return lab.rates(kind, activity, volumes)


def _by_activity() -> Iterator[Figure]:
    for kind, activity, which, volumes, recorded in RATES:
        words = [kind.lower(), activity, which] if which else [kind.lower(), activity]
        yield Figure(
            SECTION,
            f"{', '.join(words)}: trade volumes an hour",
            recorded,
            "FB5",
            partial(_rates, kind=kind, activity=activity, volumes=volumes),
            FEW if recorded.count < 8 else "",
        )


def _tick(lab: Laboratory) -> list[float]:
    return [lab.rules.tick_minutes]


def _strong_gains(lab: Laboratory) -> list[float]:
    """What a STRONG export of 43 gains in ten ticks, one by one."""
    market = lab.alone(volume=43, pressure=1e9)
    good = market.goods["IRON"]
    gains = []
    for number in range(10):
        good.net = -100
        markets.tick(market, number, lab.rules)
        gains.append(float(good.net + 100))
    return gains


def _stops(lab: Laboratory) -> list[float]:
    """Where busy makers and busy consumers end."""
    found = []
    for index in range(40):
        market = lab.alone(fed=True, pace=index / 40)
        market.key = index
        made, needed = market.goods.values()
        for number in range(60):
            made.pressure, needed.net = 2.0, 60
            markets.tick(market, number, lab.rules)
        found.append(made.net / made.volume)
        for number in range(60):
            made.net, needed.pressure = 200, 2.0
            markets.tick(market, number, lab.rules)
        found.append(-needed.net / needed.volume)
    return found


def _minutes_to_halve(lab: Laboratory, *, pressure: float) -> list[float]:
    """Until half of the price gap has closed that buying two trade volumes made."""
    spans = []
    for index in range(20):
        market = lab.alone(pace=index / 20, rest=4.0, net=80, pressure=pressure)
        market.key = index
        good = market.goods["IRON"]
        calm = markets.ask(good, good.net)
        good.net -= 2 * good.volume
        gap = markets.ask(good, good.net) - calm
        ticks = 0
        while markets.ask(good, good.net) - calm > gap / 2:
            markets.tick(market, ticks, lab.rules)
            ticks += 1
        spans.append(ticks * lab.rules.tick_minutes)
    return spans


def _ticks_to_grow(lab: Laboratory) -> list[float]:
    spans = []
    for index in range(40):
        market = lab.alone(fed=True, pressure=1e9)
        market.key = index
        made, needed = market.goods.values()
        ticks = 0
        while made.volume < 39:
            made.net, needed.net = -100, 60
            markets.tick(market, ticks, lab.rules)
            ticks += 1
        spans.append(float(ticks))
    return spans


FIGURES = (
    *_by_activity(),
    Figure(SECTION, "minutes between ticks", single(30), "FB5 and the staging server", _tick),
    Figure(
        SECTION,
        "units a STRONG export of 43 gains in a tick",
        single(43, 10),
        "ledger of the staging server",
        _strong_gains,
    ),
    Figure(
        SECTION,
        "level, up or down, at which busy goods stop",
        Span(8.087, 8.146, 8.346, 42),
        "VF23, traded for hours (staging): goods between 7.9 and 9",
        _stops,
    ),
    Figure(
        SECTION,
        "minutes until a price gap of two trade volumes is half closed, WEAK",
        Span(194, 413, 520),
        "a player's model: median of goods, RESTRICTED ones, all pooled",
        partial(_minutes_to_halve, pressure=0.0),
    ),
    Figure(
        SECTION,
        "the same, GROWING",
        Span(60, 82, 105),
        "a player's model: busy goods",
        partial(_minutes_to_halve, pressure=2.0),
    ),
    Figure(
        SECTION,
        "ticks in which a trade volume grows from 20 to 39 while bought empty",
        Span(6, 7, 14, 3),
        "FB5: three exports",
        _ticks_to_grow,
        "when exactly trade volumes grow",
    ),
)
