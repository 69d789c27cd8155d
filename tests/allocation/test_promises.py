"""Promised and free units are the physical ones, whatever happens in whatever order."""

import pytest
from django.db import transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from allocation.models import Claim, ResourceRequest
from allocation.services import queue
from fleet.models import Ship
from fleet.services import parameters
from inventory.models import Stock
from inventory.services import depots, transfers
from spacefleet import clock
from tests.factories import NOON, AgentFactory, DepotFactory, ShipFactory, TransferFactory

GOODS = st.sampled_from(["IRON_ORE", "ICE_WATER"])
UNITS = st.integers(1, 40)
OPEN = ResourceRequest.objects.filter(status__in=queue.OPEN)


class Store(RuleBasedStateMachine):
    """Two depots, a hauler, and a queue that anything may happen to."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.clock = clock.frozen_at(NOON)
        self.clock.__enter__()
        parameters.forget()
        self.agent = AgentFactory()
        self.depots = [
            DepotFactory(ship__agent=self.agent, ship__cargo_capacity=100_000) for _ in range(2)
        ]
        self.hauler = ShipFactory(agent=self.agent, cargo_capacity=100_000)

    def teardown(self) -> None:
        self.clock.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def confirm(self, kind, giver, receiver, good, units, claim=None):
        """The end of a transfer: what `transfers.transfer` writes when the game has agreed."""
        with transaction.atomic():
            for ship, change in ((giver, -units), (receiver, units)):
                ship.refresh_from_db()
                held = ship.cargo.get(good, 0) + change
                ship.cargo = {**ship.cargo, good: held}
                ship.cargo_units += change
                ship.save()
            row = TransferFactory(
                giver=giver,
                receiver=receiver,
                good=good,
                units=units,
                kind=kind,
                status="reserved",
                reference=claim.pk if claim else None,
            )
            transfers._confirm(
                row, (lambda row: queue.note_withdrawal(claim.pk, row)) if claim else None
            )

    @rule(which=st.integers(0, 1), good=GOODS, units=UNITS)
    def a_transport_deposits(self, which, good, units):
        depot = self.depots[which].ship
        source = ShipFactory(
            agent=self.agent, cargo={good: units}, cargo_units=units, cargo_capacity=units
        )
        self.confirm("deposit", source, depot, good, units)

    @rule(good=GOODS, units=UNITS, hours=st.one_of(st.none(), st.integers(1, 3)))
    def somebody_asks(self, good, units, hours):
        clock.sleep(1)
        deadline = clock.now() + clock.game(3_600 * hours) if hours else None
        queue.file(
            self.agent, good=good, units=units, purpose="market", why="", deadline=deadline
        )

    @rule(good=GOODS)
    def the_queue_is_served(self, good):
        queue.serve(self.agent, good)
        waiting = OPEN.filter(agent=self.agent, good=good, status="queued").exists()
        free = Stock.objects.filter(depot__ship__agent=self.agent, good=good).aggregate(
            units=Sum(F("units") - F("promised"))
        )["units"]
        assert not (waiting and free), "goods are free and somebody waits for them"

    @rule(data=st.data(), part=UNITS)
    @precondition(lambda self: self.claims())
    def a_ship_withdraws(self, data, part):
        claim = data.draw(st.sampled_from(self.claims()))
        units = min(part, claim.units - claim.withdrawn)
        giver = Ship.objects.get(pk=claim.stock.depot.ship_id)
        self.confirm("withdraw", giver, self.hauler, claim.stock.good, units, claim)

    @rule(data=st.data(), status=st.sampled_from(["cancelled", "failed"]))
    @precondition(lambda self: self.requests())
    def a_request_ends(self, data, status):
        queue.end(data.draw(st.sampled_from(self.requests())), status, "as it happens")

    @rule(data=st.data())
    @precondition(lambda self: self.requests())
    def a_ship_leaves_with_what_it_has(self, data):
        queue.settle_short(data.draw(st.sampled_from(self.requests())), "as it happens")

    @rule(minutes=st.sampled_from([1, 31, 61, 181]))
    def time_passes(self, minutes):
        clock.sleep(60 * minutes)
        queue.tend(self.agent)

    @rule(which=st.integers(0, 1), good=GOODS, share=st.floats(0, 1.5))
    def goods_vanish_or_appear(self, which, good, share):
        depot = self.depots[which]
        ship = Ship.objects.get(pk=depot.ship_id)
        held = round(ship.cargo.get(good, 0) * share)
        ship.cargo_units += held - ship.cargo.get(good, 0)
        ship.cargo = {**ship.cargo, good: held}
        ship.save()
        depots.reconcile(depot)
        queue.tend(self.agent)

    def claims(self):
        return list(
            Claim.objects.filter(
                request__agent=self.agent, released_at=None, units__gt=F("withdrawn")
            ).select_related("stock__depot")
        )

    def requests(self):
        return list(OPEN.filter(agent=self.agent).order_by("pk"))

    @invariant()
    def promised_and_free_are_what_is_there(self):
        for row in Stock.objects.filter(depot__ship__agent=self.agent).select_related(
            "depot__ship"
        ):
            assert row.promised + row.free == row.units
            assert 0 <= row.promised <= row.units
            assert row.units == row.depot.ship.cargo.get(row.good, 0)
            claims = Claim.objects.filter(stock=row, released_at=None)
            owed = claims.aggregate(units=Sum(F("units") - F("withdrawn")))["units"]
            assert row.promised == (owed or 0)

    @invariant()
    def requests_have_what_their_claims_say(self):
        for request in ResourceRequest.objects.filter(agent=self.agent, status__in=queue.OPEN):
            claims = request.claims.filter(released_at=None)
            sums = claims.aggregate(units=Sum("units"), withdrawn=Sum("withdrawn"))
            assert request.claimed == (sums["units"] or 0)
            assert request.withdrawn == (sums["withdrawn"] or 0)
            assert (request.status == "claimed") is (request.claimed == request.units)


@pytest.mark.django_db
def test_promised_and_free_units_are_the_physical_ones_at_every_step():
    run_state_machine_as_test(
        Store,
        settings=settings(
            max_examples=10,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
