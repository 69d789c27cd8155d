"""Buying what a gate is built of: what for, how much, and up to which price."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A market that sells a material: credits a unit as last seen (None: unknown), what it
    usually asks (None: too few samples), units a trade, and seconds of flight there."""

    waypoint: str
    good: str
    price: int | None
    usual: float | None
    trade_volume: int
    seconds: float


def limit(source: Source, *, dearest: int) -> int | None:
    """The most a unit may cost, `dearest` percent of what it usually costs; None while nobody
    knows what is usual."""
    return None if source.usual is None else int(source.usual * dearest / 100)


def refusal(source: Source, *, dearest: int) -> str | None:
    """Why a material is not bought there now, or None."""
    most = limit(source, dearest=dearest)
    if source.price is None or most is None:
        return f"the usual price of {source.good} is not known yet"
    if source.price > most:
        return f"{source.good} costs {source.price:,} credits, more than {most:,}"
    return None


def choose(
    sources: Sequence[Source], missing: Mapping[str, int], *, dearest: int
) -> Source | None:
    """Where to buy next: the material of which the greatest share of trades is still missing,
    at the nearest market that is not too dear.

    A site is only finished with its slowest material, so the longest row of trades goes first.
    """
    open_to = [
        source
        for source in sources
        if missing.get(source.good, 0) > 0 and refusal(source, dearest=dearest) is None
    ]
    return min(
        open_to,
        key=lambda each: (
            -missing[each.good] / max(1, each.trade_volume),
            each.seconds,
            each.waypoint,
        ),
        default=None,
    )
