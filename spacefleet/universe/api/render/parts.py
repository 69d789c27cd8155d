"""Frames, reactors, engines, modules and mounts as the objects JSON is made of."""

from spacefleet.universe.catalog import components
from spacefleet.universe.state import Part


def _worn(part: Part) -> dict[str, object]:
    return {"condition": part.condition, "integrity": part.integrity}


def frame(part: Part) -> dict[str, object]:
    frame = components.FRAMES[part.symbol]
    return {
        "symbol": frame.symbol,
        "name": frame.name,
        **_worn(part),
        "description": frame.description,
        "moduleSlots": frame.slots,
        "mountingPoints": frame.mounting_points,
        "fuelCapacity": frame.fuel_capacity,
        "requirements": {"power": frame.power, "crew": frame.crew},
        "quality": frame.quality,
    }


def reactor(part: Part) -> dict[str, object]:
    reactor = components.REACTORS[part.symbol]
    return {
        "symbol": reactor.symbol,
        "name": reactor.name,
        **_worn(part),
        "description": reactor.description,
        "powerOutput": reactor.output,
        "requirements": {"crew": reactor.crew},
        "quality": reactor.quality,
    }


def engine(part: Part) -> dict[str, object]:
    engine = components.ENGINES[part.symbol]
    return {
        "symbol": engine.symbol,
        "name": engine.name,
        **_worn(part),
        "description": engine.description,
        "speed": engine.speed,
        "requirements": {"power": engine.power, "crew": engine.crew},
        "quality": engine.quality,
    }


def module(symbol: str) -> dict[str, object]:
    module = components.MODULES[symbol]
    fields: dict[str, object] = {
        "symbol": symbol,
        "name": module.name,
        "description": module.description,
        "requirements": {"power": module.power, "crew": module.crew, "slots": module.slots},
    }
    if module.capacity is not None:
        fields["capacity"] = module.capacity
    if module.range is not None:
        fields["range"] = module.range
    return fields


def mount(symbol: str) -> dict[str, object]:
    mount = components.MOUNTS[symbol]
    fields: dict[str, object] = {
        "symbol": symbol,
        "name": mount.name,
        "description": mount.description,
        "requirements": {"power": mount.power, "crew": mount.crew},
    }
    if mount.strength is not None:
        fields["strength"] = mount.strength
    if mount.deposits:
        fields["deposits"] = list(mount.deposits)
    return fields
