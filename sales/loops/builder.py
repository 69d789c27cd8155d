"""The life of a builder: buy what the home gate needs, carry it there, hand it over."""

from datetime import datetime

from fleet.models import Ship, Waypoint
from fleet.services import navigation, parameters
from fleet.wake import Wake, idle, wake_in
from sales.params import ConstructionParams
from sales.rules import building as rules
from sales.services import building, selling
from spacefleet.spacetraders import Client

WAIT = 900.0  # game seconds until a material that is too dear is asked for again


def build(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """One act towards the gate; what is left aboard when it stands is sold."""
    params = parameters.resolve(ConstructionParams, "construction", ship=ship)
    gate = building.site(ship.agent)
    if gate is None:
        return _sell_rest(ship, api=api, at=at)
    needed = {row.good for row in building.bill(ship.agent, gate)}
    aboard = {good: units for good, units in ship.cargo.items() if good in needed}
    if ship.waypoint == gate.symbol and aboard:
        return wake_in(0, building.supply(ship, gate, api=api))
    source = _source(ship, gate, params, at=at)
    if aboard and (source is None or ship.cargo_space == 0 or source.waypoint != ship.waypoint):
        return _deliver(ship, gate, aboard, api=api, at=at)
    if ship.holds_back:
        return idle(ship.holds_back)
    if source is None:
        return idle("no material of the gate is to be had at its price", seconds=WAIT)
    return _buy(ship, gate, source, params, api=api, at=at)


def _source(
    ship: Ship, gate: Waypoint, params: ConstructionParams, *, at: datetime
) -> rules.Source | None:
    missing = building.missing(ship.agent, gate, ship)
    goods = [good for good, units in missing.items() if units]
    known = building.sources(ship, goods, at=at, window=params.window)
    return rules.choose(known, missing, dearest=params.dearest)


def _buy(
    ship: Ship,
    gate: Waypoint,
    source: rules.Source,
    params: ConstructionParams,
    *,
    api: Client,
    at: datetime,
) -> Wake:
    flying = navigation.travel_to(
        ship, source.waypoint, api=api, at=at, why=f"to buy {source.good} for the gate"
    )
    if flying:
        return flying
    units = building.missing(ship.agent, gate, ship)[source.good]
    said = building.buy(ship, source, units, params, api=api)
    if ship.cargo.get(source.good):
        return _deliver(ship, gate, ship.cargo, api=api, at=at)
    return idle(said, seconds=WAIT)


def _deliver(
    ship: Ship, gate: Waypoint, aboard: dict[str, int], *, api: Client, at: datetime
) -> Wake:
    load = ", ".join(f"{units} {good}" for good, units in sorted(aboard.items()))
    why = f"to supply {load}"
    flying = navigation.travel_to(ship, gate.symbol, api=api, at=at, why=why)
    return flying or wake_in(0, why)


def _sell_rest(ship: Ship, *, api: Client, at: datetime) -> Wake:
    if ship.cargo_units:
        return selling.sell_leftovers(ship, api=api, at=at)
    return idle("the gate stands", seconds=WAIT)
