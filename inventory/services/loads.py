"""From the miner's hold to the depot: pickups, handing over, loading and depositing."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from fleet.models import Agent, NavStatus, Ship
from fleet.services import alarms, cargo, parameters
from inventory.models import Depot, Loop, Pickup, Round, Transfer
from inventory.params import DepotParams
from inventory.services import depots, transfers
from spacefleet import clock
from spacefleet.spacetraders import Client
from spacefleet.statements import Select

SLOTS = (1, 2)  # a site has one transport or two, never three


_loop = Select(lambda ship: Loop.objects.filter(ship=ship).select_related("depot__ship"))


def loop_of(ship: Ship) -> Loop | None:
    """The fixed round of a transport, made when its place is new or a nearer depot has parked.

    None while no depot is parked, or when the site has two transports already: `refusal` says
    which.
    """
    loop = _loop.first(ship=ship.pk)
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
    taken = {loop.slot for loop in _loops_at(ship)}
    for slot in SLOTS:
        if slot in taken:
            continue
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
        except IntegrityError:  # another transport was first
            continue
    return None


def _loops_at(ship: Ship) -> list[Loop]:
    rows = Loop.objects.filter(agent=ship.agent_id, site=ship.place).exclude(ship=ship)
    return list(rows.select_related("ship").order_by("slot"))


def refusal(ship: Ship) -> str:
    """Why a transport has no round, in words."""
    if not ship.place:
        return "no site to load at yet"
    others = _loops_at(ship)
    if len(others) == len(SLOTS):
        names = " and ".join(str(loop.ship) for loop in others)
        return f"{ship.place} has two transports already, {names}: a third is refused"
    return "no parked depot to carry to yet"


def drop_stale(agent: Agent) -> int:
    """Forget the rounds of ships that are no transports any more; answers how many."""
    stale = [
        loop.pk
        for loop in Loop.objects.filter(agent=agent).select_related("ship")
        if loop.ship.role != "transport" or loop.ship.place != loop.site
    ]
    if stale:
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


def end_loading(ship: Ship, loop: Loop) -> bool:
    """Close the hold to leave; False while a miner is handing over, try again soon.

    Nobody hands over from now on: `ship` holds the right to its cargo until it has left and
    lets go (`fleet.services.cargo.let_go`).
    """
    if not cargo.lock(ship.pk, f"leaving {loop.pk}"):
        return False
    Loop.objects.filter(pk=loop.pk).update(loading_since=None)
    loop.loading_since = None
    return True


def leave_off(ship: Ship, loop: Loop) -> None:
    """An empty transport loads no longer, because its owner wants it to begin nothing."""
    if loop.loading_since is not None and end_loading(ship, loop):
        cargo.let_go(ship)


def hand_over(miner: Ship, *, api: Client) -> int | None:
    """Give as much as possible to a transport that loads at the miner's place.

    Answers the units given; None when there is none with room, or another miner is at it.
    Ends the miner's pickup when something was given.
    """
    given = 0
    for loop in _loading_at(miner):
        given += _give_all(
            miner, loop.ship, Transfer.Kind.COLLECT, f"collected at {miner.waypoint}", api=api
        )
        if loop.ship.cargo_space <= 0:
            alarms.nudge_ship(loop.ship_id)
        if miner.cargo_units == 0:
            break
    if not given:
        return None
    end_pickup(miner, f"{given} units handed over")
    return given


def _give_all(giver: Ship, receiver: Ship, kind: str, why: str, *, api: Client) -> int:
    """Transfer good by good what the receiver has room for; answers the units."""
    given = 0
    for good in sorted(giver.cargo):
        if receiver.cargo_space <= 0:
            break
        units = giver.cargo.get(good, 0)
        row = transfers.transfer(giver, receiver, good, units, kind=kind, api=api, why=why)
        given += row.units if row else 0
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


def destination(loop: Loop, ship: Ship) -> Depot:
    """Where to carry the load: the round's own depot, or while it is full the nearest other one
    that has room."""
    own = loop.depot
    if own.ship.cargo_space > 0 and own.ship.lost_at is None:
        return own
    return depots.nearest(ship.agent, to=own.waypoint, with_room=True) or own


def deposit(ship: Ship, depot: Depot, *, api: Client) -> int:
    """Put everything into the depot as far as it has room; both are docked. Answers the units."""
    stored = _give_all(ship, depot.ship, Transfer.Kind.DEPOSIT, f"brought by {ship}", api=api)
    if not stored:
        return 0
    alarms.nudge("allocation.queue", ship.agent_id, trigger=f"{stored} units came in")
    crowded = parameters.resolve(DepotParams, "depot", ship=depot.ship).crowded_at
    if 100 * depot.ship.cargo_units >= crowded * depot.ship.cargo_capacity:
        alarms.nudge("sales.opportunities", ship.agent_id, trigger="crowded")
    return stored


def count(ship: Ship, loop: Loop, units: int) -> None:
    """Note what was stored, and a round when the hold is empty again."""
    if ship.cargo_units:
        if units:
            Loop.objects.filter(pk=loop.pk).update(stored=F("stored") + units)
        return
    carried = loop.stored + units
    Loop.objects.filter(pk=loop.pk).update(
        rounds=F("rounds") + 1, units=F("units") + carried, stored=0
    )
    Round.objects.create(ship=ship, site=loop.site, units=carried, at=clock.now())
