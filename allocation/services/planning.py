"""Judging a contract for a ship: the ways to fill it from where the ship is now."""

import math

from allocation.models import Contract
from allocation.params import ContractParams
from allocation.rules import judging
from allocation.rules.judging import Bounds, Case, Verdict, Way
from allocation.selectors import board, sources
from allocation.selectors.sources import Seller
from fleet.models import Ship, Wish
from fleet.rules import buying, travel
from fleet.services import navigation, parameters, treasury, wishes
from spacefleet import clock


def judge(contract: Contract, ship: Ship, *, stored: int, depot: str) -> Verdict:
    """What to do about the units of a contract nobody is under way for, with this ship.

    `stored` units of them our own store at `depot` can give.
    """
    params = parameters.resolve(ContractParams, "contracts", ship=ship)
    offered = contract.status == Contract.Status.OFFERED
    advance = contract.on_accepted if offered else 0
    ways = _ways(contract, ship, params, stored=stored, depot=depot)
    case = Case(
        good=contract.good,
        pays=contract.on_fulfilled + contract.on_accepted,
        advance=advance,
        hours_left=_hours_to(contract),
        blocked=_hours_to(contract, until_accepted=offered),
        rate=board.rate(contract.agent_id, usual=params.usual_rate),
        funds=treasury.funds(contract.agent),
        mined=not ways and sources.mined(contract.agent, contract.good),
        accepted=contract.status == Contract.Status.ACCEPTED,
        least=_least(contract, ship, params),
        ways=ways,
    )
    return judging.judge(case, Bounds(params.freeing, params.credits_a_request))


def _least(contract: Contract, ship: Ship, params: ContractParams) -> int:
    """Units a trip is worth making for: a part of the hold, or of the little that is left."""
    most = min(ship.cargo_capacity, contract.units_open)
    return max(1, math.ceil(most * params.load_at_least / 100))


def _hours_to(contract: Contract, *, until_accepted: bool = False) -> float:
    ends = contract.deadline_at
    if until_accepted and contract.accept_by:
        ends = min(ends, contract.accept_by)
    return max(0.0, -clock.elapsed(ends) / judging.HOUR)


def _ways(
    contract: Contract, ship: Ship, params: ContractParams, *, stored: int, depot: str
) -> list[Way]:
    """Store first, the rest from each market that sells it; nothing to buy is a way as well."""
    aboard = min(contract.units_open, int(ship.cargo.get(contract.good, 0)))
    stored = min(stored, contract.units_open - aboard)
    rest = contract.units_open - aboard - stored
    known = navigation.places(ship)
    if contract.destination not in known:
        return []
    own = _Load(contract, ship, aboard, stored, depot)
    if not rest:
        way = own.way(None, 0, params)
        return [way] if way else []
    if not params.buy:
        return []
    found = [
        own.way(seller, rest, params)
        for seller in sources.sellers(contract, ship.system)
        if seller.waypoint in known
    ]
    return [way for way in found if way]


class _Load:
    """What of a contract is ours already, and what adding a market to it takes."""

    def __init__(
        self, contract: Contract, ship: Ship, aboard: int, stored: int, depot: str
    ) -> None:
        self.contract, self.ship = contract, ship
        self.aboard, self.stored, self.depot = aboard, stored, depot
        value = (
            sources.receive_elsewhere(contract.agent, ship.system, contract.good)
            if aboard or stored
            else 0
        )
        self.forgone = value * (aboard + stored)
        space = ship.cargo_capacity - ship.cargo_units + ship.cargo.get(contract.good, 0)
        self.space = max(1, space)

    def way(self, seller: Seller | None, units: int, params: ContractParams) -> Way | None:
        tour = self._tour(seller.waypoint if seller else "", units)
        if tour is None:
            return None
        seconds, fuel, requests = tour
        own = self.forgone + round(fuel * judging.FUEL)
        if seller is None:
            return Way(
                "", self.stored, 0, own, 0, 0.0, seconds, requests, fresh=True, depot=self.depot
            )
        price = buying.cost(seller.ask, units)
        tranches = math.ceil(units / max(1, seller.ask.trade_volume))
        return Way(
            source=seller.waypoint,
            stored=self.stored,
            bought=units,
            cost=own + price,
            to_pay=price,
            highest=buying.last_price(seller.ask, units),
            seconds=seconds,
            requests=requests + tranches - 1,
            fresh=seller.age is not None and seller.age <= params.fresh_price,
            depot=self.depot,
        )

    def _tour(self, source: str, bought: int) -> tuple[float, float, int] | None:
        """Game seconds, fuel and requests to bring what is aboard, in store and bought."""
        seconds = fuel = 0.0
        requests = judging.REQUESTS_A_CONTRACT
        here = self.ship.waypoint
        for place, units in ((here, self.aboard), (self.depot, self.stored), (source, bought)):
            if not units:
                continue
            took = self._trips(here, place, units)
            if took is None:
                return None
            seconds, fuel = seconds + took[0], fuel + took[1]
            requests += judging.REQUESTS_A_TRIP * math.ceil(units / self.space)
            here = self.contract.destination
        return seconds, fuel, requests

    def _trips(self, origin: str, source: str, units: int) -> tuple[float, float] | None:
        """Game seconds and fuel to carry so many units from a source, starting at `origin`."""
        to = route(self.ship, origin, source)
        over = route(self.ship, source, self.contract.destination)
        back = route(self.ship, self.contract.destination, source)
        if to is None or over is None or back is None:
            return None
        trips = math.ceil(units / self.space)
        seconds = to.seconds + trips * over.seconds + (trips - 1) * back.seconds
        return seconds, to.fuel + trips * over.fuel + (trips - 1) * back.fuel


def route(ship: Ship, origin: str, to: str) -> travel.Route | None:
    """The way for a ship like this between two places: with the fuel it has where it is now,
    else with a full tank; None when there is none."""
    if origin == to:
        return travel.Route((), 0, 0)
    hurry = in_a_hurry(ship)
    if origin == ship.waypoint:
        return navigation.route(ship, to, hurry=hurry)
    return navigation.route_from(ship, origin, to, hurry=hurry)


def in_a_hurry(ship: Ship) -> bool:
    """Whether couriers burn twice the fuel to be there in half the time."""
    return parameters.resolve(ContractParams, "contracts", ship=ship).hurry


def wish_for_prices(contract: Contract, ship: Ship, verdict: Verdict) -> None:
    """Ask for a look at markets whose price would help, while somebody else is nearer."""
    for seller in sources.sellers(contract, ship.system):
        if seller.age is None and seller.row.kind != "IMPORT":
            wishes.wish(
                seller.row.waypoint,
                Wish.What.MARKET,
                why=f"to buy {contract.good} for a contract",
                value=max(0, verdict.net or 0) / 10,
            )
