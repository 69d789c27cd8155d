"""To sell or to keep (decision rule S1): answers the reason, not just yes or no."""

from dataclasses import dataclass
from enum import Enum


class Criterion(Enum):
    """What decided."""

    GOOD_PRICE = "good price"
    CROWDED = "crowded"
    EMERGENCY = "emergency"
    LAST_CALL = "last call"
    NONE = "none"


class Failed(Enum):
    """Which condition said no."""

    SURPLUS = "surplus"
    FRESH_PRICE = "fresh price"
    SAMPLES = "samples"
    PRICE = "price"
    WORTH = "worth the trip"
    NOTHING = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether to sell, by which criterion, and the sentence that is stored and shown."""

    sell: bool
    criterion: Criterion
    reason: str
    failed: Failed = Failed.NOTHING


@dataclass(frozen=True, slots=True)
class Look:
    """What a decision sees: units in store, what must stay, prices in credits a unit (None for
    unknown), the fill of all depots in whole percent, and whether the era is about to end."""

    units: int
    reserved: int
    buffer: int
    price: int | None
    average: float | None
    utilisation: int
    closing: bool = False

    @property
    def surplus(self) -> int:
        return self.units - self.reserved - self.buffer


def judge(look: Look, *, good_price: int, crowded_at: int) -> Verdict:
    """Sell a surplus at a good price, or at any known price when the depots are crowded or the
    era ends: after the reset nothing in store is worth anything.

    Thresholds are whole percents and inclusive: 110 * 100 against 110 * average, because
    1.10 * 100 is 110.00000000000001 and a price of exactly 110 % must count.
    """
    if look.surplus <= 0:
        kept = look.reserved + look.buffer
        return keep(
            Failed.SURPLUS,
            f"no surplus: {look.units} in store, {kept} stay (reserved and buffer)",
        )
    if look.price is None:
        return keep(Failed.FRESH_PRICE, "no opinion: no fresh price of any buyer is known")
    crowded = look.utilisation >= crowded_at
    if look.average is not None and 100 * look.price >= good_price * look.average:
        percent = 100 * look.price / look.average
        return Verdict(
            True,
            Criterion.GOOD_PRICE,
            f"{look.price} credits are {percent:.0f} % of the average {look.average:.0f}",
        )
    if crowded:
        return Verdict(
            True,
            Criterion.CROWDED,
            f"depots {look.utilisation} % full (from {crowded_at} %): sold at {look.price}",
        )
    if look.closing:
        return Verdict(
            True, Criterion.LAST_CALL, f"the reset is near: sold out at {look.price}"
        )
    if look.average is None:
        return keep(
            Failed.SAMPLES, "too few price samples for an average, and depots are not crowded"
        )
    percent = 100 * look.price / look.average
    return keep(
        Failed.PRICE,
        f"{look.price} credits are only {percent:.0f} % of the average (from {good_price} %), "
        f"depots {look.utilisation} % full",
    )


def keep(failed: Failed, reason: str) -> Verdict:
    return Verdict(False, Criterion.NONE, reason, failed)


def emergency(look: Look) -> Verdict:
    """The last rung: sell whatever nobody reserved, at whatever is paid, to have room again."""
    if look.units - look.reserved <= 0:
        return keep(Failed.SURPLUS, f"all {look.units} in store are reserved")
    paid = "an unknown price" if look.price is None else f"{look.price} credits"
    return Verdict(
        True,
        Criterion.EMERGENCY,
        f"depots {look.utilisation} % full and nothing else helped: sold at {paid}",
    )
