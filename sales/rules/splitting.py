"""How much of a load to sell here, and what to do with the rest: all ways are compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Rest(Enum):
    """Where what is not sold here goes."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Split:
    """Sell `trades` trades here, then do that with the rest; worth so many credits together."""

    trades: int
    rest: Rest
    credits: float


def best(here: Sequence[float], elsewhere: Sequence[float], waiting: Sequence[float]) -> Split:
    """The split of the greatest worth.

    Each sequence is indexed by the number of trades made here: credits these bring, net credits
    the rest brings at another market, and net credits it brings here after a wait; `here` has one
    entry more than there are trades, beginning with 0. Of equal splits the one that sells most
    here, at once, is taken.
    """
    trades = len(here) - 1
    found = Split(trades, Rest.HERE, here[trades])
    for made in range(trades - 1, -1, -1):
        for rest, worth in ((Rest.ELSEWHERE, elsewhere[made]), (Rest.WAIT, waiting[made])):
            if here[made] + worth > found.credits:
                found = Split(made, rest, here[made] + worth)
    return found
