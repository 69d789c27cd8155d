"""Why an idle ship is idle, as one of a closed list: what a better fleet would not have.

Beside it stands what no fleet avoids: a depot that stores, a probe whose prices are fresh, an order
of the owner. A ship says it in words; the words of all loops are known here, and a test walks them.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache


class Idle(StrEnum):
    """The avoidable reasons."""

    NO_VACANCY = "no vacancy"
    NO_FUEL = "no fuel"
    NO_STOCK = "no stock"
    NO_PLAN = "no plan"


AVOIDABLE: Mapping[str, Idle] = {
    "no vacancy for it": Idle.NO_VACANCY,
    "two transports already": Idle.NO_VACANCY,
    "nobody mines here": Idle.NO_VACANCY,
    "nothing left to reach": Idle.NO_VACANCY,
    "has no mount to mine with": Idle.NO_VACANCY,
    "has no hold to receive": Idle.NO_VACANCY,
    "is no role": Idle.NO_VACANCY,
    "no fuel for any route": Idle.NO_FUEL,
    "no sale to carry out": Idle.NO_STOCK,
    "loading:": Idle.NO_STOCK,
    "receiving:": Idle.NO_STOCK,
    "has nothing aboard": Idle.NO_STOCK,
    "no material of the gate": Idle.NO_STOCK,
    "no site": Idle.NO_PLAN,
    "no place to park": Idle.NO_PLAN,
    "no parked depot": Idle.NO_PLAN,
    "no faction to negotiate": Idle.NO_PLAN,
    "gave no contract": Idle.NO_PLAN,
    "no opinion:": Idle.NO_PLAN,
    "no lane pays": Idle.NO_PLAN,
    "nobody is known to buy": Idle.NO_PLAN,
    "no room in its hold": Idle.NO_PLAN,
    "its hold is taken": Idle.NO_PLAN,
    "full, waiting": Idle.NO_PLAN,
    "waiting for room": Idle.NO_PLAN,
}
"""Words of ships that could do something if the fleet were manned, supplied or planned better."""

UNAVOIDABLE = (
    "switched off by a parameter",
    "is on a trip for a contract",
    "is on a trade run",
    "is on its way",
    "brings the rest sooner",
    "the gate stands",
)
"""Words of roles that hand a ship on to its next role, or that its owner chose."""


@lru_cache(maxsize=4096)
def code(why: str) -> Idle | None:
    """The avoidable reason in a ship's words; None where there is none. Of a ship with several
    roles each says its own: the first avoidable one counts."""
    for part in why.split(" · "):
        for words, reason in AVOIDABLE.items():
            if words in part:
                return reason
    return None
