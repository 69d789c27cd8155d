"""Where a contract's good can be had: our own store, and the markets that sell it."""

from dataclasses import dataclass

from django.db.models import F, Sum

from allocation.models import Contract, ResourceRequest
from allocation.rules import judging
from fleet.models import Agent, MarketGood, Vacancy
from fleet.rules.buying import Ask
from inventory.models import Stock
from spacefleet import clock


@dataclass(frozen=True, slots=True)
class Seller:
    """A market that sells a good. Without a price anybody has seen `ask` is a guess by kind."""

    row: MarketGood
    ask: Ask
    age: float | None

    @property
    def waypoint(self) -> str:
        return self.row.waypoint.symbol


def sellers(contract: Contract, system: str) -> list[Seller]:
    """Every market of a system that sells the contract's good, with what it asks."""
    rows = MarketGood.objects.filter(
        waypoint__era=contract.agent.era_id, waypoint__system=system, good=contract.good
    ).select_related("waypoint")
    return [_seller(row, contract) for row in rows.order_by("pk")]


def _seller(row: MarketGood, contract: Contract) -> Seller:
    if row.we_pay is None or row.seen_at is None:
        guess = judging.GUESS[row.kind] * contract.pays / contract.units_required
        return Seller(row, Ask(row.kind, guess, row.trade_volume or 10), None)
    ask = Ask(row.kind, row.we_pay, row.trade_volume or 1, row.we_receive)
    return Seller(row, ask, clock.elapsed(row.seen_at))


def free_for(agent: Agent, good: str) -> tuple[int, str]:
    """Units of our store that nobody who came before waits for, and where most of them are."""
    rows = in_store(agent, good)
    free = sum(row.free for row in rows)
    if not free:
        return 0, ""
    waiting = ResourceRequest.objects.waiting().filter(agent=agent, good=good)
    ahead = waiting.aggregate(units=Sum(F("units") - F("claimed")))["units"] or 0
    return max(0, free - ahead), max(rows, key=lambda row: row.free).depot.waypoint


def in_store(agent: Agent, good: str) -> list[Stock]:
    """Stock rows of a good in depots that give, the fullest first."""
    return list(
        Stock.objects.filter(
            depot__ship__agent=agent,
            depot__parked_at__isnull=False,
            depot__ship__excluded=False,
            good=good,
            units__gt=0,
        )
        .select_related("depot")
        .order_by("-units", "pk")
    )


def receive_elsewhere(agent: Agent, system: str, good: str) -> int:
    """The best price anybody saw a market pay for a unit, 0 where nobody did."""
    rows = MarketGood.objects.filter(
        waypoint__era=agent.era_id, waypoint__system=system, good=good, we_receive__gt=0
    )
    return max((price or 0 for price in rows.values_list("we_receive", flat=True)), default=0)


def mined(agent: Agent, good: str) -> bool:
    """Whether a manned mine of ours brings a good."""
    rows = Vacancy.objects.filter(agent=agent, role="miner", filled__gt=0)
    return any(good in goods for goods in rows.values_list("goods", flat=True))
