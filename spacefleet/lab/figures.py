"""The figures of a run, under names that say what they are.

Everything here follows from the seed; what depends on the machine is added by the caller under
keys that begin with `wall_`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Sum

from allocation.models import ResourceRequest
from fleet.models import Agent, LedgerEntry, Ship
from fleet.services import readings
from inventory.models import Transfer
from sales.models import Crowding, Sale
from spacefleet import clock, outcome
from spacefleet.lab.share import A_SECOND
from spacefleet.models import RequestCount

HOUR = 3600.0
Key = tuple[str, str, int, int]
Counts = dict[Key, tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Opening:
    """An agent's figures when a run begins."""

    reading: outcome.Reading
    counts: Counts


def opening(agent: Agent) -> Opening:
    return Opening(outcome.reading(agent), _counts(agent))


def figures(agent: Agent, before: Opening, *, share: float = 1.0) -> dict[str, Any]:
    """What a run since `before` brought and cost.

    Net credits are what was earned less what was spent, without ships and opening balance.
    Productive requests are those the game answered with success. `share` is the part of the
    game's request limit that the fleet was allowed.
    """
    base = outcome.between(agent, before.reading)
    hours = max(clock.elapsed(before.reading.at) / HOUR, 1e-9)
    net = sum(base["by_activity"].values())
    requests = _requests(agent, before.counts, hours=hours, share=share)
    return {
        "agent": agent.symbol,
        "game_hours": round(hours, 3),
        "credits_start": base["credits_start"],
        "credits_end": base["credits_end"],
        "net_worth_start": base["net_worth_start"],
        "net_worth_end": base["net_worth_end"],
        "goods_end": base["goods_end"],
        "net_credits": net,
        "net_credits_per_hour": round(net / hours, 1),
        "net_credits_per_request": ratio(net, requests["total"]),
        "net_credits_per_productive_request": ratio(net, requests["productive"]),
        "by_activity": _by_activity(agent, before.reading.entry, hours),
        "ledger_drift": base["ledger_drift"],
        "ledger_equals_balance": _ledger_sum(agent) == base["credits_end"],
        "requests": requests,
        "ships": base["ships"],
        "ships_by_role": _ships_by_role(agent),
        "acted": base["acted"],
        "queue_waits": _waits(agent),
        "transfers": _transfers(agent),
        "sales": _sales(agent),
        "crowdings": _crowdings(agent, before.reading.at),
        "errors": base["errors"],
    }


def mined(agent: Agent, before: Opening, goods: Collection[str]) -> int:
    """What mining's own sales of `goods` brought since `before`, costs not taken off."""
    rows = LedgerEntry.objects.filter(
        agent=agent,
        pk__gt=before.reading.entry,
        kind=LedgerEntry.Kind.SALE,
        activity="mining",
        good__in=goods,
    )
    return int(rows.aggregate(total=Sum("amount"))["total"] or 0)


def ratio(credits: float, requests: float) -> float | None:
    """Credits a request; None without requests, because nothing divided by nothing is unknown."""
    return credits / requests if requests else None


def _ledger_sum(agent: Agent) -> int:
    rows = LedgerEntry.objects.filter(agent=agent)
    return int(rows.aggregate(total=Sum("amount"))["total"] or 0)


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


def _counts(agent: Agent) -> Counts:
    """Requests so far by purpose, endpoint, status and error code: all, productive,
    milliseconds waited."""
    rows = RequestCount.objects.filter(agent=agent.symbol).values_list(
        "purpose", "endpoint", "status", "code"
    )
    sums = rows.annotate(all=Sum("count"), good=Sum("productive"), waited=Sum("waited_ms"))
    return {
        (purpose, endpoint, status, code): (int(count), int(good), int(waited))
        for purpose, endpoint, status, code, count, good, waited in sums
    }


def _requests(agent: Agent, before: Counts, *, hours: float, share: float) -> dict[str, Any]:
    """Requests since `before`, and how much of the allowed ones they are."""
    found: Counts = {}
    for key, now in _counts(agent).items():
        then = before.get(key, (0, 0, 0))
        sums = (now[0] - then[0], now[1] - then[1], now[2] - then[2])
        if sums[0]:
            found[key] = sums
    total = sum(sums[0] for sums in found.values())
    productive = sum(sums[1] for sums in found.values())
    waited = sum(sums[2] for sums in found.values())
    return {
        "total": total,
        "productive": productive,
        "wasted": total - productive,
        "by_purpose": _grouped(found, lambda key: key[0]),
        "by_endpoint": _grouped(found, lambda key: key[1]),
        "by_status": _grouped(found, lambda key: str(key[2])),
        "by_error": _grouped(
            {key: sums for key, sums in found.items() if key[3]}, lambda key: str(key[3])
        ),
        "wasted_by_purpose": _grouped(
            {
                key: (sums[0] - sums[1], 0, 0)
                for key, sums in found.items()
                if sums[0] > sums[1]
            },
            lambda key: key[0],
        ),
        "utilisation": round(total / (hours * HOUR * A_SECOND * share), 4),
        "mean_wait_ms": round(waited / total, 1) if total else None,
    }


def _grouped(counts: Counts, name: Callable[[Key], str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for key, sums in counts.items():
        found[name(key)] = found.get(name(key), 0) + sums[0]
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


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


def _transfers(agent: Agent) -> dict[str, Any]:
    """Transfers by how they ended, and the share of the ended ones that succeeded."""
    rows = (
        Transfer.objects.filter(giver__agent=agent)
        .values("status")
        .annotate(total=Count("pk"))
        .order_by("status")
    )
    found: dict[str, Any] = {row["status"]: row["total"] for row in rows}
    ended = sum(count for status, count in found.items() if status != Transfer.Status.RESERVED)
    confirmed = found.get(Transfer.Status.CONFIRMED, 0)
    return {**found, "success": round(confirmed / ended, 4) if ended else None}


def _sales(agent: Agent) -> dict[str, int]:
    """Sales that brought something, and those of them that went beyond the nearest market."""
    rows = Sale.objects.filter(agent=agent, units_sold__gt=0)
    return {
        "sold": rows.count(),
        "moved": rows.exclude(home="").exclude(home=F("market")).count(),
    }


def _crowdings(agent: Agent, since: datetime) -> list[dict[str, Any]]:
    """Each time the depots were crowded: from when, for how long, and what each rung came to.

    `minutes` is None while it lasts, `open_minutes` how long it has lasted then.
    """
    rows = Crowding.objects.filter(agent=agent).prefetch_related("rungs").order_by("pk")
    return [
        {
            "began_hour": round(clock.elapsed(since, row.began_at) / HOUR, 3),
            "minutes": _minutes(row.began_at, row.ended_at) if row.ended_at else None,
            "open_minutes": None if row.ended_at else _minutes(row.began_at, clock.now()),
            "peak_percent": row.peak_percent,
            "rungs": [
                {"kind": rung.kind, "worked": rung.worked, "saw": rung.inputs}
                for rung in sorted(row.rungs.all(), key=lambda rung: rung.pk)
            ],
        }
        for row in rows
    ]


def _minutes(start: datetime, end: datetime) -> float:
    return round(clock.elapsed(start, end) / 60, 1)
