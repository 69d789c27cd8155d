"""What a market will ask and pay after our own trades, read off the two prices it shows.

The law stands in `fleet.rules.law`. An EXPORT shows ask(N) and half of ask(N + one trade volume), an
IMPORT bid(N) and twice bid(N - one trade volume). What remains here is the rounding of the two.
"""

from dataclasses import dataclass

from .law import EXCHANGE, EXCHANGE_STEP, EXPORT, IMPORT, climbed, last_step

__all__ = ["EXCHANGE", "EXPORT", "IMPORT", "Quote", "after", "corrected", "paying", "receiving"]


@dataclass(frozen=True, slots=True)
class Quote:
    """What a market shows for one good: credits a unit and units a trade."""

    kind: str
    we_pay: float
    we_receive: float
    volume: int


def paying(quote: Quote, bought: float) -> float:
    """Credits for the next unit after `bought` units were bought since the quote was seen."""
    moved = bought / max(1, quote.volume)
    if quote.kind == EXPORT:
        return max(1.0, quote.we_pay + _step(quote) * climbed(moved))
    if quote.kind == IMPORT:
        return max(1.0, 2 * (quote.we_receive - _step(quote) * climbed(-moved - 1)))
    return max(1.0, quote.we_pay * (1 + EXCHANGE_STEP * moved))


def receiving(quote: Quote, sold: float) -> float:
    """Credits the next unit brings after `sold` units were sold since the quote was seen."""
    moved = sold / max(1, quote.volume)
    if quote.kind == IMPORT:
        return max(1.0, quote.we_receive - _step(quote) * climbed(moved))
    if quote.kind == EXPORT:
        return max(1.0, (quote.we_pay + _step(quote) * climbed(-moved - 1)) / 2)
    return max(1.0, quote.we_receive * (1 - EXCHANGE_STEP * moved))


def after(quote: Quote, bought: int) -> Quote:
    """The quote to expect once `bought` units were bought; sold ones count negative."""
    return Quote(quote.kind, paying(quote, bought), receiving(quote, -bought), quote.volume)


def corrected(quote: Quote, price: float, *, bought: bool) -> Quote:
    """The quote as a trade at `price` showed it to be: both prices move together."""
    if bought:
        off = price - quote.we_pay
        return Quote(quote.kind, price, max(1, quote.we_receive + off / 2), quote.volume)
    off = price - quote.we_receive
    return Quote(quote.kind, quote.we_pay + 2 * off, price, quote.volume)


def _step(quote: Quote) -> float:
    """What one trade volume in the supplied direction moves the price by, at least nothing."""
    return last_step(quote.kind, quote.we_pay, quote.we_receive)
