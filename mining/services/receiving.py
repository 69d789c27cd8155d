"""Handing over to a receiver: a freighter that waits at the rock itself."""

from fleet.models import NavStatus, Ship
from fleet.services import alarms
from inventory.models import Pickup, Transfer
from inventory.services import loads, transfers
from mining.models import Site
from spacefleet import clock
from spacefleet.spacetraders import Client

RECEIVER = "receive_and_fulfill"
GIVERS = ("extract_and_transfer", "extract_and_transfer_or_sell")


def receivers_at(giver: Ship) -> list[Ship]:
    """Receivers with room that wait where the giver is, the fullest first so that it leaves."""
    rows = Ship.objects.filter(
        agent=giver.agent_id,
        place=giver.waypoint,
        waypoint=giver.waypoint,
        excluded=False,
        lost_at__isnull=True,
        suspect_since__isnull=True,
    ).with_role(RECEIVER)
    here = rows.exclude(nav_status=NavStatus.DOCKED).order_by("-cargo_units", "pk")
    return [ship for ship in here if ship.role == RECEIVER and ship.cargo_space > 0]


def hand_over(giver: Ship, *, api: Client) -> int:
    """Give as much as possible to the receivers here; answers the units, 0 when none has room
    or another ship is at it."""
    given = 0
    for receiver in receivers_at(giver):
        for good in sorted(giver.cargo):
            row = transfers.transfer(
                giver,
                receiver,
                good,
                giver.cargo.get(good, 0),
                kind=Transfer.Kind.COLLECT,
                api=api,
                why=f"handed over at {giver.waypoint}",
            )
            given += row.units if row else 0
        if receiver.cargo_space <= 0:
            alarms.nudge_ship(receiver.pk)
        if not giver.cargo_units:
            break
    if given:
        loads.end_pickup(giver, f"{given} units handed over")
    return given


def call(receiver: Ship) -> None:
    """The receiver has arrived: wake the ships that wait for one here."""
    waiting = Pickup.objects.filter(
        ship__agent=receiver.agent_id, waypoint=receiver.waypoint, ended_at__isnull=True
    )
    for ship in waiting.values_list("ship_id", flat=True):
        alarms.nudge_ship(ship)


def open_at(receiver: Ship) -> bool:
    """Whether we work where the receiver was sent."""
    return Site.objects.filter(
        agent=receiver.agent_id, open=True, waypoint__symbol=receiver.place
    ).exists()


def flown(receiver: Ship) -> float:
    """Game seconds of its last flight: it takes as long to come back, so waiting so long for a
    fuller hold pays."""
    if not (receiver.departed_at and receiver.arrives_at):
        return 0.0
    return clock.elapsed(receiver.departed_at, receiver.arrives_at)


def awaited(agent: int, place: str) -> bool:
    """Whether receivers were sent to a place."""
    return Ship.objects.filter(agent=agent, place=place).with_role(RECEIVER).exists()


def site_for(receiver: Ship) -> Site | None:
    """The open site with the most ships to serve for each receiver, its own at a draw."""
    ships = list(Ship.objects.filter(agent=receiver.agent_id, lost_at__isnull=True))
    rows = Site.objects.filter(agent=receiver.agent_id, open=True).select_related("waypoint")

    def need(site: Site) -> tuple[float, bool, int]:
        here = [ship for ship in ships if ship.place == site.waypoint.symbol]
        givers = sum(ship.role in GIVERS for ship in here)
        others = sum(ship.role == RECEIVER and ship.pk != receiver.pk for ship in here)
        return givers / (others + 1), site.waypoint.symbol == receiver.place, -site.pk

    return max(rows, key=need, default=None)
