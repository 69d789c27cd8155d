"""What the depots hold and how full they are."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Sum

from fleet.models import Agent
from inventory.models import Depot, Stock, Transfer
from inventory.rules import siting


@dataclass(frozen=True, slots=True)
class Holding:
    """One good over all depots of an agent, in units."""

    good: str
    units: int
    promised: int

    @property
    def free(self) -> int:
        return self.units - self.promised


@dataclass(frozen=True, slots=True)
class Fill:
    """All depots of an agent together, in units; `incoming` is reserved but not yet aboard."""

    units: int
    incoming: int
    capacity: int

    @property
    def percent(self) -> int:
        return siting.utilisation(self.units, self.incoming, self.capacity)


def holdings(agent: Agent) -> list[Holding]:
    """What the depots hold, richest first: one query, whatever the number of depots."""
    rows = (
        Stock.objects.filter(depot__ship__agent=agent)
        .values("good")
        .annotate(total=Sum("units"), set_aside=Sum("promised"))
        .filter(total__gt=0)
        .order_by("-total", "good")
    )
    return [Holding(row["good"], row["total"], row["set_aside"]) for row in rows]


def fill(agent: Agent) -> Fill:
    """How full the parked depots of an agent are."""
    depots = Depot.objects.filter(
        ship__agent=agent, parked_at__isnull=False, ship__lost_at__isnull=True
    )
    sums = depots.aggregate(
        units=Sum("ship__cargo_units"), capacity=Sum("ship__cargo_capacity")
    )
    incoming = Transfer.objects.filter(
        receiver__depot__in=depots, kind=Transfer.Kind.DEPOSIT, status=Transfer.Status.RESERVED
    ).aggregate(units=Sum("units"))["units"]
    return Fill(int(sums["units"] or 0), int(incoming or 0), int(sums["capacity"] or 0))


def crowding(agent: Agent, good: str) -> int:
    """Whole percent of the fullest depot that holds a good: what presses us to sell it."""
    rows = Depot.objects.filter(
        ship__agent=agent, parked_at__isnull=False, stock__good=good, stock__units__gt=0
    ).values_list("ship__cargo_units", "ship__cargo_capacity")
    return max((siting.utilisation(units, 0, capacity) for units, capacity in rows), default=0)


def free_stock(agent: Agent, good: str) -> list[Stock]:
    """Stock rows with unpromised units of a good, the fullest first."""
    return list(
        Stock.objects.filter(
            depot__ship__agent=agent,
            depot__parked_at__isnull=False,
            depot__ship__excluded=False,
            good=good,
            units__gt=F("promised"),
        ).order_by("-units", "pk")
    )


@dataclass(frozen=True, slots=True)
class Shelf:
    """One good in one parked depot: units, those promised, and how full its depot is in percent."""

    good: str
    units: int
    promised: int
    depot: int
    waypoint: str
    percent: int

    @property
    def free(self) -> int:
        return self.units - self.promised


def shelves(agent: Agent) -> list[Shelf]:
    """Everything in parked depots, the fullest shelf first; one statement for all goods."""
    rows = (
        Stock.objects.filter(
            depot__ship__agent=agent,
            depot__parked_at__isnull=False,
            depot__ship__lost_at__isnull=True,
            units__gt=0,
        )
        .order_by("-units", "pk")
        .values_list(
            "good",
            "units",
            "promised",
            "depot_id",
            "depot__waypoint",
            "depot__ship__cargo_units",
            "depot__ship__cargo_capacity",
        )
    )
    return [
        Shelf(good, units, promised, depot, place, siting.utilisation(aboard, 0, capacity))
        for good, units, promised, depot, place, aboard, capacity in rows
    ]


def inflow(agent: Agent, *, since: datetime) -> dict[str, int]:
    """Units of each good that were put into depots since a moment; one statement."""
    rows = (
        Transfer.objects.filter(
            receiver__agent=agent,
            kind=Transfer.Kind.DEPOSIT,
            status=Transfer.Status.CONFIRMED,
            at__gte=since,
        )
        .values("good")
        .annotate(total=Sum("units"))
    )
    return {row["good"]: int(row["total"] or 0) for row in rows}
