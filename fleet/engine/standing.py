"""What a ship does under an order of its owner: nothing, come home, or rest when all is done."""

from datetime import datetime

from fleet.models import Ship
from fleet.rules.orders import DRAIN, Order
from fleet.rules.watching import WatchingOnly
from fleet.services import controls, healing, navigation
from fleet.services.connections import Prove
from fleet.wake import Wake
from spacefleet import clock, jobs
from spacefleet.parameters import load
from spacefleet.spacetraders import Client

LOOK_AGAIN = 3_600.0  # game seconds a standing ship sleeps; another order rings it

WATCHED = 300.0  # game seconds until a ship that only watches looks and decides again


class EmergencyStop(Exception):
    """The owner stopped everything: the call that was about to go out does not."""


def proving(prove: Prove, agent: int) -> Prove:
    """`prove`, and that no emergency stop holds for the agent; run before each call."""

    def both() -> None:
        prove()
        if said := controls.emergency(agent):
            raise EmergencyStop(said)

    return both


def still(ship: Ship, order: Order, *, at: datetime) -> Wake:
    """No step: one under way arrives by itself, and says there why it goes no further."""
    if ship.in_transit(at) and ship.arrives_at:
        return flying(ship, ship.arrives_at)
    return _asleep(order, order.said, at=at)


def flying(ship: Ship, arrives_at: datetime) -> Wake:
    """Wait for the arrival; a ship that was adopted in flight has no reason of ours yet."""
    return Wake(arrives_at, ship.why or f"flying to {ship.waypoint}")


def cut_short(ship: Ship, stop: EmergencyStop) -> Wake:
    """The step ended between two calls: what the first one did is looked at afterwards."""
    healing.suspect(ship, "an emergency stop cut its step short")
    return Wake(clock.now() + clock.game(LOOK_AGAIN), str(stop))


def watched(ship: Ship, stop: WatchingOnly) -> Wake:
    """The step ended before its first change; what it had prepared in our rows is mended, and
    the ship read anew, before it decides again: others may be playing it meanwhile."""
    healing.suspect(ship, "it only watches")
    return Wake(clock.now() + clock.game(WATCHED), stop.said(ship.waypoint))


def recalled(ship: Ship, order: Order, api: Client, *, at: datetime) -> Wake:
    """Fly home with what is aboard and stay; what was begun waits."""
    home = order.place or ship.agent.headquarters
    flying = navigation.travel_to(ship, home, api=api, at=at, why=order.said)
    return flying or _asleep(order, f"{order.said}; is at {home}", at=at)


def at_rest(ship: Ship, order: Order, api: Client, *, at: datetime) -> Wake:
    """All that was begun is done; a drained ship also gets rid of what is still aboard."""
    if order.mode == DRAIN and ship.cargo_units and ship.role != "depot":
        unloading: Wake | None = load(jobs.UNLOAD)(ship, api=api, at=at)
        if unloading:
            return unloading
    return _asleep(order, order.said, at=at)


def _asleep(order: Order, why: str, *, at: datetime) -> Wake:
    later = at + clock.game(LOOK_AGAIN)
    return Wake(min(later, order.until) if order.until else later, why[:200])
