"""The price history: samples of what markets pay, and the price index made of them."""

from datetime import datetime, timedelta

from fleet.models import Agent, MarketGood
from fleet.services import alarms, parameters
from sales.models import MarketIndex, Opportunity, PriceSample
from sales.params import SaleParams
from sales.rules import indices
from sales.selectors import averages
from spacefleet import clock
from spacefleet.spacetraders import Client

from . import staffing

OVERLAP = timedelta(
    minutes=5
)  # wall time in which a look may be written later than it was made
BUYERS = [MarketGood.Kind.IMPORT, MarketGood.Kind.EXCHANGE]


def observe(agent: Agent, *, api: Client | None = None, trigger: str = "") -> str:
    """Evaluator: copy every price seen since the last time into the history, ask for ships,
    read the price indices, and ring for a decision when a good in store became dear."""
    staffing.state(agent)
    fresh = _fresh(agent)
    PriceSample.objects.bulk_create(
        [
            PriceSample(
                waypoint_id=row.waypoint_id,
                good=row.good,
                we_receive=row.we_receive or 0,
                we_pay=row.we_pay or 0,
                trade_volume=row.trade_volume or 0,
                supply=row.supply,
                activity=row.activity,
                at=row.seen_at,
            )
            for row in fresh
            if row.seen_at
        ],
        ignore_conflicts=True,
    )
    if not fresh:
        return "no new prices"
    dear = _read_indices(agent, fresh)
    if dear:
        alarms.nudge("sales.opportunities", agent.pk, trigger=Opportunity.Trigger.PRICE.value)
    return f"{len(fresh)} new prices"


def _fresh(agent: Agent) -> list[MarketGood]:
    """Prices seen since the newest sample and not sampled yet.

    Three statements that read what is new, whatever the length of the history.
    """
    seen = MarketGood.objects.filter(waypoint__era=agent.era_id, we_receive__isnull=False)
    samples = PriceSample.objects.filter(waypoint__era=agent.era_id)
    newest = samples.order_by("-at").values_list("at", flat=True).first()
    had: set[tuple[int, str, datetime]] = set()
    if newest:
        since = newest - OVERLAP
        seen = seen.filter(seen_at__gt=since)
        had = set(samples.filter(at__gt=since).values_list("waypoint_id", "good", "at"))
    return [
        row
        for row in seen.select_related("waypoint")
        if row.seen_at and (row.waypoint_id, row.good, row.seen_at) not in had
    ]


def _read_indices(agent: Agent, fresh: list[MarketGood]) -> set[str]:
    """Write the index of every market just seen; answers the goods that became dear somewhere."""
    params = parameters.resolve(SaleParams, "sales", agent=agent)
    usual = averages.averages(agent.era_id, since=window_start(params.window))
    pairs: dict[int, list[tuple[int, float]]] = {}
    dear = set()
    for row in fresh:
        found = averages.enough(usual.get((row.waypoint.symbol, row.good)), params.min_samples)
        if found is None or row.kind not in BUYERS or row.we_receive is None:
            continue
        pairs.setdefault(row.waypoint_id, []).append((row.we_receive, found))
        if 100 * row.we_receive >= params.good_price * found:
            dear.add(row.good)
    at = clock.now()
    read = [(place, indices.index(here), len(here)) for place, here in pairs.items()]
    MarketIndex.objects.bulk_create(
        [
            MarketIndex(waypoint_id=place, at=at, percent=percent, goods=goods)
            for place, percent, goods in read
            if percent is not None
        ],
        ignore_conflicts=True,
    )
    return dear


def average(
    market: str, good: str, *, era: int, since: datetime, min_samples: int
) -> tuple[float | None, int]:
    """Rolling average of what we received for a good at a market, and the number of samples.

    The average is None with fewer than `min_samples`.
    """
    found = averages.averages(era, since=since, goods=[good]).get((market, good))
    return averages.enough(found, min_samples), found.samples if found else 0


def window_start(seconds: float) -> datetime:
    return clock.now() - clock.game(seconds)
