"""The life of a courier: get a contract, load what it asks for, hand it in, take the next one."""

from datetime import datetime, timedelta

from allocation.models import Contract, Trip
from allocation.params import ContractParams
from allocation.rules.judging import Verdict
from allocation.services import contracts, leftovers, loading, planning, trips
from fleet.models import Ship, Waypoint
from fleet.services import navigation, parameters
from fleet.wake import Wake, idle, wake_in
from spacefleet import clock
from spacefleet.spacetraders import Client, errors

ACCEPTED = Contract.Status.ACCEPTED
AT_HAND = 1.05  # of the flights' time: a trip that takes longer than so was held up


def deliver(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """One step of the trip the ship is on, or of getting one."""
    trip = trips.current(ship)
    if trip is None:
        begun = _begin(ship, api=api, at=at)
        if isinstance(begun, Wake):
            return begun
        trip = begun
    if not trip.contract.running:
        trips.end(trip, f"its contract is {trip.contract.status}")
        return wake_in(0, f"its contract is {trip.contract.status}")
    return loading.load(trip, ship, api=api, at=at) or _hand_in(trip, ship, api=api, at=at)


def _hand_in(trip: Trip, ship: Ship, *, api: Client, at: datetime) -> Wake:
    contract = trip.contract
    why = f"to hand in {ship.cargo.get(contract.good, 0)} {contract.good}"
    flying = navigation.travel_to(
        ship, contract.destination, api=api, at=at, why=why, hurry=planning.in_a_hurry(ship)
    )
    if flying:
        return flying
    units = contracts.deliver(trip, ship, api=api)
    return wake_in(0, f"handed in {units} {contract.good} for contract {contract.game_id}")


# the next trip


def _begin(ship: Ship, *, api: Client, at: datetime) -> Trip | Wake:
    """Set out for the running contract, or get one where there is none."""
    if ship.holds_back:
        return idle(ship.holds_back)
    params = parameters.resolve(ContractParams, "contracts", ship=ship)
    contract = contracts.running(ship.agent_id)
    if contract is not None and contract.over(at):
        contracts.expire(ship.agent_id)
        contract = None
    if not params.enabled and (contract is None or contract.status != ACCEPTED):
        return idle("contracts are switched off by a parameter")
    if not _room(ship, contract, params):
        if ship.roles == ["courier"]:  # nobody else on board will sell it
            return leftovers.sell(ship, api=api, at=at) or wake_in(0, "sold what was left over")
        return idle("its hold is taken by other goods")
    if contract is None:
        got = _negotiate(ship, api=api, at=at)
        if isinstance(got, Wake):
            return got
        contract = got
    return _take_on(contract, ship, params, api=api, at=at)


def _room(ship: Ship, contract: Contract | None, params: ContractParams) -> bool:
    """Whether a fair part of the hold is free, or already holds what the contract asks for."""
    ours = int(ship.cargo.get(contract.good, 0)) if contract else 0
    space = ship.cargo_space + ours
    if contract and 0 < contract.units_open <= space:
        return True
    return 100 * space >= params.load_at_least * max(1, ship.cargo_capacity)


def _negotiate(ship: Ship, *, api: Client, at: datetime) -> Contract | Wake:
    """Get a contract where the ship is, or fly to the nearest place where a faction gives one."""
    here = Waypoint.objects.filter(era_id=ship.agent.era_id, symbol=ship.waypoint).first()
    if here is None or not here.faction:
        return _to_a_faction(ship, api=api, at=at)
    try:
        found = contracts.negotiate(ship, api=api)
    except errors.WrongPlace:
        Waypoint.objects.filter(pk=here.pk).update(faction="")
        return wake_in(0, f"no faction gives contracts at {here}")
    if found is None or not found.running:
        return idle("the faction gave no contract")
    found.agent = ship.agent
    return found


def _to_a_faction(ship: Ship, *, api: Client, at: datetime) -> Wake:
    places = Waypoint.objects.filter(
        era_id=ship.agent.era_id, system=ship.system, market=True
    ).exclude(faction="")
    ways = [
        (seconds, symbol)
        for symbol in places.values_list("symbol", flat=True)
        if (seconds := navigation.flight_seconds(ship, ship.waypoint, symbol)) is not None
    ]
    if not ways:
        return idle("no faction to negotiate with in this system", seconds=600)
    goal = min(ways)[1]
    flying = navigation.travel_to(ship, goal, api=api, at=at, why="to negotiate a contract")
    return flying or wake_in(0, "at a faction's place")


def _take_on(
    contract: Contract, ship: Ship, params: ContractParams, *, api: Client, at: datetime
) -> Trip | Wake:
    """Judge what is open of a contract, accept it when all is known, and set out."""
    if contract.units_open <= 0:
        return idle(f"all of {contract} is on its way")
    if contracts.left_lately(contract):
        return idle(contract.judgement)
    verdict = contracts.judge(contract, ship)
    if not verdict.accept:
        planning.wish_for_prices(contract, ship, verdict)
        return idle(verdict.reason)
    way = verdict.way
    if way is None or way.fresh or contract.status == ACCEPTED:  # then goods are queued for
        contracts.sign(contract, way, api=api)
    if way is None:
        return idle(verdict.reason, seconds=300)
    return _set_out(contract, ship, verdict, params, at=at)


def _set_out(
    contract: Contract, ship: Ship, verdict: Verdict, params: ContractParams, *, at: datetime
) -> Trip | Wake:
    """Begin the trip that comes first: what is aboard, what is in store, what is to be bought."""
    way = verdict.way
    assert way is not None
    aboard = int(ship.cargo.get(contract.good, 0))
    room = ship.cargo_space + aboard
    stored = contract.status == ACCEPTED and way.stored
    more, source = (stored, way.depot) if stored else (way.bought, way.source)
    units = min(room, contract.units_open, aboard + more)
    if units <= aboard:
        source = ""
    over = planning.route(ship, source, contract.destination) if source else None
    to = planning.route(ship, ship.waypoint, source or contract.destination)
    seconds = (over.seconds if over else 0) + (to.seconds if to else 0)
    if other := _sooner(contract, ship, seconds, at=at):
        return idle(f"{other} brings the rest sooner")
    trip = trips.begin(
        contract,
        ship,
        units=units,
        source=source,
        limit=None if stored or not source else loading.limit(way, params),
        due_at=at + clock.game(seconds * AT_HAND),
        why=verdict.reason,
    )
    return trip or wake_in(1, "somebody else set out first")


def _sooner(contract: Contract, ship: Ship, seconds: float, *, at: datetime) -> Ship | None:
    """A ship under way for this contract that would be back with the rest before this one."""
    if not contract.units_under_way:
        return None
    for trip in contract.trips.filter(ended_at__isnull=True).select_related("ship__agent"):
        other = trip.ship
        way = planning.route(other, trip.source, contract.destination) if trip.source else None
        if way is None or contract.units_open > other.cargo_capacity:
            continue
        left = max(timedelta(), trip.due_at - at)
        if clock.elapsed(at, at + left) + 2 * way.seconds < seconds:
            return other
    return None
