"""What may be spent: the balance less the cash floor, and what domains keep to go on working."""

from django.db.models import Exists, OuterRef, Sum

from fleet.models import Agent, Earmark, Ship, ShipOrder, SpendingStop
from fleet.params import PurchaseParams
from spacefleet import clock

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


def funds(agent: Agent) -> int | None:
    """Credits that may be spent on goods: what is certain, above the cash floor.

    Nothing while buying is stopped (`fleet.services.protection`). None while nobody knows the balance, because a lost answer waits to be looked up (see
    `fleet.services.ledger.unsettled`). One query.
    """
    ours = OuterRef("pk")
    lost = Exists(Ship.objects.in_doubt().filter(agent=ours))
    buying = Exists(ShipOrder.objects.filter(agent=ours, status=ShipOrder.Status.BUYING))
    stop = Exists(SpendingStop.objects.standing(clock.now()).filter(agent=ours))
    credits, drift, in_doubt, bought, stopped = (
        Agent.objects.filter(pk=agent.pk)
        .annotate(lost=lost, buying=buying, stopped=stop)
        .values_list("credits", "drift", "lost", "buying", "stopped")
        .get()
    )
    if in_doubt or bought:
        return None
    if stopped:
        return 0
    floor = parameters.resolve(PurchaseParams, "purchases", agent=agent).cash_floor
    return max(0, credits + min(0, drift) - floor)
