"""How log records are written: lines for people, JSON for machines, secrets in neither.

Times are UTC, whatever the machine's time zone.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from spacefleet.secrets import redact

FIELDS = frozenset(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | {
    "asctime",
    "message",
    "taskName",
}
"""What every record has; whatever else stands on one was given with `extra`."""


def moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Lines(logging.Formatter):
    """A line for each record: time in UTC, level, where, and a sentence."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        return moment(record)


class JSONLines(logging.Formatter):
    """A JSON object for each record, on one line."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "at": moment(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
            "thread": record.threadName,
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        given = vars(record).keys() - FIELDS
        told |= {name: getattr(record, name) for name in sorted(given)}
        return redact(json.dumps(told, default=str, ensure_ascii=False))
