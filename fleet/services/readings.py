"""Readings of what an agent has: the points of the credits chart."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import OuterRef, Subquery, Sum

from fleet.models import Agent, CreditReading, LedgerEntry, Ship
from fleet.rules import goods
from spacefleet import clock
from spacefleet.models import RequestCount
from spacefleet.spacetraders import Client
from spacefleet.statements import Select

CAPITAL = [LedgerEntry.Kind.OPENING, LedgerEntry.Kind.SHIP]
SETTLED = timedelta(minutes=10)  # wall time after which a minute's count grows no more


def read(agent: Agent, *, api: Client | None = None, trigger: str = "") -> str:
    """Evaluator: write down credits, operating profit, ships' worth and requests so far."""
    credits, profit, worth = _now.all(agent=agent.pk)[0]
    goods_aboard = goods_value(agent)
    reading = CreditReading.objects.create(
        agent=agent,
        at=clock.now(),
        credits=credits,
        operating_profit=(profit or 0) + goods_aboard,
        ships_value=worth or 0,
        goods_value=goods_aboard,
        requests=requests(agent),
    )
    return f"{reading.credits:,} credits, operating profit {reading.operating_profit:,}"


_PROFIT = LedgerEntry.objects.exclude(kind__in=CAPITAL)
_WORTH = Ship.objects.filter(lost_at__isnull=True)


def _total(rows: Any, column: str) -> Subquery:
    """The sum of a column over the rows of the agent of the outer query."""
    ours = rows.filter(agent=OuterRef("pk")).order_by().values("agent")
    return Subquery(ours.annotate(total=Sum(column)).values("total"))


_now: Select[tuple[int, int | None, int | None]] = Select(
    lambda agent: (
        Agent.objects.filter(pk=agent)
        .annotate(profit=_total(_PROFIT, "amount"), worth=_total(_WORTH, "price_paid"))
        .values_list("credits", "profit", "worth")
    )
)
_counts = Select(
    lambda agent, eras, since, until: (
        RequestCount.objects.filter(
            agent=agent, era__in=eras, minute__gte=since, minute__lt=until
        )
        .values_list("agent")
        .annotate(total=Sum("count"))
    )
)


def _sum(found: tuple[Any, int | None] | None) -> int:
    return int(found[1] or 0) if found else 0


def operating_profit(agent: Agent) -> int:
    """Credits earned less spent so far, without the opening balance and without ships; goods
    that were bought and are still aboard count at what they cost."""
    booked = _PROFIT.filter(agent=agent).aggregate(total=Sum("amount"))["total"]
    return int(booked or 0) + goods_value(agent)


def ships_value(agent: Agent) -> int:
    """What the ships we still have cost us."""
    return int(_WORTH.filter(agent=agent).aggregate(total=Sum("price_paid"))["total"] or 0)


_costs = Select(
    lambda agent: (
        _WORTH.filter(agent=agent).exclude(cargo_cost={}).values_list("cargo_cost", "cargo")
    )
)


def goods_value(agent: Agent) -> int:
    """What the bought goods in our holds cost us."""
    return sum(goods.worth(cost, cargo) for cost, cargo in _costs.all(agent=agent.pk))


def requests(agent: Agent) -> int:
    """Requests of an agent since the hour in which it joined: old counts are by the hour."""
    now = clock.now()
    hour = _hour(now - SETTLED)
    joined = _hour(agent.joined_at)
    since = max(hour, joined)
    before = _settled(agent.symbol, agent.era_id, joined, since)
    return before + _counted(agent.symbol, agent.era_id, since, now + SETTLED)


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


@lru_cache(maxsize=64)
def _settled(agent: str, era: int, since: datetime, until: datetime) -> int:
    """Counts of hours long past do not change: they are added up once an hour."""
    return _counted(agent, era, since, until) if until > since else 0


def forget() -> None:
    """Add all counts up anew at the next question: another life begins in this process."""
    _settled.cache_clear()


def _counted(agent: str, era: int, since: datetime, until: datetime) -> int:
    return _sum(_counts.first(agent=agent, eras=[era, 0], since=since, until=until))
