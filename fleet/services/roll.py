"""The agents of a lane as a step needs them: remembered for a moment, money always read anew."""

import threading
import time
from typing import Any

from fleet.models import Agent, Era
from spacefleet.statements import Select

MEMORY = 1.0  # wall seconds a dispatcher may go on with what it read
MONEY = ("credits", "drift", "compared_at")

_agent = Select(lambda pk: Agent.objects.filter(pk=pk).select_related("era").defer(*MONEY))


class Roll:
    """One instance an agent and step: what one step writes on its agent no other step sees.

    Whose balance is asked for reads it from the database, each time it steps.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[float, list[str], list[Any], Era]] = {}
        self._lock = threading.Lock()

    def agent(self, pk: int) -> Agent:
        """The agent of that key. Raises Agent.DoesNotExist."""
        with self._lock:
            known = self._known.get(pk)
            if known is None or time.monotonic() - known[0] > MEMORY:
                known = self._known[pk] = self._read(pk)
        _, names, values, era = known
        made = Agent.from_db("default", names, values)
        made.era = era
        return made

    def forget(self) -> None:
        """Read all agents anew at the next question."""
        with self._lock:
            self._known.clear()

    def _read(self, pk: int) -> tuple[float, list[str], list[Any], Era]:
        row = _agent.first(pk=pk)
        if row is None:
            raise Agent.DoesNotExist(f"no agent {pk}")
        names = [
            field.attname for field in Agent._meta.concrete_fields if field.name not in MONEY
        ]
        return time.monotonic(), names, [getattr(row, name) for name in names], row.era
