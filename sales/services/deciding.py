"""Looking at every good in store and deciding, with the reason, whether to sell it."""

from django.db import transaction

import allocation.selectors.reserved
import allocation.services.queue
import inventory.selectors.stock
import inventory.services.depots
from allocation.models import ResourceRequest
from fleet.models import Agent, Ship, Waypoint, Wish
from fleet.rules.prices import Quote
from fleet.services import alarms, parameters, wishes
from inventory.selectors.stock import Holding
from sales.models import Opportunity, Sale
from sales.params import SaleParams
from sales.rules import deciding
from sales.rules.deciding import Look
from sales.selectors import outlets
from sales.selectors.outlets import Outlet
from spacefleet import clock
from spacefleet.spacetraders import Client

from . import prices

TRIGGERS = set(Opportunity.Trigger.values)


def evaluate(agent: Agent, *, api: Client | None = None, trigger: str = "") -> str:
    """Evaluator: one opportunity row for each good in store; accepted ones become sales."""
    params = parameters.resolve(SaleParams, "sales", agent=agent)
    cause = trigger if trigger in TRIGGERS else Opportunity.Trigger.PERIOD
    fill = inventory.selectors.stock.fill(agent).percent
    holdings = inventory.selectors.stock.holdings(agent)
    accepted = [
        good
        for holding in holdings
        if (good := _look_at(agent, holding, fill, params, trigger=cause))
    ]
    if not holdings:
        return "nothing in store"
    sold = f"selling {', '.join(accepted)}" if accepted else "keeping everything"
    return f"{sold}; {len(holdings)} goods in store, depots {fill} % full"


def _look_at(
    agent: Agent, holding: Holding, fill: int, params: SaleParams, *, trigger: str
) -> str | None:
    """Decide about one good; answers its name when it is to be sold."""
    reserved = allocation.selectors.reserved.units(agent, holding.good)
    wanted = allocation.selectors.reserved.requested(agent, holding.good)
    if holding.units <= wanted:
        return None  # every unit is on its way to somebody already: there is nothing to decide
    found = _outlet(agent, holding, params)
    outlet, quote = found if found else (None, None)
    average, samples = _average(agent, holding.good, outlet, params)
    look = Look(
        units=max(0, holding.units - wanted),
        reserved=reserved,
        buffer=params.buffer,
        price=quote.price if quote else None,
        average=average,
        utilisation=max(fill, inventory.selectors.stock.crowding(agent, holding.good)),
    )
    verdict = deciding.judge(look, good_price=params.good_price, crowded_at=params.crowded_at)
    with transaction.atomic():
        row = Opportunity.objects.create(
            agent=agent,
            good=holding.good,
            at=clock.now(),
            trigger=trigger,
            accepted=verdict.sell,
            criterion=verdict.criterion.value,
            reason=verdict.reason[:200],
            units=look.units,
            reserved=reserved,
            buffer=params.buffer,
            surplus=look.surplus,
            price=look.price,
            average=average,
            samples=samples,
            utilisation=look.utilisation,
            market=outlet.waypoint if outlet else "",
        )
        if not (verdict.sell and outlet):
            return None
        _plan_sale(row, outlet, params)
    allocation.services.queue.serve(agent, holding.good)
    alarms.nudge_role(agent.pk, "trader")
    return holding.good


def _average(
    agent: Agent, good: str, outlet: Outlet | None, params: SaleParams
) -> tuple[float | None, int]:
    if outlet is None:
        return None, 0
    return prices.average(
        outlet.waypoint,
        good,
        era=agent.era_id,
        since=prices.window_start(params.window),
        min_samples=params.min_samples,
    )


def _outlet(agent: Agent, holding: Holding, params: SaleParams) -> tuple[Outlet, Quote] | None:
    """The best market for this good from the fullest depot; without a fresh price anywhere a
    look is wished for."""
    stock = inventory.selectors.stock.free_stock(agent, holding.good)
    depots = inventory.services.depots.open_depots(agent)
    if not depots:
        return None
    origin = next(
        (each for each in depots if stock and each.pk == stock[0].depot_id), depots[0]
    )
    carrier = _carrier(agent) or origin.ship
    found = outlets.best_market(
        agent,
        holding.good,
        max(1, holding.free),
        origin=origin.waypoint,
        ship=carrier,
        max_age=params.max_price_age,
    )
    if found is None:
        _wish_for_prices(agent, holding.good)
    return found


def _carrier(agent: Agent) -> Ship | None:
    """A ship like those that will carry it: the first market ship."""
    return (
        Ship.objects.filter(agent=agent, lost_at__isnull=True)
        .with_role("trader")
        .select_related("agent")
        .order_by("pk")
        .first()
    )


def _wish_for_prices(agent: Agent, good: str) -> None:
    buyers = Waypoint.objects.filter(
        era=agent.era_id,
        system=agent.home,
        goods__good=good,
        goods__kind__in=["IMPORT", "EXCHANGE"],
    ).order_by("pk")
    for waypoint in buyers[:3]:
        wishes.wish(
            waypoint, Wish.What.MARKET, why=f"to decide about {good} in store", value=1e4
        )


def _plan_sale(row: Opportunity, outlet: Outlet, params: SaleParams) -> Sale:
    """File the request that takes the goods out of store, and the sale it is for."""
    at = clock.now()
    request = allocation.services.queue.file(
        row.agent,
        good=row.good,
        units=row.surplus,
        purpose=ResourceRequest.Purpose.MARKET,
        why=row.reason,
        deadline=at + clock.game(params.request_deadline),
    )
    return Sale.objects.create(
        agent=row.agent,
        opportunity=row,
        request=request,
        good=row.good,
        units=row.surplus,
        market=outlet.waypoint,
        expected_price=row.price,
        why=f"{row.reason}; {outlet.why} at {outlet.waypoint}"[:200],
        decided_at=at,
    )
