"""The life of a scout: go where a fresh look is worth most, look, go on."""

from datetime import datetime

from django.db.models import Max, Q

from fleet.models import Ship, Waypoint, Wish
from fleet.params import ScoutParams
from fleet.rules import travel
from fleet.services import navigation, parameters, roster, sync, wishes
from fleet.wake import Wake, idle, wake_in
from spacefleet import clock
from spacefleet.spacetraders import Client

STAY = 10.0  # game seconds in which the conductor has bought or said why not


def look(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """Read what is stale here, then fly to the wish of the greatest value, else to the market
    that nobody has seen for longest."""
    if ship.holds_back:
        return idle(ship.holds_back)
    params = parameters.resolve(ScoutParams, "scout", ship=ship)
    if ship.place:
        wake = navigation.travel_to(ship, ship.place, api=api, at=at, why="to look there")
        if wake:
            return wake
    looked = wishes.look_here(ship, api=api, max_age=min(params.stale_after, wishes.FRESH))
    if roster.wanted_here(ship):
        return wake_in(STAY, "staying at the yard while the conductor buys")
    goal = _wished(ship) or _stalest(ship, older_than=params.stale_after)
    sync.write(ship, place=goal[0].symbol if goal else "")
    if goal is None:
        return wake_in(
            params.rest, f"looked at the {looked}" if looked else "all prices are fresh"
        )
    waypoint, why = goal
    wake = navigation.travel_to(ship, waypoint.symbol, api=api, at=at, why=why)
    return wake or wake_in(params.rest, why)


def _wished(ship: Ship) -> tuple[Waypoint, str] | None:
    """The most valuable open wish no other scout is flying to."""
    wish = (
        Wish.objects.filter(
            waypoint__era=ship.agent.era_id,
            waypoint__system=ship.system,
            answered_at__isnull=True,
        )
        .exclude(waypoint__symbol__in=_taken(ship))
        .exclude(waypoint__symbol=ship.waypoint)
        .select_related("waypoint")
        .order_by("-value", "wished_at")
        .first()
    )
    return (wish.waypoint, wish.why) if wish else None


def _taken(ship: Ship) -> list[str]:
    """Where other scouts are flying to."""
    rows = Ship.objects.filter(agent=ship.agent_id, roles__0="scout").exclude(pk=ship.pk)
    return [place for place in rows.values_list("place", flat=True) if place]


def _stalest(ship: Ship, *, older_than: float) -> tuple[Waypoint, str] | None:
    """The market or yard unseen for longest, the nearest of those never seen first, but none
    that another scout is flying to."""
    known = navigation.places(ship)
    here = known.get(ship.waypoint)
    rows = (
        Waypoint.objects.filter(Q(market=True) | Q(shipyard=True))
        .filter(era=ship.agent.era_id, system=ship.system)
        .exclude(symbol=ship.waypoint)
        .exclude(symbol__in=_taken(ship))
        .annotate(seen=Max("goods__seen_at"))
    )
    stale = [
        (row, clock.elapsed(row.seen) if row.seen else None)
        for row in rows
        if row.seen is None or clock.elapsed(row.seen) > older_than
    ]
    if not stale or here is None:
        return None

    def rank(pair: tuple[Waypoint, float | None]) -> tuple[bool, float]:
        row, age = pair
        far = travel.distance(here, known[row.symbol]) if row.symbol in known else 1e9
        return (age is not None, far if age is None else -age)

    row, age = min(stale, key=rank)
    seen = "never seen" if age is None else f"last seen {age / 60:.0f} min ago"
    return row, f"prices {seen}"
