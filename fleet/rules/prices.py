"""The price law, turned round: from what a market shows to what it will pay next.

The law stands in `fleet.rules.law`. A visitor knows neither base price nor margin nor net supply.
But the two prices he sees are two points of one curve `level - weight * 2^(±0.3 s)`, one trade
volume apart, and these give both `level` and `weight`: the whole ladder follows. Prices are whole
credits, so for cheap goods the difference of the two is coarse; the supply label bounds what it
can mean.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from .law import EXCHANGE_WEIGHT, STEEPNESS, STEP

SUPPLY_LEVELS = {  # net supply in trade volumes behind a label, measured; busy goods stop at 8
    "SCARCE": (-9.0, -4.0),
    "LIMITED": (-4.0, -2.0),
    "MODERATE": (-2.0, 2.0),
    "HIGH": (2.0, 4.0),
    "ABUNDANT": (4.0, 9.0),
}
ANY_LEVEL = (-9.0, 9.0)
LEAST = 0.05  # share of its base price below which an import is not followed; a guess

RECOVERY = {  # trade volumes an hour that consumers take from an import; medians of 29 hours
    "WEAK": 0.41,
    "RESTRICTED": 0.19,
    "GROWING": 1.95,
    "STRONG": 2.2,
}
EXCHANGE_RECOVERY = 0.2  # trade volumes an hour; an estimate within bounds
REST = -3.7  # net supply in trade volumes of an import that was left alone for days, the median


@dataclass(frozen=True, slots=True)
class Quote:
    """What a market shows for one good: credits a unit and units a trade.

    `price` is what we receive, `pay` what we pay, None when nobody knows it.
    """

    kind: str
    price: int
    trade_volume: int
    supply: str = ""
    pay: int | None = None
    activity: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """What a market pays for the next unit when `units` more than at the quote were sold to it.

    `units` may be negative: so many were consumed since. Never below a credit.
    """

    level: float
    weight: float
    direction: int
    volume: int

    def price(self, units: float) -> float:
        exponent = min(60.0, self.direction * STEEPNESS * units / self.volume)
        return max(1.0, self.level - self.weight * math.pow(2.0, exponent))

    def units_down_to(self, price: float) -> float:
        """Units it takes until the price has fallen to `price`; negative where it is lower
        already, infinite where it never falls so far."""
        if not self.weight:
            return math.inf
        ratio = (self.level - price) / self.weight
        if ratio <= 0:
            return -math.inf if self.direction > 0 else math.inf
        return self.direction * self.volume / STEEPNESS * math.log2(ratio)


def margins(volume: int) -> tuple[float, float, float]:
    """The margin a market of this trade volume has: usual, and the range nine in ten lie in."""
    usual = 0.10 if volume < 10 else 0.08 if volume < 100 else 0.06
    return usual, usual - 0.02, usual + 0.02


def curve(quote: Quote) -> Curve:
    """The price curve behind a quote."""
    volume = max(1, quote.trade_volume)
    if quote.kind == "EXCHANGE":
        filled = max(0.0, sum(SUPPLY_LEVELS.get(quote.supply, (0.0, 0.0))) / 2)
        weight = EXCHANGE_WEIGHT * quote.price * math.pow(STEP, filled)
        return Curve(quote.price + weight, weight, 1, volume)
    if quote.kind == "EXPORT":
        gap = quote.pay / 2 - quote.price if quote.pay else 0.0
        weight = max(0.0, gap) / (STEP - 1)
        return Curve(quote.price - weight, -weight, -1, volume)
    weight = _import_weight(quote, volume)
    return Curve(quote.price + weight, weight, 1, volume)


def _import_weight(quote: Quote, volume: int) -> float:
    """`weight` of an import by its two prices, within what its supply label allows."""
    usual, low, high = margins(volume)
    least, most = SUPPLY_LEVELS.get(quote.supply, ANY_LEVEL)
    lower = quote.price * _weight_share(least, low)
    upper = quote.price * _weight_share(most, high)
    if quote.pay is None:
        return quote.price * _weight_share((least + most) / 2, usual)
    seen = (quote.pay / 2 - quote.price) / (1 - 1 / STEP)
    return float(min(max(seen, lower), upper))


def _weight_share(level: float, margin: float) -> float:
    """`weight` as a share of the price, at so many trade volumes of net supply."""
    weight = 4 * margin * math.pow(STEP, level)
    return float(weight / max(LEAST, 1 + 5 * margin - weight))


def level(quote: Quote) -> float:
    """Net supply of an import in trade volumes, as its prices and its label tell."""
    found = curve(quote)
    margin = margins(found.volume)[0]
    base_share = 4 * margin / (1 + 5 * margin)  # of the ceiling: what `weight` is at balance
    least, most = SUPPLY_LEVELS.get(quote.supply, ANY_LEVEL)
    if found.level <= 0 or found.weight <= 0:
        return most
    guess = math.log2(found.weight / (found.level * base_share)) / STEEPNESS
    return min(max(guess, least), most)


def recovered(quote: Quote, hours: float) -> float:
    """Units that consumers take from what lies there in so many game hours, at most down to
    where a market rests by itself."""
    volume = max(1, quote.trade_volume)
    if quote.kind == "EXCHANGE":
        filled = sum(SUPPLY_LEVELS.get(quote.supply, (0.0, 0.0))) / 2
        return volume * min(EXCHANGE_RECOVERY * hours, max(0.0, filled))
    if quote.kind == "EXPORT":
        return 0.0
    pace = RECOVERY.get(quote.activity, RECOVERY["WEAK"])
    return volume * min(pace * hours, max(0.0, level(quote) - REST))


def tranches(quote: Quote, units: int, *, sold: float = 0) -> Iterator[tuple[int, int]]:
    """Units and expected price of each trade when `units` are sold into this quote.

    `sold` went there since the quote was seen (negative: was consumed). The first trade at a
    fresh quote is at its price; no price is below 1.
    """
    law = curve(quote)
    done = 0
    while done < units:
        part = min(law.volume, units - done)
        yield part, max(1, round(law.price(sold + done)))
        done += part


def after_selling(quote: Quote, *, price: float, units: int, sold: float = 0) -> float:
    """The price to expect once `units` were sold at `price`; `sold` went before, since the quote
    was seen."""
    law = curve(quote)
    return max(1.0, price - law.price(sold) + law.price(sold + units))


def proceeds(quote: Quote, units: int, *, sold: float = 0) -> int:
    """Credits to expect for selling `units` here, with our own impact on the price."""
    return sum(part * price for part, price in tranches(quote, units, sold=sold))
