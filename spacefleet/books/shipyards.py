"""What ships cost, and in how many hours one pays for itself by what its like earns here."""

from dataclasses import dataclass
from datetime import datetime

from fleet.models import ShipyardOffer, Vacancy
from fleet.selectors.pages import Scope, offers

from . import behaviours

HANDS_ON = {"miner", "surveyor", "transport", "depot", "scout"}
"""Roles whose work others sell: the ledger cannot tell what one of them earned."""


@dataclass(frozen=True, slots=True)
class Return:
    """One type in one role. What is None nobody knows: a price not seen, a role not flown yet,
    or one whose work others sell."""

    ship_type: str
    role: str
    price: int | None
    where: str
    expected: float | None
    measured: float | None
    ships: int
    hours: int

    @property
    def hands_on(self) -> bool:
        return self.role in HANDS_ON

    @property
    def break_even(self) -> float | None:
        """Game hours until a ship has earned its price: by what was measured, else expected."""
        an_hour = self.measured if self.measured is not None else self.expected
        return self.price / an_hour if self.price and an_hour and an_hour > 0 else None


def returns(scope: Scope, *, at: datetime) -> list[Return]:
    """Types that posts ask for, the soonest to pay for itself first."""
    measured = {one.name: one for one in behaviours.compared(scope, at=at)}
    cheapest: dict[str, ShipyardOffer] = {}
    for offer in offers(scope):
        cheapest.setdefault(offer.ship_type, offer)
    found = [
        _return(ship_type, role, expected, cheapest.get(ship_type), measured.get(role))
        for (ship_type, role), expected in _wanted(scope).items()
    ]
    return sorted(
        found, key=lambda one: (one.break_even is None, one.break_even or 0, one.role)
    )


def _wanted(scope: Scope) -> dict[tuple[str, str], float]:
    """Type and role of each post, with the most that one of them expects an hour."""
    rows = Vacancy.objects.filter(agent__in=scope.pks).exclude(ship_type="")
    wanted: dict[tuple[str, str], float] = {}
    for ship_type, role, value in rows.values_list("ship_type", "role", "value_per_hour"):
        wanted[ship_type, role] = max(value, wanted.get((ship_type, role), 0))
    return wanted


def _return(
    ship_type: str,
    role: str,
    expected: float,
    offer: ShipyardOffer | None,
    measured: behaviours.Behaviour | None,
) -> Return:
    sells = measured and measured.ships and measured.an_hour and role not in HANDS_ON
    flown = measured if sells else None
    return Return(
        ship_type=ship_type,
        role=role,
        price=offer.price if offer else None,
        where=offer.waypoint.symbol if offer else "",
        expected=expected or None,
        measured=flown.an_hour.mean / flown.ships if flown and flown.an_hour else None,
        ships=flown.ships if flown else 0,
        hours=flown.hours if flown else 0,
    )
