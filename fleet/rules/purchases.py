"""Whether a ship may be bought: the guard between a wish and the treasury."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Offer:
    """A ship on sale: price in credits, None when nobody saw it, and its age in game seconds."""

    price: int | None
    age: float | None


@dataclass(frozen=True, slots=True)
class Treasury:
    """What the guard weighs an offer against; credits, percent and game hours."""

    credits: int
    floor: int
    share: int
    max_age: float
    earns_an_hour: float | None
    hours_left: float | None
    payback_needed: bool = True
    last_hours: int = 0


def refusal(offer: Offer, treasury: Treasury) -> str | None:
    """Why not to buy, or None to buy. Unknown prices and balances refuse."""
    if offer.price is None or offer.age is None:
        return "price unknown: a ship must look at the yard first"
    if offer.age > treasury.max_age:
        return f"price is {offer.age / 60:.0f} min old, a fresh look is needed"
    if treasury.credits - offer.price < treasury.floor:
        return (
            f"{offer.price:,} of {treasury.credits:,} credits would leave less than "
            f"the cash floor of {treasury.floor:,}"
        )
    if offer.price * 100 > treasury.credits * treasury.share:
        return f"{offer.price:,} credits are more than {treasury.share} % of the treasury"
    return _payback(offer.price, treasury) if treasury.payback_needed else None


def _payback(price: int, treasury: Treasury) -> str | None:
    if treasury.hours_left is None:
        return None  # no reset in sight: the other guards hold
    if treasury.earns_an_hour is None:  # nothing measured yet
        late = treasury.hours_left < treasury.last_hours
        near = f"the reset is in {treasury.hours_left:.0f} h, and nobody can say what it earns"
        return near if late else None
    if treasury.earns_an_hour <= 0:
        return "its role earns nothing at present"
    hours = price / treasury.earns_an_hour
    if hours > treasury.hours_left:
        return f"pays back in {hours:.0f} h, but the reset is in {treasury.hours_left:.0f} h"
    return None
