"""Depots: where they stand, what they hold, and whether the books agree with the holds."""

from django.db import transaction
from django.db.models import Q, QuerySet

from fleet.models import Agent, Ship
from fleet.rules import travel
from fleet.services import alarms, navigation
from inventory.models import Depot, Drift, Stock, Transfer
from spacefleet import clock
from spacefleet.alerts import clear_alert, raise_alert

ROLE = "depot"


def establish(ship: Ship, *, why: str) -> Depot:
    """Make a ship a depot at its place; what it carries becomes stock."""
    depot, made = Depot.objects.get_or_create(
        ship=ship,
        defaults={"waypoint": ship.place, "why": why[:200], "sited_at": clock.now()},
    )
    if not made and depot.waypoint != ship.place and depot.parked_at is None:
        depot.waypoint = ship.place
        depot.save(update_fields=["waypoint"])
    return depot


def park(depot: Depot) -> None:
    """The depot has reached its place: it opens, and never moves again."""
    Depot.objects.filter(pk=depot.pk).update(parked_at=clock.now())
    alarms.nudge("fleet.conductor", depot.ship.agent_id, trigger=f"{depot.ship} is parked")


@transaction.atomic
def reconcile(depot: Depot) -> list[str]:
    """Hold the stock rows against the ship's hold; differences are shown, and repaired.

    The hold is the truth. Promises that the hold cannot cover are cut to what is there; the
    queue then finds out and releases the claims behind them. Answers what differed, in words.
    The first time opens the books with what the ship brought: that is no difference. While a
    transfer of the ship is not settled nobody can tell, and nothing is done.
    """
    ship = Ship.objects.select_for_update().get(pk=depot.ship_id)
    moving = Q(giver=ship) | Q(receiver=ship)
    if Transfer.objects.filter(moving, status__in=Transfer.UNSETTLED).exists():
        return []
    rows = {row.good: row for row in Stock.objects.select_for_update().filter(depot=depot)}
    found = _repaired(depot, ship, rows)
    opening = depot.reconciled_at is None and not rows
    depot.reconciled_at = clock.now()
    Depot.objects.filter(pk=depot.pk).update(reconciled_at=depot.reconciled_at)
    if opening:
        return []
    if found:
        Drift.objects.bulk_create(found)
        raise_alert("stock drift", ship.symbol, _told(found))
        alarms.nudge("allocation.queue", ship.agent_id, trigger=f"stock of {ship} repaired")
    else:
        clear_alert("stock drift", ship.symbol)
    return [str(drift) for drift in found]


def _repaired(depot: Depot, ship: Ship, rows: dict[str, Stock]) -> list[Drift]:
    """Bring the stock rows in line with the hold; answers where they were not."""
    found, at = [], clock.now()
    for good in sorted(set(rows) | set(ship.cargo)):
        booked, promised = (rows[good].units, rows[good].promised) if good in rows else (0, 0)
        aboard = ship.cargo.get(good, 0)
        if booked == aboard:
            continue
        kept = min(promised, aboard)
        Stock.objects.update_or_create(
            depot=depot,
            good=good,
            defaults={"units": aboard, "promised": kept, "updated_at": at},
        )
        found.append(
            Drift(
                depot=depot,
                good=good,
                booked=booked,
                aboard=aboard,
                unpromised=promised - kept,
                found_at=at,
            )
        )
    return found


def _told(found: list[Drift]) -> str:
    """A drift for its reader: what it was, and what to do."""
    return (
        f"Repaired: {'; '.join(map(str, found))}. Nothing to do if it stays away; if it comes back, "
        "another client plays this agent: let only one of the two move this ship's cargo."
    )


def manned(agent: Agent) -> QuerySet[Depot]:
    """Depots whose ships do that duty, parked or on their way there; a ship that was given
    another one is no depot any more, whatever was planned for it."""
    ships = Ship.objects.filter(agent=agent, lost_at__isnull=True).with_role(ROLE)
    return Depot.objects.filter(ship__in=ships)


def open_depots(agent: Agent) -> list[Depot]:
    """Parked depots, with their ships."""
    parked = manned(agent).filter(parked_at__isnull=False)
    return list(parked.select_related("ship__agent__era").order_by("pk"))


def nearest(agent: Agent, *, to: str, with_room: bool = False) -> Depot | None:
    """The parked depot nearest to a waypoint, of those with room where room is asked for."""
    places = navigation.places_of(agent.era_id, agent.home)
    parked = [
        each
        for each in open_depots(agent)
        if each.waypoint in places and (each.ship.cargo_space > 0 or not with_room)
    ]
    if to not in places or not parked:
        return None
    return min(
        parked, key=lambda each: (travel.distance(places[to], places[each.waypoint]), each.pk)
    )
