"""The life of a courier: fetch what a contract was promised, deliver, collect the payment."""

from datetime import datetime

from allocation.models import Claim, Contract
from allocation.params import ContractParams
from allocation.services import contracts, queue
from fleet.models import Ship
from fleet.services import navigation, parameters
from fleet.wake import Wake, idle, wake_in
from inventory.services import withdrawals
from spacefleet.spacetraders import Client


def deliver(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """One step for the accepted contract with the earliest deadline that has goods for us."""
    for contract in Contract.objects.filter(
        agent=ship.agent_id, status=Contract.Status.ACCEPTED
    ).order_by("deadline_at", "pk"):
        wake = _serve(ship, contract, api=api, at=at)
        if wake:
            return wake
    return idle("no contract has goods to deliver")


def _serve(ship: Ship, contract: Contract, *, api: Client, at: datetime) -> Wake | None:
    """Fetch while there is something to fetch, else deliver; None when nothing is to do."""
    carried = ship.cargo.get(contract.good, 0)
    if ship.cargo_units > carried:
        return None  # the hold is taken by another duty
    request = contracts.open_request(contract)
    claims = queue.next_claims(request) if request else []
    mine = carried > 0 and ship.requests.filter(good=contract.good).exists()
    if claims and ship.cargo_space and (mine or _enough(ship, contract, claims)):
        return _fetch(ship, contract, claims[0], api=api, at=at)
    if not mine:
        return None
    flying = navigation.travel_to(
        ship, contract.destination, api=api, at=at, why=f"to deliver {carried} {contract.good}"
    )
    if flying:
        return flying
    units = contracts.deliver(contract, ship, api=api)
    return wake_in(0, f"delivered {units} {contract.good} for contract {contract.game_id}")


def _enough(ship: Ship, contract: Contract, claims: list[Claim]) -> bool:
    """Whether a trip pays: a fair part of the hold, or all that is missing."""
    params = parameters.resolve(ContractParams, "contracts", ship=ship)
    ready = sum(claim.units - claim.withdrawn for claim in claims)
    return (
        100 * ready >= params.load_at_least * ship.cargo_capacity
        or ready >= contract.units_missing
    )


def _fetch(ship: Ship, contract: Contract, claim: Claim, *, api: Client, at: datetime) -> Wake:
    depot = claim.stock.depot
    flying = navigation.travel_to(
        ship, depot.waypoint, api=api, at=at, why=f"to fetch {contract.good} for a contract"
    )
    if flying:
        return flying
    navigation.dock(ship, api=api)
    if not queue.take_up(claim, ship):
        return wake_in(0, "its claim went back to the queue")
    taken = withdrawals.withdraw(
        ship,
        depot,
        contract.good,
        claim.units - claim.withdrawn,
        api=api,
        why=f"contract {contract.game_id}",
        reference=claim.pk,
        on_confirm=lambda row: queue.note_withdrawal(claim.pk, row),
    )
    if not taken:
        return wake_in(2, f"waiting for its turn at {depot.ship}")
    return wake_in(0, f"took {taken} {contract.good} from {depot.ship}")
