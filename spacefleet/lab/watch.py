"""Watching a run: what every ship does with its time, and how credits grow.

A look costs one statement, and happens between two rounds of the dispatcher; the time since the
look before is booked under what is seen now.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Sum

from fleet.models import Agent, LedgerEntry, Ship
from fleet.rules import idleness
from fleet.services import readings
from spacefleet import clock

LOOK = timedelta(seconds=60)  # of game time between two looks at the ships
POINT = timedelta(minutes=15)  # of game time between two points of the curve
HOUR = 3600.0
FLYING, COOLING = "flying", "cooling down"
COLUMNS = ("wake_at", "arrives_at", "cooldown_ends_at", "roles", "why")


class Watch:
    """Hand it to a run: it is called before each round, and `stop` is what it answers.

    `tell` hears the game hours played so far; it must not touch the database.
    """

    def __init__(self, agent: Agent, *, tell: Callable[[float], bool] | None = None) -> None:
        self.agent = agent
        self.begun = self._looked_at = self._pointed_at = clock.now()
        self.tell = tell or (lambda hours: False)
        self.spent: dict[str, float] = defaultdict(float)
        self.idle: dict[str, float] = defaultdict(float)
        self.avoidable: dict[str, float] = defaultdict(float)
        self.curve: list[dict[str, Any]] = []
        self._entry = 0
        self._sums: dict[str, int] = defaultdict(int)
        self._point(self.begun)

    def __call__(self) -> bool:
        at = clock.now()
        if at - self._looked_at >= LOOK:
            self._look(at)
        if at - self._pointed_at >= POINT:
            self._point(at)
        return self.tell((at - self.begun).total_seconds() / HOUR)

    def close(self) -> None:
        """Book what is left; call it once when the run is over."""
        at = clock.now()
        self._look(at)
        if at > self._pointed_at:
            self._point(at)

    def figures(self) -> dict[str, Any]:
        """Hours of all ships together by what they did, and those of idle ships by reason."""
        total = sum(self.spent.values()) or 1.0
        return {
            "ship_hours": {name: _hours(spent) for name, spent in sorted(self.spent.items())},
            "idle_share": round(self.spent["idle"] / total, 4),
            "avoidable_idle_share": round(sum(self.avoidable.values()) / total, 4),
            "avoidable_idle_hours": {
                reason.value: _hours(self.avoidable[reason]) for reason in idleness.Idle
            },
            "idle_hours_by_reason": {
                why: _hours(spent)
                for why, spent in sorted(
                    self.idle.items(), key=lambda found: (-found[1], found[0])
                )
            },
        }

    def _look(self, at: datetime) -> None:
        seconds = (at - self._looked_at).total_seconds()
        self._looked_at = at
        ships = Ship.objects.filter(agent=self.agent, lost_at__isnull=True)
        for _, arrives_at, cooldown_ends_at, roles, why in ships.values_list(*COLUMNS):
            if arrives_at and arrives_at > at:
                self.spent[FLYING] += seconds
            elif cooldown_ends_at and cooldown_ends_at > at:
                self.spent[COOLING] += seconds
            else:
                self.spent["idle"] += seconds
                self.idle[f"{roles[0] if roles else 'no role'}: {plain(why)}"] += seconds
                if reason := idleness.code(why):
                    self.avoidable[reason] += seconds

    def _point(self, at: datetime) -> None:
        """One point of the curve: credits, and net credits by activity so far."""
        self._pointed_at = at
        rows = LedgerEntry.objects.filter(agent=self.agent, pk__gt=self._entry)
        last = rows.order_by("-pk").values_list("pk", flat=True).first()
        if last:
            kept = rows.filter(pk__lte=last).exclude(kind__in=readings.CAPITAL)
            for activity, total in kept.values_list("activity").annotate(total=Sum("amount")):
                self._sums[activity] += total
            self._entry = last
        credits = Agent.objects.values_list("credits", flat=True).get(pk=self.agent.pk)
        self.curve.append(
            {
                "hour": round((at - self.begun).total_seconds() / HOUR, 3),
                "credits": credits,
                "by_activity": {name: self._sums[name] for name in sorted(self._sums)},
            }
        )


def plain(why: str) -> str:
    """What a ship says of itself without the numbers and names that differ each time."""
    first = why.split(" · ")[0].split(":")[0].split(",")[0].split("(")[0]
    words = [word for word in first.split() if not any(map(str.isdigit, word))]
    return " ".join(word for word in words if not word.isupper()) or "silent"


def _hours(seconds: float) -> float:
    return round(seconds / HOUR, 3)
