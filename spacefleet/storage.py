"""The database as a supervisor sees it: how long it could not be used, and whether it has room.

While it is away nothing can be written, so what happened is told once it is back; that room runs
short is told before.
"""

import logging
import time
from datetime import datetime

from django.db import Error

from spacefleet import clock, health
from spacefleet.alerts import clear_alert, raise_alert

logger = logging.getLogger(__name__)

TELL_EVERY = 30.0  # wall seconds between two lines of the log while it is away
LOOK_EVERY = 60.0  # wall seconds between two looks at the disk
WELL = 600.0  # wall seconds without trouble after which the alert is over


class Storage:
    """One supervisor's view; `node` is the subject of its alerts."""

    def __init__(self, node: str) -> None:
        self.node = node
        self._since: datetime | None = None
        self._why = ""
        self._told_at = self._looked_at = float("-inf")
        self._well_since = time.monotonic()

    def away(self, error: Error) -> None:
        """It could not be used just now."""
        self._since = self._since or clock.now()
        self._why = (str(error).splitlines() or [type(error).__name__])[0]
        if time.monotonic() - self._told_at >= TELL_EVERY:
            self._told_at = time.monotonic()
            logger.warning("database away: %s", self._why)

    def usable(self) -> None:
        """It could be used just now. Raises db.Error when it cannot after all."""
        if self._since is not None:
            self._tell(self._since)
        if time.monotonic() - self._looked_at >= LOOK_EVERY:
            self._looked_at = time.monotonic()
            self._look_for_room()
            if time.monotonic() - self._well_since > WELL:
                clear_alert("database", self.node)

    def _tell(self, since: datetime) -> None:
        seconds = (clock.now() - since).total_seconds()
        message = (
            f"The database could not be used for {seconds:.0f} s from {since:%H:%M:%S} UTC "
            f"({self._why}). The ships waited; what the game did meanwhile is read from it first."
        )
        logger.warning("database back after %.0f s", seconds)
        raise_alert("database", self.node, message)
        self._since, self._told_at = None, float("-inf")
        self._well_since = time.monotonic()

    def _look_for_room(self) -> None:
        found = health.disk()
        if found.level is health.Level.BAD:
            raise_alert("disk", self.node, f"{found.found}. {found.advice}")
        else:
            clear_alert("disk", self.node)
