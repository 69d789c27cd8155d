"""The life of a merchant: choose a lane, buy while it pays, fly, sell, go on from there."""

from datetime import datetime

from allocation.services import trips
from fleet.models import Ship
from fleet.services import navigation, parameters
from fleet.wake import Wake, idle, wake_in
from sales.models import TradeLot, TradeRun
from sales.params import TradingParams
from sales.selectors import lanes
from sales.selectors.lanes import Atlas, Hull, InUse
from sales.services import trading
from spacefleet.spacetraders import Client

WAIT = 120.0  # game seconds until a ship without a lane asks again
LOOK_AGAIN = 600.0  # game seconds after which a market where a choice is made is read again
LEAST_ROOM = 20  # units: with a hold taken by other duties there is nothing to trade with


def trade(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """One step of the run the ship is on, or of a new one where a lane pays."""
    params = parameters.resolve(TradingParams, "trading", ship=ship)
    found = trading.current(ship)
    if found is None:
        return _set_out(ship, params, api=api, at=at)
    run, lots = found
    if run.bought_at is None:
        return _buy(ship, run, lots, params, api=api, at=at)
    return _sell(ship, run, lots, params, api=api, at=at)


def _set_out(ship: Ship, params: TradingParams, *, api: Client, at: datetime) -> Wake:
    """Choose the best trip by fresh prices, or look where nobody has."""
    if ship.holds_back:
        return idle(ship.holds_back)
    if not params.active:
        return idle("trading is switched off by a parameter", seconds=WAIT)
    if ship.cargo_space < LEAST_ROOM:
        return idle("no room in its hold to trade with", seconds=WAIT)
    if "courier" in ship.roles and trips.current(ship):
        return idle("is on a trip for a contract")
    trading.look_here(ship, api=api, max_age=LOOK_AGAIN, at=at)
    hull = lanes.hull(ship)
    known = lanes.atlas(ship.agent, ship.system, max_age=params.max_price_age)
    used = lanes.in_use(ship.agent_id, at=at, aboard=ship.cargo)
    budget = trading.budget(ship.agent, params, committed=used.committed)
    found = lanes.choices(
        hull, known, used, lanes.terms(params, room=ship.cargo_space, budget=budget)
    )
    hourly = found[0].per_hour if found else 0.0
    looking = _look(ship, hull, known, params, hourly, api=api, at=at)
    if looking:
        return looking
    for choice in found:
        if choice.per_hour < _least(ship, params):
            break
        if choice.trip.net < params.least_gain or choice.trip.seconds > _most(ship, params):
            continue
        claimed = trading.claim(ship, choice, params, at=at)
        if claimed is None:
            return wake_in(0, "another ship took the lane first")
        return _buy(ship, *claimed, params, api=api, at=at)
    return _nothing(known, used, hourly)


def _least(ship: Ship, params: TradingParams) -> int:
    """Net credits an hour from which a trip is flown: a ship without other duties takes any."""
    return params.least_per_hour if len(ship.roles) > 1 else 0


def _most(ship: Ship, params: TradingParams) -> float:
    """Game seconds a trip may take: the goods of a market ship's main duty do not wait long."""
    return params.spare_time if ship.role == "trader" else float("inf")


def _look(
    ship: Ship,
    hull: Hull,
    known: Atlas,
    params: TradingParams,
    hourly: float,
    *,
    api: Client,
    at: datetime,
) -> Wake | None:
    """Fly to a market never seen when that look is worth more an hour than the best trip."""
    goal = lanes.look(hull, known)
    if goal is None or goal.waypoint == ship.waypoint:
        return None
    worth = params.look_worth * 3600 / (goal.seconds + lanes.A_TRADE)
    if worth <= max(hourly, _least(ship, params)):
        return None
    return navigation.travel_to(
        ship, goal.waypoint, api=api, at=at, why="to see prices nobody has seen"
    )


def _nothing(known: Atlas, used: InUse, hourly: float) -> Wake:
    """Why no lane is flown, in words."""
    taken = f", {len(used.barred.origins)} lanes are taken" if used.barred.origins else ""
    if not known.fresh:
        return idle("no opinion: no fresh price is known", seconds=WAIT)
    return idle(f"no lane pays: the best nets {hourly:,.0f} credits/h{taken}", seconds=WAIT)


def _buy(
    ship: Ship,
    run: TradeRun,
    lots: list[TradeLot],
    params: TradingParams,
    *,
    api: Client,
    at: datetime,
) -> Wake:
    flying = navigation.travel_to(ship, run.origin, api=api, at=at, why=f"to buy {run.why}")
    if flying:
        return flying
    said = trading.buy(ship, run, lots, params, api=api, at=at)
    if run.bought_at is None:
        return wake_in(0, said)
    flying = navigation.travel_to(ship, run.destination, api=api, at=at, why=said)
    return flying or wake_in(0, said)


def _sell(
    ship: Ship,
    run: TradeRun,
    lots: list[TradeLot],
    params: TradingParams,
    *,
    api: Client,
    at: datetime,
) -> Wake:
    why = f"to sell what it bought at {run.origin}"
    flying = navigation.travel_to(ship, run.destination, api=api, at=at, why=why)
    if flying:
        return flying
    return trading.sell(ship, run, lots, params, api=api, at=at)
