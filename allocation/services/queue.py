"""The queue: first come, first served, for each good of each agent.

A request at the head takes what is free, even a part; nobody behind it gets a unit before it
has all of its own. Every change of state is a row with its cause.
"""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Greatest, Least

from allocation.models import Claim, ResourceRequest, Transition
from allocation.params import QueueParams
from fleet.models import Agent, Ship
from fleet.services import parameters
from inventory.models import Stock, Transfer
from spacefleet import clock
from spacefleet.spacetraders import Client
from spacefleet.statements import Select

Status = ResourceRequest.Status
OPEN = [Status.QUEUED, Status.CLAIMED]


def file(
    agent: Agent,
    *,
    good: str,
    units: int,
    purpose: str,
    why: str,
    deadline: datetime | None = None,
    ship: Ship | None = None,
) -> ResourceRequest:
    """Take a place at the end of the queue for `units` of `good`."""
    with transaction.atomic():
        request = ResourceRequest.objects.create(
            agent=agent,
            purpose=purpose,
            good=good,
            units=units,
            ship=ship,
            why=why[:200],
            created_at=clock.now(),
            deadline_at=deadline,
        )
        _note(request, "", Status.QUEUED, why)
    return request


def serve(agent: Agent, good: str) -> list[ResourceRequest]:
    """Serve the queue of one good until its head cannot be filled; answers whom it filled."""
    served = []
    while request := claim_next(agent, good):
        served.append(request)
    return served


def claim_next(agent: Agent, good: str) -> ResourceRequest | None:
    """Promise free units to the oldest waiting request; answers it when it then has them all.

    None when nobody waits or the goods do not suffice: the head keeps what it got and its
    place. Of several workers one serves the head and the others wait for it: on PostgreSQL the
    stock rows are the turnstile, on SQLite the transaction itself is.
    """
    with transaction.atomic():
        stock = _turnstile.all(agent=agent.pk, good=good)
        request = _head.first(agent=agent.pk, good=good) if stock else None
        if request is None:
            return None
        return request if _fill(request, stock) else None


_turnstile = Select(
    lambda agent, good: (
        Stock.objects.select_for_update(of=("self",))
        .filter(depot__ship__agent=agent, depot__parked_at__isnull=False, good=good)
        .order_by("pk")
    )
)
_head = Select(
    lambda agent, good: (
        ResourceRequest.objects.waiting().filter(agent=agent, good=good).in_order()
    )
)


def _fill(request: ResourceRequest, stock: list[Stock]) -> bool:
    """Promise what is free to the request; True when it has all its units and is claimed."""
    at = clock.now()
    for row in sorted(stock, key=lambda each: (-each.free, each.pk)):
        part = min(row.free, request.units - request.claimed)
        if part <= 0:
            continue
        still_free = Stock.objects.filter(pk=row.pk, units__gte=F("promised") + part)
        if not still_free.update(promised=F("promised") + part, updated_at=at):
            continue
        Claim.objects.create(request=request, stock=row, units=part, at=at)
        request.claimed += part
    full = request.claimed == request.units
    changes = {"claimed": request.claimed, "lease_until": _lease_end(request.agent_id, at)}
    if full:
        changes |= {"status": Status.CLAIMED, "claimed_at": at}
    mine = ResourceRequest.objects.filter(pk=request.pk, status=Status.QUEUED)
    if not mine.update(**changes):
        transaction.set_rollback(True)  # somebody ended it while we counted
        return False
    if full:
        request.status, request.claimed_at = Status.CLAIMED, at
        _note(request, Status.QUEUED, Status.CLAIMED, f"{request.units} units promised")
    return full


def _lease_end(agent: int, at: datetime) -> datetime:
    seconds = parameters.resolve(QueueParams, "queue", agent=agent).claim_lease
    return at + clock.game(seconds)


def take_up(claim: Claim, ship: Ship) -> bool:
    """A ship is about to fetch a claim: nobody takes it back meanwhile. False when it is gone."""
    ours = Claim.objects.filter(pk=claim.pk, released_at__isnull=True)
    taken = ResourceRequest.objects.filter(claims__in=ours, status__in=OPEN).update(
        ship=ship, lease_until=_lease_end(ship.agent_id, clock.now())
    )
    return bool(taken)


def next_claims(request: ResourceRequest) -> list[Claim]:
    """Claims of a request whose units no ship has taken yet, the largest first."""
    return _untaken.all(request=request.pk)


_untaken = Select(
    lambda request: (
        Claim.objects.filter(
            request=request, released_at__isnull=True, units__gt=F("withdrawn")
        )
        .select_related("stock__depot__ship__agent__era")
        .order_by("-units", "pk")
    )
)


def note_withdrawal(claim: int, transfer: Transfer) -> None:
    """Count units a ship took aboard, and the promise that is kept by it; call it in the
    transaction that confirms the transfer, before the stock shrinks.

    A claim that went back to the queue meanwhile has no promise left to keep.
    """
    taken = F("withdrawn") + transfer.units
    known = Claim.objects.filter(pk=claim)
    if (
        connection.features.has_select_for_update
    ):  # the last one frees other claims of its request
        _hold(transfer.giver.agent_id, transfer.good)
    Stock.objects.filter(pk__in=known.filter(released_at__isnull=True).values("stock")).update(
        promised=Greatest(F("promised") - transfer.units, 0)
    )
    if not known.update(withdrawn=taken, units=Greatest(F("units"), taken)):
        return
    counted = Least(F("units"), taken)
    ResourceRequest.objects.filter(claims=claim).update(
        withdrawn=counted, claimed=Greatest(F("claimed"), counted)
    )
    request = ResourceRequest.objects.get(claims=claim)
    if not request.open:
        _release(request)
    elif request.status == Status.CLAIMED and request.withdrawn == request.units:
        end(request, Status.FULFILLED, f"all {request.units} units taken aboard")


def end(request: ResourceRequest, status: str, cause: str) -> bool:
    """End a request; what it claimed and no ship took is free again. False if it had ended."""
    at = clock.now()
    with transaction.atomic():
        _hold(request.agent_id, request.good)
        ended = ResourceRequest.objects.filter(pk=request.pk, status__in=OPEN).update(
            status=status, ended_at=at
        )
        if not ended:
            return False
        _release(request)
        _note(request, request.status, status, cause)
    request.status, request.ended_at = status, at
    return True


def _release(request: ResourceRequest) -> None:
    """Free what the claims of a request promise and no ship took.

    One whose goods are being moved right now, or may have been, keeps its promise until that
    is settled: the units would be promised to the next and then leave the depot.
    """
    at, freed = clock.now(), []
    with transaction.atomic(savepoint=False):
        _hold(request.agent_id, request.good)
        claims = Claim.objects.filter(request=request, released_at__isnull=True)
        for claim in claims.exclude(pk__in=_moving()).order_by("stock_id"):
            rest = claim.units - claim.withdrawn
            if rest:
                Stock.objects.filter(pk=claim.stock_id).update(
                    # a repair of the books may have cut the promise already
                    promised=Greatest(F("promised") - rest, 0),
                    updated_at=at,
                )
            freed.append(claim.pk)
        if freed:
            Claim.objects.filter(pk__in=freed).update(released_at=at)


def _hold(agent: int, good: str) -> None:
    """Pass the turnstile of a good, and keep others out until the transaction ends.

    Stock before claims before requests, everywhere and in the order of the keys: else two
    workers wait for each other. On SQLite a transaction that writes is alone.
    """
    if connection.features.has_select_for_update:
        _good_of.all(agent=agent, good=good)


_good_of = Select(
    lambda agent, good: (
        Stock.objects.select_for_update(of=("self",))
        .filter(depot__ship__agent=agent, good=good)
        .order_by("pk")
    )
)


def _moving() -> QuerySet[Any, Any]:
    """Claims by the transfers whose fate nobody has written down yet."""
    return Transfer.objects.filter(
        status__in=[Transfer.Status.RESERVED, Transfer.Status.UNKNOWN],
        kind=Transfer.Kind.WITHDRAW,
        reference__isnull=False,
    ).values("reference")


def settle_short(request: ResourceRequest, cause: str) -> None:
    """Be content with what was withdrawn: fulfilled with something, failed with nothing."""
    request.refresh_from_db()
    end(request, Status.FULFILLED if request.withdrawn else Status.FAILED, cause)


def _note(request: ResourceRequest, before: str, after: str, cause: str) -> None:
    Transition.objects.create(
        request=request, at=clock.now(), before=before, after=after, cause=cause[:200]
    )


def tend(agent: Agent, *, api: Client | None = None, trigger: str = "") -> str:
    """Evaluator: expire what waited too long, take back claims nobody took up, serve all."""
    at = clock.now()
    expired = 0
    for request in _late.all(agent=agent.pk, at=at):
        expired += end(request, Status.EXPIRED, "its deadline has passed")
    release_ended(agent)
    returned = _return_unused(agent, at) + _return_cut(agent)
    goods = _wanted.all(agent=agent.pk)
    filled = sum(len(serve(agent, good)) for good in sorted(set(goods)))
    waiting = len(goods) - filled
    return f"{filled} filled, {waiting} waiting, {expired} expired, {returned} taken back"


_late = Select(
    lambda agent, at: ResourceRequest.objects.filter(
        agent=agent, status=Status.QUEUED, deadline_at__lte=at
    ).order_by("pk")
)
_wanted = Select(
    lambda agent: (
        ResourceRequest.objects.waiting().filter(agent=agent).values_list("good", flat=True)
    )
)


def release_ended(agent: Agent) -> None:
    """Claims of requests that ended while their goods were being moved."""
    kept = Claim.objects.filter(request__agent=agent, released_at__isnull=True)
    ended = kept.exclude(request__status__in=OPEN).values("request")
    for request in ResourceRequest.objects.filter(pk__in=ended).order_by("pk"):
        _release(request)


def _return_unused(agent: Agent, at: datetime) -> int:
    """Claims of a dead worker or a busy ship go back to the queue, keeping their age."""
    count = 0
    for request in _unused.all(agent=agent.pk, at=at):
        with transaction.atomic():
            _hold(request.agent_id, request.good)
            back = ResourceRequest.objects.filter(
                pk=request.pk, status=Status.CLAIMED, withdrawn=0, lease_until__lte=at
            ).update(status=Status.QUEUED, claimed=0, claimed_at=None, ship=None)
            if back:
                _release(request)
                _note(request, Status.CLAIMED, Status.QUEUED, "no ship took it up in time")
                count += 1
    return count


_IN_DOUBT = Transfer.objects.filter(
    status__in=[Transfer.Status.RESERVED, Transfer.Status.UNKNOWN],
    kind=Transfer.Kind.WITHDRAW,
    reference__isnull=False,
)
_unused = Select(
    lambda agent, at: (
        ResourceRequest.objects.filter(
            agent=agent, status=Status.CLAIMED, lease_until__lte=at, withdrawn=0
        )
        .exclude(claims__in=_IN_DOUBT.values("reference"))
        .order_by("pk")
    )
)


def _return_cut(agent: Agent) -> int:
    """Claims that a repair of the books left without goods go back, the youngest first."""
    return sum(_return_from(stock) for stock in _broken.all(agent=agent.pk))


_REST = Sum(F("claims__units") - F("claims__withdrawn"), filter=Q(claims__released_at=None))
_broken = Select(
    lambda agent: (
        Stock.objects.filter(depot__ship__agent=agent)
        .annotate(owed=Coalesce(_REST, 0))
        .exclude(owed=F("promised"))
        .values_list("pk", flat=True)
    )
)


@transaction.atomic
def _return_from(stock: int) -> int:
    """Bring the claims on a stock row in line with its units; answers how many were cut."""
    row = Stock.objects.select_for_update().get(pk=stock)
    claims = list(
        Claim.objects.filter(stock=row, released_at__isnull=True)
        .select_related("request")
        .order_by("-request__created_at", "-request__pk", "-pk")
    )
    owed = sum(claim.units - claim.withdrawn for claim in claims)
    short = owed - row.units
    count = 0
    for claim in claims:
        part = min(short, claim.units - claim.withdrawn)
        if part > 0:
            _cut(claim, part)
            short -= part
            count += 1
    Stock.objects.filter(pk=stock).update(promised=min(owed, row.units))
    return count


def _cut(claim: Claim, part: int) -> None:
    """Take promised units from a request, which waits for them again at its old place."""
    Claim.objects.filter(pk=claim.pk).update(units=F("units") - part)
    request = ResourceRequest.objects.get(pk=claim.request_id)
    ResourceRequest.objects.filter(pk=request.pk).update(
        claimed=F("claimed") - part, status=Status.QUEUED, claimed_at=None
    )
    if request.status == Status.CLAIMED:
        _note(request, Status.CLAIMED, Status.QUEUED, f"{part} promised units were not there")
