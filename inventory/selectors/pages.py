"""What the inventory page and a carrier's own page show."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, Sum

from fleet.models import MarketGood, Ship
from fleet.selectors.pages import HOUR, Scope
from inventory.models import (
    CapacityReading,
    Depot,
    Drift,
    Expansion,
    Loop,
    Pickup,
    Stock,
    Transfer,
)


@dataclass(frozen=True, slots=True)
class Holding:
    """One good over all depots; `bid` is the best price a market was seen to pay for it."""

    agent: str
    good: str
    rows: list[Stock]
    bid: int | None

    @property
    def units(self) -> int:
        return sum(row.units for row in self.rows)

    @property
    def promised(self) -> int:
        return sum(row.promised for row in self.rows)

    @property
    def free(self) -> int:
        return self.units - self.promised

    @property
    def updated_at(self) -> datetime:
        return max(row.updated_at for row in self.rows)

    @property
    def value(self) -> int | None:
        """Credits at the best bid; None when no market was seen to buy it."""
        return None if self.bid is None else self.units * self.bid


def holdings(scope: Scope) -> list[Holding]:
    """What the depots hold, the greatest amount first; two queries."""
    rows = Stock.objects.filter(depot__ship__agent__in=scope.pks, units__gt=0)
    found: dict[tuple[str, str], list[Stock]] = {}
    for row in rows.select_related("depot__ship__agent").defer("depot__ship__agent__token"):
        found.setdefault((row.depot.ship.agent.symbol, row.good), []).append(row)
    bids = _best_bids(scope, {good for _, good in found})
    held = [Holding(agent, good, rows, bids.get(good)) for (agent, good), rows in found.items()]
    return sorted(held, key=lambda holding: (-holding.units, holding.good, holding.agent))


def _best_bids(scope: Scope, goods: set[str]) -> dict[str, int]:
    prices = MarketGood.objects.filter(
        waypoint__era__in=[era.pk for era in scope.eras],
        good__in=goods,
        we_receive__isnull=False,
    )
    bids: dict[str, int] = {}
    for good, price in prices.values_list("good", "we_receive"):
        bids[good] = max(bids.get(good, 0), price or 0)
    return bids


@dataclass(frozen=True, slots=True)
class DepotLine:
    """A depot, and the units that are on their way aboard."""

    depot: Depot
    incoming: int


def depots(scope: Scope) -> list[DepotLine]:
    reserved = Q(ship__received__status=Transfer.Status.RESERVED)
    rows = (
        Depot.objects.filter(ship__agent__in=scope.pks)
        .select_related("ship")
        .annotate(incoming=Sum("ship__received__units", filter=reserved))
        .order_by("ship__agent", "ship__symbol")
    )
    return [DepotLine(depot, depot.incoming or 0) for depot in rows]


def loops(scope: Scope) -> list[Loop]:
    rows = Loop.objects.filter(agent__in=scope.pks).select_related("ship", "depot__ship")
    return list(rows.order_by("site", "slot"))


def pickups(scope: Scope) -> list[Pickup]:
    """Full miners that wait for a transport, the longest waiting first."""
    rows = Pickup.objects.filter(ship__agent__in=scope.pks, ended_at__isnull=True)
    return list(rows.select_related("ship").order_by("filed_at"))


def transfers(scope: Scope, *, last: int = 20) -> list[Transfer]:
    rows = Transfer.objects.filter(giver__agent__in=scope.pks)
    return list(rows.select_related("giver", "receiver").order_by("-at", "-pk")[:last])


def transfers_of(ship: Ship, *, last: int = 12) -> list[Transfer]:
    rows = Transfer.objects.filter(Q(giver=ship) | Q(receiver=ship))
    return list(rows.select_related("giver", "receiver").order_by("-at", "-pk")[:last])


@dataclass(frozen=True, slots=True)
class Success:
    """How many transfers of the last game hour the game confirmed."""

    confirmed: int
    tried: int

    @property
    def percent(self) -> int | None:
        return 100 * self.confirmed // self.tried if self.tried else None


def transfer_success(scope: Scope, *, at: datetime) -> Success:
    recent = Transfer.objects.filter(
        giver__agent__in=scope.pks, at__gte=scope.since(HOUR, at)
    ).exclude(status=Transfer.Status.RESERVED)
    counts = recent.aggregate(
        tried=Count("pk"), confirmed=Count("pk", filter=Q(status=Transfer.Status.CONFIRMED))
    )
    return Success(counts["confirmed"], counts["tried"])


@dataclass(frozen=True, slots=True)
class Fill:
    """How full the depots were at one moment, in percent of their capacity."""

    at: datetime
    percent: float


def fill_series(scope: Scope, *, since: datetime | None) -> dict[str, list[Fill]]:
    readings = CapacityReading.objects.filter(agent__in=scope.pks, capacity__gt=0)
    if since:
        readings = readings.filter(at__gte=since)
    series: dict[str, list[Fill]] = {agent.symbol: [] for agent in scope.agents}
    rows = readings.annotate(used=F("units") + F("incoming")).order_by("at")
    for symbol, at, used, capacity in rows.values_list(
        "agent__symbol", "at", "used", "capacity"
    ):
        series[symbol].append(Fill(at, round(100 * used / capacity, 1)))
    return series


@dataclass(frozen=True, slots=True)
class Flow:
    """What went through the depots in one game hour; None where nothing happened to judge by."""

    at: datetime
    taken: int
    a_round: float | None
    confirmed: float | None


def flow_series(scope: Scope, *, at: datetime) -> dict[str, list[Flow]]:
    """The last game day by the hour: units taken out, units a round, percent of transfers the
    game did; one query."""
    since, an_hour_ago = scope.since(24 * HOUR, at), scope.since(HOUR, at)
    hour = at - an_hour_ago
    found: dict[tuple[str, int], list[CapacityReading]] = {}
    rows = CapacityReading.objects.filter(agent__in=scope.pks, at__gte=since, at__lte=at)
    for row in rows.select_related("agent").defer("agent__token").order_by("at"):
        found.setdefault((row.agent.symbol, (at - row.at) // hour), []).append(row)
    series: dict[str, list[Flow]] = {agent.symbol: [] for agent in scope.agents}
    for (symbol, hours_ago), readings in found.items():
        series[symbol].append(_flow(readings, at - hours_ago * hour))
    return series


def _flow(readings: list[CapacityReading], at: datetime) -> Flow:
    rounds = sum(row.rounds for row in readings)
    tried = sum(row.tried for row in readings)
    return Flow(
        at=at,
        taken=sum(row.taken for row in readings),
        a_round=round(sum(row.carried for row in readings) / rounds, 1) if rounds else None,
        confirmed=(
            round(100 * sum(row.confirmed for row in readings) / tried, 1) if tried else None
        ),
    )


def drifts(scope: Scope, *, last: int = 12) -> list[Drift]:
    """Where books and holds differed, the newest first."""
    rows = Drift.objects.filter(depot__ship__agent__in=scope.pks)
    return list(rows.select_related("depot__ship").order_by("-found_at", "-pk")[:last])


def expansions(scope: Scope, *, last: int = 12) -> list[Expansion]:
    """Room that was asked for, the newest first."""
    rows = Expansion.objects.filter(agent__in=scope.pks)
    return list(rows.select_related("order").order_by("-asked_at", "-pk")[:last])
