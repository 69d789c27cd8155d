"""Several workers at one queue, on whichever database the suite runs on."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from allocation.models import Claim, ResourceRequest
from allocation.services import queue
from inventory.models import Stock
from spacefleet import clock
from tests.factories import AgentFactory, DepotFactory, StockFactory

pytestmark = pytest.mark.django_db(transaction=True)
CLAIMERS = 8


def together(count: int, work: Callable[[int], None]) -> None:
    """Run `work(number)` in `count` threads at once; the first exception of any is raised."""
    failures: list[BaseException] = []
    start = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            start.wait(timeout=30)
            work(number)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=90)
    assert not any(thread.is_alive() for thread in threads)
    if failures:
        raise failures[0]


@pytest.fixture
def agent(noon):
    return AgentFactory()


def ask(agent, units):
    clock.sleep(0.001)
    return queue.file(agent, good="IRON_ORE", units=units, purpose="market", why="a sale")


def test_the_last_units_are_promised_once(agent):
    StockFactory(depot__ship__agent=agent, units=40)
    for _ in range(CLAIMERS):
        ask(agent, 10)

    together(CLAIMERS, lambda number: queue.serve(agent, "IRON_ORE"))

    assert Stock.objects.get().promised == 40
    states = list(ResourceRequest.objects.order_by("pk").values_list("status", flat=True))
    assert states == ["claimed"] * 4 + ["queued"] * 4


def test_requests_that_end_while_others_claim_leave_no_promise_behind(agent):
    StockFactory(depot__ship__agent=agent, units=100)
    requests = [ask(agent, 10) for _ in range(20)]

    def work(number):
        if number % 2:
            for request in requests[number::CLAIMERS]:
                queue.end(ResourceRequest.objects.get(pk=request.pk), "cancelled", "a race")
        else:
            queue.serve(agent, "IRON_ORE")

    together(CLAIMERS, work)

    owed = sum(
        claim.units - claim.withdrawn for claim in Claim.objects.filter(released_at=None)
    )
    assert Stock.objects.get().promised == owed


def test_queues_of_two_goods_do_not_wait_for_each_other(agent):
    depot = DepotFactory(ship__agent=agent)
    for good in ("IRON_ORE", "GOLD_ORE"):
        StockFactory(depot=depot, good=good, units=100)
        for _ in range(10):
            queue.file(agent, good=good, units=10, purpose="market", why="a sale")

    goods = ["IRON_ORE", "GOLD_ORE"]
    together(2, lambda number: queue.serve(agent, goods[number]))

    assert ResourceRequest.objects.filter(status="claimed").count() == 20


def test_what_an_ended_request_claimed_is_let_go_once_by_whoever_comes_round(agent):
    stock = StockFactory(depot__ship__agent=agent, units=400)
    for number in range(40):
        request = ask(agent, 10)
        queue.serve(agent, "IRON_ORE")
        if number % 2:  # it ended while its goods were being moved: its claim was kept
            ResourceRequest.objects.filter(pk=request.pk).update(
                status="cancelled", ended_at=clock.now()
            )

    together(CLAIMERS, lambda number: queue.release_ended(agent))

    stock.refresh_from_db()
    open_claims = Claim.objects.filter(released_at__isnull=True)
    assert open_claims.count() == 20
    assert stock.promised == 200
