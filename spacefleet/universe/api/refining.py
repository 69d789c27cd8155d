"""Refining ore and hydrocarbons on board."""

from spacefleet.universe.physics import refining as law

from . import cargo, render
from .call import Call, Reply, created, encode
from .errors import refuse


def refine(call: Call) -> Reply:
    ship, world = call.ship(), call.world
    product = call.choice("produce", law.SOURCES)
    cargo.require_arrived(call, ship)
    if not law.has_refinery(ship.modules):
        raise refuse(4239, {"shipSymbol": ship.symbol}, ship=ship.symbol)
    if not law.can_make(product, ship.modules):
        raise refuse(4238, {"shipSymbol": ship.symbol, "produce": product}, good=product)
    cargo.require_cool(call, ship)
    source, rules = law.SOURCES[product], world.rules
    cargo.require_cargo(ship, source, rules.refine_input)
    cargo.require_space(ship, rules.refine_output - rules.refine_input)
    ship.unload(source, rules.refine_input)
    ship.load(product, rules.refine_output)
    cargo.start_cooldown(call, ship, rules.refine_seconds)
    world.record(
        call.player,
        ship,
        "refine",
        good=product,
        units=rules.refine_output,
        consumed=source,
        consumed_units=rules.refine_input,
    )
    return created(
        cargo=render.cargo(ship),
        cooldown=render.cooldown(world, ship),
        produced=_amount(product, rules.refine_output),
        consumed=_amount(source, rules.refine_input),
    )


def _amount(good: str, units: int) -> str:
    return encode([{"tradeSymbol": good, "units": units}])
