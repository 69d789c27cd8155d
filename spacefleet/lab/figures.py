"""The figures of a run, under names that say what they are.

Everything here follows from the seed; what depends on the machine is added by the caller under
keys that begin with `wall_`.
"""

from datetime import datetime
from typing import Any

from django.db.models import Count, Sum

from allocation.models import ResourceRequest
from fleet.models import Agent, LedgerEntry, Ship
from fleet.services import readings
from inventory.models import Transfer
from spacefleet import clock, outcome
from spacefleet.models import RequestCount

HOUR = 3600.0
A_SECOND = 2.5  # requests the game allows, in the long run


def figures(agent: Agent, before: outcome.Reading) -> dict[str, Any]:
    """What a run since `before` brought and cost.

    Net credits are what was earned less what was spent, without ships and opening balance.
    Productive requests are those the game answered with success.
    """
    base = outcome.between(agent, before)
    hours = max(clock.elapsed(before.at) / HOUR, 1e-9)
    net = sum(base["by_activity"].values())
    productive = base["requests"] - base["requests_wasted"]
    return {
        "agent": agent.symbol,
        "game_hours": round(hours, 3),
        "credits_start": base["credits_start"],
        "credits_end": base["credits_end"],
        "net_worth_start": base["net_worth_start"],
        "net_worth_end": base["net_worth_end"],
        "net_credits": net,
        "net_credits_per_hour": round(net / hours, 1),
        "net_credits_per_request": ratio(net, base["requests"]),
        "net_credits_per_productive_request": ratio(net, productive),
        "by_activity": _by_activity(agent, before.entry, hours),
        "ledger_drift": base["ledger_drift"],
        "requests": {
            "total": base["requests"],
            "productive": productive,
            "wasted": base["requests_wasted"],
            "by_purpose": _requests_by("purpose", agent),
            "by_endpoint": _requests_by("endpoint", agent),
            "share_of_limit": round(base["requests"] / (hours * HOUR * A_SECOND), 4),
        },
        "ships": base["ships"],
        "ships_by_role": _ships_by_role(agent),
        "acted": base["acted"],
        "queue_waits": _waits(agent),
        "transfers": _transfers(agent),
        "idle_now": _idle(agent),
        "errors": base["errors"],
    }


def ratio(credits: float, requests: float) -> float | None:
    """Credits a request; None without requests, because nothing divided by nothing is unknown."""
    return credits / requests if requests else None


def _by_activity(agent: Agent, since: int, hours: float) -> dict[str, dict[str, float]]:
    rows = (
        LedgerEntry.objects.filter(agent=agent, pk__gt=since)
        .exclude(kind__in=readings.CAPITAL)
        .values("activity")
        .annotate(total=Sum("amount"))
        .order_by("activity")
    )
    return {
        row["activity"]: {
            "net_credits": row["total"],
            "net_credits_per_hour": round(row["total"] / hours, 1),
        }
        for row in rows
    }


def _requests_by(field: str, agent: Agent) -> dict[str, int]:
    rows = (
        RequestCount.objects.filter(agent=agent.symbol)
        .values(field)
        .annotate(total=Sum("count"))
        .order_by("-total", field)
    )
    return {row[field]: row["total"] for row in rows}


def _ships_by_role(agent: Agent) -> dict[str, int]:
    found: dict[str, int] = {}
    for ship in Ship.objects.filter(agent=agent, lost_at__isnull=True).order_by("pk"):
        found[ship.role or "none"] = found.get(ship.role or "none", 0) + 1
    return dict(sorted(found.items()))


def _waits(agent: Agent) -> dict[str, float | int | None]:
    """Game seconds between a request and its claim: how many, the middle, the 95th percentile."""
    pairs: list[tuple[datetime, datetime | None]] = list(
        ResourceRequest.objects.filter(agent=agent, claimed_at__isnull=False).values_list(
            "created_at", "claimed_at"
        )
    )
    waits = sorted(clock.elapsed(begun, claimed) for begun, claimed in pairs if claimed)
    if not waits:
        return {"count": 0, "p50": None, "p95": None}
    return {
        "count": len(waits),
        "p50": round(waits[len(waits) // 2], 1),
        "p95": round(waits[min(len(waits) - 1, len(waits) * 95 // 100)], 1),
    }


def _transfers(agent: Agent) -> dict[str, int]:
    rows = (
        Transfer.objects.filter(giver__agent=agent)
        .values("status")
        .annotate(total=Count("pk"))
        .order_by("status")
    )
    return {row["status"]: row["total"] for row in rows}


def _idle(agent: Agent) -> dict[str, int]:
    """What the ships say at the end, counted: numbers and names taken out."""
    found: dict[str, int] = {}
    for ship in Ship.objects.filter(agent=agent, lost_at__isnull=True).order_by("pk"):
        why = ship.why.split(":")[0].split(",")[0]
        words = " ".join(word for word in why.split() if not any(map(str.isdigit, word)))
        found[words] = found.get(words, 0) + 1
    return dict(sorted(found.items()))
