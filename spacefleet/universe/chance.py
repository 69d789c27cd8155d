"""Chance from a seed: streams of numbers per purpose, and numbers that belong to a place.

Both come from the same mixing function, so a stream's whole state is one counter, a snapshot of
it is one integer, and no Python release can change the galaxy.
"""

import random
from collections.abc import Sequence
from hashlib import blake2b
from statistics import NormalDist

_MASK = 0xFFFFFFFFFFFFFFFF
_STEP = 0x9E3779B97F4A7C15
_EVENLY = 2.0**-53
_BELL = NormalDist()


def _mix(value: int) -> int:
    """The finaliser of splitmix64: neighbouring inputs give unrelated outputs."""
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


def key(*parts: object) -> int:
    """A 64-bit number that stands for these parts."""
    digest = blake2b("|".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def place(base: int, index: int) -> int:
    """The number that stands for the `index`-th thing of `base`."""
    return _mix((base + (index + 1) * _STEP) & _MASK)


def rolls(base: int) -> tuple[float, float, float, float]:
    """Four numbers in [0, 1) that belong to `base`, whoever asks and when; 16 bits each."""
    bits = _mix((base + _STEP) & _MASK)
    return (
        (bits >> 48) / 65536,
        (bits >> 32 & 0xFFFF) / 65536,
        (bits >> 16 & 0xFFFF) / 65536,
        (bits & 0xFFFF) / 65536,
    )


class Stream(random.Random):
    """A sequence of numbers for one purpose. `count` numbers have been taken so far."""

    def __init__(self, *parts: object, count: int = 0) -> None:
        # The inherited generator is never asked, so it is not seeded: that takes longest.
        self._key = key(*parts)
        self.count = count

    def random(self) -> float:
        # `_mix`, written out: a galaxy takes some hundred thousand of these numbers.
        self.count = count = self.count + 1
        value = (self._key + count * _STEP) & _MASK
        value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
        return ((value ^ (value >> 31)) >> 11) * _EVENLY

    def getrandbits(self, k: int, /) -> int:
        value = 0
        for _ in range(0, k, 64):
            self.count += 1
            value = (value << 64) | _mix((self._key + self.count * _STEP) & _MASK)
        return value >> (-k % 64)

    def normal(self, mean: float, deviation: float) -> float:
        """One number of the stream makes one; nothing is kept for the next call."""
        return mean + deviation * _BELL.inv_cdf(max(self.random(), 1e-12))

    def weighted(self, options: Sequence[str], weights: Sequence[float]) -> str:
        return self.choices(options, weights)[0]
