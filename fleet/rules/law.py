"""The price law of the game, in one place: what all that sells, buys or trades reads its curves by.

In the game a price follows a market's hidden net supply N in units of its trade volume tv, with
the good's base price B and the market's margin M. With s = N / tv an import pays

    bid(s) = B (1 + 5 M) - 4 B M * 2^(0.3 s)        we receive bid(s), we pay 2 bid(s - 1)

and an export asks ask(s) = B (1 - 5 M) + 4 B M * 2^(-0.3 s); we pay ask(s), we receive
ask(s + 1) / 2. Recovered from prices recorded in 2025 and 2026: 1,284 of 1,305 rows to the credit.

So the two prices of one look lie one trade volume apart on one curve, and tell its last step; each
further trade volume multiplies the step by 2^0.3, without knowing B, M or N. `fleet.rules.prices`
reads what a market will pay off it, `fleet.rules.buying` what it will ask of who only buys,
`fleet.rules.curves` both sides for who does both.
"""

import math

STEEPNESS = 0.3
STEP: float = 2.0**STEEPNESS  # growth of successive price steps, measured
EXPORT, IMPORT, EXCHANGE = "EXPORT", "IMPORT", "EXCHANGE"

EXCHANGE_WEIGHT = 0.0175  # of the price: an exchange pays 1.75 % * (2^(0.3 s) - 1) less, a fit
EXCHANGE_BALANCED = (
    0.004  # of the price: 1.75 % * (2^0.3 - 1), the first trade volume from balance
)
EXCHANGE_STEP = 0.006  # of the price: the same where it was traded at before; a fit to 25 rows


def climbed(moved: float) -> float:
    """Last steps that the curve climbs over `moved` trade volumes; -1 over minus one."""
    return (math.pow(STEP, moved) - 1) / (1 - 1 / STEP)


def last_step(kind: str, pay: float, receive: float) -> float:
    """Credits between the supplied price and the one a trade volume lower, at least nothing:
    of what an EXPORT asks, of what an IMPORT pays."""
    if kind == EXPORT:
        return max(0.0, pay - 2 * receive)
    return max(0.0, pay / 2 - receive)
