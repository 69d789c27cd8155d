"""What goods are worth to a miner here, from what we last saw of the markets."""

from collections import Counter
from collections.abc import Sequence

from django.db.models import Max

from fleet.models import Agent, MarketGood, Ship
from fleet.rules import prices as law
from mining.rules import impact
from spacefleet.statements import Select

BUYERS = [MarketGood.Kind.IMPORT, MarketGood.Kind.EXCHANGE]

_quotes = Select(
    lambda era, system, goods: (
        MarketGood.objects.filter(
            waypoint__era=era,
            waypoint__system=system,
            good__in=goods,
            we_receive__isnull=False,
        )
        .order_by("pk")
        .values_list("good", "kind", "we_receive", "trade_volume", "supply")
    )
)
_aboard = Select(
    lambda agent: (
        Ship.objects.filter(agent=agent, lost_at__isnull=True, cargo_units__gt=0)
        .order_by("pk")
        .values_list("cargo", flat=True)
    )
)


def prices(agent: Agent, system: str, *, prior: float | None = None) -> dict[str, float]:
    """The best price we receive for each good in a system.

    A good that somebody buys at a price nobody has seen is worth `prior`; without a prior it is
    left out, because unknown is never zero.
    """
    rows = (
        MarketGood.objects.filter(waypoint__era=agent.era_id, waypoint__system=system)
        .values("good")
        .annotate(best=Max("we_receive"))
    )
    known = {row["good"]: float(row["best"]) for row in rows if row["best"] is not None}
    if prior is None:
        return known
    bought = MarketGood.objects.filter(
        waypoint__era=agent.era_id, waypoint__system=system, kind__in=BUYERS
    ).values_list("good", flat=True)
    return dict.fromkeys(bought, prior) | known


def by_market(agent: Agent, system: str, *, prior: float) -> dict[str, dict[str, float]]:
    """What each market of a system that buys a good pays us for it, as last seen; `prior` where
    nobody has."""
    rows = MarketGood.objects.filter(
        waypoint__era=agent.era_id, waypoint__system=system, kind__in=BUYERS
    ).values_list("waypoint__symbol", "good", "we_receive")
    found: dict[str, dict[str, float]] = {}
    for market, good, price in rows:
        found.setdefault(market, {})[good] = prior if price is None else float(price)
    return found


def after_sales(
    agent: Agent, system: str, goods: Sequence[str], *, units: int
) -> tuple[dict[str, float], dict[str, float]]:
    """The best price seen of each good, and what `units` more of it will bring once all that our
    ships have aboard is sold."""
    rows = _quotes.all(era=agent.era_id, system=system, goods=list(goods))
    quotes: dict[str, list[law.Quote]] = {}
    for good, kind, price, volume, supply in rows:
        quote = law.Quote(kind, price or 0, volume or 1, supply)
        quotes.setdefault(good, []).append(quote)
    aboard: Counter[str] = Counter()
    for cargo in _aboard.all(agent=agent.pk):
        aboard.update(cargo)
    shown = {good: float(max(each.price for each in here)) for good, here in quotes.items()}
    after = {
        good: round(impact.next_units(here, units, ahead=aboard[good]), 2)
        for good, here in quotes.items()
    }
    return shown, after
