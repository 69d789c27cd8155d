"""Markets that a ship should fly to for several goods at once.

A load of one good seldom pays for a long flight, a hold of all that lies in store may. So markets
are judged together before the goods are: each costs its trip once a hold, and takes those goods
for which it brings more than the markets chosen before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sales.rules import outlets as worth
from sales.rules.outlets import Costs, Offer

from .outlets import FUEL_CREDITS
from .picture import Picture


@dataclass(frozen=True, slots=True)
class Trades:
    """What a market brings for the surplus of each good, the trip there not counted."""

    trip: float
    brings: Mapping[str, float]


def together(seen: Picture) -> set[str]:
    """The markets this round's goods are carried to, if that pays; the trip there is paid for."""
    if seen.params.stay_home:
        return set()
    known = _markets(seen)
    had: dict[str, float] = {}
    chosen: set[str] = set()
    while known:
        gains = {
            market: _gain(seen, trades, had)
            for market, trades in known.items()
            if market not in chosen
        }
        best = max(gains, key=lambda market: (gains[market], market), default=None)
        if best is None or gains[best] <= 0:
            return chosen
        chosen.add(best)
        for good, credits in known[best].brings.items():
            had[good] = max(had.get(good, 0.0), credits)
    return chosen


def _gain(seen: Picture, trades: Trades, had: Mapping[str, float]) -> float:
    """What a market adds to those chosen already, its trips taken off."""
    more = {
        good: credits - had.get(good, 0.0)
        for good, credits in trades.brings.items()
        if credits > had.get(good, 0.0)
    }
    loads = sum(_surplus(seen, good) for good in more) / seen.hold
    return sum(more.values()) - trades.trip * max(1.0, loads)


def _markets(seen: Picture) -> dict[str, Trades]:
    """Every market with a fresh price of something in surplus."""
    brings: dict[str, dict[str, float]] = {}
    trips: dict[str, float] = {}
    for good in seen.goods:
        paths, units = seen.ways(good), _surplus(seen, good)
        if paths is None or not units:
            continue
        for offer in seen.fresh(good):
            route = paths.to(offer.waypoint)
            if route is None:
                continue
            requests = seen.params.request_worth * (2 + 2 * len(route.hops))
            trip = 2 * route.fuel * FUEL_CREDITS + paths.time_cost(route) + requests
            trips[offer.waypoint] = max(trip, trips.get(offer.waypoint, 0.0))
            brings.setdefault(offer.waypoint, {})[good] = _trades(seen, offer, units)
    return {market: Trades(trips[market], goods) for market, goods in brings.items()}


def _trades(seen: Picture, offer: Offer, units: int) -> float:
    costs = Costs(request=seen.params.request_worth, requests=0)
    return worth.net(offer, units, costs, discount=seen.params.age_discount)


def _surplus(seen: Picture, good: str) -> int:
    """Units that may be sold, a hold at most: how the rest is sold follows from that."""
    free = seen.units(good) - seen.reserved.get(good, 0) - seen.params.buffer
    return max(0, min(free, seen.hold))
