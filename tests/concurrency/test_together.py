"""Allocation and inventory under workers that really run at once, and die together (A2, I4).

Threads deposit, ask, claim, withdraw, give up, reconcile and heal at the same time, on whichever
database the suite runs on; answers are lost before or after the game has acted. Now and then their
process dies: each thread ends in the middle of its next call, and the next generation of workers
finds what they left. Whenever all is still, promised and free units are the physical ones and
nobody was overtaken; at the end the game's own log holds no more and no less than our rows.

`SPACEFLEET_TOGETHER_STEPS` asks for more steps than usual.
"""

import os
import random
import threading
import time

import pytest

from allocation.models import Claim, ResourceRequest
from spacefleet import clock
from spacefleet.statements import Select
from tests.concurrency.test_claims import together
from tests.concurrency.test_properties import ACTS, GOODS, Junction, Works
from tests.crew import Killed, crewed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(0)]
STEPS = int(os.environ.get("SPACEFLEET_TOGETHER_STEPS", "600"))
WORKERS = 8
A_GENERATION = 120  # steps of all workers together, unless it dies before
FATES = ("",) * 20 + ("lost", "never arrived")

_last_change = Select(
    lambda good: (
        ResourceRequest.objects.waiting()
        .filter(good=good)
        .order_by("pk")
        .values_list("pk", "created_at", "transitions__at")
    )
)


class Crossing(Junction):
    """The way to the universe for several threads; each answer may be lost, and when the process
    dies no call of it comes back."""

    def __init__(self, inner):
        super().__init__(inner)
        self.dying = threading.Event()
        self.chance = threading.local()
        self.lost = 0

    def handle_request(self, request):
        fate = self.chance.dice.choice(FATES) if request.method == "POST" else ""
        if self.dying.is_set():
            fate = self.chance.dice.choice(("killed", "killed early"))
        if fate == "killed early":
            raise Killed
        time.sleep(0.0005)  # so that others have the chance to come between
        self.lost += bool(fate)
        return self._asked(request, fate)


class Crowd(Works):
    """The works with many hands at once."""

    def __init__(self, crew):
        inner = crew.line.inner
        super().__init__(crew)
        self.junction = crew.line.inner = Crossing(inner)
        self.settled_claims = 0

    def work(self, dice, steps):
        """One worker of a generation: so many acts, unless the process dies."""
        self.junction.chance.dice = dice
        try:
            for _ in range(steps):
                if self.junction.dying.is_set():
                    return
                clock.sleep(0.01)
                self._act(dice)
        except Killed:
            return

    def _act(self, dice):
        good, units = dice.choice(GOODS), dice.randint(1, 15)
        acts = {
            "deposit": lambda: self.deposit(
                dice.choice(self.bringers), dice.randrange(2), good, units
            ),
            "fetch": lambda: self.fetch(dice.choice(self.takers), dice.randrange(9), units),
            "ask_and_serve": lambda: (self.ask(good, units, 0), self.serve(good)),
            "finish": lambda: self.finish(dice.randrange(9), dice.random() < 0.5),
            "heal": lambda: self.heal(dice.randrange(8)),
            "reconcile": lambda: self.reconcile(dice.randrange(2)),
            "tend": self.tend,
        }
        acts[dice.choice(ACTS)]()

    def generation(self, number, *, dies):
        """All workers at once; the process dies in the middle of it, or they end in order."""
        self.junction.dying.clear()
        steps = A_GENERATION // WORKERS
        doom = random.Random(f"doom {number}").uniform(0.05, 0.6)

        def hand(which):
            if which == WORKERS:
                if dies:
                    time.sleep(doom)
                    self.junction.dying.set()
                return
            self.work(random.Random(f"{number} {which}"), steps)

        together(WORKERS + 1, hand)
        if dies:
            self.restart()

    def still(self):
        """What holds whenever nobody acts."""
        self.check_fair()
        self.tend()  # a claim that went back while it was fetched cut the promise of another
        self.check_stock()
        self.check_holds()

    def check_fair(self):
        """Who got units had nobody before it who had been waiting all along."""
        fresh = Claim.objects.filter(pk__gt=self.last_claim).select_related("request")
        for claim in fresh.order_by("pk"):
            self.last_claim = claim.pk
            changed: dict[int, object] = {}
            for pk, created_at, at in _last_change.all(good=claim.request.good):
                if created_at < claim.request.created_at:
                    changed[pk] = max(filter(None, (changed.get(pk), at)), default=created_at)
            assert all(at >= claim.at for at in changed.values()), "somebody was overtaken"

    def settle(self):
        self.junction.dying.clear()
        self.junction.chance.dice = random.Random("settled")
        clock.sleep(600)
        super().settle()


@pytest.fixture
def crowd(transactional_db):
    with crewed() as crew:
        yield Crowd(crew)


def test_workers_at_once_keep_the_books_whatever_dies(crowd):
    for number in range(max(2, STEPS // A_GENERATION)):
        crowd.generation(number, dies=number % 3 == 1)
        crowd.still()
        clock.sleep(100)
        if number % 10 == 9:
            crowd.settle()

    for _ in range(5):
        crowd.settle()

    crowd.still()
    crowd.check_applied()
    assert crowd.junction.lost, "answers were lost"
    assert Claim.objects.filter(withdrawn__gt=0).exists()
    assert ResourceRequest.objects.filter(status="fulfilled").exists()
    assert len(crowd.crew.log("transfer")) > STEPS / 20
