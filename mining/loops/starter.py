"""The life of an all-round ship: mine where it pays most and sell the load itself."""

from datetime import datetime

from fleet.models import Ship
from fleet.services import navigation, parameters, sync
from fleet.wake import Wake, idle
from mining.loops import miner
from mining.models import Kind, Site
from mining.params import MinerParams, SiteParams, StarterParams
from mining.rules import deposits, holds
from mining.selectors import stays, worth
from mining.services import hauling
from spacefleet.spacetraders import Client

CYCLE = 80.0  # game seconds between two extractions with the mounts of a frigate


def earn(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """Sell a full hold, else mine at the best site, surveying it first where that helps."""
    if not (ship.extracts or ship.siphons):
        return idle("has no mount to mine with")
    params = parameters.resolve(StarterParams, "starter", ship=ship)
    site = best_site(ship, longest_trip=params.longest_trip)
    if site is None:
        return idle("no site in reach yet", seconds=20)
    if ship.place != site.waypoint.symbol:
        sync.write(ship, place=site.waypoint.symbol)
    away = ship.waypoint != site.waypoint.symbol
    full = holds.full_enough(ship.cargo_units, ship.cargo_capacity, params.sell_at)
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
    return miner.work(ship, site, limits, stay=stays.running(ship), api=api, at=at)


def best_site(ship: Ship, *, longest_trip: float) -> Site | None:
    """The open site that pays this ship most an hour, no further away than `longest_trip`."""
    prices = worth.prices(
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
        value = _hourly(ship, site, strength, prices)
        if best is None or value > best[0]:
            best = value, site
    return best[1] if best else None


def _hourly(ship: Ship, site: Site, strength: int, prices: dict[str, float]) -> float:
    goods = deposits.goods_of(site.waypoint.type, site.waypoint.traits)
    share = 0.5 if "STRIPPED" in site.waypoint.traits else 1.0
    units = strength * share
    loads = max(1.0, ship.cargo_capacity / units)
    return ship.cargo_capacity * deposits.mean_price(goods, prices) / (loads * CYCLE) * 3600
