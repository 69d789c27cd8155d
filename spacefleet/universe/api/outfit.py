"""Fitting and removing mounts and modules at a shipyard.

A fee per mount and per slot of a module, power, crew, slots and mounting points: documented.
"""

from collections.abc import Callable

from spacefleet.universe.catalog import components, ships
from spacefleet.universe.state import Ship

from . import cargo, render
from .call import Call, Reply, created
from .errors import invalid, refuse


def install_mount(call: Call) -> Reply:
    ship = call.ship()
    symbol = _known(call, components.MOUNTS)
    fee = _fee(call, ship, code=4246)
    cargo.require_cargo(ship, symbol, 1)
    if len(ship.mounts) >= components.FRAMES[ship.frame.symbol].mounting_points:
        raise refuse(4251, {"shipSymbol": ship.symbol}, ship=ship.symbol, symbol=symbol)
    fitted = [*ship.mounts, symbol]
    _require_power_and_crew(ship, symbol, modules=ship.modules, mounts=fitted)
    _pay(call, fee, code=4248)
    ship.unload(symbol, 1)
    ship.mounts = fitted
    return _changed(call, ship, symbol, fee, "install mount", mounts=render.mounts)


def remove_mount(call: Call) -> Reply:
    ship = call.ship()
    symbol = _known(call, components.MOUNTS)
    fee = _fee(call, ship, code=4246)
    if symbol not in ship.mounts:
        raise refuse(4247, {"shipSymbol": ship.symbol}, ship=ship.symbol, symbol=symbol)
    cargo.require_space(ship, 1)
    _pay(call, fee, code=4248)
    ship.mounts.remove(symbol)
    ship.load(symbol, 1)
    return _changed(call, ship, symbol, fee, "remove mount", mounts=render.mounts)


def install_module(call: Call) -> Reply:
    ship = call.ship()
    symbol = _known(call, components.MODULES)
    fee = _fee(call, ship, code=4266) * components.MODULES[symbol].slots
    cargo.require_cargo(ship, symbol, 1)
    fitted = [*ship.modules, symbol]
    slots = sum(components.MODULES[name].slots for name in fitted)
    if slots > components.FRAMES[ship.frame.symbol].slots:
        raise refuse(4250, {"shipSymbol": ship.symbol}, ship=ship.symbol, symbol=symbol)
    _require_power_and_crew(ship, symbol, modules=fitted, mounts=ship.mounts)
    _pay(call, fee, code=4268)
    ship.unload(symbol, 1)
    ship.modules = fitted
    return _changed(call, ship, symbol, fee, "install module", modules=render.modules)


def remove_module(call: Call) -> Reply:
    """What the hold carries, and the module itself, must find room in what remains."""
    ship = call.ship()
    symbol = _known(call, components.MODULES)
    fee = _fee(call, ship, code=4266) * components.MODULES[symbol].slots
    if symbol not in ship.modules:
        raise refuse(4267, {"shipSymbol": ship.symbol}, ship=ship.symbol, symbol=symbol)
    fitted = list(ship.modules)
    fitted.remove(symbol)
    capacity = ships.cargo_capacity(fitted)
    if ship.cargo_units + 1 > capacity:
        raise refuse(
            4217,
            {
                "shipSymbol": ship.symbol,
                "cargoCapacity": capacity,
                "cargoUnits": ship.cargo_units,
                "unitsToAdd": 1,
            },
            units=1,
            limit=capacity,
        )
    _pay(call, fee, code=4268)
    ship.modules = fitted
    ship.load(symbol, 1)
    return _changed(call, ship, symbol, fee, "remove module", modules=render.modules)


# --- shared ---------------------------------------------------------------------------------


def _known(
    call: Call, parts: dict[str, components.Mount] | dict[str, components.Module]
) -> str:
    symbol = call.symbol("symbol")
    if symbol not in parts:
        raise invalid("symbol", f"Invalid value {symbol}", issue="invalid_enum_value")
    return symbol


def _fee(call: Call, ship: Ship, *, code: int) -> int:
    """The yard's fee for one change, where there is a yard."""
    cargo.require_docked(call, ship)
    yard = call.world.yard(ship.waypoint)
    if yard is None:
        raise refuse(code, {"waypointSymbol": ship.waypoint}, waypoint=ship.waypoint)
    return yard.fee


def _require_power_and_crew(
    ship: Ship, symbol: str, *, modules: list[str], mounts: list[str]
) -> None:
    power = ships.power_used(
        ship.frame.symbol, ship.engine.symbol, modules=modules, mounts=mounts
    )
    if power > components.REACTORS[ship.reactor.symbol].output:
        raise refuse(4249, {"shipSymbol": ship.symbol}, ship=ship.symbol, symbol=symbol)
    if _crew(ship, modules, mounts) > ships.crew_capacity(modules):
        raise refuse(4252, {"shipSymbol": ship.symbol}, ship=ship.symbol, symbol=symbol)


def _crew(ship: Ship, modules: list[str], mounts: list[str]) -> int:
    return ships.crew_required(
        ship.frame.symbol,
        ship.reactor.symbol,
        ship.engine.symbol,
        modules=modules,
        mounts=mounts,
    )


def _pay(call: Call, fee: int, *, code: int) -> None:
    player = call.player
    if player.credits < fee:
        raise refuse(code, {"creditsAvailable": player.credits, "creditsNeeded": fee})
    player.credits -= fee


def _changed(
    call: Call, ship: Ship, symbol: str, fee: int, action: str, **parts: Callable[[Ship], str]
) -> Reply:
    """Bring the ship's figures up to date and answer with what was asked to be shown."""
    ship.cargo_capacity = ships.cargo_capacity(ship.modules)
    ship.crew_capacity = ships.crew_capacity(ship.modules)
    ship.crew_required = _crew(ship, ship.modules, ship.mounts)
    ship.outfit = ""
    call.world.record(call.player, ship, action, part=symbol, credits=-fee)
    return created(
        agent=render.agent(call.player),
        cargo=render.cargo(ship),
        transaction=render.fee(call.world, ship, fee, at=call.now, good=symbol),
        **{name: shown(ship) for name, shown in parts.items()},
    )
