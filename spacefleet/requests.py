"""Counting every request by purpose, ship, endpoint and answer: the denominator of all figures."""

import threading
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from spacefleet.models import RequestCount
from spacefleet.spacetraders import Call

KEYS = (
    "minute", "era", "agent", "ship", "purpose", "method", "endpoint", "status", "code",
)  # fmt: skip
SUMS = ("count", "productive", "waited_ms", "took_ms")
Key = tuple[datetime, int, str, str, str, str, str, int, int]


@dataclass(slots=True)
class _Sums:
    count: int = 0
    productive: int = 0
    waited_ms: int = 0
    took_ms: int = 0


class RequestLog:
    """Adds calls up in memory and writes them down together, every few seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sums: dict[Key, _Sums] = defaultdict(_Sums)

    def note(self, call: Call, *, agent: str, era: int = 0) -> None:
        """Count one call; every attempt counts, the failed ones too."""
        minute = call.at.replace(second=0, microsecond=0)
        asked = (call.purpose, call.method, call.endpoint)
        answer = (call.status or 0, call.code or 0)
        key = (minute, era, agent, call.ship or "", *asked, *answer)
        with self._lock:
            sums = self._sums[key]
            sums.count += 1
            sums.productive += call.productive
            sums.waited_ms += call.waited_ms
            sums.took_ms += call.took_ms

    def flush(self) -> None:
        """Add what was counted since the last time to the rows; nothing is lost on an error."""
        with self._lock:
            taken, self._sums = self._sums, defaultdict(_Sums)
        try:
            _add(taken)
        except Exception:
            self._put_back(taken)
            raise

    def _put_back(self, taken: dict[Key, _Sums]) -> None:
        with self._lock:
            for key, sums in taken.items():
                mine = self._sums[key]
                for name in SUMS:
                    setattr(mine, name, getattr(mine, name) + getattr(sums, name))


def _add(taken: dict[Key, _Sums]) -> None:
    """One statement that inserts or adds, on both databases alike."""
    if not taken:
        return
    table = connection.ops.quote_name(RequestCount._meta.db_table)
    columns = ", ".join((*KEYS, *SUMS))
    holes = ", ".join(["%s"] * (len(KEYS) + len(SUMS)))
    adding = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in SUMS)
    statement = (
        f"INSERT INTO {table} ({columns}) VALUES ({holes}) "
        f"ON CONFLICT ({', '.join(KEYS)}) DO UPDATE SET {adding}"
    )
    rows = [
        (
            connection.ops.adapt_datetimefield_value(key[0]),
            *key[1:],
            *(getattr(sums, name) for name in SUMS),
        )
        for key, sums in taken.items()
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(statement, rows)
