"""What the universe saw: every change it made, every request, and changes repeated blindly."""

import json
import threading
import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from spacefleet.universe import World
from spacefleet.universe.events import NOBODY, Entry
from spacefleet.universe.faults import HANG, LOST, MALFORMED
from spacefleet.universe.response import Response

from . import books

UNHEARD = (LOST, HANG, MALFORMED)
"""Fates after which the caller cannot know whether the game did what was asked."""


class Witness:
    """Stands between the server and its world and remembers.

    `log` holds the applied changes, in order, `tally` those of them that leave a row with us,
    counted as `books` counts rows. After a change whose answer was lost, whoever asks
    for another change of the same ship or contract without having read it acts blindly.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.log: list[Entry] = []
        self.tally: books.Tally = Counter()
        self.requests = 0
        self.spoiled = 0
        self.asked_at = time.monotonic()
        self.silence = 0.0
        self.blind: list[str] = []
        self._fault = ""
        self._doubts: dict[str, str] = {}
        self._lock = threading.Lock()
        world.log.tell = self._hear

    def __getattr__(self, name: str) -> Any:
        return getattr(self.world, name)

    def _hear(self, entry: Entry) -> None:
        if entry.agent != NOBODY:
            self.log.append(entry)
            self.tally.update(books.events([entry]))
        elif entry.action == "fault":
            self._fault = str(entry.details["kind"])
            self.spoiled += 1

    def handle(
        self,
        method: str,
        target: str,
        *,
        headers: Mapping[str, str],
        body: bytes,
        at: datetime,
        client_ip: str = "127.0.0.1",
    ) -> Response:
        """Answer as the world does."""
        with self._lock:
            self._fault = ""
            answer = self.world.handle(
                method, target, headers=headers, body=body, at=at, client_ip=client_ip
            )
            self.requests += 1
            now = time.monotonic()
            self.silence, self.asked_at = max(self.silence, now - self.asked_at), now
            self._judge(method, target.partition("?")[0], body)
            return answer

    def longest_silence(self) -> float:
        """The longest time without a request since the last call of this, in seconds."""
        with self._lock:
            now = time.monotonic()
            found, self.silence = max(self.silence, now - self.asked_at), 0.0
            return found

    def _judge(self, method: str, path: str, body: bytes) -> None:
        subjects = _subjects(path, body)
        if method == "GET":
            if self._fault not in ("", "slow"):
                return  # nothing was read
            for subject in list(self._doubts):
                if subject in subjects or subject.rpartition("/")[0] == path:
                    del self._doubts[subject]
            return
        for subject in subjects:
            if subject in self._doubts:
                self.blind.append(f"{method} {path} after {self._doubts[subject]}")
                del self._doubts[subject]
        if self._fault in UNHEARD:
            for subject in subjects:
                self._doubts[subject] = f"{method} {path} ({self._fault})"


def _subjects(path: str, body: bytes) -> list[str]:
    """The ship, contract or list of ships that a call is about."""
    words = path.strip("/").split("/")
    if words[:1] != ["my"] or words[1:2] not in (["ships"], ["contracts"]):
        return []
    found = ["/" + "/".join(words[:3])]
    if words[-1] == "deliver":
        ship = _member(body, "shipSymbol")
        found += [f"/my/ships/{ship}"] if ship else []
    return found


def _member(body: bytes, name: str) -> str:
    try:
        return str(json.loads(body).get(name, ""))
    except (ValueError, AttributeError):
        return ""
