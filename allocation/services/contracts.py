"""Contracts: negotiated, learned, judged, accepted, kept goods for, delivered and fulfilled."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum

from allocation.models import Contract, Reservation, ResourceRequest, Trip
from allocation.params import ContractParams
from allocation.rules.judging import Verdict, Way
from allocation.selectors import sources
from fleet.models import Agent, LedgerEntry, Ship
from fleet.services import alarms, ledger, navigation, parameters, sync, treasury
from spacefleet import clock
from spacefleet.spacetraders import Client, errors, payloads

from . import planning, queue, staffing, trips

Status = Contract.Status
RUNNING = [Status.OFFERED, Status.ACCEPTED]
HANDS_OFF = 60.0  # game seconds in which the courier of the last units collects the payment
JUDGE_AGAIN = 300.0  # game seconds until an offer that was left is judged anew


def watch(agent: Agent, *, api: Client, trigger: str = "") -> str:
    """Evaluator: learn contracts once, end what is over, keep goods and credits for the rest,
    and ask for ships. Couriers judge, accept and fill them."""
    if not Contract.objects.filter(agent=agent).exists():
        learn(agent, api=api)
    expire(agent)
    staffing.state(agent)
    contract = running(agent)
    keep_credits(agent, contract)
    if contract is None:
        return "no contract"
    if contract.status == Status.ACCEPTED and not contract.units_missing:
        return _collect(contract, api=api)
    if contract.status == Status.ACCEPTED:
        keep_goods(contract)
    if contract.units_open > 0:
        alarms.nudge_role(agent.pk, "courier")
    return f"{contract}: {contract.units_fulfilled} delivered; {contract.judgement}"


# learning


def running(agent: Agent | int) -> Contract | None:
    """The open contract of an agent: the game allows one."""
    return (
        Contract.objects.filter(agent=agent, status__in=RUNNING)
        .select_related("agent__era")
        .order_by("deadline_at", "pk")
        .first()
    )


def learn(agent: Agent, *, api: Client) -> None:
    """Read all contracts of an agent from the game."""
    for told in api.every_contract():
        store(agent, told)


def negotiate(ship: Ship, *, api: Client) -> Contract | None:
    """Ask the faction where the ship is for a contract; None when it gave none.

    One that is open already, because an answer was lost, is learned instead.
    """
    try:
        return store(ship.agent, api.negotiate_contract(ship.symbol))
    except errors.ExistingContract as error:
        if error.contract_id:
            return store(ship.agent, api.get_contract(error.contract_id))
        learn(ship.agent, api=api)
        return running(ship.agent_id)


def store(agent: Agent, told: payloads.Contract) -> Contract | None:
    """Create or renew the row of a contract; one without a line of goods is left out."""
    if not told.deliveries:
        return None
    line, at = told.deliveries[0], clock.now()
    fields = {
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
        "status": _status(told),
        "seen_at": at,
        "asked_at": None,
    }
    first_seen = {"offered_at": at, "ended_at": _ended(told), **fields}
    row, created = Contract.objects.get_or_create(  # two ships may hear of it at once
        agent=agent, game_id=told.id, defaults=first_seen
    )
    if created:
        return row
    missing = line.units_required - line.units_fulfilled
    fields["units_under_way"] = min(row.units_under_way, missing)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))
    return row


def _status(told: payloads.Contract) -> str:
    at = clock.now()
    if told.fulfilled:
        return Status.FULFILLED
    ends = told.deadline if told.accepted else (told.accept_by or told.deadline)
    if ends <= at:
        return Status.EXPIRED
    return Status.ACCEPTED if told.accepted else Status.OFFERED


def _ended(told: payloads.Contract) -> datetime | None:
    return None if _status(told) in RUNNING else clock.now()


# judging


def judge(contract: Contract, ship: Ship) -> Verdict:
    """Judge what is open of a contract for a ship, and remember it with its reason."""
    stored, depot = stored_for(contract)
    verdict = planning.judge(contract, ship, stored=stored, depot=depot)
    way = verdict.way
    changes: dict[str, Any] = {
        "judgement": verdict.reason[:200],
        "judged_at": clock.now(),
        "needs": way.to_pay if way else 0,
    }
    if contract.units_open == contract.units_required and way:
        changes["expected_net"] = verdict.net
        if contract.expected_seconds is None:  # later it is on its way already
            changes["expected_seconds"] = round(way.seconds)
            changes["expected_requests"] = way.requests
    Contract.objects.filter(pk=contract.pk).update(**changes)
    for name, value in changes.items():
        setattr(contract, name, value)
    if (
        contract.needs
        > parameters.resolve(ContractParams, "contracts", ship=ship).working_capital
    ):
        keep_credits(contract.agent, contract)
    return verdict


def left_lately(contract: Contract) -> bool:
    """Whether it was judged a moment ago and left: nothing has changed since."""
    return bool(
        contract.judgement.startswith("left")
        and contract.judged_at
        and clock.elapsed(contract.judged_at) < JUDGE_AGAIN
    )


def stored_for(contract: Contract) -> tuple[int, str]:
    """Units our store can give a contract now, promised to it or free, and where they are."""
    free, depot = sources.free_for(contract.agent, contract.good)
    request = open_request(contract) if contract.status == Status.ACCEPTED else None
    claims = queue.next_claims(request) if request else []
    promised = sum(each.units - each.withdrawn for each in claims)
    return promised + free, claims[0].stock.depot.waypoint if claims else depot


# accepting


def accept(contract: Contract, *, api: Client) -> None:
    """Accept a contract and book its advance. One that was accepted already is looked at and
    settled."""
    with _asking(contract, api=api):
        if contract.status == Status.OFFERED:
            _accept(contract, api=api)
    contract.refresh_from_db(fields=["status"])


def _accept(contract: Contract, *, api: Client) -> None:
    try:
        with ledger.moving(contract.agent_id) as move:
            answer = api.accept_contract(contract.game_id)
            with transaction.atomic():
                _advance(contract)
            move.settle(answer.credits)
    except errors.ContractRefused:
        settle(contract, api.get_contract(contract.game_id))


@contextmanager
def _asking(contract: Contract, *, api: Client) -> Iterator[None]:
    """Surround a change of a contract. Where the answer to an earlier one was lost with its
    ship or its process, the contract is read first; what it says then stands in `contract`."""
    mine = clock.now()
    certain = Contract.objects.filter(pk=contract.pk, asked_at__isnull=True)
    if not certain.update(asked_at=mine):
        settle(contract, api.get_contract(contract.game_id))
        contract.refresh_from_db(fields=["status", "units_fulfilled", "units_under_way"])
        Contract.objects.filter(pk=contract.pk).update(asked_at=mine)
    try:
        yield
    except errors.OutcomeUnknown:
        raise  # it stays asked for until somebody has looked
    except errors.SpaceTradersError:
        _answered(contract, mine)
        raise
    _answered(contract, mine)


def _answered(contract: Contract, asked_at: datetime) -> None:
    Contract.objects.filter(pk=contract.pk, asked_at=asked_at).update(asked_at=None)


def sign(contract: Contract, way: Way | None, *, api: Client) -> None:
    """Accept what is only offered yet, and stand in the queue for what our store is to give."""
    if contract.status == Status.OFFERED:
        accept(contract, api=api)
    if contract.status == Status.ACCEPTED and (way is None or way.stored):
        keep_goods(contract)


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


# keeping goods and credits


def keep_goods(contract: Contract) -> None:
    """Stand in the queue for what our store can give an accepted contract, and keep that back.

    What no market sells is queued for in full: our mines bring it.
    """
    request = open_request(contract)
    if request is None and contract.units_open > 0:
        units = contract.units_open
        if not waits_for_mines(contract):
            units = min(units, sources.free_for(contract.agent, contract.good)[0])
        if units > 0:
            request = _ask_for(contract, units)
    _reserve(contract, request)


def waits_for_mines(contract: Contract) -> bool:
    return contract.judgement.startswith("our mines")


def _ask_for(contract: Contract, units: int) -> ResourceRequest:
    request = queue.file(
        contract.agent,
        good=contract.good,
        units=units,
        purpose=ResourceRequest.Purpose.CONTRACT,
        why=f"contract {contract.game_id}",
        deadline=contract.deadline_at,
    )
    queue.serve(contract.agent, contract.good)
    return request


def _reserve(contract: Contract, request: ResourceRequest | None) -> None:
    """Keep back what the contract still takes from store, and the owner's buffer."""
    if request is None:
        Reservation.objects.filter(contract=contract, ended_at__isnull=True).update(
            ended_at=clock.now()
        )
        return
    params = parameters.resolve(ContractParams, "contracts", agent=contract.agent_id)
    units = request.units - request.withdrawn + params.reserve_buffer
    kept = {
        "agent": contract.agent,
        "good": contract.good,
        "units": units,
        "why": f"{units} units for contract {contract.game_id}",
        "expires_at": contract.deadline_at,
        "ended_at": None,
    }
    Reservation.objects.update_or_create(
        contract=contract, defaults=kept, create_defaults={**kept, "made_at": clock.now()}
    )


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


def keep_credits(agent: Agent, contract: Contract | None) -> None:
    """Keep ship purchases from taking what contracts are bought with."""
    params = parameters.resolve(ContractParams, "contracts", agent=agent)
    if not (params.enabled and params.buy):
        treasury.earmark(agent, "contracts", 0, why="")
        return
    needs = contract.needs if contract and contract.units_open > 0 else 0
    treasury.earmark(
        agent, "contracts", max(params.working_capital, needs), why="to buy goods for contracts"
    )


# handing in


def deliver(trip: Trip, ship: Ship, *, api: Client) -> int:
    """Hand in what the ship carries, never more than is missing; fulfil when it is complete.

    The ship is at the destination. Answers the units handed in.
    """
    contract = trip.contract
    if _to_hand_in(trip, ship):
        navigation.dock(ship, api=api)
        if contract.status == Status.OFFERED:
            accept(contract, api=api)
        with _asking(contract, api=api):
            units = _to_hand_in(trip, ship)
            fulfilled = _deliver(trip, ship, units, api=api) if units else 0
        if fulfilled >= contract.units_required:
            fulfil(contract, ship, api=api)
        if units:
            return units
    trips.end(trip, "nothing was left to hand in")
    return 0


def _to_hand_in(trip: Trip, ship: Ship) -> int:
    """Units aboard that the contract lacks and nobody else brings.

    Once the contract was read anew, less may be under way than this trip was to bring.
    """
    contract = trip.contract
    others = max(0, contract.units_under_way - trip.units)
    return max(0, min(int(ship.cargo.get(contract.good, 0)), contract.units_missing - others))


def _deliver(trip: Trip, ship: Ship, units: int, *, api: Client) -> int:
    """Hand in so many units; answers how many the contract has now."""
    contract = trip.contract
    answer = api.deliver_contract(contract.game_id, ship.symbol, contract.good, units)
    line = answer.contract.deliveries[0]
    with transaction.atomic():
        sync.write(ship, **sync.cargo_fields(answer.cargo))
        trips.hand_in(trip, units, fulfilled=line.units_fulfilled)
    return line.units_fulfilled


def fulfil(contract: Contract, ship: Ship | None, *, api: Client) -> None:
    """Collect the payment of a complete contract; `ship` is who brought the last units."""
    with _asking(contract, api=api):
        if contract.status == Status.ACCEPTED:
            _fulfil(contract, ship, api=api)


def _fulfil(contract: Contract, ship: Ship | None, *, api: Client) -> None:
    with ledger.moving(contract.agent_id) as move:
        answer = api.fulfill_contract(contract.game_id)
        with transaction.atomic():
            _payment(contract, ship)
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


def _close(contract: Contract, status: str, why: str) -> None:
    at = clock.now()
    Contract.objects.filter(pk=contract.pk).update(
        status=status,
        ended_at=at,
        net=_net(contract),
        needs=0,
        units_under_way=0,
        **_last_words(contract, why),
    )
    Reservation.objects.filter(contract=contract, ended_at__isnull=True).update(ended_at=at)
    request = open_request(contract)
    if request:
        queue.end(request, ResourceRequest.Status.CANCELLED, f"its contract is {why}")
    trips.end_all(contract, f"its contract is {why}")


def _last_words(contract: Contract, why: str) -> dict[str, str]:
    """The judgement stays for all to see, unless there was none or it came to nothing."""
    if contract.judgement and why == "fulfilled":
        return {}
    return {"judgement": f"{why}; {contract.judgement}"[:200] if contract.judgement else why}


def _net(contract: Contract) -> int:
    """What the ledger says it brought: payments less purchases."""
    booked = LedgerEntry.objects.filter(
        agent=contract.agent_id, activity="contracts", session=contract.pk
    )
    return int(booked.aggregate(total=Sum("amount"))["total"] or 0)


# ending


def over() -> Q:
    """Contracts whose time is over: accepted ones at their deadline, offers when nobody may
    accept them any more."""
    at = clock.now()
    return Q(status__in=RUNNING, deadline_at__lte=at) | Q(
        status=Status.OFFERED, accept_by__lte=at
    )


def expire(agent: Agent | int) -> None:
    """End contracts whose time is over. The game takes the advance of an accepted one back."""
    for contract in Contract.objects.filter(over(), agent=agent).select_related("agent"):
        with transaction.atomic():
            accepted = Contract.objects.filter(pk=contract.pk, status=Status.ACCEPTED)
            if accepted.update(status=Status.EXPIRED):
                _book(contract, -contract.on_accepted, "advance taken back")
            _close(contract, Status.EXPIRED, "its time is over")


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
