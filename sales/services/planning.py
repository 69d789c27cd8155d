"""From a decision to loads: which market each goes to, how much of it, and its place in the queue."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.db import transaction

import allocation.services.queue
from allocation.models import ResourceRequest
from fleet.services import alarms
from sales.models import Opportunity, Sale
from sales.rules import indices
from sales.rules import outlets as worth
from sales.rules.deciding import Look, Verdict
from sales.rules.outlets import Offer
from sales.selectors import outlets
from sales.selectors.outlets import Outlet
from sales.selectors.picture import Picture
from spacefleet import clock

COMPARED = 3  # markets kept with each look


@dataclass(frozen=True, slots=True)
class Lot:
    """A load for one ship, the market it goes to, and the nearest one it could go to."""

    outlet: Outlet
    units: int
    home: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one good, what it saw, and the loads it makes."""

    good: str
    look: Look
    verdict: Verdict
    outlets: list[Outlet]
    lots: list[Lot]


def choose(
    seen: Picture, good: str, offers: list[Offer], units: int, targets: Collection[str] = ()
) -> tuple[Outlet | None, list[Outlet], str]:
    """The market for a load, all of them in order, and why it is not the nearest one.

    A market somebody of this round flies to anyway costs no trip.
    """
    paths = seen.ways(good)
    if paths is None:
        return None, [], ""
    ranking = outlets.ranked(offers, units, paths, seen.params, shared=targets)
    home = outlets.nearest(ranking)
    if home is None or seen.params.stay_home:
        return home, ranking, ""
    best = ranking[0]
    poor = home.waypoint in seen.poor
    if best.waypoint == home.waypoint or not indices.moves(
        home.proceeds, best.proceeds, gain=seen.params.move_gain, poor=poor
    ):
        return home, ranking, ""
    more = best.proceeds - home.proceeds
    why = f"{more:,} more than at {home.waypoint}, the nearest"
    return best, ranking, f"{why}, which stays poor" if poor else why


def lots(
    seen: Picture,
    good: str,
    offers: list[Offer],
    units: int,
    *,
    targets: Collection[str] = (),
    pressed: bool,
) -> list[Lot]:
    """Cut a surplus into loads, each for the market that is best after the ones before it.

    Without pressure only trades count that beat waiting, in loads that are worth their trip.
    """
    made: list[Lot] = []
    left = units
    while left > 0 and len(made) < max(1, len(seen.carriers)):
        load = min(left, seen.hold) if len(made) + 1 < len(seen.carriers) else left
        chosen, ranking, note = choose(seen, good, offers, min(load, seen.hold), targets)
        if chosen is None:
            break
        offer = next(each for each in offers if each.waypoint == chosen.waypoint)
        if not pressed:
            load = min(load, _worthwhile(seen, offer, load))
            if not load or chosen.proceeds <= 0:
                break
        home = outlets.nearest(ranking)
        made.append(Lot(chosen, load, home.waypoint if home else "", note))
        sold = replace(offer, sold=offer.sold + load)
        offers = [sold if each is offer else each for each in offers]
        left -= load
    return made


def _worthwhile(seen: Picture, offer: Offer, units: int) -> int:
    return worth.worthwhile(
        offer,
        units,
        wait=seen.params.wait / 3600,
        discount=seen.params.wait_discount,
        inflow=seen.inflow.get(offer.good, 0),
    )


def carry_out(seen: Picture, decisions: Iterable[Decision], *, trigger: str) -> list[Sale]:
    """Store every decision; file the accepted ones in the queue, serve it and ring the traders."""
    decisions = list(decisions)
    if not decisions:
        return []
    with transaction.atomic():
        rows = Opportunity.objects.bulk_create(
            [_row(seen, each, trigger) for each in decisions]
        )
        sales = [
            _plan_sale(seen, row, decision, lot, first=number == 0)
            for row, decision in zip(rows, decisions, strict=True)
            for number, lot in enumerate(decision.lots)
        ]
        Sale.objects.bulk_create(sales)
    for good in names(sales):
        allocation.services.queue.serve(seen.agent, good)
    if sales:
        alarms.nudge_role(seen.agent.pk, "trader")
    return sales


def _row(seen: Picture, decision: Decision, trigger: str) -> Opportunity:
    look, verdict = decision.look, decision.verdict
    first = decision.lots[0].outlet if decision.lots else None
    best = first or (decision.outlets[0] if decision.outlets else None)
    average = seen.averages.get((best.waypoint, decision.good)) if best else None
    return Opportunity(
        agent=seen.agent,
        good=decision.good,
        at=seen.at,
        trigger=trigger,
        accepted=verdict.sell,
        criterion=verdict.criterion.value,
        failed=verdict.failed.value,
        reason=verdict.reason[:200],
        units=look.units,
        reserved=look.reserved,
        buffer=look.buffer,
        surplus=look.surplus,
        price=look.price,
        average=look.average,
        samples=average.samples if average else 0,
        utilisation=look.utilisation,
        market=best.waypoint if best else "",
        net=best.proceeds if best else None,
        price_age=best.age if best else None,
        compared=[each.as_row() for each in decision.outlets[:COMPARED]],
    )


def _plan_sale(
    seen: Picture, row: Opportunity, decision: Decision, lot: Lot, *, first: bool
) -> Sale:
    """File the request that takes the goods out of store, and the sale it is for."""
    request = allocation.services.queue.file(
        seen.agent,
        good=decision.good,
        units=lot.units,
        purpose=ResourceRequest.Purpose.MARKET,
        why=decision.verdict.reason,
        deadline=seen.at + clock.game(seen.params.request_deadline),
    )
    note = f", {lot.note}" if lot.note else ""
    return Sale(
        agent=seen.agent,
        opportunity=row,
        request=request,
        good=decision.good,
        units=lot.units,
        market=lot.outlet.waypoint,
        home=lot.home,
        trigger=row.trigger,
        criterion=row.criterion,
        expected_price=lot.outlet.mean_price,
        why=f"{decision.verdict.reason}; {lot.outlet.why} at {lot.outlet.waypoint}{note}"[:200],
        decided_at=seen.at,
    )


def names(sales: Iterable[Sale]) -> list[str]:
    return list(dict.fromkeys(sale.good for sale in sales))
