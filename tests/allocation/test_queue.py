"""The queue for goods in the depots (allocation.services.queue)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from allocation.models import Claim, ResourceRequest, Transition
from allocation.services import queue
from fleet.models import Ship
from inventory.models import Stock, Transfer
from inventory.services import depots
from spacefleet import clock
from tests.factories import (
    AgentFactory,
    ClaimFactory,
    DepotFactory,
    ParameterFactory,
    RequestFactory,
    ReservationFactory,
    ShipFactory,
    StockFactory,
    TransferFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
Status = ResourceRequest.Status


@pytest.fixture
def agent():
    return AgentFactory()


def stored(agent, units, good="IRON_ORE", **more):
    return StockFactory(depot__ship__agent=agent, good=good, units=units, **more)


def ask(agent, units, good="IRON_ORE", *, deadline=None):
    """A place in the queue, a second after the last one."""
    clock.sleep(1)
    return queue.file(
        agent, good=good, units=units, purpose="market", why="a sale", deadline=deadline
    )


def withdraw(claim, units):
    """What the confirmation of a withdrawal does to the queue and the books."""
    with transaction.atomic():
        queue.note_withdrawal(claim.pk, TransferFactory(units=units, kind="withdraw"))
        Stock.objects.filter(pk=claim.stock_id).update(units=claim.stock.units - units)


def state(*requests):
    for request in requests:
        request.refresh_from_db()
    return [(request.status, request.claimed) for request in requests]


def causes(request):
    return [(row.before, row.after, row.cause) for row in request.transitions.order_by("pk")]


# first come, first served


def test_the_oldest_request_is_served_first(agent):
    stored(agent, 15)
    first, second = ask(agent, 10), ask(agent, 5)

    served = queue.serve(agent, "IRON_ORE")

    assert served == [first, second]
    assert state(first, second) == [("claimed", 10), ("claimed", 5)]


def test_nobody_overtakes_a_head_that_waits_for_more(agent):
    stock = stored(agent, 9)
    head, small = ask(agent, 10), ask(agent, 1)

    assert queue.serve(agent, "IRON_ORE") == []
    assert state(head, small) == [("queued", 9), ("queued", 0)]
    stock.refresh_from_db()
    assert (stock.units, stock.promised, stock.free) == (9, 9, 0)


def test_a_head_that_was_served_in_part_gets_the_next_units(agent):
    stock = stored(agent, 4)
    head, small = ask(agent, 10), ask(agent, 1)
    queue.serve(agent, "IRON_ORE")

    Stock.objects.filter(pk=stock.pk).update(units=10)
    queue.serve(agent, "IRON_ORE")
    Stock.objects.filter(pk=stock.pk).update(units=11)
    queue.serve(agent, "IRON_ORE")

    assert state(head, small) == [("claimed", 10), ("claimed", 1)]
    assert [claim.units for claim in head.claims.order_by("pk")] == [4, 6]


def test_goods_of_several_depots_fill_one_request(agent):
    stored(agent, 6)
    stored(agent, 7)

    request = ask(agent, 10)
    queue.serve(agent, "IRON_ORE")

    assert sorted(claim.units for claim in request.claims.all()) == [3, 7]


@pytest.mark.parametrize(
    "elsewhere",
    [
        pytest.param(lambda agent: stored(agent, 99, good="GOLD_ORE"), id="another good"),
        pytest.param(lambda agent: stored(AgentFactory(), 99), id="another agent's depot"),
        pytest.param(
            lambda agent: stored(agent, 99, depot__parked_at=None), id="a depot under way"
        ),
    ],
)
def test_goods_elsewhere_do_not_count(agent, elsewhere):
    elsewhere(agent)
    request = ask(agent, 10)

    assert queue.serve(agent, "IRON_ORE") == []
    assert state(request) == [("queued", 0)]


def test_an_empty_queue_serves_nobody(agent):
    stored(agent, 10)

    assert queue.claim_next(agent, "IRON_ORE") is None


def test_each_good_has_a_queue_of_its_own(agent):
    stored(agent, 5, good="GOLD_ORE")
    ask(agent, 10)
    gold = ask(agent, 5, good="GOLD_ORE")

    queue.tend(agent)

    assert state(gold) == [("claimed", 5)]


def test_each_transition_is_a_row_with_its_cause(agent):
    stored(agent, 10)
    request = ask(agent, 10)

    queue.serve(agent, "IRON_ORE")
    claim = queue.next_claims(request)[0]
    withdraw(claim, 10)

    assert causes(request) == [
        ("", "queued", "a sale"),
        ("queued", "claimed", "10 units promised"),
        ("claimed", "fulfilled", "all 10 units taken aboard"),
    ]


# taking units aboard


def test_a_request_is_fulfilled_with_its_last_unit(agent):
    stored(agent, 10)
    request = ask(agent, 10)
    queue.serve(agent, "IRON_ORE")

    withdraw(queue.next_claims(request)[0], 4)
    before = state(request)
    withdraw(queue.next_claims(request)[0], 6)

    assert before == [("claimed", 10)]
    assert state(request) == [("fulfilled", 10)]
    assert (request.withdrawn, request.to_withdraw) == (10, 0)
    assert queue.next_claims(request) == []
    assert list(Stock.objects.values_list("units", "promised")) == [(0, 0)]


def test_the_largest_claim_is_fetched_first(agent):
    stored(agent, 3)
    stored(agent, 7)
    request = ask(agent, 10)
    queue.serve(agent, "IRON_ORE")

    assert [claim.units for claim in queue.next_claims(request)] == [7, 3]


# the end of a request


def test_what_is_being_moved_when_its_request_ends_stays_promised_until_that_is_settled(agent):
    stored(agent, 10)
    request = ask(agent, 10)
    queue.serve(agent, "IRON_ORE")
    claim = queue.next_claims(request)[0]
    moving = TransferFactory(units=4, kind="withdraw", status="reserved", reference=claim.pk)

    queue.end(request, "cancelled", "nobody wants it any more")
    under_way = Stock.objects.get().promised
    with transaction.atomic():
        type(moving).objects.update(status="confirmed")
        queue.note_withdrawal(claim.pk, moving)
        Stock.objects.update(units=6)

    assert under_way == 10
    assert Stock.objects.get().promised == 0


def test_what_was_not_moved_after_all_is_free_with_the_next_round(agent):
    stored(agent, 10)
    request = ask(agent, 10)
    queue.serve(agent, "IRON_ORE")
    claim = queue.next_claims(request)[0]
    moving = TransferFactory(units=4, kind="withdraw", status="unknown", reference=claim.pk)
    queue.end(request, "cancelled", "nobody wants it any more")

    type(moving).objects.update(status="refused")
    queue.tend(agent)

    assert Stock.objects.get().promised == 0


@pytest.mark.parametrize("end", ["cancelled", "failed", "expired"])
def test_what_an_ended_request_had_claimed_is_free_again(agent, end):
    stock = stored(agent, 9)
    request, waiting = ask(agent, 10), ask(agent, 9)
    queue.serve(agent, "IRON_ORE")

    assert queue.end(request, end, "no longer wanted")

    stock.refresh_from_db()
    assert stock.free == 9
    assert request.status == end
    assert causes(request)[-1] == ("queued", end, "no longer wanted")
    assert queue.serve(agent, "IRON_ORE") == [waiting]


def test_what_was_taken_aboard_stays_taken(agent):
    stock = stored(agent, 10)
    request = ask(agent, 10)
    queue.serve(agent, "IRON_ORE")
    withdraw(queue.next_claims(request)[0], 4)

    queue.settle_short(request, "the ship left with what it had")

    stock.refresh_from_db()
    assert (stock.units, stock.promised) == (6, 0)
    assert state(request) == [("fulfilled", 10)]
    assert request.withdrawn == 4


def test_a_request_that_got_nothing_fails_when_it_is_settled_short(agent):
    request = ask(agent, 10)

    queue.settle_short(request, "the ship left without")

    assert state(request) == [("failed", 0)]


def test_a_request_ends_once(agent):
    stock = stored(agent, 10)
    request = ask(agent, 10)
    queue.serve(agent, "IRON_ORE")

    assert queue.end(request, Status.CANCELLED, "first")
    assert not queue.end(request, Status.FAILED, "second")

    stock.refresh_from_db()
    assert stock.promised == 0
    assert state(request)[0][0] == "cancelled"
    assert len(causes(request)) == 3


def test_a_head_that_waited_too_long_makes_way(agent):
    stored(agent, 5)
    deadline = clock.now() + timedelta(hours=1)
    head, small = ask(agent, 10, deadline=deadline), ask(agent, 5)
    queue.tend(agent)
    clock.sleep(3_600)

    said = queue.tend(agent)

    assert state(head, small) == [("expired", 5), ("claimed", 5)]
    assert "1 filled" in said
    assert "1 expired" in said


def test_a_deadline_does_not_take_back_what_was_promised_in_full(agent):
    stored(agent, 10)
    request = ask(agent, 10, deadline=clock.now() + timedelta(minutes=5))
    queue.serve(agent, "IRON_ORE")
    clock.sleep(600)

    queue.tend(agent)

    assert state(request) == [("claimed", 10)]


# claims nobody takes up


def claimed(agent, units=10, *, lease="600"):
    ParameterFactory(behaviour="queue", name="claim_lease", value=lease)
    stored(agent, units)
    request = ask(agent, units)
    queue.serve(agent, "IRON_ORE")
    return request


def test_a_claim_nobody_took_up_keeps_its_age_in_the_queue(agent):
    request = claimed(agent)
    ResourceRequest.objects.filter(pk=request.pk).update(ship=ShipFactory(agent=agent))
    younger = ask(agent, 10)
    Stock.objects.update(units=0, promised=0)  # the goods left by another way
    Claim.objects.update(units=0)
    clock.sleep(600)

    queue.tend(agent)

    request.refresh_from_db()
    assert (request.status, request.claimed, request.ship) == ("queued", 0, None)
    assert causes(request)[-1][2] == "no ship took it up in time"
    Stock.objects.update(units=10)
    assert queue.serve(agent, "IRON_ORE") == [request]
    assert state(younger) == [("queued", 0)]


@pytest.mark.parametrize(("waited", "back"), [(599, False), (600, True), (601, True)])
def test_a_claim_returns_when_its_lease_ends(agent, waited, back):
    request = claimed(agent)
    clock.sleep(waited)

    queue.tend(agent)

    returned = Transition.objects.filter(request=request, before="claimed", after="queued")
    assert returned.exists() is back
    assert state(request) == [("claimed", 10)], "and it is served again at once"


def test_a_request_that_is_being_fetched_keeps_its_claim(agent):
    request = claimed(agent)
    withdraw(queue.next_claims(request)[0], 4)
    clock.sleep(6_000)

    queue.tend(agent)

    assert state(request) == [("claimed", 10)]


def test_a_claim_whose_withdrawal_is_in_doubt_is_not_given_away(agent):
    request = claimed(agent)
    claim = queue.next_claims(request)[0]
    TransferFactory(
        kind=Transfer.Kind.WITHDRAW, status=Transfer.Status.UNKNOWN, reference=claim.pk
    )
    clock.sleep(6_000)

    queue.tend(agent)

    assert not Transition.objects.filter(request=request, after="queued", before="claimed")


def test_a_ship_that_takes_a_claim_up_has_a_lease_of_its_own(agent):
    request = claimed(agent)
    clock.sleep(599)
    ship = ShipFactory(agent=agent)

    assert queue.take_up(queue.next_claims(request)[0], ship)
    clock.sleep(599)
    queue.tend(agent)

    assert not Transition.objects.filter(request=request, after="queued", before="claimed")
    request.refresh_from_db()
    assert request.ship == ship


def test_a_claim_that_went_back_cannot_be_taken_up(agent):
    request = claimed(agent)
    claim = queue.next_claims(request)[0]
    queue.end(request, Status.CANCELLED, "no longer wanted")

    assert not queue.take_up(claim, ShipFactory(agent=agent))


# promises the hold cannot keep


def test_promises_that_a_repair_of_the_books_cut_go_back_to_the_queue(agent):
    stock = stored(agent, 30)
    first, second = ask(agent, 10), ask(agent, 20)
    queue.serve(agent, "IRON_ORE")
    Ship.objects.filter(pk=stock.depot.ship_id).update(cargo={"IRON_ORE": 12}, cargo_units=12)

    depots.reconcile(stock.depot)
    queue.tend(agent)

    assert state(first, second) == [("claimed", 10), ("queued", 2)]
    stock.refresh_from_db()
    assert (stock.units, stock.promised) == (12, 12)
    assert queue.end(first, Status.CANCELLED, "no longer wanted")
    assert queue.end(second, Status.CANCELLED, "no longer wanted")
    stock.refresh_from_db()
    assert stock.promised == 0


def test_a_request_can_end_before_the_queue_heard_of_a_repair(agent):
    stock = stored(agent, 30)
    request = ask(agent, 30)
    queue.serve(agent, "IRON_ORE")
    Ship.objects.filter(pk=stock.depot.ship_id).update(cargo={}, cargo_units=0)
    depots.reconcile(stock.depot)

    queue.end(request, Status.CANCELLED, "no longer wanted")

    stock.refresh_from_db()
    assert (stock.units, stock.promised) == (0, 0)


# what must never be


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(lambda: RequestFactory(units=0), id="a request for nothing"),
        pytest.param(
            lambda: RequestFactory(units=10, claimed=11), id="claiming more than it asks"
        ),
        pytest.param(
            lambda: RequestFactory(units=10, claimed=5, withdrawn=6),
            id="withdrawing more than it claims",
        ),
        pytest.param(
            lambda: RequestFactory(
                units=10, claimed=9, status="claimed", claimed_at=clock.now()
            ),
            id="claimed with a unit missing",
        ),
        pytest.param(
            lambda: RequestFactory(units=10, claimed=10, status="claimed"),
            id="claimed without a time",
        ),
        pytest.param(
            lambda: ClaimFactory(units=5, withdrawn=6), id="a claim that gave more than it had"
        ),
        pytest.param(
            lambda: ReservationFactory(contract=ReservationFactory().contract),
            id="two reservations for one contract",
        ),
    ],
)
def test_the_database_refuses(broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        broken()


def test_nothing_is_promised_by_a_ship_that_is_no_depot(agent):
    ask(agent, 5)
    DepotFactory(ship__agent=agent, ship__cargo={"IRON_ORE": 9})  # not in the books yet

    assert queue.serve(agent, "IRON_ORE") == []


# what it costs


def test_operations_on_the_queue_cost_few_statements(agent, django_assert_max_num_queries):
    stored(agent, 30)
    ship = ShipFactory(agent=agent)
    savepoint = 2  # a statement each way, where there is a transaction around already
    parameters = 1  # read anew by whoever finds them older than a second

    with django_assert_max_num_queries(2 + savepoint):
        request = ask(agent, 20)
    with django_assert_max_num_queries(6 + savepoint + parameters):
        queue.claim_next(agent, "IRON_ORE")
    with django_assert_max_num_queries(1):
        claim = queue.next_claims(request)[0]
    with django_assert_max_num_queries(1 + parameters):
        queue.take_up(claim, ship)
    transfer = TransferFactory(units=5, kind="withdraw")
    lock = 1  # of stock or claims, where the database locks rows
    with django_assert_max_num_queries(4 + lock):
        queue.note_withdrawal(claim.pk, transfer)
    with django_assert_max_num_queries(5 + savepoint + 2 * lock):
        queue.end(request, "cancelled", "as it happens")
