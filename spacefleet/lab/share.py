"""A part of the request budget, as if other agents used the rest of the same address."""

from datetime import datetime
from typing import Any

from spacefleet import clock
from spacefleet.spacetraders import Budget, Limits

A_SECOND = 2.5  # requests the game allows, in the long run
AT_ONCE = 32.0  # requests the game allows in one moment: both of its pools
MS = 1000.0


class PartOf(Budget):
    """The server's budget, of which this fleet may spend `share` (0 to 1) in the long run.

    Others are thought to take their part evenly: so many requests a second are saved up, at most
    as many as the share of both pools. For one thread, as the lab has.
    """

    def __init__(self, share: float, **options: Any) -> None:
        if not 0 < share <= 1:
            raise ValueError(f"a share is above 0 and at most 1, not {share:g}")
        super().__init__(limits=Limits(), **options)
        self._pace = A_SECOND * share / MS  # requests a millisecond
        self._most = max(1.0, AT_ONCE * share)
        self._saved = self._most
        self._saved_at = clock.now_ms()

    def acquire(
        self,
        account: str = "",
        priority: int = 3,
        due: datetime | None = None,
        at: datetime | None = None,
    ) -> int:
        began = clock.now_ms()
        self._save(began)
        if self._saved < 1:
            clock.sleep((1 - self._saved) / self._pace / MS + 0.001)
            self._save(clock.now_ms())
        super().acquire(account, priority, due, at)
        self._saved -= 1
        return clock.now_ms() - began

    def _save(self, now: int) -> None:
        self._saved = min(self._most, self._saved + (now - self._saved_at) * self._pace)
        self._saved_at = now
