"""Sales from the claim to the last credit."""

from datetime import datetime

from django.db.models import Q, QuerySet, Sum

from allocation.models import ResourceRequest
from fleet.models import LedgerEntry, MarketGood, Ship
from fleet.rules import prices as law
from fleet.services import alarms, cargo, navigation, wishes
from fleet.wake import Wake, wake_in
from sales.models import Sale
from sales.selectors import outlets
from spacefleet import clock
from spacefleet.spacetraders import Client

Status = Sale.Status
GONE = [
    ResourceRequest.Status.FAILED,
    ResourceRequest.Status.EXPIRED,
    ResourceRequest.Status.CANCELLED,
]


def current(ship: Ship) -> list[Sale]:
    """The sales the ship is carrying out: all to be loaded, or all under way."""
    return list(
        Sale.objects.filter(ship=ship, status__in=[Status.LOADING, Status.UNDER_WAY])
        .select_related("request", "agent")
        .order_by("-status", "decided_at", "pk")
    )


def take_next(ship: Ship) -> bool:
    """Take the oldest sale whose goods are allocated, at least in part.

    A ship with cargo of its own takes none: its hold would not do.
    """
    if ship.cargo_units:
        return False
    drop_dead(ship.agent_id)
    return _take(ship, _allocated(ship.agent_id))


def take_along(ship: Ship, market: str) -> bool:
    """Take one more sale for the market the ship will fly to anyway."""
    return _take(ship, _allocated(ship.agent_id).filter(market=market))


def _allocated(agent: int) -> "QuerySet[Sale]":
    return Sale.objects.filter(
        agent=agent, status=Status.QUEUED, request__claimed__gt=0
    ).order_by("decided_at", "pk")


def _take(ship: Ship, waiting: "QuerySet[Sale]") -> bool:
    """One ship a sale: of several that want it one wins."""
    for sale in waiting:
        taken = Sale.objects.filter(pk=sale.pk, status=Status.QUEUED).update(
            status=Status.LOADING, ship=ship
        )
        if taken:
            ResourceRequest.objects.filter(pk=sale.request_id).update(ship=ship)
            return True
    return False


def waiting(agent: int) -> bool:
    """Whether a sale has its goods allocated and no ship yet."""
    return _allocated(agent).exists()


def drop_dead(agent: int) -> None:
    """End sales whose request ended without goods."""
    for sale in Sale.objects.filter(
        agent=agent, status=Status.QUEUED, request__status__in=GONE
    ).select_related("request"):
        Sale.objects.filter(pk=sale.pk, status=Status.QUEUED).update(
            status=Status.FAILED,
            ended_at=clock.now(),
            why=f"its request ended: {sale.request.status}",
        )


def set_off(sale: Sale) -> None:
    Sale.objects.filter(pk=sale.pk).update(status=Status.UNDER_WAY)
    sale.status = Status.UNDER_WAY


def sell_tranches(ship: Ship, sale: Sale, *, floor: int, api: Client) -> str:
    """Sell a trade volume at a time while the next unit still brings `floor` percent of the
    first one's price here; what then remains goes to the next best market."""
    here = MarketGood.objects.filter(
        waypoint__era=ship.agent.era_id, waypoint__symbol=ship.waypoint, good=sale.good
    ).first()
    if here is None or here.we_receive is None:
        return _elsewhere(ship, sale, f"{ship.waypoint} does not buy {sale.good} any more")
    first: float | None = None
    sold = credits = 0
    quote = law.Quote(here.kind, here.we_receive, here.trade_volume or 1, here.supply)
    expected: float = here.we_receive
    while units := to_sell(ship, sale):
        if first is not None and 100 * expected < floor * first:
            return _elsewhere(
                ship, sale, f"sold {sold}, the next would bring only {expected:.0f} credits"
            )
        part = min(units, quote.trade_volume)
        trade = cargo.sell(ship, sale.good, part, api=api, session=sale.pk)
        sold, credits = sold + trade.units, credits + trade.total
        first = first or trade.price
        expected = law.after_selling(
            quote, price=trade.price, units=part, sold=sold - trade.units
        )
    finish(sale, f"sold {sold} at {ship.waypoint}")
    return f"sold {sold} {sale.good} for {credits:,} credits"


def _elsewhere(ship: Ship, sale: Sale, why: str) -> str:
    """Send the rest to the best other market, or keep selling here when there is none."""
    outlet = outlets.best_for(ship, {sale.good: ship.cargo.get(sale.good, 0)})
    if outlet is None or outlet.waypoint == ship.waypoint:
        finish(sale, f"{why}; the rest stays aboard")
        return f"{why}; no better market for the rest"
    Sale.objects.filter(pk=sale.pk).update(
        market=outlet.waypoint, why=f"{why}; {outlet.why}"[:200]
    )
    sale.market = outlet.waypoint
    return f"{why}, on to {outlet.waypoint}"[:200]


def to_sell(ship: Ship, sale: Sale) -> int:
    """Units aboard that belong to this sale and are not sold yet."""
    left = sale.request.withdrawn - totals(sale)[0]
    return max(0, min(left, int(ship.cargo.get(sale.good, 0))))


def totals(sale: Sale) -> tuple[int, int]:
    """Units sold and credits brought so far, by the ledger; trades that were booked later, when
    their answer had been lost, count too."""
    ours = Q(session=sale.pk) | Q(session__isnull=True, note__startswith="healed")
    sums = LedgerEntry.objects.filter(
        ours,
        ship=sale.ship_id,
        kind=LedgerEntry.Kind.SALE,
        good=sale.good,
        at__gte=sale.decided_at,
    ).aggregate(units=Sum("units"), credits=Sum("amount"))
    return int(sums["units"] or 0), int(sums["credits"] or 0)


def finish(sale: Sale, why: str) -> None:
    """End a sale with what the ledger says it brought."""
    sale.units_sold, sale.realised = totals(sale)
    sale.status = Status.DONE if sale.units_sold else Status.FAILED
    sale.why, sale.ended_at = why[:200], clock.now()
    sale.save(update_fields=["units_sold", "realised", "status", "why", "ended_at"])
    if sale.request.open:
        alarms.nudge("allocation.queue", sale.agent_id, trigger="a sale ended")


def sell_leftovers(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """Get rid of cargo that belongs to no sale, at the best market for it."""
    outlet = outlets.best_for(ship)
    if outlet is None:
        return wake_in(600, "nobody is known to buy what is aboard")
    flying = navigation.travel_to(
        ship, outlet.waypoint, api=api, at=at, why="to sell leftovers"
    )
    if flying:
        return flying
    navigation.dock(ship, api=api)
    wishes.look_here(ship, api=api)
    credits = sell_aboard(ship, api=api)
    return wake_in(0, f"sold leftovers for {credits:,} credits")


def sell_aboard(ship: Ship, *, api: Client) -> int:
    """Sell whatever of the ship's cargo the market here buys, a trade volume at a time.

    Answers the credits it brought.
    """
    credits = 0
    for good, units, volume in outlets.saleable(ship):
        while units > 0:
            credits += cargo.sell(ship, good, min(units, volume), api=api).total
            units -= volume
    return credits
