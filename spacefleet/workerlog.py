"""What workers warn of, kept for the page of workers: which process, when, and in what words.

Records gather in memory and are written with the heartbeat, so that no warning given inside a
transaction is lost with it. The log of the process itself has them too, and all that is less.
"""

import logging
from collections import deque
from datetime import UTC, datetime

from django.conf import settings

from spacefleet.logs import Lines
from spacefleet.models import WorkerLine

MOST = 500  # lines kept in memory while the database is away; then the oldest go
LONGEST = 4_000  # characters of a line; a traceback keeps its end, where the cause stands


class Gathering(logging.Handler):
    """Takes down warnings and worse."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.setFormatter(Lines("{message}", style="{"))
        self.lines: deque[WorkerLine] = deque(maxlen=MOST)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(
            WorkerLine(
                node=settings.NODE,
                process=record.process or 0,
                at=datetime.fromtimestamp(record.created, UTC),
                level=record.levelname.lower(),
                logger=record.name[:80],
                text=self.format(record)[-LONGEST:],
            )
        )


_gathering = Gathering()
LOGGERS = ("", "django-q")  # the latter hands nothing on to the root


def listen() -> None:
    """Take down what this process warns of from now on; harmless twice."""
    for name in LOGGERS:
        logging.getLogger(name or None).addHandler(_gathering)


def write() -> None:
    """Write what was taken down since the last time; kept for the next time on an error."""
    taken = []
    while _gathering.lines:
        taken.append(_gathering.lines.popleft())
    if not taken:
        return
    try:
        WorkerLine.objects.bulk_create(taken)
    except Exception:
        _gathering.lines.extendleft(reversed(taken))
        raise
