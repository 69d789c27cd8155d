"""What goods are worth to a miner here, from what we last saw of the markets."""

from django.db.models import Max

from fleet.models import Agent, MarketGood

BUYERS = [MarketGood.Kind.IMPORT, MarketGood.Kind.EXCHANGE]


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
