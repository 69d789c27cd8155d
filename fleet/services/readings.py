"""Readings of what an agent has: the points of the credits chart."""

from django.db.models import Sum

from fleet.models import Agent, CreditReading, LedgerEntry, Ship
from spacefleet import clock
from spacefleet.models import RequestCount
from spacefleet.spacetraders import Client

CAPITAL = [LedgerEntry.Kind.OPENING, LedgerEntry.Kind.SHIP]


def read(agent: Agent, *, api: Client | None = None, trigger: str = "") -> str:
    """Evaluator: write down credits, operating profit, ships' worth and requests so far."""
    agent.refresh_from_db(fields=["credits"])
    reading = CreditReading.objects.create(
        agent=agent,
        at=clock.now(),
        credits=agent.credits,
        operating_profit=operating_profit(agent),
        ships_value=ships_value(agent),
        requests=requests(agent),
    )
    return f"{reading.credits:,} credits, operating profit {reading.operating_profit:,}"


def operating_profit(agent: Agent) -> int:
    """Credits earned less spent so far, without the opening balance and without ships."""
    total = LedgerEntry.objects.filter(agent=agent).exclude(kind__in=CAPITAL)
    return int(total.aggregate(total=Sum("amount"))["total"] or 0)


def ships_value(agent: Agent) -> int:
    """What the ships we still have cost us."""
    ships = Ship.objects.filter(agent=agent, lost_at__isnull=True)
    return int(ships.aggregate(total=Sum("price_paid"))["total"] or 0)


def requests(agent: Agent) -> int:
    counts = RequestCount.objects.filter(agent=agent.symbol, minute__gte=agent.joined_at)
    return int(counts.aggregate(total=Sum("count"))["total"] or 0)
