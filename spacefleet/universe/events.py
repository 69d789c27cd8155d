"""The world's own log: every change it applied, for invariants and for curious operators."""

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from .timeline import iso

KEPT = 100_000
"""Entries held in memory; older ones are forgotten."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One applied change. `at` is wall milliseconds, `details` whatever the action concerns."""

    at: int
    agent: str
    ship: str | None
    action: str
    details: dict[str, object]

    def line(self) -> str:
        fields = {"time": iso(self.at), "agent": self.agent, "ship": self.ship}
        return json.dumps(fields | {"action": self.action} | self.details)


class EventLog:
    """A bounded list of entries, optionally copied to a text file as JSON lines."""

    def __init__(self, *, kept: int = KEPT, file: TextIO | None = None) -> None:
        self.entries: deque[Entry] = deque(maxlen=kept)
        self.file = file

    def add(
        self, at: int, agent: str, ship: str | None, action: str, **details: object
    ) -> None:
        entry = Entry(at, agent, ship, action, details)
        self.entries.append(entry)
        if self.file is not None:
            self.file.write(entry.line() + "\n")

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def of(self, action: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.action == action]
