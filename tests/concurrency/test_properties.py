"""Allocation and inventory together, whatever happens in whatever order (A2, I4).

Workers deposit, ask, claim, withdraw, give up and reconcile. While the game thinks about one
worker's transfer others act; answers are lost before or after the game has acted; the process
dies in the middle of a transfer or of the healing after it. At every moment promised and free
units are the physical ones, nobody overtakes, and nothing is applied twice.

`SPACEFLEET_PROPERTY_STEPS` asks for more steps than usual; 10,000 are two or three minutes.
"""

import json
import os
import random
from collections import Counter
from contextlib import contextmanager

import httpx
import pytest
from django.db import transaction
from django.db.models import F, Q
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from allocation.models import Claim, ResourceRequest
from allocation.services import queue
from fleet.models import Ship
from fleet.services import healing, sync
from inventory.models import Stock, Transfer
from inventory.services import depots as keeping
from inventory.services import transfers
from inventory.services.withdrawals import withdraw
from spacefleet import clock
from spacefleet.spacetraders import errors
from spacefleet.statements import Select, Update
from tests.crew import Crew, Killed
from tests.factories import DepotFactory

STEPS = int(os.environ.get("SPACEFLEET_PROPERTY_STEPS", "1500"))
STEPS_AN_EXAMPLE = 50
GOODS = ("IRON_ORE", "ICE_WATER")
UNSETTLED = Q(status__in=Transfer.UNSETTLED)
Status = ResourceRequest.Status


_claims = Select(
    lambda: (
        Claim.objects.filter(released_at__isnull=True)
        .order_by("pk")
        .values_list("stock", "units", "withdrawn")
    )
)
_doubtful = Select(lambda: Transfer.objects.filter(UNSETTLED).values_list("giver", "receiver"))
_books = Select(
    lambda: Stock.objects.values_list(
        "pk", "good", "units", "promised", "depot__ship", "depot__ship__cargo"
    )
)
_fresh = Select(
    lambda last: (
        Claim.objects.filter(pk__gt=last)
        .order_by("pk")
        .values_list("pk", "request", "request__created_at", "request__good")
    )
)
_waiting = Select(
    lambda: ResourceRequest.objects.waiting().values_list("good", "created_at", "pk")
)
_ship = Select(lambda pk: Ship.objects.filter(pk=pk).select_related("agent__era"))
_begin = Update(
    lambda pk, at: (
        Ship.objects.filter(pk=pk, stepping__isnull=True),
        {"stepping": 1, "stepping_at": at},
    )
)
_end = Update(lambda pk: (Ship.objects.filter(pk=pk), {"stepping": None}))


class Junction(httpx.BaseTransport):
    """The way to the universe: others act while a transfer is under way, and answers get lost.

    `meanwhile` are acts before and after the game did it; `fate` is what becomes of which
    request of the step from now on.
    """

    def __init__(self, inner):
        self.inner = inner
        self.meanwhile = ([], [])
        self.fate, self.countdown = "", 0
        self.under_way = []

    def handle_request(self, request):
        fate = self._fate()
        if not request.url.path.endswith("/transfer"):
            return self._asked(request, "killed" if fate == "killed" else "")
        ships = {request.url.path.split("/")[-2], str(_receiver(request))}
        assert not ships & {ship for pair in self.under_way for ship in pair}, "an overlap"
        before, after = self.meanwhile
        self.meanwhile = ([], [])
        self.under_way.append(ships)
        try:
            for act in before:
                act()
            return self._asked(request, fate, after)
        finally:
            self.under_way.remove(ships)

    def _asked(self, request, fate, after=()):
        if fate == "never arrived":
            raise httpx.ReadTimeout("The server never answered.", request=request)
        answer = self.inner.handle_request(request)
        for act in after:
            act()
        if fate == "killed":
            raise Killed
        if fate == "lost":
            raise httpx.RemoteProtocolError("No answer.", request=request)
        return answer

    def _fate(self):
        if not self.fate:
            return ""
        self.countdown -= 1
        if self.countdown > 0:
            return ""
        fate, self.fate = self.fate, ""
        return fate


def _receiver(request):
    return json.loads(request.read())["shipSymbol"]


class Works:
    """Two depots, and ships that bring to and take from them: what each of them may do."""

    def __init__(self, crew: Crew) -> None:
        self.crew = crew
        self.junction = crew.line.inner = Junction(crew.line.inner)
        port = crew.place("PLANET")
        hulls = [crew.commission("SHIP_LIGHT_SHUTTLE", port, roles=("depot",)) for _ in "ab"]
        self.depots = [DepotFactory(ship=hull, waypoint=port) for hull in hulls]
        self.bringers = [crew.commission("SHIP_LIGHT_SHUTTLE", port).pk for _ in "abc"]
        self.takers = [crew.commission("SHIP_LIGHT_SHUTTLE", port).pk for _ in "abc"]
        self.ships = [*self.bringers, *self.takers, *(hull.pk for hull in hulls)]
        self.api = crew.api
        self.logged = len(crew.log("transfer"))
        self.last_claim = 0

    def ship(self, pk):
        return _ship.first(pk=pk)

    # a step of a ship: marked as the engine marks it, healed first when suspect

    @contextmanager
    def step(self, pk):
        """Answers the ship, or None while another step of it is under way or it is suspect."""
        if not _begin.run(pk=pk, at=clock.now()):
            yield None
            return
        ship = self.ship(pk)
        try:
            if ship.suspect_since:
                healing.heal(ship, api=self.api)
                ship = None
            yield ship
        except errors.OutcomeUnknown as error:
            healing.suspect(ship, f"an answer was lost: {error}")
        except errors.Refused as error:
            raise AssertionError(f"we did not know our own holds: {error}") from error
        _end.run(pk=pk)

    def _sell(self, ship):
        for good, units in dict(ship.cargo).items():
            self._change(ship, good, -units)

    def _change(self, ship, good, units):
        """What other duties do to a hold, written as they write it."""
        if not units or ship.cargo_lock:
            return
        told = self.crew.told(ship)
        if units > 0:
            told.load(good, units)
        elif units < 0:
            told.unload(good, -units)
        sync.write(ship, cargo=dict(told.cargo), cargo_units=told.cargo_units)

    def deposit(self, pk, which, good, units):
        """Goods come aboard a ship that brings, from a rock or wherever, and go into a depot."""
        with self.step(pk) as ship:
            if ship is None:
                return
            self._change(ship, good, min(units, ship.cargo_space))
            hull = self.ship(self.depots[which].ship_id)
            transfers.transfer(ship, hull, good, 40, kind=Transfer.Kind.DEPOSIT, api=self.api)

    def fetch(self, pk, number, part):
        """Sell what is aboard when the hold is full, take up a claim and withdraw a part of it."""
        with self.step(pk) as ship:
            claims = self._claims() if ship else []
            if ship and not ship.cargo_space:
                self._sell(ship)
            if not claims:
                return
            claim = claims[number % len(claims)]
            if queue.take_up(claim, ship):
                withdraw(
                    ship,
                    claim.stock.depot,
                    claim.stock.good,
                    min(part, claim.units - claim.withdrawn),
                    api=self.api,
                    why="",
                    reference=claim.pk,
                    on_confirm=lambda row: queue.note_withdrawal(claim.pk, row),
                )

    def _claims(self):
        rows = Claim.objects.filter(released_at=None, units__gt=F("withdrawn"))
        return list(rows.select_related("stock__depot__ship").order_by("pk"))

    def ask(self, good, units, hours):
        clock.sleep(0.001)
        deadline = clock.now() + clock.game(3_600 * hours) if hours else None
        queue.file(
            self.crew.agent, good=good, units=units, purpose="market", why="", deadline=deadline
        )

    def serve(self, good):
        queue.serve(self.crew.agent, good)

    def finish(self, number, short):
        rows = list(ResourceRequest.objects.filter(status__in=queue.OPEN).order_by("pk"))
        if not rows:
            return
        request = rows[number % len(rows)]
        if short:
            queue.settle_short(request, "as it happens")
        else:
            queue.end(request, Status.CANCELLED, "as it happens")

    def tend(self):
        queue.tend(self.crew.agent)

    def reconcile(self, which):
        with self.step(self.depots[which].ship_id) as ship:
            if ship is not None:
                self.depots[which].refresh_from_db()
                assert keeping.reconcile(self.depots[which]) == [], "a drift out of nothing"

    def heal(self, number):
        """An alarm rings: a ship steps, which heals it when something is in doubt."""
        with self.step(self.ships[number % len(self.ships)]):
            pass

    def restart(self):
        """A new dispatcher: what was cut short is looked at before it acts."""
        healing.mark_cut_short(self.crew.agent.lane_id, generation=2)

    def settle(self):
        """Until nothing is in doubt any more."""
        self.junction.fate, self.junction.meanwhile = "", ([], [])
        for _ in range(10):
            doubtful = Ship.objects.filter(suspect_since__isnull=False)
            for pk in doubtful.values_list("pk", flat=True):
                with self.step(pk):
                    pass
        self.tend()

    # what is always true

    def check(self):
        self.check_stock()
        self.check_order()
        self.check_holds()

    def check_stock(self):
        """Promised and free units are the physical ones, and claims say to whom."""
        owed = Counter()
        for stock, units, withdrawn in _claims.all():
            assert withdrawn <= units
            owed[stock] += units - withdrawn
        in_doubt = {ship for pair in _doubtful.all() for ship in pair}
        for pk, good, units, promised, ship, cargo in _books.all():
            assert 0 <= promised <= units
            assert promised == owed.pop(pk, 0), f"{good}: claims and promises differ"
            if ship not in in_doubt:
                assert units == cargo.get(good, 0), f"{good}: books and hold differ"
        assert not +owed

    def check_order(self):
        """Who got units had nobody before it in the queue."""
        fresh = _fresh.all(last=self.last_claim)
        waiting = _waiting.all() if fresh else []
        for pk, request, created_at, good in fresh:
            self.last_claim = pk
            older = [
                row for row in waiting if row[0] == good and row[1:] < (created_at, request)
            ]
            assert older == [], "somebody was overtaken"

    def check_holds(self):
        """The game never saw too much or too little, and never anything twice."""
        world = self.crew.world
        for symbol in self.crew.player.ships:
            told = world.ships[symbol]
            assert min(told.cargo.values(), default=0) >= 0
            assert sum(told.cargo.values()) == told.cargo_units <= told.cargo_capacity

    def check_applied(self):
        """With nothing in doubt, our rows are the game's own log."""
        assert not Transfer.objects.filter(UNSETTLED).exists()
        assert not Ship.objects.exclude(cargo_lock="").exists()
        confirmed = Transfer.objects.filter(status=Transfer.Status.CONFIRMED)
        ours = Counter(
            confirmed.values_list("giver__symbol", "receiver__symbol", "good", "units")
        )
        theirs = Counter(
            (each["ship"], each["target"], each["good"], each["units"])
            for each in self.crew.log("transfer")[self.logged :]
        )
        assert ours == theirs
        found = {
            what: pair for what, pair in self.crew.differences().items() if "cargo" in what
        }
        assert found == {}


# one thread, every order: the state machine

SEED = st.integers(0, 2**32)  # what happens follows from it, alike however small it is
ACTS = (
    *["deposit"] * 5,
    *["fetch"] * 7,
    *["ask_and_serve"] * 4,
    *("finish", "tend", "heal", "heal", "reconcile"),
)
FATES = ("",) * 5 + ("lost", "never arrived", "killed")

_works: Works


class Pipeline(RuleBasedStateMachine):
    """The works, with anything happening to them in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.works = _works
        self.works.last_claim = 0
        self.works.logged = len(self.works.crew.log("transfer"))
        for pk in self.works.ships:
            told = self.works.crew.told(self.works.ship(pk))
            told.cargo, told.cargo_units = {}, 0

    def teardown(self) -> None:
        try:
            self.works.settle()
            self.works.check()
            self.works.check_applied()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def act(self, name, chance):
        works = self.works
        good, units = chance.choice(GOODS), chance.randint(1, 15)
        if name == "deposit":
            works.deposit(chance.choice(works.bringers), chance.randrange(2), good, units)
        elif name == "fetch":
            works.fetch(chance.choice(works.takers), chance.randrange(9), units)
        elif name == "ask_and_serve":
            works.ask(good, units, chance.choice((0, 0, 1, 3)))
            works.serve(good)
        elif name == "finish":
            works.finish(chance.randrange(9), chance.random() < 0.5)
        elif name == "heal":
            works.heal(chance.randrange(8))
        elif name == "reconcile":
            works.reconcile(chance.randrange(2))
        else:
            works.tend()
        works.check_order()

    def meanwhile(self, chance):
        """Up to two acts of others, while the game thinks."""
        names = [chance.choice(ACTS) for _ in range(chance.choice((0, 0, 1, 2)))]
        return [lambda name=name: self.act(name, chance) for name in names]

    def in_trouble(self, name, seed):
        """An act of one worker, with others acting meanwhile, a lost answer, or a sudden end."""
        chance, junction = random.Random(f"{name} {seed}"), self.works.junction
        junction.meanwhile = (self.meanwhile(chance), self.meanwhile(chance))
        junction.fate = chance.choice(FATES)
        junction.countdown = 1 if name != "heal" else chance.randint(1, 4)
        try:
            self.act(name, chance)
        except Killed:
            self.works.restart()
        finally:
            junction.meanwhile, junction.fate = ([], []), ""

    @rule(seed=SEED)
    def something_happens(self, seed):
        self.in_trouble(random.Random(seed).choice(ACTS), seed)

    @rule(minutes=st.sampled_from([1, 31, 61, 181]))
    def time_passes(self, minutes):
        clock.sleep(60 * minutes)
        self.works.tend()

    @invariant()
    def what_is_always_true(self):
        self.works.check()


@pytest.mark.timeout(0)
def test_promised_and_free_are_the_physical_units_at_every_step(crew):
    global _works
    _works = Works(crew)

    run_state_machine_as_test(
        Pipeline,
        settings=settings(
            max_examples=STEPS // STEPS_AN_EXAMPLE,
            stateful_step_count=STEPS_AN_EXAMPLE,
            deadline=None,
            derandomize=True,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
