"""The life of an all-round ship: mine where it pays most and sell the load itself."""

from collections.abc import Mapping
from datetime import datetime

from fleet.models import Ship
from fleet.services import navigation, parameters, sync
from fleet.wake import Wake, idle, wake_in
from mining.loops import miner
from mining.models import Kind, Site
from mining.params import MinerParams, SiteParams, StarterParams
from mining.rules import deposits, holds
from mining.selectors import stays, worth
from mining.services import hauling, receiving
from spacefleet.spacetraders import Client


def earn(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """Sell a full hold, else mine at the best site, surveying it first where that helps."""
    if not (ship.extracts or ship.siphons):
        return idle("has no mount to mine with")
    params = parameters.resolve(StarterParams, "starter", ship=ship)
    stay = stays.running(ship)
    loading = stay and stay.site.open and ship.cargo_units
    site = stay.site if stay and loading else best_site(ship, longest_trip=params.longest_trip)
    if site is None:
        return idle("no site in reach yet", seconds=20)
    if ship.place != site.waypoint.symbol:
        sync.write(ship, place=site.waypoint.symbol)
    away = ship.waypoint != site.waypoint.symbol
    full = holds.full_enough(ship.cargo_units, ship.cargo_capacity, params.sell_at)
    if full and not away and _hand_over(ship, api=api, at=at):
        return wake_in(0, "handed over to a receiver")
    if ship.cargo_units and (away or full or ship.holds_back):
        wake = hauling.sell_load(ship, api=api, at=at)
        if wake:
            return wake
    if ship.holds_back:
        return idle(ship.holds_back)
    flying = navigation.travel_to(ship, site.waypoint.symbol, api=api, at=at, why="to mine")
    if flying:
        return flying
    limits = parameters.resolve(MinerParams, "miner", ship=ship)
    return miner.work(ship, site, limits, stay=stay, api=api, at=at)


def _hand_over(ship: Ship, *, api: Client, at: datetime) -> int:
    """Give the load to a receiver that waits here; units given."""
    if ship.in_transit(at) or not receiving.receivers_at(ship):
        return 0
    navigation.orbit(ship, api=api)
    return receiving.hand_over(ship, api=api)


def best_site(ship: Ship, *, longest_trip: float) -> Site | None:
    """The open site that pays this ship most an hour, no further away than `longest_trip`."""
    markets = worth.by_market(
        ship.agent,
        ship.system,
        prior=parameters.resolve(SiteParams, "sites", ship=ship).prior_price,
    )
    best: tuple[float, Site] | None = None
    for site in Site.objects.filter(
        agent=ship.agent_id, open=True, waypoint__system=ship.system
    ).select_related("waypoint"):
        strength = ship.siphon_strength if site.kind == Kind.SIPHON else ship.laser_strength
        trip = navigation.flight_seconds(ship, ship.waypoint, site.waypoint.symbol)
        if not strength or trip is None or trip > longest_trip:
            continue
        value = _hourly(ship, site, strength, markets)
        if best is None or value > best[0]:
            best = value, site
    return best[1] if best else None


def _hourly(
    ship: Ship, site: Site, strength: int, markets: Mapping[str, Mapping[str, float]]
) -> float:
    """Credits an hour of digging there and carrying the load to the market where that pays
    most; receivers that were sent there carry it instead."""
    place = site.waypoint
    shares = deposits.shares(place.type, place.traits)
    load = strength * deposits.yield_share(place.traits)
    digging = deposits.cooldown(strength, siphon=site.kind == Kind.SIPHON)
    digging *= max(1.0, ship.cargo_capacity / load)
    served = receiving.awaited(ship.agent_id, place.symbol)
    best = 0.0
    for market, paid in markets.items():
        price = sum(share * paid.get(good, 0.0) for good, share in shares.items())
        way = navigation.there_and_back(ship, market, place.symbol) if price > 0 else None
        if way is not None:
            away = 0 if served else way[0]
            best = max(best, ship.cargo_capacity * price / (digging + away) * 3600)
    return best
