"""What may be spent: the balance less the cash floor, and what domains keep to go on working."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Sum

from fleet.models import Agent, Earmark, Ship, ShipOrder, SpendingStop
from fleet.params import PurchaseParams
from spacefleet import clock
from spacefleet.statements import Select

from . import parameters


def earmark(agent: Agent, stated_by: str, credits: int, *, why: str) -> None:
    """Keep `credits` back from ship purchases for a domain; 0 gives them free."""
    mine = Earmark.objects.filter(agent=agent, stated_by=stated_by)
    if not credits:
        mine.delete()
        return
    if mine.filter(credits=credits, why=why[:200]).exists():
        return
    values = {"credits": credits, "why": why[:200], "stated_at": clock.now()}
    Earmark.objects.update_or_create(agent=agent, stated_by=stated_by, defaults=values)


def earmarked(agent: Agent) -> int:
    """Credits that domains keep back from ship purchases, all together."""
    total = Earmark.objects.filter(agent=agent).aggregate(total=Sum("credits"))["total"]
    return int(total or 0)


def _of(rows: QuerySet[Any, Any]) -> Exists:
    return Exists(rows.filter(agent=OuterRef("pk")))


_purse = Select(
    lambda pk, at: (
        Agent.objects.filter(pk=pk)
        .annotate(
            lost=_of(Ship.objects.in_doubt()),
            buying=_of(ShipOrder.objects.filter(status=ShipOrder.Status.BUYING)),
            stopped=_of(SpendingStop.objects.standing(at)),
        )
        .values_list("credits", "drift", "lost", "buying", "stopped")
    )
)


def funds(agent: Agent) -> int | None:
    """Credits that may be spent on goods: what is certain, above the cash floor.

    Nothing while buying is stopped (`fleet.services.protection`). None while nobody knows the balance, because a lost answer waits to be looked up (see
    `fleet.services.ledger.unsettled`). One query.
    """
    known = _purse.first(pk=agent.pk, at=clock.now())
    if known is None:
        raise Agent.DoesNotExist(f"agent {agent.pk}")
    credits, drift, in_doubt, bought, stopped = known
    if in_doubt or bought:
        return None
    if stopped:
        return 0
    floor = parameters.resolve(PurchaseParams, "purchases", agent=agent).cash_floor
    return max(0, credits + min(0, drift) - floor)
