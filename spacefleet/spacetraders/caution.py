"""How much slower than allowed to send, learned from refusals.

Delays that vary more than the margin lead to refusals the plain arithmetic cannot foresee. Each
raises the caution, every minute without one lowers it, so that refusals settle at about one in
25 minutes, 0.03 % of a saturated lane, whatever the way to the server is like.
"""

from dataclasses import dataclass

STEP = 25
DECAY_MS = 60_000
CEILING = 250
"""A refusal adds the step, this much time takes one off, never above the ceiling; simulated
over delays from a millisecond to half a second, see docs/client.md."""

SPARE_EVERY = 25
"""One request of the burst is left unsent for each of so many points: lone late arrivals,
which no margin catches, are counted there."""


@dataclass(slots=True)
class Caution:
    """`level` is both: milliseconds added to the margin, and requests spared of the burst."""

    level: int = 0
    since: int = 0

    @property
    def spare(self) -> int:
        return self.level // SPARE_EVERY

    def refused(self, now: int) -> None:
        self.level, self.since = min(CEILING, self.level + STEP), now

    def relaxes(self, now: int) -> bool:
        """Whether the level has just fallen."""
        minutes = (now - self.since) // DECAY_MS
        if not self.level or minutes < 1:
            return False
        self.level = max(0, self.level - minutes)
        self.since += minutes * DECAY_MS
        return True
