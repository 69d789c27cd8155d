"""What an hour of a market ship brings, measured by the sales it made."""

from datetime import datetime

from django.db.models import Count, Min, Q, Sum

from sales.models import Sale
from sales.params import TraderParams
from spacefleet import clock
from spacefleet.statements import Select

HOUR = 3600.0

_sales = Select(
    lambda agent, since: (
        Sale.objects.filter(agent=agent, ended_at__gte=since)
        .values_list("agent")
        .annotate(
            brought=Sum("realised"),
            ended=Count("pk", filter=Q(units_sold__gt=0)),
            ships=Count("ship", distinct=True),
            first=Min("decided_at"),
        )
    )
)


def hour_worth(agent: int, params: TraderParams, *, at: datetime) -> int:
    """Credits an hour of a market ship is worth to the fleet: what the last hours' sales brought
    each of them, at most what the owner says; that, too, before enough was sold."""
    found = _sales.first(agent=agent, since=at - clock.game(params.measured_over))
    if found is None or found[2] < params.measured_sales:
        return params.hour_worth
    _, brought, _, ships, first = found
    hours = max(0.1, min(params.measured_over, clock.elapsed(first, at)) / HOUR)
    return min(params.hour_worth, int(brought / hours / max(1, ships)))
