"""A week in which nobody trades: prices, levels, labels.

Recorded are three home systems: ZG64 some hours into its era, PD33 in its eleventh hour (both
staging), AD75 on its third day, almost untouched (production).
"""

from collections.abc import Iterator
from functools import partial
from statistics import mean

from .figure import Figure, Span
from .laboratory import Laboratory

SECTION = "A week without trade"
DRAWN = "levels are drawn from laws fitted to these systems"

_DAY_THREE = (
    Span(0.703, 0.735, 0.790, 35),
    Span(1.212, 1.253, 1.296, 68),
    Span(2.912, 3.675, 4.585, 34),
    Span(-4.808, -3.829, -2.815, 68),
)
RECORDED = (
    (
        1,
        "ZG64",
        (
            Span(0.744, 0.798, 0.858, 36),
            Span(1.151, 1.201, 1.240, 83),
            Span(1.267, 2.638, 3.425, 36),
            Span(-3.267, -2.250, -1.363, 83),
        ),
    ),
    (
        11,
        "PD33",
        (
            Span(0.708, 0.758, 0.797, 38),
            Span(1.180, 1.238, 1.291, 73),
            Span(2.400, 3.258, 5.150, 37),
            Span(-5.367, -3.200, -2.000, 73),
        ),
    ),
    (72, "AD75", _DAY_THREE),
    (168, "AD75, day three", _DAY_THREE),
)
"""Hours, system, and of its exports and imports: price over base price and level."""


def _asks(lab: Laboratory, *, kind: str, hours: float) -> list[float]:
    return [quote.pay / quote.base for quote in lab.quotes(kind, hours)]


def _bids(lab: Laboratory, *, kind: str, hours: float) -> list[float]:
    return [quote.receive / quote.base for quote in lab.quotes(kind, hours)]


def _levels(lab: Laboratory, *, kind: str, hours: float) -> list[float]:
    return [quote.level for quote in lab.quotes(kind, hours)]


def _spreads(lab: Laboratory, *, kind: str) -> list[float]:
    return [quote.pay / quote.receive for quote in lab.quotes(kind, 72)]


def _restricted(lab: Laboratory, *, kind: str) -> list[float]:
    """Share of goods that are RESTRICTED, system by system."""
    return [
        mean(quote.activity == "RESTRICTED" for quote in quotes if quote.kind == kind)
        for quotes in lab.systems(72)
    ]


def _margins(lab: Laboratory, *, volumes: range) -> list[float]:
    quotes = lab.quotes("EXPORT", 1) + lab.quotes("IMPORT", 1)
    return [float(quote.margin) for quote in quotes if quote.volume in volumes]


def _by_hour() -> Iterator[Figure]:
    for hours, source, (ask, bid, made, wanted) in RECORDED:
        for title, recorded, sample in (
            ("export, we pay / base price", ask, partial(_asks, kind="EXPORT", hours=hours)),
            (
                "import, we receive / base price",
                bid,
                partial(_bids, kind="IMPORT", hours=hours),
            ),
            (
                "export, level in trade volumes",
                made,
                partial(_levels, kind="EXPORT", hours=hours),
            ),
            (
                "import, level in trade volumes",
                wanted,
                partial(_levels, kind="IMPORT", hours=hours),
            ),
        ):
            yield Figure(SECTION, f"{title}, after {hours} h", recorded, source, sample, DRAWN)


FIGURES = (
    *_by_hour(),
    Figure(
        SECTION,
        "export, we pay / we receive",
        Span(2.059, 2.073, 2.088, 35),
        "AD75",
        partial(_spreads, kind="EXPORT"),
    ),
    Figure(
        SECTION,
        "import, we pay / we receive",
        Span(2.037, 2.045, 2.056, 68),
        "AD75",
        partial(_spreads, kind="IMPORT"),
    ),
    Figure(
        SECTION,
        "exchange, we pay / base price",
        Span(1.029, 1.029, 1.040, 39),
        "AD75",
        partial(_asks, kind="EXCHANGE", hours=72),
        "the curve is a fit to 25 rows",
    ),
    Figure(
        SECTION,
        "exchange, we receive / base price",
        Span(0.958, 0.971, 0.971, 39),
        "AD75",
        partial(_bids, kind="EXCHANGE", hours=72),
        "the curve is a fit to 25 rows",
    ),
    Figure(
        SECTION,
        "share of a system's exports that are RESTRICTED",
        Span(0.083, 0.421, 0.457, 3),
        "ZG64, PD33, AD75",
        partial(_restricted, kind="EXPORT"),
        extent=True,
    ),
    Figure(
        SECTION,
        "share of a system's imports that are RESTRICTED",
        Span(0.108, 0.260, 0.279, 3),
        "ZG64, PD33, AD75",
        partial(_restricted, kind="IMPORT"),
        extent=True,
    ),
    Figure(
        SECTION,
        "margin in percent, trade volume below 10",
        Span(9, 10, 11, 35),
        "four systems",
        partial(_margins, volumes=range(10)),
    ),
    Figure(
        SECTION,
        "margin in percent, trade volume 10 to 99",
        Span(7, 8, 9, 406),
        "four systems",
        partial(_margins, volumes=range(10, 100)),
    ),
)
