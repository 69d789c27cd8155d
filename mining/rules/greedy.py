"""The greedy plan: one ship after the other, or a digger with a carrier, where it adds most.

It is what the search is measured against, and what holds where the search gave up. Each step takes
the choice that adds most to the whole plan, goods sold as well as possible. Few choices have to be
tried for that: what one more unit would bring at each market, at each site and in each carrier says
how much a choice can add at most.
"""

from collections.abc import Iterable, Mapping

from .programme import Ground, Job, Sales, Seller

ENOUGH = 1e-6  # credits an hour: a plan that is better by less is no better

Choice = tuple[int, ...]  # positions of jobs that one ship each takes


def greedy(ground: Ground, *, hurried: bool = False) -> tuple[dict[int, int], float]:
    """Ships by the position of their job, and what they bring an hour.

    `hurried` takes the first choice that adds anything, the most promising tried first, and so
    solves one programme for each ship instead of twenty.
    """
    seller, choices = Seller(ground), _Choices(ground)
    chosen: dict[int, int] = {}
    now = seller.sell(chosen)
    while True:
        taken: Choice | None = None
        best = now
        for most, choice in choices.ranked(chosen, now):
            if most <= best.value + ENOUGH or (hurried and taken):
                break
            tried = seller.sell(with_more(chosen, choice))
            if tried.value > best.value + ENOUGH:
                best, taken = tried, choice
        if taken is None:
            return chosen, now.value
        chosen, now = with_more(chosen, taken), best
        choices.take(taken)


def with_more(chosen: Mapping[int, int], more: Iterable[int]) -> dict[int, int]:
    found = dict(chosen)
    for number in more:
        found[number] = found.get(number, 0) + 1
    return found


class _Choices:
    """What may be done next, as arrays, with how much each choice can bring at most.

    A load brings no more than the first unit of each of its goods would at its market. Where a
    site has diggers or carriers already, a choice there brings no more than what one more unit
    handed over, and one more unit of room, are worth.
    """

    def __init__(self, ground: Ground) -> None:
        import numpy  # a process that plans has loaded it with OR-tools anyway

        self.numpy = numpy
        self.jobs = ground.jobs
        self.shares = {place.name: place.shares for place in ground.places}
        self.left = {crew.name: crew.ships for crew in ground.crews}
        self.bears = {place.name: place.most for place in ground.places}
        self.carriers = {place.name: place.carriers for place in ground.places}
        self.begun: set[str] = set()
        self.all = list(_every(ground.jobs))
        self.markets = sorted({(step.good, step.stop) for step in ground.steps})
        column = {market: number for number, market in enumerate(self.markets)}
        self.brings = numpy.zeros((len(self.all), len(self.markets)))
        self.room = numpy.full(len(self.all), numpy.inf)
        self.cost = numpy.array(
            [sum(self.jobs[each].cost for each in one) for one in self.all], dtype=float
        )
        for row, choice in enumerate(self.all):
            digger, last = self.jobs[choice[0]], self.jobs[choice[-1]]
            if digger.carries:
                continue  # alone at a site where nobody digs: it brings nothing
            if last.carries:
                self.room[row] = last.units
            for good, share in self.shares[digger.site].items():
                if (good, last.stop) in column:
                    self.brings[row, column[good, last.stop]] = share * digger.units

    def take(self, choice: Choice) -> None:
        """Count a choice as made."""
        for number in choice:
            job = self.jobs[number]
            self.left[job.crew] -= 1
            self.bears[job.site] -= job.digs
            self.carriers[job.site] -= job.carries
            if job.carries or not job.stop:
                self.begun.add(job.site)

    def ranked(self, chosen: Mapping[int, int], now: Sales) -> Iterable[tuple[float, Choice]]:
        """Choices that are possible, with the value of the plan they lead to at most, the most
        promising first."""
        numpy = self.numpy
        prices = numpy.array([now.at_market[market] for market in self.markets])
        dearest = (self.brings > 0) * prices
        most = numpy.minimum(
            self.brings @ prices, self.room * numpy.maximum(dearest.max(axis=1), 1e-12)
        )
        most = now.value + most - self.cost
        for row, choice in enumerate(self.all):
            if self.jobs[choice[0]].site in self.begun and self._hands_over(choice):
                most[row] = now.value + self._shadow(choice, now) - self.cost[row]
        for row in numpy.argsort(-most, kind="stable"):
            if most[row] <= now.value:
                return
            if self._fits(self.all[row]):
                yield float(most[row]), self.all[row]

    def _hands_over(self, choice: Choice) -> bool:
        job = self.jobs[choice[-1]]
        return job.carries or not job.stop

    def _shadow(self, choice: Choice, now: Sales) -> float:
        """What a choice at a site with diggers or carriers can bring at most."""
        total = 0.0
        for number in choice:
            job = self.jobs[number]
            if job.carries:
                total += job.units * now.room.get((job.site, job.stop), 0.0)
                continue
            for good, share in self.shares[job.site].items():
                total += share * job.units * now.handed_over.get((job.site, good), 0.0)
        return total

    def _fits(self, choice: Choice) -> bool:
        need: dict[str, int] = {}
        for number in choice:
            job = self.jobs[number]
            need[job.crew] = need.get(job.crew, 0) + 1
            if job.digs > self.bears[job.site] or job.carries > self.carriers[job.site]:
                return False
        return all(self.left[crew] >= count for crew, count in need.items())


def _every(jobs: Iterable[Job]) -> Iterable[Choice]:
    """Each job by itself, and each digger that hands over with each carrier of its site."""
    jobs = list(jobs)
    carriers: dict[str, list[int]] = {}
    for number, job in enumerate(jobs):
        if job.carries:
            carriers.setdefault(job.site, []).append(number)
    for number, job in enumerate(jobs):
        yield (number,)
        if not job.stop:
            for other in carriers.get(job.site, ()):
                yield (number, other)
