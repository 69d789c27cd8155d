"""What contracts brought so far: the rate an hour that new ones are held against."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, Sum

from allocation.models import Contract
from fleet.models import LedgerEntry
from spacefleet import clock
from spacefleet.models import RequestCount

LAST = 12  # contracts that tell the rate: some hours of work, so that it follows the markets
A_DOUBT = 1.0  # hours at the usual rate that are mixed in, as long as few contracts tell
HOUR = 3600.0


def rate(agent: int, *, usual: float) -> float:
    """Credits an hour from offer to payment, over the last contracts; never below 0."""
    rows = (
        Contract.objects.filter(
            agent=agent, status=Contract.Status.FULFILLED, ended_at__isnull=False
        )
        .order_by("-ended_at")
        .values_list("net", "offered_at", "ended_at")[:LAST]
    )
    net, hours = usual * A_DOUBT, A_DOUBT
    for brought, offered_at, ended_at in rows:
        if brought is None or ended_at is None:
            continue
        net += brought
        hours += max(0.0, clock.elapsed(offered_at, ended_at)) / HOUR
    return max(0.0, net / hours)


@dataclass(slots=True)
class Row:
    """What an agent's contracts brought in some time, all costs and requests counted."""

    agent: str
    fulfilled: int
    net: int = 0
    seconds: float = 0.0
    requests: int = 0


def by_agent(agents: Iterable[int], *, since: datetime, at: datetime) -> list[Row]:
    """One row for each agent with contracts; three queries, whatever the number of agents."""
    done = Q(status=Contract.Status.FULFILLED, ended_at__gte=since)
    found = {
        pk: (Row(symbol, fulfilled), first)
        for pk, symbol, fulfilled, first in Contract.objects.filter(agent__in=list(agents))
        .values_list("agent", "agent__symbol")
        .annotate(fulfilled=Count("pk", filter=done), first=Min("offered_at"))
        .order_by("agent__symbol")
    }
    net = LedgerEntry.objects.filter(agent__in=found, activity="contracts", at__gte=since)
    for pk, total in net.values_list("agent").annotate(total=Sum("amount")):
        found[pk][0].net = total
    asked = RequestCount.objects.filter(
        purpose__in=["courier", "allocation.contracts"],
        agent__in=[row.agent for row, _ in found.values()],
        minute__gte=since,
    )
    requests = dict(asked.values_list("agent").annotate(total=Sum("count")))
    for row, first in found.values():
        row.requests = requests.get(row.agent, 0)
        row.seconds = clock.elapsed(max(first, since), at)
    return [row for row, _ in found.values()]
