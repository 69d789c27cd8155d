"""What a run brought: credits, net worth, requests and the arms of income, from our rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, Sum
from django_q.models import Failure

from fleet.models import Agent, Evaluator, LedgerEntry, Ship
from fleet.services import ledger, readings
from fleet.services.connections import Connections
from spacefleet import clock
from spacefleet.models import Alert, RequestCount

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Reading:
    """An agent's figures at one moment."""

    at: datetime
    entry: int
    credits: int
    ships_value: int
    goods_value: int
    requests: int
    wasted: int

    @property
    def net_worth(self) -> int:
        return self.credits + self.ships_value + self.goods_value


def reading(agent: Agent) -> Reading:
    agent.refresh_from_db(fields=["credits", "drift"])
    total, productive = _requests(agent)
    last = LedgerEntry.objects.filter(agent=agent).order_by("-pk").first()
    return Reading(
        at=clock.now(),
        entry=last.pk if last else 0,
        credits=agent.credits,
        ships_value=readings.ships_value(agent),
        goods_value=readings.goods_value(agent),
        requests=total,
        wasted=total - productive,
    )


def between(agent: Agent, before: Reading) -> dict[str, Any]:
    """The run since `before` as plain figures; `by_activity` is net of costs, without ships."""
    after = reading(agent)
    return {
        "agent": agent.symbol,
        "game_hours": round(clock.elapsed(before.at, after.at) / HOUR, 3),
        "credits_start": before.credits,
        "credits_end": after.credits,
        "net_worth_start": before.net_worth,
        "net_worth_end": after.net_worth,
        "goods_end": after.goods_value,
        "ledger_drift": agent.drift,
        "requests": after.requests - before.requests,
        "requests_wasted": after.wasted - before.wasted,
        "by_activity": _by_activity(agent, since=before.entry),
        "ships": Ship.objects.filter(agent=agent, lost_at__isnull=True).count(),
        "acted": acted(agent),
        "errors": failures(agent),
    }


def _by_activity(agent: Agent, *, since: int) -> dict[str, int]:
    rows = (
        LedgerEntry.objects.filter(agent=agent, pk__gt=since)
        .exclude(kind__in=readings.CAPITAL)
        .values("activity")
        .annotate(total=Sum("amount"))
        .order_by("activity")
    )
    return {row["activity"]: row["total"] for row in rows}


def acted(agent: Agent) -> dict[str, int]:
    """How often each part of the pipeline did its work so far."""
    from allocation.models import Claim
    from inventory.models import Transfer
    from mining.models import Extraction
    from sales.models import Sale

    confirmed = Transfer.objects.filter(giver__agent=agent, status=Transfer.Status.CONFIRMED)
    return {
        "extractions": Extraction.objects.filter(ship__agent=agent).count(),
        "transfers_to_depot": confirmed.filter(kind=Transfer.Kind.DEPOSIT).count(),
        "claims": Claim.objects.filter(request__agent=agent).count(),
        "sales": Sale.objects.filter(agent=agent, units_sold__gt=0).count(),
    }


def failures(agent: Agent) -> list[str]:
    """Steps and evaluators that failed, and alerts of the level error, as sentences."""
    ships = Ship.objects.filter(agent=agent).exclude(last_error="")
    rows = Evaluator.objects.filter(agent=agent).exclude(last_error="")
    tasks = Failure.objects.filter(started__gte=agent.joined_at)
    alerts = Alert.objects.open().filter(level=Alert.Level.ERROR)
    return [
        *(f"{ship}: {ship.last_error.strip().splitlines()[-1]}" for ship in ships),
        *(f"{row}: {row.last_error.strip().splitlines()[-1]}" for row in rows),
        *(f"{task.name}: {str(task.result)[:200]}" for task in tasks),
        *(str(alert) for alert in alerts),
    ]


def _requests(agent: Agent) -> tuple[int, int]:
    rows = RequestCount.objects.filter(Q(agent=agent.symbol), minute__gte=_first_minute(agent))
    sums = rows.aggregate(total=Sum("count"), productive=Sum("productive"))
    return int(sums["total"] or 0), int(sums["productive"] or 0)


def _first_minute(agent: Agent) -> datetime:
    return agent.joined_at.replace(second=0, microsecond=0)


def audit(agent: Agent) -> int:
    """Ask the game for the agent's credits and hold the ledger against it; answers the drift."""
    connections = Connections(proxy=agent.lane.proxy)
    api = connections.client(agent).bound(purpose="audit")
    try:
        drift = ledger.compare(agent.pk, api.get_my_agent().credits)
    finally:
        connections.requests.flush()
    return drift


def progress(agent: Agent) -> str:
    """One line on how it goes."""
    agent.refresh_from_db(fields=["credits", "drift"])
    total, productive = _requests(agent)
    ships = Ship.objects.filter(agent=agent, lost_at__isnull=True).count()
    hours = clock.elapsed(agent.joined_at) / HOUR
    profit = readings.operating_profit(agent)
    return (
        f"game time {hours:6.2f} h · {ships:3d} ships · {total:,} requests "
        f"({total - productive} wasted) · {agent.credits:,} credits · profit {profit:+,}"
    )
