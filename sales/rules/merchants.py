"""How many ships trading is worth."""

from dataclasses import dataclass

from .backlog import Backlog
from .trading import HOUR


@dataclass(frozen=True, slots=True)
class Staff:
    """Ships wanted for trading alone, what the next one would bring an hour, and why."""

    wanted: int
    per_hour: float
    why: str


def wanted(
    *,
    own: int,
    capacity: float,
    work: Backlog,
    gained: float | None,
    price: int | None,
    payback_hours: float,
    least_per_hour: float,
) -> Staff:
    """One more ship while the others would leave enough undone until it has earned its price.

    Lanes are a pool that fills slowly: another ship brings only what those there are would not
    have fetched by then. `own` ships trade and do nothing else; `capacity` is what all that
    trade can fly, in ships like the next one; `gained` is what such a ship was measured to
    bring an hour, None before there is enough to tell.
    """
    payback = payback_hours * HOUR
    left = work.after(capacity * payback) - work.after((capacity + 1) * payback)
    per_hour = left / payback_hours
    said = f"{work.net:,.0f} credits in {work.seconds / HOUR:.1f} h of trips"
    if gained is None:
        return Staff(own, 0.0, f"{said}; nothing measured yet")
    said = f"{said}, measured {gained:,.0f} an hour a ship"
    per_hour = min(per_hour, gained)
    if gained < least_per_hour / 2 and own:
        return Staff(own - 1, per_hour, f"{said}: one ship too many")
    if price is None:
        return Staff(own, per_hour, f"{said}; no yard is known to sell another")
    needed = max(least_per_hour, price / payback_hours)
    if per_hour < needed:
        return Staff(own, per_hour, f"{said}; another brings {per_hour:,.0f} of {needed:,.0f}")
    return Staff(own + 1, per_hour, f"{said}; another brings {per_hour:,.0f} an hour")
