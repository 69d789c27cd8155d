"""Behaviours of a player's log, beside the pipeline: they need neither depots nor transports.

EXTRACT_AND_SELL digs and carries to market by itself. EXTRACT_AND_TRANSFER digs and hands over to
a ship in RECEIVE_AND_FULFILL that waits at the rock and serves contract and market;
EXTRACT_AND_TRANSFER_OR_SELL goes to market itself when no receiver with room is there.
"""

from datetime import datetime

import inventory.services.loads
from fleet.models import Ship
from fleet.services import cargo, navigation, parameters, sync
from fleet.wake import Wake, idle, wake_in
from mining.loops import miner, starter
from mining.models import Site
from mining.params import DigParams, MinerParams, ReceiverParams
from mining.rules import holds
from mining.selectors import stays
from mining.services import fulfilling, hauling, receiving
from spacefleet import clock
from spacefleet.spacetraders import Client


def extract_and_sell(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """Dig until the hold is full enough, fly to the best market, sell, come back."""
    params = parameters.resolve(DigParams, "extract_and_sell", ship=ship)
    site = _site(ship, params)
    if site is None:
        return idle("no site in reach yet", seconds=20)
    away = ship.waypoint != site.waypoint.symbol
    if ship.cargo_units and (away or _full(ship, params)):
        selling = hauling.sell_load(ship, api=api, at=at)
        if selling:
            return selling
    return _dig(ship, site, api=api, at=at)


def extract_and_transfer(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """Dig until the hold is full enough and hand over; wait when no receiver is there."""
    params = parameters.resolve(DigParams, "extract_and_transfer", ship=ship)
    site = _site(ship, params)
    if site is None:
        return idle("no site in reach yet", seconds=20)
    if _full(ship, params) and ship.waypoint == site.waypoint.symbol:
        given = _hand_over(ship, api=api, at=at)
        if not given and ship.holds_back:
            return idle(ship.holds_back)
        if not given:
            inventory.services.loads.file_pickup(ship, at=at)
            return wake_in(params.wait, "full, waiting for a receiver")
    return _dig(ship, site, api=api, at=at)


def extract_and_transfer_or_sell(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """Dig until the hold is full enough and hand over, or carry it to market oneself."""
    params = parameters.resolve(DigParams, "extract_and_transfer_or_sell", ship=ship)
    site = _site(ship, params)
    if site is None:
        return idle("no site in reach yet", seconds=20)
    away = ship.waypoint != site.waypoint.symbol
    given = not away and _full(ship, params) and _hand_over(ship, api=api, at=at)
    if ship.cargo_units and not given and (away or _full(ship, params)):
        selling = hauling.sell_load(ship, api=api, at=at)
        if selling:
            return selling
    return _dig(ship, site, api=api, at=at)


def receive_and_fulfill(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """Wait at the rock until loaded, then serve contract and market, and come back."""
    if not ship.cargo_capacity:
        return idle("has no hold to receive anything")
    params = parameters.resolve(ReceiverParams, "receive_and_fulfill", ship=ship)
    if ship.cargo_units and ship.waypoint != ship.place:
        return fulfilling.fulfil(ship, api=api, at=at) or wake_in(0, "has nothing aboard")
    if ship.holds_back:
        return _leave(ship, api=api, at=at) if ship.cargo_units else idle(ship.holds_back)
    if ship.waypoint != ship.place and not receiving.open_at(ship):
        site = receiving.site_for(ship)
        if site is None:
            return idle("no site to receive at yet", seconds=30)
        if ship.place != site.waypoint.symbol:
            sync.write(ship, place=site.waypoint.symbol)
    flying = navigation.travel_to(ship, ship.place, api=api, at=at, why="to receive")
    if flying:
        return flying
    navigation.orbit(ship, api=api)  # those who hand over are in orbit, and both must be
    waited = clock.elapsed(ship.arrives_at, at) if ship.arrives_at else params.patience
    ready = holds.full_enough(ship.cargo_units, ship.cargo_capacity, params.leave_at)
    patience = max(params.patience, receiving.flown(ship))
    if ship.cargo_units and (ready or waited >= patience):
        return _leave(ship, api=api, at=at)
    receiving.call(ship)
    left = max(params.look_again, patience - waited if ship.cargo_units else 0.0)
    return wake_in(left, f"receiving: {ship.cargo_units} of {ship.cargo_capacity} units")


def _leave(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """Nobody hands over while the ship sets off: it holds the right to its cargo."""
    holder = f"leaving {ship.place}"
    if not cargo.lock(ship.pk, holder):
        return wake_in(2, "receiving: a ship is handing over")
    try:
        ship.refresh_from_db(fields=["cargo", "cargo_units"])
        return fulfilling.fulfil(ship, api=api, at=at) or wake_in(0, "has nothing aboard")
    finally:
        cargo.unlock(ship.pk, holder)


def _site(ship: Ship, params: DigParams) -> Site | None:
    """The site where the ship digs; its place is kept while a load is on its way."""
    if not (ship.extracts or ship.siphons):
        return None
    site = stays.site_of(ship, stays.running(ship))
    if site and site.open:
        return site
    site = starter.best_site(ship, longest_trip=params.longest_trip)
    if site is not None and ship.place != site.waypoint.symbol:
        sync.write(ship, place=site.waypoint.symbol)
    return site


def _full(ship: Ship, params: DigParams) -> bool:
    if ship.holds_back:
        return ship.cargo_units > 0
    return holds.full_enough(ship.cargo_units, ship.cargo_capacity, params.full_at)


def _hand_over(ship: Ship, *, api: Client, at: datetime) -> int:
    if ship.in_transit(at):
        return 0
    navigation.orbit(ship, api=api)
    return receiving.hand_over(ship, api=api)


def _dig(ship: Ship, site: Site, *, api: Client, at: datetime) -> Wake:
    if ship.holds_back:
        return idle(ship.holds_back)
    flying = navigation.travel_to(ship, site.waypoint.symbol, api=api, at=at, why="to mine")
    if flying:
        return flying
    if ship.cargo_space <= 0:
        return wake_in(5, "full, a receiver is busy")
    limits = parameters.resolve(MinerParams, "miner", ship=ship)
    return miner.work(ship, site, limits, stay=stays.running(ship), api=api, at=at)
