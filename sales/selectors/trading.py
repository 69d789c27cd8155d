"""What the panel of trading shows: what lanes promise, runs as expected and as they were, and
lanes that rest with the reason."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from fleet.selectors.newest import open_first
from fleet.selectors.pages import Scope
from fleet.services import parameters
from sales.models import TradeLot, TradeRun
from sales.params import TradingParams
from sales.rules.trading import Choice

from . import lanes

WHATEVER = 1e9  # credits: a lane is shown for what it is, not for what the treasury allows


@dataclass(frozen=True, slots=True)
class Promise:
    """One lane as prices stand: what a light shuttle would carry, net credits, and an hour's."""

    goods: str
    choice: Choice

    @property
    def per_hour(self) -> int:
        return round(self.choice.per_hour)

    @property
    def minutes(self) -> int:
        return round(self.choice.trip.seconds / 60)

    @property
    def cost(self) -> int:
        return round(self.choice.trip.load.cost)

    @property
    def net(self) -> int:
        return round(self.choice.trip.net)


def promises(scope: Scope, *, at: datetime, most: int = 12) -> list[Promise]:
    """The free lanes of the first agent shown, the best first, beginning at their origin."""
    if not scope.agents:
        return []
    agent = scope.agents[0]
    params = parameters.resolve(TradingParams, "trading", agent=agent)
    room, speed, tank = lanes.SHUTTLE
    found = lanes.choices(
        lanes.Hull(agent.era_id, agent.home, tank, speed),
        lanes.atlas(agent, agent.home, max_age=params.max_price_age),
        lanes.in_use(agent.pk, at=at),
        lanes.terms(params, room=room, budget=WHATEVER),
    )
    return [Promise(_goods(choice), choice) for choice in found[:most]]


def _goods(choice: Choice) -> str:
    return ", ".join(f"{lot.units} {lot.good}" for lot in choice.trip.load.lots)


def runs(scope: Scope, *, last: int = 20) -> list[TradeRun]:
    """Runs, those still under way first."""
    rows = TradeRun.objects.filter(agent__in=scope.pks).select_related("ship")
    lots = Prefetch("lots", queryset=TradeLot.objects.order_by("pk"))
    return open_first(rows.prefetch_related(lots), began="started_at", last=last)


def resting(scope: Scope, *, at: datetime) -> list[TradeLot]:
    """Lanes that lost money and are left alone for a while."""
    rows = TradeLot.objects.filter(agent__in=scope.pks, rest_until__gt=at)
    return list(rows.select_related("agent").defer("agent__token").order_by("-rest_until"))
