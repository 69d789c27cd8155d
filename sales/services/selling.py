"""Sales from the claim to the last credit."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from django.db.models import F, Q, QuerySet, Sum

from allocation.models import ResourceRequest
from fleet.models import LedgerEntry, MarketGood, Ship
from fleet.rules import prices as law
from fleet.services import alarms, cargo, navigation, parameters, wishes
from fleet.wake import Wake, wake_in
from sales.models import Sale
from sales.params import TraderParams
from sales.rules import splitting
from sales.rules.splitting import Rest, Split
from sales.selectors import markets, outlets, pace
from sales.selectors.outlets import Outlet
from spacefleet import clock
from spacefleet.spacetraders import Client
from spacefleet.statements import Select

Status = Sale.Status
WAIT = 1_800.0  # game seconds between two updates of a market; no price rises sooner
SURPRISE = 90  # percent of the expected price; a trade below it asks for a fresh look
GONE = [
    ResourceRequest.Status.FAILED,
    ResourceRequest.Status.EXPIRED,
    ResourceRequest.Status.CANCELLED,
]


def current(ship: Ship) -> list[Sale]:
    """The sales the ship is carrying out: all to be loaded, or all under way."""
    return _carried_out.all(ship=ship.pk)


_carried_out = Select(
    lambda ship: (
        Sale.objects.filter(ship=ship, status__in=[Status.LOADING, Status.UNDER_WAY])
        .select_related("request", "agent")
        .order_by("-status", "decided_at", "pk")
    )
)


def take_next(ship: Ship) -> list[Sale]:
    """Take the oldest sale whose goods are allocated, at least in part; empty when there is none.

    A ship with cargo of its own takes none: its hold would not do. Sales whose request ended
    without goods are ended on the way.
    """
    if ship.cargo_units:
        return []
    for sale in _ready_or_gone.all(agent=ship.agent_id):
        if sale.request.status in GONE:
            _drop(sale)
        elif _take(ship, sale):
            return [sale]
    return []


_ready_or_gone = Select(
    lambda agent: (
        Sale.objects.filter(agent=agent, status=Status.QUEUED)
        .filter(Q(request__claimed__gt=0) | Q(request__status__in=GONE))
        .select_related("request")
        .order_by("decided_at", "pk")
    )
)


def take_along(ship: Ship, market: str) -> bool:
    """Take one more sale for the market the ship will fly to anyway."""
    same = _allocated(ship.agent_id).filter(market=market)
    return any(_take(ship, sale) for sale in same.select_related("request"))


def _allocated(agent: int) -> "QuerySet[Sale]":
    return Sale.objects.filter(
        agent=agent, status=Status.QUEUED, request__claimed__gt=0
    ).order_by("decided_at", "pk")


def _take(ship: Ship, sale: Sale) -> bool:
    """One ship a sale: of several that want it one wins."""
    taken = Sale.objects.filter(pk=sale.pk, status=Status.QUEUED).update(
        status=Status.LOADING, ship=ship
    )
    if not taken:
        return False
    ResourceRequest.objects.filter(pk=sale.request_id).update(ship=ship)
    sale.status, sale.ship, sale.agent = Status.LOADING, ship, ship.agent
    return True


def waiting(agent: int) -> bool:
    """Whether a sale has its goods allocated and no ship yet."""
    return _allocated(agent).exists()


def _drop(sale: Sale) -> None:
    """End a sale whose request ended without goods."""
    Sale.objects.filter(pk=sale.pk, status=Status.QUEUED).update(
        status=Status.FAILED,
        ended_at=clock.now(),
        why=f"its request ended: {sale.request.status}",
    )


def set_off(sales: Sequence[Sale]) -> None:
    """The goods of these sales are aboard as far as they will be: the ship leaves."""
    Sale.objects.filter(pk__in=[sale.pk for sale in sales]).update(status=Status.UNDER_WAY)
    for sale in sales:
        sale.status = Status.UNDER_WAY


@dataclass(slots=True)
class Tally:
    """What a sale brought so far, trades of this step included, and what of it is aboard."""

    sold: int
    credits: int
    left: int


def tally(ship: Ship, sale: Sale) -> Tally:
    """Read what a sale brought so far; one statement."""
    sold, credits = totals(sale)
    left = max(0, min(sale.request.withdrawn - sold, int(ship.cargo.get(sale.good, 0))))
    return Tally(sold, credits, left)


def sell_here(ship: Ship, sale: Sale, count: Tally, *, api: Client, at: datetime) -> Wake:
    """Sell a trade volume at a time while the next trade beats selling elsewhere and waiting;
    the rest goes where it brings more."""
    before = count.credits
    quote = _quote_here(ship, sale.good)
    if quote is None:
        why = f"{ship.waypoint} does not buy {sale.good} any more"
        return _move(ship, sale, count, _elsewhere(ship, sale, count.left), why)
    plan = _plan(ship, sale, quote, count.left)
    for part, expected in plan.trades:
        trade = cargo.sell(ship, sale.good, part, api=api, session=sale.pk)
        count.sold, count.credits = count.sold + trade.units, count.credits + trade.total
        count.left -= trade.units
        if 100 * trade.price < SURPRISE * expected and count.left:
            wishes.look_here(ship, api=api, max_age=0)
            return wake_in(0, f"{trade.price} instead of {expected} credits: looked again")
    if not count.left:
        why = f"sold {count.sold} at {ship.waypoint}"
        finish(sale, why, count=count)
        return wake_in(0, f"sold {sale.good} for {count.credits - before:,} credits")
    if plan.rest is Rest.WAIT:
        Sale.objects.filter(pk=sale.pk).update(waits=F("waits") + 1, why=plan.why)
        return wake_in(WAIT, plan.why)
    return _move(ship, sale, count, plan.outlet, plan.why)


@dataclass(frozen=True, slots=True)
class _Plan:
    """The trades to make here, with their expected prices, and where the rest goes."""

    trades: list[tuple[int, int]]
    rest: Rest
    why: str = ""
    outlet: Outlet | None = None


def _plan(ship: Ship, sale: Sale, quote: law.Quote, units: int) -> _Plan:
    """Compare all splits of what is aboard between here and now, elsewhere, and later here."""
    ladder = list(law.tranches(quote, units))
    if len(ladder) == 1 and ladder[0][1] >= (sale.expected_price or 0):
        return _Plan(ladder, Rest.HERE)  # one trade, as good as foreseen: nothing to compare
    params = parameters.resolve(TraderParams, "trader", ship=ship)
    hour_worth = pace.hour_worth(ship.agent_id, params, at=clock.now())
    here = list(accumulate((part * price for part, price in ladder), initial=0.0))
    rests = list(accumulate((-part for part, _ in ladder), initial=units))
    others = outlets.elsewhere(ship, sale.good, besides=sale.pk, hour_worth=hour_worth)
    away = [others.best(rest) if rest else None for rest in rests]
    elsewhere = [outlet.proceeds if outlet else -math.inf for outlet in away]
    may_wait = (sale.waits + 1) * WAIT <= params.longest_wait
    waiting = [
        _later(quote, units - rest, rest, hour_worth) if may_wait else -math.inf
        for rest in rests
    ]
    split = splitting.best(here, elsewhere, waiting)
    outlet = away[split.trades] if split.rest is Rest.ELSEWHERE else None
    return _Plan(ladder[: split.trades], split.rest, _because(ladder, split, outlet), outlet)


def _later(quote: law.Quote, sold: int, rest: int, hour_worth: int) -> float:
    """Net credits of the rest when it is sold here after a wait."""
    consumed = law.recovered(quote, WAIT / 3600)
    return law.proceeds(quote, rest, sold=sold - consumed) - hour_worth * WAIT / 3600


def _because(ladder: list[tuple[int, int]], split: Split, outlet: Outlet | None) -> str:
    if split.trades == len(ladder):
        return ""
    following = f"the next trade would bring only {ladder[split.trades][1]} credits a unit"
    if outlet is not None:
        return f"{following}; {outlet.why}"[:200]
    return f"{following}, waiting for the price to rise"


def _quote_here(ship: Ship, good: str) -> law.Quote | None:
    row = _row_here.first(era=ship.agent.era_id, waypoint=ship.waypoint, good=good)
    return markets.quote_of(row) if row and row.we_receive is not None else None


_row_here = Select(
    lambda era, waypoint, good: MarketGood.objects.filter(
        waypoint__era=era, waypoint__symbol=waypoint, good=good
    )
)


def _elsewhere(ship: Ship, sale: Sale, units: int) -> Outlet | None:
    return outlets.best_for(ship, {sale.good: units})


def _move(ship: Ship, sale: Sale, count: Tally, outlet: Outlet | None, why: str) -> Wake:
    """Send the rest of a sale to another market; without one it ends, and stays aboard."""
    if outlet is None or outlet.waypoint == ship.waypoint:
        finish(sale, f"{why}; the rest stays aboard", count=count)
        return wake_in(0, f"{why}; no better market for the rest"[:200])
    Sale.objects.filter(pk=sale.pk).update(market=outlet.waypoint, why=why[:200])
    sale.market = outlet.waypoint
    return wake_in(0, f"{why}, on to {outlet.waypoint}"[:200])


def totals(sale: Sale) -> tuple[int, int]:
    """Units sold and credits brought so far, by the ledger; trades that were booked later, when
    their answer had been lost, count too."""
    sums = _sums.first(sale=sale.pk, ship=sale.ship_id, good=sale.good, since=sale.decided_at)
    return (int(sums[1]), int(sums[2])) if sums else (0, 0)


_sums: Select[tuple[int, int, int]] = Select(
    lambda sale, ship, good, since: (
        LedgerEntry.objects.filter(
            Q(session=sale) | Q(session__isnull=True, note__startswith="healed"),
            ship=ship,
            kind=LedgerEntry.Kind.SALE,
            good=good,
            at__gte=since,
        )
        .values_list("ship")
        .annotate(units=Sum("units"), credits=Sum("amount"))
    )
)


def finish(sale: Sale, why: str, *, count: Tally) -> None:
    """End a sale with what the ledger says it brought."""
    sale.units_sold, sale.realised = count.sold, count.credits
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
