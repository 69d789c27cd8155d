"""Surveying, extracting and siphoning."""

from spacefleet.universe.catalog.places import GASES, MINEABLE_TYPES, SIPHONABLE_TYPES
from spacefleet.universe.physics import work
from spacefleet.universe.state import Ship, Survey, Waypoint

from . import cargo, render, wear
from .call import Call, Reply, array, created, encode
from .errors import invalid, refuse

LASER, SURVEYOR, SIPHON = "MOUNT_MINING_LASER", "MOUNT_SURVEYOR", "MOUNT_GAS_SIPHON"
MINERAL_PROCESSOR, GAS_PROCESSOR = "MODULE_MINERAL_PROCESSOR", "MODULE_GAS_PROCESSOR"
EXPLOSIVE_HAZARD = 2.0
"""Explosive gases double the chance of wear, documented."""


def has_any(installed: list[str], prefix: str) -> bool:
    return any(symbol.startswith(prefix) for symbol in installed)


# --- surveys -----------------------------------------------------------------------------------


def survey(call: Call) -> Reply:
    """As many surveys as the surveyors' strengths add up to."""
    ship, world = call.ship(), call.world
    cargo.require_arrived(call, ship)
    if not has_any(ship.mounts, SURVEYOR):
        raise refuse(4240, {"shipSymbol": ship.symbol}, ship=ship.symbol)
    if ship.docked:
        raise refuse(4223, {"waypointSymbol": ship.waypoint})
    here = call.here(ship)
    found = {}
    if here.type in MINEABLE_TYPES:
        found = work.surveyable(here.traits, ship.mounts, world.rules)
    if not found:
        raise refuse(4222, {"waypointSymbol": here.symbol}, ship=ship.symbol)
    cargo.require_cool(call, ship)
    count = sum(work.strengths(ship.mounts, SURVEYOR))
    surveys = [_make_survey(call, here, found) for _ in range(count)]
    cargo.start_cooldown(call, ship, work.cooldown(ship.mounts, SURVEYOR))
    world.record(
        call.player, ship, "survey", waypoint=here.symbol, made=[s.signature for s in surveys]
    )
    return created(
        cooldown=render.cooldown(world, ship),
        surveys=array(render.survey(world, made) for made in surveys),
    )


def _make_survey(call: Call, here: Waypoint, found: dict[str, float]) -> Survey:
    world = call.world
    chance = world.chance("surveys")
    _forget_expired(call)
    size, remaining = work.survey_size(world.rules, chance)
    signature = f"{here.symbol}-{chance.getrandbits(24):06X}"
    made = Survey(
        signature=signature,
        waypoint=here.symbol,
        deposits=work.survey_deposits(found, chance),
        size=size,
        expires_at=call.now + work.survey_lifetime(world.rules, chance),
        remaining=remaining,
    )
    world.surveys[signature] = made
    return made


def _forget_expired(call: Call) -> None:
    """Keep the book of surveys short; an unknown survey answers like an expired one."""
    surveys = call.world.surveys
    if len(surveys) < 5000:
        return
    for signature in [s.signature for s in surveys.values() if s.expires_at <= call.now]:
        del surveys[signature]


def _shown_survey(call: Call, fields: object) -> Survey:
    """The survey a client sent back, if it is the one that was handed out and still serves."""
    if not isinstance(fields, dict):
        raise invalid("survey", "Expected object")
    signature = fields.get("signature")
    if not isinstance(signature, str):
        raise invalid("signature", "Required")
    known = call.world.surveys.get(signature)
    if known is None:
        raise refuse(4221, {"signature": signature})
    deposits = fields.get("deposits")
    if not isinstance(deposits, list):
        raise invalid("deposits", "Required")
    symbols = [item.get("symbol") if isinstance(item, dict) else item for item in deposits]
    unaltered = (
        symbols == known.deposits
        and fields.get("symbol") == known.waypoint
        and fields.get("size") == known.size
        and _same_instant(fields.get("expiration"), call.world.stamp(known.expires_at))
    )
    if not unaltered:
        raise refuse(4220, {"signature": signature}, signature=signature)
    return known


def _same_instant(sent: object, issued: str) -> bool:
    """Whether a client's copy of a time is the issued one, however it writes UTC."""
    if not isinstance(sent, str):
        return False
    return sent[:23] == issued[:23] or sent[:19] == issued[:19]


def _require_usable(call: Call, found: Survey, here: Waypoint) -> None:
    if found.waypoint != here.symbol:
        raise refuse(4270, {"signature": found.signature}, signature=found.signature)
    if call.now >= found.expires_at:
        raise refuse(4221, {"signature": found.signature})
    if found.remaining <= 0:
        raise refuse(4224, {"signature": found.signature}, signature=found.signature)


# --- extraction ----------------------------------------------------------------------------------


def extract(call: Call) -> Reply:
    """Plain extraction, or the old form with a survey in the body."""
    return _extract(call, call.form().get("survey"))


def extract_with_survey(call: Call) -> Reply:
    return _extract(call, call.form())


def _extract(call: Call, sent: object | None) -> Reply:
    ship, world = call.ship(), call.world
    cargo.require_orbit(call, ship)
    here = call.here(ship)
    _require_miner(ship, here)
    found = None if sent is None else _shown_survey(call, sent)
    cargo.require_cool(call, ship)
    if found is not None:
        _require_usable(call, found, here)
    deposits = found.deposits if found else work.deposits(here.traits)
    if not deposits:
        raise refuse(4261, {"waypointSymbol": here.symbol}, waypoint=here.symbol)
    require_room(ship)
    chance = world.chance("extraction")
    world.rest(here)
    if "UNSTABLE" in here.modifiers and chance.random() < world.rules.unstable_failure:
        raise refuse(4253, {"waypointSymbol": here.symbol}, waypoint=here.symbol)
    good = work.draw(deposits, {} if found else world.rules.deposit_weights, chance)
    units = work.amount(
        work.strengths(ship.mounts, LASER),
        rules=world.rules,
        stripped="STRIPPED" in here.traits,
        chance=chance,
    )
    units = min(units, ship.space)
    if found is not None:
        found.remaining -= units
    world.strain(here)
    ship.load(good, units)
    cargo.start_cooldown(call, ship, work.cooldown(ship.mounts, LASER))
    signature = found.signature if found else None
    world.record(call.player, ship, "extract", good=good, units=units, survey=signature)
    hazard = EXPLOSIVE_HAZARD if "EXPLOSIVE_GASES" in here.traits else 1.0
    events = wear.roll(call, ship, wear.EXTRACTION, hazard=hazard)
    return created(
        extraction=_yield(ship, good, units),
        cooldown=render.cooldown(world, ship),
        cargo=render.cargo(ship),
        modifiers=encode(render.modifiers(here.modifiers)),
        events=array(events),
    )


def _require_miner(ship: Ship, here: Waypoint) -> None:
    if not has_any(ship.mounts, LASER):
        raise refuse(4243, {"shipSymbol": ship.symbol, "miningLasers": []}, ship=ship.symbol)
    if not has_any(ship.modules, MINERAL_PROCESSOR):
        raise refuse(4242, {"shipSymbol": ship.symbol}, ship=ship.symbol)
    if here.type not in MINEABLE_TYPES:
        raise refuse(4205, {"waypointSymbol": here.symbol}, type=here.type)


def require_room(ship: Ship) -> None:
    if ship.space <= 0:
        raise refuse(
            4228,
            {
                "shipSymbol": ship.symbol,
                "cargoCapacity": ship.cargo_capacity,
                "cargoUnits": ship.cargo_units,
            },
        )


def _yield(ship: Ship, good: str, units: int) -> str:
    return encode({"shipSymbol": ship.symbol, "yield": {"symbol": good, "units": units}})


# --- siphoning ------------------------------------------------------------------------------------


def siphon(call: Call) -> Reply:
    ship, world = call.ship(), call.world
    cargo.require_orbit(call, ship)
    here = call.here(ship)
    if not has_any(ship.mounts, SIPHON):
        raise refuse(4258, {"shipSymbol": ship.symbol}, ship=ship.symbol)
    if not has_any(ship.modules, GAS_PROCESSOR):
        raise refuse(4257, {"shipSymbol": ship.symbol}, ship=ship.symbol)
    if here.type not in SIPHONABLE_TYPES:
        raise refuse(4259, {"waypointSymbol": here.symbol}, type=here.type)
    cargo.require_cool(call, ship)
    require_room(ship)
    chance = world.chance("siphoning")
    good = work.draw(GASES, world.rules.gas_weights, chance)
    units = work.amount(
        work.strengths(ship.mounts, SIPHON), rules=world.rules, stripped=False, chance=chance
    )
    units = min(units, ship.space)
    ship.load(good, units)
    cargo.start_cooldown(call, ship, work.cooldown(ship.mounts, SIPHON))
    world.record(call.player, ship, "siphon", good=good, units=units)
    events = wear.roll(call, ship, wear.EXTRACTION)
    return created(
        siphon=_yield(ship, good, units),
        cooldown=render.cooldown(world, ship),
        cargo=render.cargo(ship),
        events=array(events),
    )
