"""The world's own log: every change it applied, for invariants and for curious operators."""

import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .timeline import iso

KEPT = 100_000
"""Entries held in memory; older ones are forgotten."""

NOBODY = "-"
"""Who did what the server did itself."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One applied change. `at` is wall milliseconds, `details` whatever the action concerns."""

    at: int
    agent: str
    ship: str | None
    action: str
    details: dict[str, object]

    def text(self) -> str:
        """A line to read: time, who, what, and the details as `name=value`."""
        told = (f" {name}={value}" for name, value in self.details.items() if value is not None)
        return f"{iso(self.at)} {self.ship or self.agent} {self.action}{''.join(told)}"

    def json(self) -> str:
        """The same for programs."""
        fields = {"time": iso(self.at), "agent": self.agent, "ship": self.ship}
        return json.dumps(fields | {"action": self.action} | self.details)


class EventLog:
    """A bounded list of entries, each told to `tell` as it is made."""

    def __init__(
        self, *, kept: int = KEPT, tell: Callable[[Entry], object] | None = None
    ) -> None:
        self.entries: deque[Entry] = deque(maxlen=kept)
        self.tell = tell

    def add(
        self, at: int, agent: str, ship: str | None, action: str, **details: object
    ) -> None:
        entry = Entry(at, agent, ship, action, details)
        self.entries.append(entry)
        if self.tell is not None:
            self.tell(entry)

    def remark(self, at: int, action: str, **details: object) -> None:
        """Tell of what happened to the server and changed nothing in the world."""
        if self.tell is not None:
            self.tell(Entry(at, NOBODY, None, action, details))

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def of(self, action: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.action == action]
