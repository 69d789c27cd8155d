"""The life of a miner: extract or siphon until full, hand over, go on."""

from datetime import datetime

import allocation.selectors.reserved
import inventory.services.loads
from fleet.models import Ship
from fleet.services import navigation, parameters
from fleet.wake import Wake, idle, wake_in
from mining.models import Kind, Session, Site
from mining.params import MinerParams, SiteParams, SurveyingParams
from mining.rules import holds
from mining.selectors import pace, stays, surveys, worth
from mining.services import extracting, hauling, sites, surveying
from spacefleet import clock
from spacefleet.spacetraders import Client, errors


def mine(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """One step at the site, or on the way between it and a buyer when no transport serves it."""
    stay = stays.running(ship)
    site = stays.site_of(ship, stay)
    if site is None:
        return idle("no site to mine yet")
    if ship.holds_back and not ship.cargo_units:
        return idle(ship.holds_back)
    params = parameters.resolve(MinerParams, "miner", ship=ship)
    if ship.cargo_units and ship.waypoint != site.waypoint.symbol:
        return hauling.sell_load(ship, api=api, at=at) or wake_in(0, "sold its load")
    there = navigation.travel_to(ship, site.waypoint.symbol, api=api, at=at, why="to mine")
    if there:
        return there
    full = holds.full_enough(ship.cargo_units, ship.cargo_capacity, params.hand_over_at)
    if full or ship.holds_back:
        wake = _hand_over(ship, site, params, api=api, at=at)
        if wake:
            return wake
    if ship.holds_back:
        return idle(ship.holds_back)
    return work(ship, site, params, stay=stay, api=api, at=at)


def work(
    ship: Ship,
    site: Site,
    params: MinerParams,
    *,
    stay: Session | None,
    api: Client,
    at: datetime,
) -> Wake:
    """Take one load as soon as the mounts and the rock allow; survey first where that pays."""
    if ship.cooling(at) and ship.cooldown_ends_at:
        return Wake(ship.cooldown_ends_at, f"cooling down, {ship.cargo_units} units aboard")
    if site.closed_until and site.closed_until > at:
        return Wake(site.closed_until, site.why)
    policy = parameters.resolve(SurveyingParams, "surveying", ship=ship)
    sites.keep_priced(site, ship, every=policy.prices_hold, at=at)
    view = surveys.outlook(ship, site, policy, at=at, max_uses=params.survey_max_uses)
    if ship.survey_strength and site.kind == Kind.EXTRACT:
        again, said = surveys.survey_again(ship, site, view)
        if again:
            made = surveying.survey(ship, why=said, api=api)
            return Wake(ship.cooldown_ends_at or at, f"made {len(made)} surveys: {said}"[:200])
    cap = params.extractions_a_minute
    rest = 0.0
    if pace.crowded(site.crew, cap=cap):
        rest = pace.rest(site.waypoint.symbol, ship.agent.era_id, at=at, cap=cap)
    if rest:
        return wake_in(rest, f"sparing {site.waypoint}: enough extractions this minute")
    survey, why = surveys.pick(ship, site, view)
    try:
        load = extracting.take(
            ship,
            site,
            stay=stay,
            survey=survey,
            why=why,
            prices=site.shown,
            api=api,
            at=at,
        )
    except errors.UnstableAsteroid:
        spared = parameters.resolve(SiteParams, "sites", ship=ship).unstable_rest
        until = at + clock.game(spared)
        sites.rest(
            site, until=until, why=f"{site.waypoint} is unstable, left alone for a while"
        )
        return Wake(until, "its rock is unstable")
    if load is None:
        return wake_in(0, "its survey was used up, choosing another")
    said = f"{'siphoned' if site.kind == Kind.SIPHON else 'extracted'} {load.units} {load.good}"
    said = f"{said}: {why}"[:200] if why else said
    if holds.full_enough(ship.cargo_units, ship.cargo_capacity, params.hand_over_at):
        return wake_in(0, said)
    return Wake(ship.cooldown_ends_at or at, said)


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
