"""What ships cost, and in how many hours one pays for itself by what its like earns here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from fleet.models import ShipPrice, ShipyardOffer, Vacancy
from fleet.selectors.pages import Scope, offers

from . import behaviours

HANDS_ON = {"miner", "surveyor", "transport", "depot", "scout"}
"""Roles whose work others sell: the ledger cannot tell what one of them earned."""


CHANGES = 30  # of prices, the newest, in the table
DRAWN = 2_000  # changes at most, in the chart


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


@dataclass(frozen=True, slots=True)
class Change:
    """A new price at a yard; `before` is None where the one before it is not known."""

    row: ShipPrice
    before: int | None

    @property
    def percent(self) -> float | None:
        return 100 * (self.row.price - self.before) / self.before if self.before else None


def history(scope: Scope) -> list[ShipPrice]:
    """The newest prices of ships, each type at each yard in the order of time."""
    rows = ShipPrice.objects.filter(waypoint__era__in=[era.pk for era in scope.eras])
    newest = rows.select_related("waypoint").order_by("-at", "-pk")[:DRAWN]
    return sorted(newest, key=lambda row: (*_offer_of(row), row.at, row.pk))


def _offer_of(row: ShipPrice | ShipyardOffer) -> tuple[str, str]:
    return row.ship_type, row.waypoint.symbol


def changes(scope: Scope) -> list[Change]:
    """The last changes, the newest first."""
    found: list[Change] = []
    for _, group in groupby(history(scope), key=_offer_of):
        before = None
        for row in group:
            found.append(Change(row, before))
            before = row.price
    return sorted(found, key=lambda one: one.row.at, reverse=True)[:CHANGES]


def price_lines(scope: Scope, ship_type: str) -> dict[str, list[tuple[datetime, float]]]:
    """What a type cost at each yard over time, as stairs that end where it was seen last."""
    lines: dict[str, list[tuple[datetime, float]]] = {}
    for row in history(scope):
        if row.ship_type == ship_type:
            stair = lines.setdefault(row.waypoint.symbol, [])
            if stair:
                stair.append((row.at - timedelta(seconds=1), stair[-1][1]))
            stair.append((row.at, float(row.price)))
    for offer in offers(scope):
        if offer.ship_type == ship_type and offer.price and offer.seen_at:
            seen = (offer.seen_at, float(offer.price))
            lines.setdefault(offer.waypoint.symbol, []).append(seen)
    return dict(sorted(lines.items()))


def types(scope: Scope) -> list[str]:
    """Ship types whose price is known somewhere."""
    return sorted({offer.ship_type for offer in offers(scope) if offer.price is not None})
