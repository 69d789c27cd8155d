"""More room when depots are crowded: asked for once, ordered behind the purchase guard, and
written down with its outcome, whatever it is."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from fleet.models import Agent, ShipOrder, ShipyardOffer
from fleet.params import ConductorParams, PurchaseParams
from fleet.rules import purchases
from fleet.services import alarms, parameters, roster
from inventory.models import Depot, Expansion
from inventory.params import DepotParams
from inventory.rules import room
from inventory.selectors import stock
from spacefleet import clock

from .depots import manned

Outcome = Expansion.Outcome


def ask(agent: Agent, *, why: str) -> Expansion:
    """Ask for one more depot beside the fullest one; answers the row that says what became of it.

    One that stands, or was refused a short while ago, is answered again instead of a new one.
    The caller restates the capacity (`inventory.services.capacity.state`) to let it be ordered.
    """
    at = clock.now()
    follow(agent)
    params = parameters.resolve(DepotParams, "depot", agent=agent)
    last = Expansion.objects.filter(agent=agent).order_by("-asked_at", "-pk").first()
    if last and _stands(last, params, at):
        return last
    row = _drafted(agent, params, why=why, at=at)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # somebody asked at the same instant
        return Expansion.objects.undecided().get(agent=agent)
    alarms.nudge("inventory.capacity", agent.pk, trigger="more room is wanted")
    return row


def _stands(last: Expansion, params: DepotParams, at: datetime) -> bool:
    if last.outcome == Outcome.ORDERED:
        return True
    decided = last.decided_at or at
    return last.given_up and clock.elapsed(decided, at) < params.expand_again


def _drafted(agent: Agent, params: DepotParams, *, why: str, at: datetime) -> Expansion:
    """The question with all it saw; already refused when the guard lets no type through."""
    depots = list(manned(agent).select_related("ship").order_by("pk"))
    row = Expansion(agent=agent, why=why[:200], asked_at=at)
    row.waypoint = _fullest(depots)
    fill = _fill(agent)
    verdicts = _verdicts(agent, params)
    row.inputs = {**fill, "depots": len(depots), "guard": dict(verdicts)}
    buys = parameters.resolve(ConductorParams, "conductor", agent=agent).buy_ships
    chosen = room.choose(
        verdicts, depots=len(depots), at_most=params.at_most, buys=buys, place=row.waypoint
    )
    row.ship_type = chosen.ship_type
    if chosen.refusal:
        row.outcome, row.reason, row.decided_at = Outcome.REFUSED, chosen.refusal[:300], at
    return row


def _fullest(depots: list[Depot]) -> str:
    parked = [depot for depot in depots if depot.parked_at]
    fullest = max(parked, key=lambda each: (-each.ship.cargo_space, -each.pk), default=None)
    return fullest.waypoint if fullest else ""


def _fill(agent: Agent) -> dict[str, Any]:
    """How full the depots are and what there is to spend, both as of now."""
    fill = stock.fill(agent)
    agent.refresh_from_db(fields=["credits"])
    return {
        "units": fill.units,
        "incoming": fill.incoming,
        "capacity": fill.capacity,
        "percent": fill.percent,
        "credits": agent.credits,
    }


def _verdicts(agent: Agent, params: DepotParams) -> list[tuple[str, str | None]]:
    """Each ship type in order of preference, with what the guard has against it.

    The age of a price does not count here: whoever buys looks at the yard before.
    """
    types = params.expand_with.split()
    offers = ShipyardOffer.objects.filter(
        waypoint__era=agent.era_id, waypoint__system=agent.home, ship_type__in=types
    )
    prices: dict[str, list[int | None]] = {}
    for ship_type, price in offers.values_list("ship_type", "price"):
        prices.setdefault(ship_type, []).append(price)
    return [(each, _against(agent, prices.get(each))) for each in types]


def _against(agent: Agent, prices: list[int | None] | None) -> str | None:
    if prices is None:
        return "no shipyard we know of sells it"
    known = [price for price in prices if price is not None]
    params = parameters.resolve(PurchaseParams, "purchases", agent=agent)
    return purchases.refusal(
        purchases.Offer(min(known, default=None), 0.0),
        purchases.Treasury(
            credits=agent.credits,
            floor=params.cash_floor,
            share=params.share,
            max_age=params.max_price_age,
            earns_an_hour=None,
            hours_left=roster.hours_left(agent),
            last_hours=params.last_hours,
        ),
    )


def follow(agent: Agent) -> list[Expansion]:
    """Write down what became of the room that was asked for; answers what is decided now."""
    return [
        row
        for row in Expansion.objects.undecided().filter(agent=agent)
        if _decide(row, clock.now())
    ]


def _decide(row: Expansion, at: datetime) -> bool:
    order = _order(row)
    params = parameters.resolve(DepotParams, "depot", agent=row.agent_id)
    verdict = room.outcome(
        ship=_newcomer(row),
        status=order.status if order else "",
        verdict=order.verdict if order else "",
        waited=clock.elapsed(row.asked_at, at),
        patience=params.expand_patience,
    )
    row.order = order
    if verdict is None:
        return False
    row.outcome, row.reason, row.decided_at = verdict.outcome, verdict.reason[:300], at
    row.save(update_fields=["order", "outcome", "reason", "decided_at"])
    return True


def _order(row: Expansion) -> ShipOrder | None:
    orders = ShipOrder.objects.filter(
        agent=row.agent_id, role="depot", place=row.waypoint, ordered_at__gte=row.asked_at
    )
    return orders.order_by("-pk").first()


def _newcomer(row: Expansion) -> str:
    """The ship that became a depot there since, by name; empty when none has."""
    depot = Depot.objects.filter(
        ship__agent=row.agent_id, waypoint=row.waypoint, sited_at__gt=row.asked_at
    )
    found = depot.select_related("ship").order_by("pk").first()
    return str(found.ship) if found else ""
