"""What contracts ask and pay.

The split of the payment is exact for fourteen recorded negotiated contracts; sizes and prices
are drawn from what they show.
"""

from dataclasses import dataclass

from spacefleet.universe.chance import Stream

DAY_MS = 86_400_000
ACCEPT_WITHIN_MS = DAY_MS
DEADLINE_MS = 7 * DAY_MS
"""To the millisecond, measured."""

PRICE_RATIO = (1.90, 2.66, 2.20)
"""Payment per unit as a multiple of the base price: low, high and mode of fourteen contracts."""

ADVANCE_PERCENT = (20, 30)
STARTING_PRICE_RATIO = (3.6, 4.3)
STARTING_ADVANCE_PERCENT = (12, 16)
STARTING_UNITS = (40, 80)
STARTING_GOODS = ("ALUMINUM_ORE", "COPPER_ORE", "IRON_ORE")

UNITS_BY_VOLUME = ((10, (6, 17)), (59, (14, 77)), (10_000, (24, 212)))
"""Up to a trade volume → least and most units asked, from recorded contracts."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Units to bring and the two payments."""

    units: int
    on_accepted: int
    on_fulfilled: int


def negotiated(*, base: int, volume: int, chance: Stream) -> Terms:
    low, high = next(span for limit, span in UNITS_BY_VOLUME if volume <= limit)
    # Small contracts are commoner than large ones: the median of bulk orders is 47 of 24..212.
    units = low + int((high - low + 1) * chance.random() ** 3)
    least, most, mode = PRICE_RATIO
    per_unit = max(1, round(base * chance.triangular(least, most, mode)))
    return _split(units, per_unit, percent=chance.randint(*ADVANCE_PERCENT))


def starting(*, base: int, chance: Stream) -> Terms:
    units = chance.randint(*STARTING_UNITS)
    per_unit = round(base * chance.uniform(*STARTING_PRICE_RATIO))
    return _split(units, per_unit, percent=chance.randint(*STARTING_ADVANCE_PERCENT))


def _split(units: int, per_unit: int, *, percent: int) -> Terms:
    total = units * per_unit
    advance = round(total * percent / 100)
    return Terms(units, advance, total - advance)
