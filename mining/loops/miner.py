"""The life of a miner: extract or siphon until full, hand over, go on."""

from datetime import datetime

import allocation.selectors.reserved
import inventory.services.loads
from fleet.models import Ship
from fleet.services import navigation, parameters
from fleet.wake import Wake, idle, wake_in
from mining.models import Kind, Site, Survey
from mining.params import MinerParams, SiteParams, SurveyorParams
from mining.rules import deposits, holds
from mining.selectors import pace, surveys, worth
from mining.services import extracting, hauling, sites
from spacefleet import clock
from spacefleet.spacetraders import Client, errors


def mine(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """One step at the site, or on the way between it and a buyer when no transport serves it."""
    site = _site(ship)
    if site is None:
        return idle("no site to mine yet")
    params = parameters.resolve(MinerParams, "miner", ship=ship)
    if ship.cargo_units and ship.waypoint != site.waypoint.symbol:
        return hauling.sell_load(ship, api=api, at=at) or wake_in(0, "sold its load")
    there = navigation.travel_to(ship, site.waypoint.symbol, api=api, at=at, why="to mine")
    if there:
        return there
    if holds.full_enough(ship.cargo_units, ship.cargo_capacity, params.hand_over_at):
        wake = _hand_over(ship, site, params, api=api, at=at)
        if wake:
            return wake
    return work(ship, site, params, api=api, at=at)


def _site(ship: Ship) -> Site | None:
    kind = Kind.SIPHON if ship.siphons else Kind.EXTRACT
    return (
        Site.objects.filter(agent=ship.agent_id, waypoint__symbol=ship.place, kind=kind)
        .select_related("waypoint")
        .first()
    )


def work(ship: Ship, site: Site, params: MinerParams, *, api: Client, at: datetime) -> Wake:
    """Take one load as soon as the mounts and the rock allow."""
    if ship.cooling(at) and ship.cooldown_ends_at:
        return Wake(ship.cooldown_ends_at, f"cooling down, {ship.cargo_units} units aboard")
    if site.closed_until and site.closed_until > at:
        return Wake(site.closed_until, site.why)
    rest = pace.rest(
        site.waypoint.symbol, ship.agent.era_id, at=at, cap=params.extractions_a_minute
    )
    if rest:
        return wake_in(rest, f"sparing {site.waypoint}: enough extractions this minute")
    prices = worth.prices(ship.agent, ship.system)
    survey = choose_survey(ship, site, prices, params, at=at)
    try:
        load = extracting.take(ship, site, survey=survey, prices=prices, api=api, at=at)
    except errors.UnstableAsteroid:
        policy = parameters.resolve(SiteParams, "sites", ship=ship)
        until = at + clock.game(policy.unstable_rest)
        sites.rest(
            site, until=until, why=f"{site.waypoint} is unstable, left alone for a while"
        )
        return Wake(until, "its rock is unstable")
    if load is None:
        return wake_in(0, "its survey was used up, choosing another")
    said = f"{'siphoned' if site.kind == Kind.SIPHON else 'extracted'} {load.units} {load.good}"
    if holds.full_enough(ship.cargo_units, ship.cargo_capacity, params.hand_over_at):
        return wake_in(0, said)
    return Wake(ship.cooldown_ends_at or at, said)


def choose_survey(
    ship: Ship, site: Site, prices: dict[str, float], params: MinerParams, *, at: datetime
) -> Survey | None:
    """The best usable survey of the site, unless an unaimed extraction promises more."""
    if site.kind == Kind.SIPHON:
        return None
    guard = parameters.resolve(SurveyorParams, "surveyor", ship=ship).guard
    rows = surveys.usable(
        ship.agent.era_id,
        site.waypoint.symbol,
        at=at,
        guard=guard,
        max_uses=params.survey_max_uses,
    )
    best = surveys.best(rows, prices)
    if best is None:
        return None
    goods = deposits.goods_of(site.waypoint.type, site.waypoint.traits)
    if deposits.survey_value(best.deposits, prices) < deposits.mean_price(goods, prices):
        return None
    return best


def _hand_over(
    ship: Ship, site: Site, params: MinerParams, *, api: Client, at: datetime
) -> Wake | None:
    """Give the load away: to a transport that is here, or file a pickup and sleep, or after
    waiting too long carry it away oneself. None when there is room again."""
    if ship.cargo_space == 0:
        prices: dict[str, float | None] = {**worth.prices(ship.agent, ship.system)}
        kept = allocation.selectors.reserved.goods(ship.agent)
        waste = holds.worthless(ship.cargo, prices, below=params.jettison_below, kept=kept)
        if waste:
            extracting.drop(
                ship,
                waste,
                prices={good: price or 0 for good, price in prices.items()},
                api=api,
                why=f"hold full, below {params.jettison_below} credits a unit",
            )
            return None
    given = inventory.services.loads.hand_over(ship, api=api)
    if given:
        return None if ship.cargo_space else wake_in(2, f"handed over {given} units")
    if not inventory.services.loads.served(ship, site.waypoint.symbol):
        return hauling.sell_load(ship, api=api, at=at)
    pickup = inventory.services.loads.file_pickup(ship, at=at)
    waited = clock.elapsed(pickup.filed_at, at)
    if waited < params.pickup_timeout:
        return wake_in(params.pickup_timeout - waited, "full, waiting for a transport")
    inventory.services.loads.end_pickup(ship, "waited too long, carries it away itself")
    return hauling.sell_load(ship, api=api, at=at)
