"""From the miner's hold to the depot: pickups, handing over, loading and depositing."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from fleet.models import Agent, NavStatus, Ship
from fleet.services import alarms, cargo, parameters
from inventory.models import Depot, Loop, Pickup, Transfer
from inventory.params import DepotParams
from inventory.services import depots, transfers
from spacefleet import clock
from spacefleet.spacetraders import Client


def loop_of(ship: Ship) -> Loop | None:
    """The fixed round of a transport, made when its place is new or a nearer depot has parked.

    None while no depot is parked, or when the site has two transports already.
    """
    loop = Loop.objects.filter(ship=ship).select_related("depot__ship").first()
    underway = loop and loop.site == ship.place and (ship.cargo_units or loop.loading_since)
    if underway:
        return loop
    depot = depots.nearest(ship.agent, to=ship.place) if ship.place else None
    if depot is None or (loop and loop.site == ship.place and loop.depot_id == depot.pk):
        return loop
    if loop:
        loop.delete()
    return _new_loop(ship, depot)


def _new_loop(ship: Ship, depot: Depot) -> Loop | None:
    for slot in (1, 2):
        try:
            with transaction.atomic():
                return Loop.objects.create(
                    ship=ship,
                    agent=ship.agent,
                    site=ship.place,
                    depot=depot,
                    slot=slot,
                    why=f"{depot} is the nearest depot to {ship.place}"[:200],
                )
        except IntegrityError:
            continue
    return None


def drop_stale(agent: Agent) -> int:
    """Forget the rounds of ships that are no transports any more; answers how many."""
    stale = [
        loop.pk
        for loop in Loop.objects.filter(agent=agent).select_related("ship")
        if loop.ship.role != "transport" or loop.ship.place != loop.site
    ]
    Loop.objects.filter(pk__in=stale).delete()
    return len(stale)


def begin_loading(loop: Loop, *, at: datetime) -> None:
    """The transport is at its site and takes cargo: wake the miners that wait for it."""
    Loop.objects.filter(pk=loop.pk).update(loading_since=at)
    loop.loading_since = at
    waiting = Pickup.objects.filter(
        ship__agent=loop.agent_id, waypoint=loop.site, ended_at__isnull=True
    )
    for ship in waiting.values_list("ship_id", flat=True):
        alarms.nudge_ship(ship)


def end_loading(loop: Loop) -> bool:
    """Close the hold to leave; False while a miner is handing over, try again soon."""
    holder = f"leaving {loop.pk}"
    if not cargo.lock(loop.ship_id, holder):
        return False
    Loop.objects.filter(pk=loop.pk).update(loading_since=None)
    loop.loading_since = None
    cargo.unlock(loop.ship_id, holder)
    return True


def hand_over(miner: Ship, *, api: Client) -> int | None:
    """Give as much as possible to a transport that loads at the miner's place.

    Answers the units given; None when there is none with room, or another miner is at it.
    Ends the miner's pickup when something was given.
    """
    given = 0
    for loop in _loading_at(miner):
        for good in sorted(miner.cargo):
            row = transfers.transfer(
                miner,
                loop.ship,
                good,
                miner.cargo.get(good, 0),
                kind=Transfer.Kind.COLLECT,
                api=api,
                why=f"collected at {miner.waypoint}",
            )
            if row:
                given += row.units
        if loop.ship.cargo_space <= 0:
            alarms.nudge_ship(loop.ship_id)
        if miner.cargo_units == 0:
            break
    if not given:
        return None
    end_pickup(miner, f"{given} units handed over")
    return given


def _loading_at(miner: Ship) -> list[Loop]:
    return list(
        Loop.objects.filter(
            agent=miner.agent_id,
            site=miner.waypoint,
            loading_since__isnull=False,
            ship__waypoint=miner.waypoint,
            ship__excluded=False,
            ship__cargo_units__lt=F("ship__cargo_capacity"),
        )
        .exclude(ship__nav_status=NavStatus.DOCKED)
        .select_related("ship")
        .order_by("loading_since", "pk")
    )


def served(miner: Ship, place: str) -> bool:
    """Whether a transport has its round at this place."""
    return Loop.objects.filter(
        agent=miner.agent_id, site=place, ship__excluded=False, ship__lost_at__isnull=True
    ).exists()


def file_pickup(miner: Ship, *, at: datetime) -> Pickup:
    """Ask for a transport; a request that stands already keeps its time."""
    pickup, _ = Pickup.objects.get_or_create(
        ship=miner,
        ended_at__isnull=True,
        defaults={"waypoint": miner.waypoint, "units": miner.cargo_units, "filed_at": at},
    )
    return pickup


def end_pickup(miner: Ship, outcome: str) -> None:
    Pickup.objects.filter(ship=miner, ended_at__isnull=True).update(
        ended_at=clock.now(), outcome=outcome[:100]
    )


def deposit(ship: Ship, depot: Depot, *, api: Client) -> int:
    """Put everything into the depot as far as it has room; both are docked. Answers the units."""
    stored = 0
    for good in sorted(ship.cargo):
        row = transfers.transfer(
            ship,
            depot.ship,
            good,
            ship.cargo.get(good, 0),
            kind=Transfer.Kind.DEPOSIT,
            api=api,
            why=f"brought by {ship}",
        )
        if row:
            stored += row.units
    if stored:
        alarms.nudge("allocation.queue", ship.agent_id, trigger=f"{stored} units came in")
    crowded = parameters.resolve(DepotParams, "depot", ship=depot.ship).crowded_at
    if stored and 100 * depot.ship.cargo_units >= crowded * depot.ship.cargo_capacity:
        alarms.nudge("sales.opportunities", ship.agent_id, trigger="crowded")
    return stored


def count_round(loop: Loop, units: int) -> None:
    Loop.objects.filter(pk=loop.pk).update(rounds=F("rounds") + 1, units=F("units") + units)
