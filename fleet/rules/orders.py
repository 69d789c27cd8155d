"""Which of the owner's orders holds for a ship, what it lets the ship do, and how it is said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

WATCH, PAUSE, DRAIN, RECALL = "watch", "pause", "drain", "recall"
STOP, EMERGENCY = "stop", "emergency"

STRICTNESS = (WATCH, PAUSE, DRAIN, RECALL, STOP, EMERGENCY)
"""From the mildest to the strictest: of several orders the strictest holds."""

SAID = {
    WATCH: "watching only",
    PAUSE: "new work is paused",
    DRAIN: "drained",
    RECALL: "recalled",
    STOP: "stopped",
    EMERGENCY: "emergency stop",
}


@dataclass(frozen=True, slots=True)
class Order:
    """One order that holds: `scope` is empty for the installation, else whom it names."""

    mode: str
    scope: str = ""
    place: str = ""
    until: datetime | None = None
    by: str = ""
    why: str = ""

    @property
    def still(self) -> bool:
        """Whether no step is taken at all."""
        return self.mode in (STOP, EMERGENCY)

    @property
    def begins_nothing(self) -> bool:
        """Whether what is begun is finished, and nothing else."""
        return self.mode in (PAUSE, DRAIN)

    @property
    def said(self) -> str:
        """The order in words, for the line of a ship: "stopped by ada: a look at the fuel"."""
        words = SAID[self.mode]
        if self.by:
            words = f"{words} by {self.by}"
        return f"{words}: {self.why}" if self.why else words


def strictest(orders: Iterable[Order], *, at: datetime) -> Order | None:
    """The order that holds at `at`; None when nobody ordered anything."""
    holding = [order for order in orders if order.until is None or order.until > at]
    return max(holding, key=lambda order: STRICTNESS.index(order.mode), default=None)
