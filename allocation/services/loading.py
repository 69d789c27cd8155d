"""Loading a courier: out of our own store, or from a market that sells what is asked for."""

import math
from datetime import datetime

from allocation.models import Contract, Trip
from allocation.params import ContractParams
from allocation.rules.judging import Way
from fleet.models import Ship
from fleet.services import cargo, navigation, parameters, treasury, wishes
from fleet.wake import Wake, wake_in
from inventory.services import withdrawals
from spacefleet.spacetraders import Client

from . import contracts, planning, queue, trips

JUST_SEEN = 60.0  # game seconds: a price older than this is read again before we buy
TAKE_BREATH = 5.0  # game seconds after a trip that got nothing, before it is judged anew
IN_DOUBT = 5.0  # game seconds until the balance is asked for again


def limit(way: Way, params: ContractParams) -> int:
    """The most a unit may cost on a trip by this way, in credits."""
    return math.ceil(way.highest * (1 + params.tolerance / 100))


def load(trip: Trip, ship: Ship, *, api: Client, at: datetime) -> Wake | None:
    """Load for a trip; None when everything it will get is aboard."""
    good = trip.contract.good
    aboard = int(ship.cargo.get(good, 0))
    if not trip.source or aboard >= trip.units or not ship.cargo_space:
        return None
    verb = "buy" if trip.buys else "fetch"
    why = f"to {verb} {trip.units - aboard} {good} for a contract"
    flying = navigation.travel_to(
        ship, trip.source, api=api, at=at, why=why, hurry=planning.in_a_hurry(ship)
    )
    if flying:
        return flying
    return _buy(trip, ship, api=api) if trip.buys else _fetch(trip, ship, api=api)


# out of our own store


def _fetch(trip: Trip, ship: Ship, *, api: Client) -> Wake | None:
    contract = trip.contract
    request = contracts.open_request(contract)
    aboard = int(ship.cargo.get(contract.good, 0))
    here = [
        claim
        for claim in (queue.next_claims(request) if request else [])
        if claim.stock.depot.waypoint == ship.waypoint
    ]
    if not here:
        return _leave_with(trip, aboard, "the store has no more for it")
    claim = here[0]
    navigation.dock(ship, api=api)
    if not queue.take_up(claim, ship):
        return wake_in(0, "its claim went back to the queue")
    taken = withdrawals.withdraw(
        ship,
        claim.stock.depot,
        contract.good,
        min(claim.units - claim.withdrawn, trip.units - aboard),
        api=api,
        why=f"contract {contract.game_id}",
        reference=claim.pk,
        on_confirm=lambda row: queue.note_withdrawal(claim.pk, row),
    )
    if not taken:
        return wake_in(2, f"waiting for its turn at {claim.stock.depot.ship}")
    return None if aboard + taken >= trip.units else wake_in(0, f"took {taken}, and more")


# from a market


def _buy(trip: Trip, ship: Ship, *, api: Client) -> Wake | None:
    """Look, judge again by what is seen, accept what is only offered yet, and buy."""
    wishes.look_here(ship, api=api, max_age=JUST_SEEN)
    changed = _judge_here(trip, ship, api=api)
    if changed:
        return changed
    funds = treasury.funds(trip.contract.agent)
    if funds is None:
        return wake_in(IN_DOUBT, "waits to buy until the balance is certain")
    good = trip.contract.good
    why = cargo.buy_within(
        ship,
        good,
        trip.units - int(ship.cargo.get(good, 0)),
        most=trip.limit or 0,
        funds=funds,
        api=api,
        session=trip.contract_id,
    )
    return _leave_with(trip, int(ship.cargo.get(trip.contract.good, 0)), why)


def _judge_here(trip: Trip, ship: Ship, *, api: Client) -> Wake | None:
    """Hold the trip against the price seen here: None when it stands, with its limit renewed."""
    contract = trip.contract
    contract.units_under_way -= trip.units  # what this very trip is for is to be judged
    verdict = contracts.judge(contract, ship)
    contract.units_under_way += trip.units
    way = verdict.way
    if not verdict.accept or way is None or way.source != trip.source or not way.fresh:
        trips.end(trip, f"turned away: {verdict.reason}")
        return wake_in(0, verdict.reason)
    if contract.status == Contract.Status.OFFERED:
        contracts.sign(contract, way, api=api)
        if not contract.running:
            return wake_in(0, f"the contract is {contract.status}")
    params = parameters.resolve(ContractParams, "contracts", ship=ship)
    if trip.limit != limit(way, params):
        trip.limit = limit(way, params)
        Trip.objects.filter(pk=trip.pk).update(limit=trip.limit)
    return None


def _leave_with(trip: Trip, units: int, why: str) -> Wake | None:
    """Go on with what is aboard: None to hand it in, or the end of a trip that got nothing."""
    if units >= trip.units:
        return None
    trips.shorten(trip, units, why=why)
    Contract.objects.filter(pk=trip.contract_id).update(judged_at=None)
    return None if units else wake_in(TAKE_BREATH, why)
