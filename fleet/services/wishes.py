"""Fresh looks at markets and shipyards: wished for by anybody, taken where a ship is anyway."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, Q, Subquery

from fleet.models import Agent, MarketGood, NavStatus, Ship, ShipyardOffer, Waypoint, Wish
from fleet.params import ScoutParams
from spacefleet import clock
from spacefleet.spacetraders import Client
from spacefleet.statements import Select

from . import parameters, sync

IN_SIGHT = 900.0  # game seconds after which a market beside a ship of ours is read again
FRESH = 240.0  # game seconds; the price of a good hardly moves in less


def wish(waypoint: Waypoint, what: str, *, why: str, value: float = 0) -> None:
    """Ask for a fresh look; one that is open already only gains in value."""
    open_wish = Wish.objects.filter(waypoint=waypoint, what=what, answered_at__isnull=True)
    if open_wish.filter(value__gte=value).exists():
        return
    if open_wish.update(value=value, why=why):
        return
    try:
        with transaction.atomic():
            Wish.objects.create(
                waypoint=waypoint, what=what, why=why, value=value, wished_at=clock.now()
            )
    except IntegrityError:
        return  # somebody wished for it in between


def look_here(ship: Ship, *, api: Client, max_age: float = FRESH) -> str:
    """Read the market and shipyard where `ship` is, as far as ours are older than `max_age`.

    Game seconds. Answers what was read, in words; empty when all was fresh.
    """
    waypoint = _sight.first(era=ship.agent.era_id, symbol=ship.waypoint)
    return _look(waypoint, api=api, max_age=max_age) if waypoint else ""


def _look(waypoint: Any, *, api: Client, max_age: float) -> str:
    """Read the market and shipyard of a waypoint in sight, at which a ship of ours is present."""
    looked = []
    if waypoint.market and _older(waypoint.prices_seen_at, max_age):
        sync.look_at_market(waypoint, api=api)
        looked.append("market")
    if waypoint.shipyard and _older(waypoint.offers_seen_at, max_age):
        sync.look_at_shipyard(waypoint, api=api)
        looked.append("shipyard")
    if not looked and waypoint.wished:  # what we know is fresh enough for whoever wished for it
        waypoint.wishes.filter(answered_at__isnull=True).update(answered_at=clock.now())
    return " and ".join(looked)


def _older(seen: datetime | None, age: float) -> bool:
    return seen is None or clock.elapsed(seen) > age


def _sights(rows: Any) -> Any:
    """Waypoints with when we saw what is sold there, and whether somebody wishes for a look."""

    def seen(model: Any) -> Any:
        of_it = model.objects.filter(waypoint=OuterRef("pk")).values("waypoint")
        return Subquery(of_it.annotate(seen=Max("seen_at")).values("seen"))

    open_wishes = Wish.objects.filter(waypoint=OuterRef("pk"), answered_at__isnull=True)
    return (
        rows.filter(Q(market=True) | Q(shipyard=True))
        .annotate(
            prices_seen_at=seen(MarketGood),
            offers_seen_at=seen(ShipyardOffer),
            wished=Exists(open_wishes),
        )
        .order_by("pk")
    )


_sight: Select[Any] = Select(
    lambda era, symbol: _sights(Waypoint.objects.filter(era=era, symbol=symbol))
)
_in_sight: Select[Any] = Select(
    lambda era, symbols: _sights(Waypoint.objects.filter(era=era, symbol__in=symbols))
)
_present = Select(
    lambda agent: (
        Ship.objects.filter(agent=agent, lost_at__isnull=True)
        .exclude(nav_status=NavStatus.IN_TRANSIT)
        .order_by()
        .values_list("waypoint", flat=True)
        .distinct()
    )
)


def refresh(agent: Agent, *, api: Client, trigger: str = "") -> str:
    """Evaluator: read markets that went stale where one of our ships is anyway."""
    params = parameters.resolve(ScoutParams, "scout", agent=agent)
    present = sorted(_present.all(agent=agent.pk))
    looked = []
    for waypoint in _in_sight.all(era=agent.era_id, symbols=present):
        age = FRESH if waypoint.wished else min(params.stale_after, IN_SIGHT)
        if _look(waypoint, api=api, max_age=age):
            looked.append(waypoint.symbol)
    return f"looked at {', '.join(looked)}" if looked else "all prices in sight are fresh"
