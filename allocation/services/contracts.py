"""Contracts: learned, judged, accepted, kept goods for, delivered and fulfilled."""

from django.db import transaction

from allocation.models import Contract, Reservation, ResourceRequest
from allocation.params import ContractParams
from allocation.rules import judging
from fleet.models import Agent, LedgerEntry, Ship, Vacancy
from fleet.services import ledger, navigation, parameters, sync
from inventory.models import Stock
from spacefleet import clock
from spacefleet.spacetraders import Client, payloads

from . import queue

Status = Contract.Status
RUNNING = [Status.OFFERED, Status.ACCEPTED]
HANDS_OFF = 60.0  # game seconds in which the courier of the last units collects the payment


def watch(agent: Agent, *, api: Client, trigger: str = "") -> str:
    """Evaluator: learn contracts once, expire what is over, judge and accept what is offered."""
    if not Contract.objects.filter(agent=agent).exists():
        for told in api.every_contract():
            store(agent, told)
    _expire(agent)
    params = parameters.resolve(ContractParams, "contracts", agent=agent)
    said = [
        _consider(contract, params, api=api)
        for contract in Contract.objects.filter(agent=agent, status=Status.OFFERED)
    ]
    for contract in Contract.objects.filter(agent=agent, status=Status.ACCEPTED):
        if contract.units_missing == 0:
            said.append(_collect(contract, api=api))
            continue
        _keep_requesting(contract)
        said.append(f"{contract}: {contract.units_fulfilled} delivered")
    return "; ".join(said) or "no contract"


def store(agent: Agent, told: payloads.Contract) -> Contract | None:
    """Create or renew the row of a contract; one without a line of goods is left out."""
    if not told.deliveries:
        return None
    line = told.deliveries[0]
    status = Status.OFFERED
    if told.fulfilled:
        status = Status.FULFILLED
    elif told.accepted:
        status = Status.ACCEPTED
    row, _ = Contract.objects.update_or_create(
        agent=agent,
        game_id=told.id,
        defaults={
            "faction": told.faction,
            "type": told.kind,
            "good": line.good,
            "destination": line.destination,
            "units_required": line.units_required,
            "units_fulfilled": line.units_fulfilled,
            "on_accepted": told.paid_on_acceptance,
            "on_fulfilled": told.paid_on_fulfilment,
            "accept_by": told.accept_by,
            "deadline_at": told.deadline,
            "status": status,
            "seen_at": clock.now(),
        },
    )
    return row


def _consider(contract: Contract, params: ContractParams, *, api: Client) -> str:
    """Accept an offer whose goods come from our own mines, or say why it is left."""
    verdict = judging.judge(
        good=contract.good,
        own_goods=_own_goods(contract.agent),
        wanted=params.accept_from_store,
        hours_left=-clock.elapsed(contract.deadline_at) / 3600,
    )
    if verdict.accept:
        accept(contract, api=api)
    Contract.objects.filter(pk=contract.pk).update(judgement=verdict.reason[:200])
    return f"{contract}: {verdict.reason}"


def _own_goods(agent: Agent) -> set[str]:
    """Goods that our manned mines bring, and what is in store."""
    mined = Vacancy.objects.filter(agent=agent, role="miner", filled__gt=0)
    stored = Stock.objects.filter(depot__ship__agent=agent, units__gt=0)
    return {good for row in mined for good in row.goods} | set(
        stored.values_list("good", flat=True)
    )


def accept(contract: Contract, *, api: Client) -> None:
    """Accept a contract, book its advance and keep back the goods it needs.

    The game is asked first whether it is accepted already: an earlier answer may have been lost.
    """
    told = api.get_contract(contract.game_id)
    if told.accepted:
        settle(contract, told)
    else:
        _accept(contract, api=api)
    contract.refresh_from_db()
    if contract.status == Status.ACCEPTED:
        _keep_requesting(contract)


def _accept(contract: Contract, *, api: Client) -> None:
    with ledger.moving(contract.agent_id) as move:
        answer = api.accept_contract(contract.game_id)
        with transaction.atomic():
            _advance(contract)
        move.settle(answer.credits)


def _collect(contract: Contract, *, api: Client) -> str:
    """Collect what a complete contract pays, when the courier that completed it did not."""
    if clock.elapsed(contract.seen_at) < HANDS_OFF:
        return f"{contract}: complete"
    told = api.get_contract(contract.game_id)
    if told.fulfilled:
        settle(contract, told)
    else:
        fulfil(contract, None, api=api)
    return f"{contract}: payment collected"


def _advance(contract: Contract) -> bool:
    """Book the advance together with the state it belongs to: once, whoever hears of it first."""
    offered = Contract.objects.filter(pk=contract.pk, status=Status.OFFERED)
    if not offered.update(status=Status.ACCEPTED):
        return False
    _book(contract, contract.on_accepted, "advance")
    return True


def _payment(contract: Contract, ship: Ship | None = None) -> bool:
    """Book the payment and close the contract, once as well."""
    accepted = Contract.objects.filter(pk=contract.pk, status=Status.ACCEPTED)
    if not accepted.update(status=Status.FULFILLED):
        return False
    _book(contract, contract.on_fulfilled, "payment", ship)
    _close(contract, Status.FULFILLED, "fulfilled")
    return True


def _book(contract: Contract, amount: int, note: str, ship: Ship | None = None) -> None:
    ledger.book(
        contract.agent_id,
        LedgerEntry.Kind.CONTRACT,
        amount,
        ship=ship,
        behaviour="courier",
        good=contract.good,
        waypoint=contract.destination,
        session=contract.pk,
        note=f"{note} of contract {contract.game_id}",
    )


def _keep_requesting(contract: Contract) -> None:
    """Reserve what an accepted contract still needs, and stand in the queue for it once."""
    params = parameters.resolve(ContractParams, "contracts", agent=contract.agent_id)
    Reservation.objects.update_or_create(
        contract=contract,
        defaults={
            "agent": contract.agent,
            "good": contract.good,
            "units": contract.units_missing + params.reserve_buffer,
            "why": f"{contract.units_missing} units missing of contract {contract.game_id}",
            "expires_at": contract.deadline_at,
        },
        create_defaults={
            "agent": contract.agent,
            "good": contract.good,
            "units": contract.units_missing + params.reserve_buffer,
            "why": f"{contract.units_missing} units missing of contract {contract.game_id}",
            "expires_at": contract.deadline_at,
            "made_at": clock.now(),
        },
    )
    missing = contract.units_missing - aboard(contract)
    if missing > 0 and open_request(contract) is None:
        queue.file(
            contract.agent,
            good=contract.good,
            units=missing,
            purpose=ResourceRequest.Purpose.CONTRACT,
            why=f"contract {contract.game_id}",
            deadline=contract.deadline_at,
        )
        queue.serve(contract.agent, contract.good)


def open_request(contract: Contract) -> ResourceRequest | None:
    """The place of a contract in the queue, None when it has none."""
    return (
        ResourceRequest.objects.filter(
            agent=contract.agent_id,
            good=contract.good,
            purpose=ResourceRequest.Purpose.CONTRACT,
            status__in=queue.OPEN,
        )
        .in_order()
        .first()
    )


def aboard(contract: Contract) -> int:
    """Units of its good that couriers carry already."""
    couriers = Ship.objects.filter(agent=contract.agent_id).with_role("courier")
    return sum(
        int(ship.cargo.get(contract.good, 0))
        for ship in couriers
        if ship.requests.filter(
            purpose=ResourceRequest.Purpose.CONTRACT, good=contract.good
        ).exists()
    )


def deliver(contract: Contract, ship: Ship, *, api: Client) -> int:
    """Hand in what the ship carries, never more than is missing; fulfil when it is complete.

    The ship is at the destination. Answers the units handed in.
    """
    navigation.dock(ship, api=api)
    units = min(int(ship.cargo.get(contract.good, 0)), contract.units_missing)
    if units:
        answer = api.deliver_contract(contract.game_id, ship.symbol, contract.good, units)
        with transaction.atomic():
            sync.write(ship, **sync.cargo_fields(answer.cargo))
            store(contract.agent, answer.contract)
    contract.refresh_from_db()
    if contract.units_missing == 0:
        fulfil(contract, ship, api=api)
    return units


def fulfil(contract: Contract, ship: Ship | None, *, api: Client) -> None:
    """Collect the payment of a complete contract; `ship` is who brought the last units."""
    with ledger.moving(contract.agent_id) as move:
        answer = api.fulfill_contract(contract.game_id)
        with transaction.atomic():
            _payment(contract, ship)
        move.settle(answer.credits)


def _close(contract: Contract, status: str, why: str) -> None:
    at = clock.now()
    Contract.objects.filter(pk=contract.pk).update(status=status, judgement=why, ended_at=at)
    Reservation.objects.filter(contract=contract, ended_at__isnull=True).update(ended_at=at)
    request = open_request(contract)
    if request:
        queue.end(request, ResourceRequest.Status.CANCELLED, f"its contract is {why}")


def _expire(agent: Agent) -> None:
    for contract in Contract.objects.filter(
        agent=agent, status__in=RUNNING, deadline_at__lte=clock.now()
    ):
        _close(contract, Status.EXPIRED, "expired: its deadline has passed")
    Contract.objects.filter(
        agent=agent, status=Status.OFFERED, accept_by__lte=clock.now()
    ).update(status=Status.EXPIRED, judgement="expired: nobody accepted it in time")


def settle(row: Contract, told: payloads.Contract) -> list[str]:
    """Book payments of a contract that the game made and the ledger lacks."""
    said = []
    with transaction.atomic():
        if told.accepted and _advance(row):
            said.append("a contract had been accepted")
        if told.fulfilled and _payment(row):
            said.append("a contract had been fulfilled")
        store(row.agent, told)
    return said
