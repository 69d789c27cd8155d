"""Prices and what moves them.

The price law was recovered from recorded prices: it reproduces 443 of 448 rows of four systems
and 841 of 857 of a fifth, to the credit and including the supply label. With the net supply N,
the trade volume tv, the margin M in whole percent and s = N / tv:

    export:  ask(N) = base * (1 + (4 * 2^(-0.3 s) - 5) * M%)     we buy at ask(N), sell at ask(N + tv) / 2
    import:  bid(N) = base * (1 + (5 - 4 * 2^(0.3 s)) * M%)      we sell at bid(N), buy at 2 * bid(N - tv)

The exchange curve is an empirical fit to 25 rows.

Markets update in ticks half an hour apart. What makers and consumers move in a tick was read
from a production system's price records of 29 hours (857 rows of November 2025, below: the
records) and a ledger of the staging server, unit by unit:

- a STRONG export gains exactly one trade volume, a GROWING one between half and a whole (the same
  at each tick, another at each market), a RESTRICTED one exactly a fifth, rounded either way;
- a WEAK export gains about two units, hardly more at larger trade volumes;
- a WEAK import loses a fifth of a trade volume, a busy one between half and a whole and a half;
- busy goods stop at eight trade volumes, above or below; those left alone stop nearer;
- goods become GROWING and STRONG not by how much is traded but by how long and how far exports
  stand below and imports above their ordinary level: of the rules tried this one tells the
  activity best (82 % of exports, 89 % of imports, where the commonest would be right in 53 and 75).

An export is RESTRICTED exactly when one of its inputs here is SCARCE (148 of 148 rows), an import
when all that is made of it here is ABUNDANT (201 of 212).
"""

from collections.abc import Mapping
from math import ceil, floor
from statistics import NormalDist

from spacefleet.universe.chance import Stream, place, rolls
from spacefleet.universe.rules import UniverseRules
from spacefleet.universe.state import Market, MarketGood

Rolls = tuple[float, float, float, float]

STEEPNESS = 0.3
"""A trade volume moves the exponent by this; prices step by 2^0.3 = 1.231."""

EXPORT, IMPORT, EXCHANGE = "EXPORT", "IMPORT", "EXCHANGE"

RESTRICTED_SHARE = 0.2
STRONG_SHARE = 1.0
GROWING_SHARES = (0.5, 1.0)
"""Share of a trade volume an export gains in a tick, the slowest and the fastest market: the
records show multiples of 4 of 20 and 8 of 39, 20 of 20 and 43 of 43, and 11 to 18 of 20."""

WEAK_UNITS = (1.55, 0.01)
"""Units a WEAK export gains in a tick, and more per unit of trade volume: in the records the
medians are 1.6 of 6, 1.6 of 20 and 2.7 of 60."""

IMPORT_SHARES = {
    "WEAK": (0.15, 0.25),
    "RESTRICTED": (0.03, 0.12),
    "GROWING": (0.6, 1.1),
    "STRONG": (0.7, 1.4),
}
"""Share of a trade volume an import loses in a tick, at the slowest and at the fastest market."""

UNEVENNESS = 0.15
"""Ticks of WEAK goods differ by so much either way, and by a third of it at GROWING ones."""

DRAWN = (0.67, 1.0)
"""Share of a trade volume an import loses per trade volume made of it: -40 of 60 for 43 of 43,
-28 of 28; recorded on the staging server."""

BUSY_LEVEL = 8.0
LAST_STEP = 0.2
"""Trade volumes at which busy makers and consumers stop, and by which their last step may lead
beyond: in a system that had been traded for hours 42 goods stood between 7.9 and 9, half of them
below 8.15."""

SCARCE, LIMITED, ABUNDANT = -4.0, -2.0, 4.0
SUPPLY_BOUNDS = (
    (SCARCE, "SCARCE"),
    (LIMITED, "LIMITED"),
    (2.0, "MODERATE"),
    (ABUNDANT, "HIGH"),
)
"""Below which level in trade volumes which label holds, measured."""

GROWTH = 1.1
"""A trade volume grows to ceil(tv * 1.1), measured in fifteen steps."""


SMALL = 10
"""Trade volumes below are those of the rarest goods."""

FAR_OUT = (10.5, 18.0, 16.0)
"""Ship parts and specialities stand so far above balance where they are made, and luxuries so far
below where they are consumed; all other goods nearer."""

_RESTS = {EXPORT: (3.35, 1.15, 2.1, 5.7), IMPORT: (3.5, 1.45, 0.0, 7.6)}
"""Mean, deviation, least and most of the level of other goods that have been left alone, away from
zero: the system of the third day. Imports of one market lean the same way (a correlation of 0.45)."""

_YOUNG = {EXPORT: 2.4, IMPORT: 3.0}
"""Trade volumes by which levels may fall short of that at an era's beginning, after the young
system."""

LEANING = 0.45
FEEDS = -0.3
CONSUMED = 0.4
"""By how much the ordinary level of an import is nearer when something is made of it here, and
farther when it is not."""
BUSY = ("GROWING", "STRONG")
NOTHING = (0.0, False)
FORGOTTEN = 1e-3
"""Pressure below this is none."""

GROWTH_STREAM = 7
"""Where among the numbers of a good and a tick the one for its new margin stands."""

_BELL = NormalDist()


def half_up(value: float) -> int:
    return floor(value + 0.5)


def ask(good: MarketGood, net: int) -> int:
    level = 4 * 2 ** (-STEEPNESS * net / good.volume) - 5
    return half_up(good.base * (1 + level * good.margin / 100))


def bid(good: MarketGood, net: int) -> int:
    level = 5 - 4 * 2 ** (STEEPNESS * net / good.volume)
    return half_up(good.base * (1 + level * good.margin / 100))


def prices(good: MarketGood) -> tuple[int, int]:
    """What we pay for a unit, and what we receive for one."""
    if good.kind == EXPORT:
        price = ask(good, good.net)
        return max(1, price), max(1, half_up(ask(good, good.net + good.volume) / 2))
    if good.kind == IMPORT:
        receive = max(1, bid(good, good.net))
        return max(receive + 1, 2 * bid(good, good.net - good.volume)), receive
    return _exchange_prices(good)


def _exchange_prices(good: MarketGood) -> tuple[int, int]:
    """Near-equal prices that drift apart as the exchange is drained or filled."""
    premium = 1.75 * (2 ** (STEEPNESS * abs(good.net) / good.volume) - 1)
    echo = premium * premium / (17 + 1.3 * premium)
    if good.net > 0:
        premium, echo = -echo, -premium
    neutral_ask = max(good.base + 2, good.base * 1.01)
    neutral_bid = min(good.base - 2, good.base * 0.99)
    pay = max(1, half_up(neutral_ask + good.base * premium / 100))
    receive = max(1, half_up(neutral_bid + good.base * echo / 100))
    return pay, min(receive, pay)


def supply(good: MarketGood) -> str:
    level = good.net / good.volume
    for bound, label in SUPPLY_BOUNDS:
        if level < bound:
            return label
    return "ABUNDANT"


def margin(volume: int, roll: float) -> int:
    """Whole percent: centred on 10, 8 or 6 by trade volume, one percent of spread.

    It stays until the trade volume grows, and is drawn again then.
    """
    centre = 10 if volume < SMALL else 8 if volume < 100 else 6
    return max(2, round(centre + _bell(roll)))


def levels(
    kind: str, symbol: str, volume: int, *, feeds: bool, lean: float, chance: Stream
) -> tuple[float, float]:
    """Net supply in trade volumes when an era begins, and when a good has been left alone.

    Beginnings after a system captured hours into its era, rest after one captured on its third
    day almost untouched. `feeds` tells whether something is made of it there, `lean` is a number
    in [0, 1) that all goods of a market share.
    """
    if kind == EXCHANGE:
        level = chance.triangular(-2.4, 2.0, 0.0)
        return level, level
    sign = 1 if kind == EXPORT else -1
    if _far_out(kind, symbol, volume):
        level = chance.triangular(*FAR_OUT)
        return sign * level, sign * level
    mean, deviation, least, most = _RESTS[kind]
    shared = LEANING if kind == IMPORT else 0.0
    if kind == IMPORT:
        mean += FEEDS if feeds else CONSUMED
    bend = shared**0.5 * _bell(lean) + (1 - shared) ** 0.5 * _bell(chance.random())
    rests = min(most, max(least, mean + deviation * bend))
    begins = rests - _YOUNG[kind] * chance.random()
    return sign * begins, sign * rests


def _bell(roll: float) -> float:
    """A number in [0, 1) as so many deviations of the normal law."""
    return _BELL.inv_cdf(min(max(roll, 1e-6), 1 - 1e-6))


def _far_out(kind: str, symbol: str, volume: int) -> bool:
    if volume >= SMALL or symbol.startswith(("MODULE_", "MOUNT_")):
        return False
    return kind == EXPORT or not symbol.startswith("SHIP_")


def wire(market: Market, recipes: Mapping[str, tuple[str, ...]]) -> None:
    """Note which goods of a market are made from which others of it."""
    goods = market.goods
    for good in goods.values():
        if good.kind == EXPORT:
            market.sources[good.symbol] = [
                goods[name]
                for name in recipes.get(good.symbol, ())
                if name in goods and goods[name].kind == IMPORT
            ]
        elif good.kind == IMPORT:
            market.outlets[good.symbol] = []
    for name, sources in market.sources.items():
        for source in sources:
            market.outlets[source.symbol].append(goods[name])


def label(market: Market, rules: UniverseRules) -> None:
    """Set the activity of every good from the pressure on it and its neighbours' supply."""
    for good in market.goods.values():
        if good.kind == EXCHANGE:
            continue
        good.activity = _activity(good, rules)
        if good.kind == EXPORT:
            if any(
                source.net < SCARCE * source.volume for source in market.sources[good.symbol]
            ):
                good.activity = "RESTRICTED"
        elif good.activity == "WEAK" and _feeds_only_full(market.outlets[good.symbol]):
            good.activity = "RESTRICTED"


def _activity(good: MarketGood, rules: UniverseRules) -> str:
    strong = rules.export_strong if good.kind == EXPORT else rules.import_strong
    if good.pressure >= strong:
        return "STRONG"
    return "GROWING" if eager(good, rules) else "WEAK"


def _growing(good: MarketGood, rules: UniverseRules) -> float:
    return rules.export_growing if good.kind == EXPORT else rules.import_growing


def _feeds_only_full(made: list[MarketGood]) -> bool:
    """Whether all that is made of an import is ABUNDANT, so that nothing draws on it."""
    return bool(made) and all(good.net >= ABUNDANT * good.volume for good in made)


def tick(market: Market, number: int, rules: UniverseRules) -> bool:
    """One update of a market: makers produce, consumers consume, exchanges recover.

    What happens depends on the market and the number of the tick alone, not on who looks when.
    The answer is whether anything is still on the move: if not, the next tick changes nothing
    either, until somebody trades, except that pressure is forgotten.
    """
    base = place(market.key, number)
    drawn: dict[str, tuple[float, bool]] = {}
    moved = False
    for index, good in enumerate(market.goods.values()):
        if good.kind == EXPORT and _makes(good, market, rules):
            busy = eager(good, rules)
            made = _produce(good, rolls(place(base, index)))
            for source in market.sources[good.symbol]:
                most, deep = drawn.get(source.symbol, NOTHING)
                drawn[source.symbol] = (max(most, made), deep or busy)
            moved = True
    for index, good in enumerate(market.goods.values()):
        if good.kind == EXCHANGE:
            moved |= _recover(good, rules)
        elif good.kind == IMPORT:
            made, busy = drawn.get(good.symbol, NOTHING)
            moved |= _consume(good, place(base, index), made=made, busy=busy)
            if rules.glut:
                _flood(good, rules)
        if _may_grow(good, market, rules):
            moved = True
            _grow(good, place(base, index), market, rules)
    moved |= feel(market, 1, rules)
    label(market, rules)
    return moved or bool(rules.rivals or rules.glut)


def feel(market: Market, ticks: int, rules: UniverseRules) -> bool:
    """Let pressure follow what is lacking or lying about; whether any of it is still felt."""
    kept = 0.5 ** (rules.tick_minutes / 60 / rules.pressure_half_life_hours)
    felt = False
    for good in market.goods.values():
        if good.kind == EXCHANGE:
            continue
        away = displacement(good)
        if not away and not good.pressure:
            continue
        for _ in range(ticks):
            good.pressure = good.pressure * kept + away * (1 - kept)
            if not away and abs(good.pressure) < FORGOTTEN:
                good.pressure = 0.0
                break
        felt |= away > 0 or eager(good, rules)
    return felt


def displacement(good: MarketGood) -> float:
    """Trade volumes by which an export is short or an import is full, beyond what is usual."""
    level = good.net / good.volume
    if good.kind == EXPORT:
        return max(0.0, min(good.rest, ABUNDANT) - level)
    return max(0.0, level - max(good.rest, LIMITED))


def eager(good: MarketGood, rules: UniverseRules) -> bool:
    """Whether makers and consumers go beyond what is usual, label or not."""
    return good.pressure >= _growing(good, rules)


def _makes(good: MarketGood, market: Market, rules: UniverseRules) -> bool:
    """Whether makers work: below their level, and with something of every input left."""
    level = max(good.rest, BUSY_LEVEL) if eager(good, rules) else good.rest
    if good.net >= level * good.volume:
        return False
    return all(
        source.net > -BUSY_LEVEL * source.volume for source in market.sources[good.symbol]
    )


def _produce(good: MarketGood, roll: Rolls) -> float:
    """Make what a tick makes; the share of a trade volume that was."""
    volume, activity = good.volume, good.activity
    if activity == "STRONG":
        units = STRONG_SHARE * volume
    elif activity == "RESTRICTED":
        units = RESTRICTED_SHARE * volume
    elif activity == "GROWING":
        units = _between(GROWING_SHARES, good.pace) * volume
        units = min(volume, units * _uneven(roll[0], UNEVENNESS / 3))
    else:
        least, more = WEAK_UNITS
        units = (least + more * volume) * _uneven(roll[0], UNEVENNESS)
    most = max(BUSY_LEVEL + LAST_STEP, good.rest + 1) * volume - good.net
    made = floor(min(units, most) + roll[1])
    good.net += made
    return made / volume


def _consume(good: MarketGood, key: int, *, made: float, busy: bool) -> bool:
    """Lose what consumers take, or what was made of it if that is more.

    `made` is the largest share of a trade volume made of it in this tick. Busy consumers and busy
    makers draw deep, others down to the level of rest.
    """
    deep, rest = -BUSY_LEVEL * good.volume, good.rest * good.volume
    lively = good.activity in BUSY
    wanted = good.net > (min(rest, deep) if lively else rest)
    needed = bool(made) and good.net > (deep if busy else rest)
    if not wanted and not needed:
        return False
    roll = rolls(key)
    share = made * _between(DRAWN, roll[2]) if needed else 0.0
    if wanted:
        own = _between(IMPORT_SHARES[good.activity or "WEAK"], good.pace)
        share = max(share, own * _uneven(roll[0], UNEVENNESS / 3 if lively else UNEVENNESS))
    most = good.net / good.volume + max(BUSY_LEVEL + LAST_STEP, 1 - good.rest)
    good.net -= floor(min(share, most) * good.volume + roll[1])
    return True


def _between(span: tuple[float, float], where: float) -> float:
    return span[0] + (span[1] - span[0]) * where


def _uneven(roll: float, spread: float) -> float:
    return 1 - spread + 2 * spread * roll


def _flood(good: MarketGood, rules: UniverseRules) -> None:
    """What arrives at an import between two ticks and is paid by nobody."""
    limit = round(rules.glut_level * good.volume)
    good.net = min(max(good.net, limit), good.net + round(rules.glut * good.volume))


def _recover(good: MarketGood, rules: UniverseRules) -> bool:
    """An exchange returns towards its level, a fixed step at a time."""
    gap = round(good.rest * good.volume) - good.net
    if not gap:
        return False
    step = max(
        1, round(good.volume * rules.exchange_recovery_per_hour * rules.tick_minutes / 60)
    )
    good.net += min(step, gap) if gap > 0 else max(-step, gap)
    return True


def _may_grow(good: MarketGood, market: Market, rules: UniverseRules) -> bool:
    """Whether a trade volume may grow: exports bought empty, imports that overflow.

    Documented; that exports grow on short rations too, only slower, is in the records (20 to 39
    within seven hours, RESTRICTED throughout).
    """
    if good.kind == EXCHANGE or good.volume >= rules.growth_ceiling:
        return False
    if good.kind == EXPORT:
        return good.net < 0 and bool(market.sources[good.symbol])
    return good.net > ABUNDANT * good.volume


def _grow(good: MarketGood, key: int, market: Market, rules: UniverseRules) -> None:
    roll = rolls(key)[3]
    short = good.kind == EXPORT and good.activity == "RESTRICTED"
    chance = rules.growth_chance * (rules.growth_when_short if short else 1.0)
    if roll >= chance:
        return
    good.volume = min(rules.growth_ceiling, grown(good.volume))
    good.margin = margin(good.volume, rolls(place(key, GROWTH_STREAM))[0])


def grown(volume: int) -> int:
    return ceil(volume * GROWTH)
