"""Where to park a depot: near the miners, where its goods are bought."""

from collections.abc import Sequence
from dataclasses import dataclass


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


def utilisation(units: int, incoming: int, capacity: int) -> int:
    """Whole percent of all depots that is taken or promised to arrive; 0 without depots."""
    return 100 * (units + incoming) // capacity if capacity else 0
