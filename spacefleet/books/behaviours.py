"""What each behaviour earns: an hour and a request, with the interval its own hours allow."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, IntegerField, Sum, Value, When

from fleet.models import LedgerEntry, Ship
from fleet.selectors.pages import CAPITAL, Scope
from spacefleet import jobs, selectors
from spacefleet.lab.statistics import Interval, bootstrap

HOURS = 24  # complete game hours that are compared
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One behaviour over the complete hours in which it asked or earned anything.

    `hours` is the sample; an interval needs two. `meaning` is empty for work without a ship.
    """

    name: str
    meaning: str
    ships: int
    credits: int
    requests: int
    productive: int
    an_hour: Interval | None
    hours: int

    @property
    def wasted(self) -> int:
        return self.requests - self.productive

    @property
    def a_request(self) -> float | None:
        return self.credits / self.requests if self.requests else None

    @property
    def a_productive_request(self) -> float | None:
        return self.credits / self.productive if self.productive else None


def compared(scope: Scope, *, at: datetime) -> list[Behaviour]:
    """All behaviours of the last complete game hours, the best an hour first; three queries."""
    begins, width = _hours(scope, at)
    earned = _earned(scope, begins, width)
    asked, good = _asked(scope, begins, width)
    ships = _ships(scope)
    found = [
        _behaviour(name, ships.get(name, 0), earned[name], asked[name], good[name])
        for name in {*earned, *asked}
        if any(asked[name]) or any(earned[name])
    ]
    return sorted(found, key=lambda one: (-one.credits, one.name))


def _behaviour(
    name: str, ships: int, earned: list[int], asked: list[int], good: list[int]
) -> Behaviour:
    active = [
        credits for credits, requests in zip(earned, asked, strict=True) if credits or requests
    ]
    known = jobs.ROLES.get(name)
    return Behaviour(
        name=name or "nobody's",
        meaning=known.meaning if known else "",
        ships=ships,
        credits=sum(earned),
        requests=sum(asked),
        productive=sum(good),
        an_hour=bootstrap(active) if active else None,
        hours=len(active),
    )


def _hours(scope: Scope, at: datetime) -> tuple[list[datetime], timedelta]:
    """The beginnings of the last complete game hours. Requests are counted by the minute, so
    that an hour of a fast universe is a minute at least."""
    minutes = max(1, round(60 / scope.factor))
    width = minutes * MINUTE
    end = at.replace(second=0, microsecond=0)
    end -= MINUTE * ((end.hour * 60 + end.minute) % minutes)
    return [end - (n + 1) * width for n in range(HOURS)], width


def _hour_of(moment: str, begins: list[datetime]) -> Case:
    """Which of the hours a row belongs to: the newest one that began before it."""
    return Case(
        *(When(**{f"{moment}__gte": begin}, then=Value(n)) for n, begin in enumerate(begins)),
        output_field=IntegerField(),
    )


def _earned(
    scope: Scope, begins: list[datetime], width: timedelta
) -> defaultdict[str, list[int]]:
    rows = LedgerEntry.objects.filter(
        agent__in=scope.pks, at__gte=begins[-1], at__lt=begins[0] + width
    )
    earned: defaultdict[str, list[int]] = defaultdict(lambda: [0] * HOURS)
    hourly: Any = rows.exclude(kind__in=CAPITAL).annotate(hour=_hour_of("at", begins))
    sums = hourly.values_list("behaviour", "hour").annotate(total=Sum("amount")).order_by()
    for behaviour, hour, total in sums:
        earned[behaviour][hour] = total
    return earned


def _asked(
    scope: Scope, begins: list[datetime], width: timedelta
) -> tuple[defaultdict[str, list[int]], defaultdict[str, list[int]]]:
    rows = selectors.counts(scope).filter(minute__gte=begins[-1], minute__lt=begins[0] + width)
    asked: defaultdict[str, list[int]] = defaultdict(lambda: [0] * HOURS)
    good: defaultdict[str, list[int]] = defaultdict(lambda: [0] * HOURS)
    hourly: Any = rows.annotate(hour=_hour_of("minute", begins)).values_list("purpose", "hour")
    for purpose, hour, sent, productive in hourly.annotate(
        sent=Sum("count"), useful=Sum("productive")
    ).order_by():
        asked[purpose][hour] = sent
        good[purpose][hour] = productive
    return asked, good


def _ships(scope: Scope) -> dict[str, int]:
    """How many ships hold each behaviour as their main role now."""
    held: defaultdict[str, int] = defaultdict(int)
    rows = Ship.objects.filter(agent__in=scope.pks, lost_at__isnull=True)
    for roles in rows.values_list("roles", flat=True):
        if roles:
            held[roles[0]] += 1
    return held
