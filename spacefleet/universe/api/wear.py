"""Wear: events that now and then take a little from frame, reactor or engine."""

from spacefleet.universe.catalog.condition_events import EVENTS, EXTRACTION, NAVIGATION
from spacefleet.universe.physics import wear as law
from spacefleet.universe.state import Ship

from .call import Call, encode

__all__ = ["EXTRACTION", "NAVIGATION", "roll"]


def roll(call: Call, ship: Ship, occasion: str, *, hazard: float = 1.0) -> list[str]:
    """Rendered events of this action, already applied to the ship; usually none."""
    world = call.world
    chance = world.chance("wear")
    if chance.random() >= world.rules.wear_chance * hazard:
        return []
    event = chance.choice([event for event in EVENTS if occasion in event.occasions])
    part = {"FRAME": ship.frame, "REACTOR": ship.reactor, "ENGINE": ship.engine}[
        event.component
    ]
    law.damage(part, chance.uniform(*world.rules.wear_damage))
    ship.outfit = ""
    world.record(
        call.player, ship, "wear", event=event.symbol, condition=round(part.condition, 4)
    )
    shown = {
        "symbol": event.symbol,
        "component": event.component,
        "name": event.name,
        "description": event.description,
    }
    return [encode(shown)]
