"""Everything a round of decisions looks at, read once: a dozen statements for any fleet."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import allocation.selectors.reserved
import inventory.selectors.stock
from fleet.models import Agent, Ship
from fleet.services import parameters, roster
from inventory.rules import siting
from inventory.selectors.stock import Fill, Shelf
from sales.params import SaleParams
from sales.rules import indices
from sales.rules.deciding import Look
from sales.rules.outlets import Offer
from spacefleet import clock

from . import averages, markets, outlets
from .averages import Average
from .outlets import Outlet, Ways

INFLOW_OVER = 3_600.0  # game seconds whose deposits tell what keeps coming in


@dataclass(frozen=True, slots=True)
class Picture:
    """The stores, the markets and the ships at one moment. Prices old and new: `fresh` says
    which count as an opinion."""

    agent: Agent
    at: datetime
    params: SaleParams
    fill: Fill
    shelves: Sequence[Shelf]
    reserved: dict[str, int]
    wanted: dict[str, int]
    offers: dict[str, list[Offer]]
    averages: dict[tuple[str, str], Average]
    poor: frozenset[str]
    carriers: Sequence[Ship]
    inflow: dict[str, int]
    paths: dict[str, Ways] = field(default_factory=dict)

    @property
    def closing(self) -> bool:
        """Whether the era ends so soon that everything in store is sold."""
        left = roster.hours_left(self.agent)
        return left is not None and left <= self.params.sell_out_hours

    @property
    def percent(self) -> int:
        """How full all depots together are."""
        return self.fill.percent

    def percent_without(self, units: int) -> int:
        """How full they would be without so many units."""
        return siting.utilisation(
            max(0, self.fill.units - units), self.fill.incoming, self.fill.capacity
        )

    def units_over(self, leaving: int) -> int:
        """Units too many for depots that are not crowded, once so many have left."""
        most = (self.params.crowded_at * self.fill.capacity - 1) // 100
        return self.fill.units + self.fill.incoming - leaving - most

    @property
    def goods(self) -> list[str]:
        """Goods in store, the greatest amount first."""
        found: dict[str, int] = {}
        for shelf in self.shelves:
            found[shelf.good] = found.get(shelf.good, 0) + shelf.units
        return sorted(found, key=lambda good: (-found[good], good))

    def units(self, good: str) -> int:
        """Units in store that nobody has queued for."""
        there = sum(shelf.units for shelf in self.shelves if shelf.good == good)
        return max(0, there - self.wanted.get(good, 0))

    def crowding(self, good: str) -> int:
        """What presses us to sell a good: the fill of all depots, or of one that holds it."""
        here = [shelf.percent for shelf in self.shelves if shelf.good == good]
        return max([self.percent, *here])

    def fresh(self, good: str) -> list[Offer]:
        """Buyers whose price is young enough for an opinion."""
        limit = self.params.max_price_age / 3600
        return [offer for offer in self.offers.get(good, []) if offer.age <= limit]

    def look(self, good: str, outlet: Outlet | None, buffer: int | None = None) -> Look:
        """What the decision about a good sees when it would be sold at `outlet`."""
        average = self.averages.get((outlet.waypoint, good)) if outlet else None
        return Look(
            units=self.units(good),
            reserved=self.reserved.get(good, 0),
            buffer=self.params.buffer if buffer is None else buffer,
            price=outlet.price if outlet else None,
            average=averages.enough(average, self.params.min_samples),
            utilisation=self.crowding(good),
            closing=self.closing,
        )

    def ways(self, good: str) -> Ways | None:
        """Flights from the depot with most free units of a good; None without a depot."""
        shelf = max(
            (shelf for shelf in self.shelves if shelf.good == good),
            key=lambda shelf: (shelf.free, shelf.units),
            default=None,
        )
        if shelf is None or not self.carriers:
            return None
        if shelf.waypoint not in self.paths:
            self.paths[shelf.waypoint] = outlets.ways(
                self.agent, origin=shelf.waypoint, carrier=self.carriers[0]
            )
        return self.paths[shelf.waypoint]

    @property
    def hold(self) -> int:
        """Units the smallest carrier takes at once."""
        return max(1, min((ship.cargo_capacity for ship in self.carriers), default=1))


def picture(agent: Agent, *, at: datetime) -> Picture:
    params = parameters.resolve(SaleParams, "sales", agent=agent)
    shelves = inventory.selectors.stock.shelves(agent)
    goods = sorted({shelf.good for shelf in shelves})
    since = at - clock.game(params.window)
    lately = at - clock.game(2 * params.poor_for + INFLOW_OVER)
    indexed = averages.readings(agent.era_id, since=lately, at=at)
    return Picture(
        agent=agent,
        at=at,
        params=params,
        fill=inventory.selectors.stock.fill(agent),
        shelves=shelves,
        reserved=allocation.selectors.reserved.kept(agent),
        wanted=allocation.selectors.reserved.asked(agent),
        offers=markets.offers(agent.era_id, agent.home, goods, at=at, planned=True),
        averages=averages.averages(agent.era_id, since=since, goods=goods),
        poor=frozenset(
            market
            for market, series in indexed.items()
            if indices.stays_poor(series, poor_at=params.poor_at, poor_for=params.poor_for)
        ),
        carriers=_carriers(agent),
        inflow=inventory.selectors.stock.inflow(agent, since=at - clock.game(INFLOW_OVER)),
    )


def _carriers(agent: Agent) -> list[Ship]:
    """Ships that will carry it, the dedicated ones first; without any, ships that could."""
    ships = Ship.objects.filter(agent=agent, lost_at__isnull=True, cargo_capacity__gt=0)
    found = list(ships.with_role("trader").select_related("agent").order_by("pk"))
    found.sort(key=lambda ship: ship.role != "trader")
    return found or list(ships.select_related("agent").order_by("-cargo_capacity", "pk")[:1])
