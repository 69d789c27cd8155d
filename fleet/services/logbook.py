"""The logs of the ships: lines gather in memory and are written together, every few seconds.

A line is for people alone: what a dying process had not written yet is no loss to the fleet.
"""

import logging
import threading
from datetime import datetime

from django.db import IntegrityError

from fleet.models import LogLine, Ship

logger = logging.getLogger(__name__)

MOST = 2_000  # lines kept in memory while the database is away; then the oldest go


class Logbook:
    """Takes down what steps say that is new."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: list[LogLine] = []

    def note(self, ship: Ship, why: str, *, before: str, at: datetime) -> None:
        """Keep what a step said, unless it only repeats the line `before` it."""
        if not why or why == before:
            return
        line = LogLine(
            ship_id=ship.pk, at=at, role=ship.acting_as, waypoint=ship.waypoint, why=why
        )
        with self._lock:
            self._lines.append(line)

    def flush(self) -> None:
        """Write what was taken down since the last time; kept for the next time on an error."""
        with self._lock:
            taken, self._lines = self._lines, []
        if not taken:
            return
        try:
            LogLine.objects.bulk_create(taken)
        except IntegrityError as error:  # a ship is gone: no line may stop the fleet for it
            logger.warning("%d lines of the ships' logs are lost: %s", len(taken), error)
        except Exception:
            with self._lock:
                self._lines = [*taken, *self._lines][-MOST:]
            raise
