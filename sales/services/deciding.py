"""Looking at every good in store and deciding, with the reason, whether to sell it."""

from collections.abc import Collection

from fleet.models import Agent, Waypoint, Wish
from fleet.services import controls, wishes
from sales.models import Opportunity
from sales.rules import deciding
from sales.rules.deciding import Failed
from sales.selectors import journeys, markets
from sales.selectors.outlets import Outlet
from sales.selectors.picture import Picture, picture
from spacefleet import clock
from spacefleet.spacetraders import Client

from . import crowding, planning
from .planning import Decision

TRIGGERS = set(Opportunity.Trigger.values)
LOOKS = 3  # markets wished for in one round and good
UNKNOWN = 1e4  # credits a look is worth where no price was ever seen


def evaluate(agent: Agent, *, api: Client | None = None, trigger: str = "") -> str:
    """Evaluator: one opportunity row for each good in store; accepted ones become sales. When
    the depots stay crowded, the ladder goes on from there."""
    if said := controls.no_new_work(agent.pk):
        return f"decides nothing: {said}"
    cause = trigger if trigger in TRIGGERS else Opportunity.Trigger.PERIOD
    seen = picture(agent, at=clock.now())
    decisions = decide(seen)
    sold = planning.carry_out(seen, decisions, trigger=cause)
    _wish_for_prices(seen)
    rung = crowding.climb(seen, sold, trigger=cause)
    if not seen.goods:
        return "nothing in store"
    said = f"selling {', '.join(planning.names(sold))}" if sold else "keeping everything"
    return f"{said}; {len(seen.goods)} goods in store, depots {seen.percent} % full{rung}"


def decide(seen: Picture) -> list[Decision]:
    """Judge every good of which something is left to decide about."""
    targets = journeys.together(seen)
    found = []
    for good in seen.goods:
        if not seen.units(good):
            continue  # every unit is on its way to somebody already
        decision = _decide(seen, good, targets)
        targets |= {lot.outlet.waypoint for lot in decision.lots}
        found.append(decision)
    return found


def _decide(seen: Picture, good: str, targets: Collection[str]) -> Decision:
    offers = seen.fresh(good)
    load = min(seen.hold, max(1, seen.units(good) - seen.reserved.get(good, 0)))
    chosen, ranking, _ = planning.choose(seen, good, offers, load, targets)
    look = seen.look(good, chosen)
    params = seen.params
    verdict = deciding.judge(look, good_price=params.good_price, crowded_at=params.crowded_at)
    if not verdict.sell:
        return Decision(good, look, verdict, ranking, [])
    made = planning.lots(
        seen,
        good,
        offers,
        look.surplus,
        targets=targets,
        pressed=look.closing or look.utilisation >= params.crowded_at,
    )
    if not made:
        verdict = deciding.keep(Failed.WORTH, _not_now(chosen))
    return Decision(good, look, verdict, ranking, made)


def _not_now(chosen: Outlet | None) -> str:
    if chosen is not None and chosen.proceeds <= 0:
        return f"a trip to {chosen.waypoint} costs more than the load brings"
    return "later trades will bring more: consumers are taking up what lies at the markets"


def _wish_for_prices(seen: Picture) -> None:
    """Ask for a fresh look where an old price might be better than all the fresh ones, or
    where a buyer's price was never seen and nobody else has one."""
    wanted: dict[str, tuple[float, str]] = {}
    blind = [good for good in seen.goods if not seen.offers.get(good)]
    agent = seen.agent
    listed = markets.listing(agent.era_id, agent.home, blind) if blind else {}
    for good in seen.goods:
        unseen = [(market, UNKNOWN) for market in listed.get(good, [])]
        for market, value in (_unclear(seen, good) or unseen)[:LOOKS]:
            if value > wanted.get(market, (0.0, ""))[0]:
                wanted[market] = value, f"to decide about {good} in store"
    if not wanted:
        return
    waypoints = Waypoint.objects.filter(era=seen.agent.era_id, symbol__in=wanted)
    open_wishes = set(
        Wish.objects.filter(
            waypoint__in=waypoints, what=Wish.What.MARKET, answered_at__isnull=True
        ).values_list("waypoint_id", flat=True)
    )
    for waypoint in waypoints.order_by("pk"):
        if waypoint.pk not in open_wishes:
            value, why = wanted[waypoint.symbol]
            wishes.wish(waypoint, Wish.What.MARKET, why=why, value=value)


def _unclear(seen: Picture, good: str) -> list[tuple[str, float]]:
    """Markets whose price of a good we should know better, and what the look may be worth."""
    fresh = seen.fresh(good)
    best = max((offer.price() for offer in fresh), default=0.0)
    units = max(1, seen.units(good))
    old = [offer for offer in seen.offers.get(good, []) if offer not in fresh]
    return sorted(
        (
            (offer.waypoint, units * (offer.price() - best))
            for offer in old
            if offer.price() > best
        ),
        key=lambda pair: (-pair[1], pair[0]),
    )
