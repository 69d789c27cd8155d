"""What is dropped at which age: one page for every table that grows without end.

Rows that something still open needs are never old. Deletes are many short transactions, so that
no worker waits for one, and bounded, so that a first run after months does not last for hours.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session as SignedIn
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django_q.models import Task

from allocation.models import Claim, ResourceRequest, Transition, Trip
from fleet.models import LogLine, Passage, ShipOrder, ShipPrice, SpendingStop, Wish
from inventory.models import CapacityReading, Drift, Expansion, Pickup, Round, Transfer
from mining.models import Extraction, Jettison, Session, Survey
from sales.models import Crowding, MarketIndex, Opportunity, PriceSample, Sale, TradeRun
from spacefleet.models import Alert, AuditEntry, Canary, Node, RequestCount, WorkerLine

BATCH = 500  # rows of one transaction
MOST = 100_000  # rows of one table in one run; the next run goes on


class Rule(NamedTuple):
    """Rows of `model` go when `column` is older than the parameter `days`, if `also` holds.

    Without a parameter the column itself says until when a row is good.
    """

    model: type[Model]
    column: str
    days: str = ""
    also: Q = Q()


def _without(model: type[Model], column: str) -> Q:
    """No row of `model` leads here by `column`."""
    return ~Q(Exists(model._default_manager.filter(**{column: OuterRef("pk")})))


SETTLED = ~Q(status__in=Transfer.UNSETTLED)
OVER = ~Q(status__in=[ResourceRequest.Status.QUEUED, ResourceRequest.Status.CLAIMED])

RULES = (
    Rule(RequestCount, "minute", "requests"),
    Rule(LogLine, "at", "minutes"),
    Rule(WorkerLine, "at", "minutes"),
    Rule(PriceSample, "at", "prices"),
    Rule(MarketIndex, "at", "prices"),
    Rule(ShipPrice, "at", "prices"),
    Rule(Opportunity, "at", "rejected", Q(accepted=False)),
    Rule(Opportunity, "at", "deals"),
    Rule(Extraction, "at", "work"),
    Rule(Jettison, "at", "work"),
    Rule(Session, "ended_at", "work", _without(Extraction, "session")),
    Rule(Survey, "expires_at", "work"),
    Rule(Transfer, "done_at", "work", SETTLED),
    Rule(Transfer, "at", "work", SETTLED),
    Rule(Pickup, "ended_at", "work"),
    Rule(Round, "at", "work"),
    Rule(Drift, "found_at", "deals"),
    Rule(CapacityReading, "at", "prices"),
    Rule(Transition, "at", "work"),
    Rule(Wish, "answered_at", "work"),
    Rule(Passage, "ended_at", "work"),
    Rule(Sale, "ended_at", "deals"),
    Rule(Claim, "released_at", "deals"),
    Rule(ResourceRequest, "ended_at", "deals", OVER & _without(Sale, "request")),
    Rule(Trip, "ended_at", "deals"),
    Rule(TradeRun, "ended_at", "deals"),
    Rule(Crowding, "ended_at", "deals"),
    Rule(Expansion, "decided_at", "deals"),
    Rule(ShipOrder, "decided_at", "deals", Q(status=ShipOrder.Status.CANCELLED)),
    Rule(SpendingStop, "until", "deals"),
    Rule(Alert, "cleared_at", "deals"),
    Rule(Node, "stopped_at", "deals"),
    Rule(Canary, "sent_at", "deals"),
    Rule(Task, "stopped", "work"),
    Rule(AuditEntry, "at", "trail"),
    Rule(LogEntry, "action_time", "trail"),
    Rule(SignedIn, "expire_date"),
)

KEPT = (
    "fleet.Account", "fleet.Agent", "fleet.Control", "fleet.Earmark", "fleet.Era", "fleet.Evaluator",
    "fleet.Lane", "fleet.MarketGood", "fleet.Material", "fleet.Novelty", "fleet.Parameter", "fleet.Ship", "fleet.ShipyardOffer",
    "fleet.System", "fleet.Vacancy", "fleet.Waypoint", "inventory.Depot", "inventory.Loop", "inventory.Stock",
    "allocation.Contract", "allocation.Reservation", "mining.Site", "spacefleet.AlertSwitch",
    "spacefleet.Comparison", "spacefleet.TourEnd",
    "spacefleet.LabRun", "spacefleet.Viewer",
)  # fmt: skip
"""Tables that do not grow with time alone, or slowly: a few rows an era, an agent or a person."""

ROLLED_UP = ("fleet.LedgerEntry", "fleet.CreditReading", "spacefleet.RequestCount")
"""Tables whose old detail becomes sums, see `spacefleet.rollups`."""

WITH_THEIRS = ("sales.TradeLot", "sales.Rung", "spacefleet.Delivery")
"""Tables whose rows go together with the run, crowding or alert they belong to."""


def old(rule: Rule, *, days: Callable[[str], int], at: datetime) -> QuerySet[Any]:
    """The rows a rule lets go."""
    until = at - timedelta(days=days(rule.days)) if rule.days else at
    return rule.model._default_manager.filter(rule.also, **{f"{rule.column}__lt": until})


def drop(rows: QuerySet[Any]) -> int:
    """Delete rows, the oldest first, in short transactions; at most MOST of them."""
    dropped = 0
    while dropped < MOST:
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not keys:
            break
        rows.model._default_manager.filter(pk__in=keys).delete()
        dropped += len(keys)
    return dropped
