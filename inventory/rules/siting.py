"""Where to park a depot: near the miners, where its goods are bought."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

from fleet.planner import linear
from fleet.planner.linear import Limit

CERTAIN = linear.Effort(gap=0.0, nodes=1_000)  # so few columns that the optimum is proven


@dataclass(frozen=True, slots=True)
class Berth:
    """A place for a depot: seconds of flight from the site, and which share of the site's goods
    is bought at its position (0 to 1)."""

    waypoint: str
    seconds: float
    bought: float
    marketplace: bool


def best(berths: Sequence[Berth], *, no_buyer_penalty: float) -> Berth | None:
    """The berth of least flight plus penalty for goods nobody buys there; a marketplace, and
    then the first name, of equals."""
    return min(
        berths,
        key=lambda berth: (
            score(berth, no_buyer_penalty),
            not berth.marketplace,
            berth.waypoint,
        ),
        default=None,
    )


def score(berth: Berth, no_buyer_penalty: float) -> float:
    return berth.seconds + no_buyer_penalty * (1 - berth.bought)


@dataclass(frozen=True, slots=True)
class Trips:
    """What the goods of one site fly: seconds by way of each berth, from the site to the berth and
    on to whoever buys them."""

    site: str
    seconds: Mapping[str, float]


def trip(to_berth: float, onward: Sequence[float | None], *, no_buyer_penalty: float) -> float:
    """Seconds of a unit by way of a berth: there, and on to the nearest buyer of each good, zero
    where the berth buys it; a good nobody buys costs the penalty, and none costs more."""
    if not onward:
        return to_berth + no_buyer_penalty
    capped = (
        no_buyer_penalty if each is None else min(each, no_buyer_penalty) for each in onward
    )
    return to_berth + sum(capped) / len(onward)


def centre(
    sites: Sequence[Trips],
    *,
    most: int,
    markets: Collection[str],
    market_detour: int,
    standing: Collection[str] = (),
) -> dict[str, str]:
    """The berth of each site, at most `most` different ones, so that all trips together are least.

    A marketplace counts as near as a place without one until its trips are longer by more than
    `market_detour` percent. Berths in `standing` are manned and stay, whatever else is better.
    """
    open_to = max(min(most, len(sites)), len(set(standing)))
    if not sites or not open_to:
        return {}
    felt = {
        (each.site, berth): seconds * (1 if berth in markets else 1 + market_detour / 100)
        for each in sites
        for berth, seconds in each.seconds.items()
    }
    far = max(felt.values(), default=0.0) + 1.0  # so that every site is worth serving
    worth: dict[Hashable, float] = {way: far - seconds for way, seconds in felt.items()}
    berths = sorted({*standing, *(berth for _, berth in felt)})
    limits = [Limit({("open", berth): 1.0}, 1.0) for berth in berths]
    limits += [Limit({way: 1.0, ("open", way[1]): -1.0}, 0.0) for way in felt]
    for each in sites:
        limits.append(Limit({(each.site, berth): 1.0 for berth in each.seconds}, 1.0))
    limits.append(Limit({("open", berth): 1.0 for berth in berths}, open_to))
    for berth in standing:
        limits.append(Limit({("open", berth): -1.0}, -1.0))
    columns = [("open", berth) for berth in berths]
    found = linear.maximise_whole(worth, limits, whole=columns, effort=CERTAIN)
    if found is None:
        return {}
    opened = [berth for berth in berths if found.amounts["open", berth] > 0.5]
    return {
        each.site: min(
            (berth for berth in opened if berth in each.seconds),
            key=lambda berth, site=each.site: (felt[site, berth], berth),  # type: ignore[misc]
        )
        for each in sites
        if any(berth in each.seconds for berth in opened)
    }


def utilisation(units: int, incoming: int, capacity: int) -> int:
    """Whole percent of all depots that is taken or promised to arrive; 0 without depots."""
    return 100 * (units + incoming) // capacity if capacity else 0
