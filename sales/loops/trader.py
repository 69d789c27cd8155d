"""The life of a market ship: take claimed goods out of the depots, fly, sell in tranches."""

from datetime import datetime

import allocation.services.queue
from allocation.models import Claim, ResourceRequest
from fleet.models import Ship
from fleet.services import navigation, parameters, wishes
from fleet.wake import Wake, idle, wake_in
from inventory.services import withdrawals
from sales.models import Sale
from sales.params import TraderParams
from sales.services import selling, trading
from spacefleet import clock
from spacefleet.spacetraders import Client


def sell(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """One step of the sales the ship is at, or of the oldest one that nobody has taken."""
    if "merchant" in ship.roles and trading.current(ship):
        return idle("is on a trade run")
    sales = selling.current(ship) or ([] if ship.holds_back else selling.take_next(ship))
    if not sales:
        if ship.cargo_units and (ship.role == "trader" or selling.waiting(ship.agent_id)):
            return selling.sell_leftovers(ship, api=api, at=at)
        return idle(ship.holds_back or "no sale to carry out")
    loading = [sale for sale in sales if sale.status == Sale.Status.LOADING]
    if loading:
        return _load(ship, loading, api=api, at=at)
    return _carry(ship, sales[0], api=api, at=at)


def _load(ship: Ship, sales: list[Sale], *, api: Client, at: datetime) -> Wake:
    """Withdraw what is claimed, sale by sale, until the hold is full or all is aboard."""
    if ship.cargo_space:
        for sale in sales:
            claims = allocation.services.queue.next_claims(sale.request)
            if claims:
                return _withdraw(ship, claims[0], sale.request, api=api, at=at)
        if not ship.holds_back and selling.take_along(ship, sales[0].market):
            return wake_in(0, f"takes more along to {sales[0].market}")
    waiting = [sale for sale in sales if _worth_waiting(ship, sale, at=at)]
    if waiting:
        request = waiting[0].request
        return wake_in(20, f"{request.withdrawn} of {request.units} {waiting[0].good} aboard")
    for sale in sales:
        if sale.request.open:
            allocation.services.queue.settle_short(
                sale.request, "the ship left with what it had"
            )
    selling.set_off(sales)
    return _carry(ship, sales[0], api=api, at=at)


def _worth_waiting(ship: Ship, sale: Sale, *, at: datetime) -> bool:
    """Whether more of a sale's goods may still be allocated while there is room for them."""
    params = parameters.resolve(TraderParams, "trader", ship=ship)
    queued = sale.request.status == ResourceRequest.Status.QUEUED
    patient = clock.elapsed(sale.request.created_at, at) < params.loading_patience
    return queued and patient and ship.cargo_space > 0


def _withdraw(
    ship: Ship, claim: Claim, request: ResourceRequest, *, api: Client, at: datetime
) -> Wake:
    depot = claim.stock.depot
    flying = navigation.travel_to(
        ship, depot.waypoint, api=api, at=at, why=f"to fetch {request.good}"
    )
    if flying:
        return flying
    navigation.dock(ship, api=api)
    if not allocation.services.queue.take_up(claim, ship):
        return wake_in(0, "its claim went back to the queue")
    taken = withdrawals.withdraw(
        ship,
        depot,
        request.good,
        claim.units - claim.withdrawn,
        api=api,
        why=f"request {request.pk}",
        reference=claim.pk,
        on_confirm=lambda row: allocation.services.queue.note_withdrawal(claim.pk, row),
    )
    if not taken:
        return wake_in(2, f"waiting for its turn at {depot.ship}")
    return wake_in(0, f"took {taken} {request.good} from {depot.ship}")


def _carry(ship: Ship, sale: Sale, *, api: Client, at: datetime) -> Wake:
    aboard = ship.cargo.get(sale.good, 0)
    if aboard:
        why = f"to sell {aboard} {sale.good}"
        flying = navigation.travel_to(ship, sale.market, api=api, at=at, why=why)
        if flying:
            return flying
    count = selling.tally(ship, sale)
    if not count.left:
        selling.finish(sale, "sold out", count=count)
        return wake_in(0, f"sale of {sale.good} done: {sale.realised:,} credits")
    navigation.dock(ship, api=api)
    wishes.look_here(ship, api=api, max_age=60)
    return selling.sell_here(ship, sale, count, api=api, at=at)
