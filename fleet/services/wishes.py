"""Fresh looks at markets and shipyards: wished for by anybody, taken where a ship is anyway."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from fleet.models import Agent, MarketGood, NavStatus, Ship, ShipyardOffer, Waypoint, Wish
from fleet.params import ScoutParams
from spacefleet import clock
from spacefleet.spacetraders import Client

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
    waypoint = Waypoint.objects.filter(era_id=ship.agent.era_id, symbol=ship.waypoint).first()
    return look(waypoint, api=api, max_age=max_age) if waypoint else ""


def look(waypoint: Waypoint, *, api: Client, max_age: float = FRESH) -> str:
    """Read the market and shipyard of a waypoint at which a ship of ours is present."""
    looked = []
    if waypoint.market and _older(MarketGood, waypoint, max_age):
        sync.look_at_market(waypoint, api=api)
        looked.append("market")
    if waypoint.shipyard and _older(ShipyardOffer, waypoint, max_age):
        sync.look_at_shipyard(waypoint, api=api)
        looked.append("shipyard")
    if not looked:  # what we know is fresh enough for whoever wished for it
        waypoint.wishes.filter(answered_at__isnull=True).update(answered_at=clock.now())
    return " and ".join(looked)


def _older(
    model: type[MarketGood] | type[ShipyardOffer], waypoint: Waypoint, age: float
) -> bool:
    seen: datetime | None = model._default_manager.filter(waypoint=waypoint).aggregate(
        seen=Max("seen_at")
    )["seen"]
    return seen is None or clock.elapsed(seen) > age


def refresh(agent: Agent, *, api: Client, trigger: str = "") -> str:
    """Evaluator: read markets that went stale where one of our ships is anyway."""
    params = parameters.resolve(ScoutParams, "scout", agent=agent)
    present = (
        Ship.objects.filter(agent=agent, lost_at__isnull=True)
        .exclude(nav_status=NavStatus.IN_TRANSIT)
        .values_list("waypoint", flat=True)
    )
    looked = []
    for waypoint in Waypoint.objects.filter(era=agent.era_id, symbol__in=list(present)):
        wished = waypoint.wishes.filter(answered_at__isnull=True).exists()
        age = FRESH if wished else min(params.stale_after, IN_SIGHT)
        if look(waypoint, api=api, max_age=age):
            looked.append(waypoint.symbol)
    return f"looked at {', '.join(looked)}" if looked else "all prices in sight are fresh"
