"""What rings next in a lane: one look at the database serves many steps."""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Job:
    """A ship or an evaluator with its alarm as we believe it; in the order of stepping.

    `agent` is the key of whose it is.
    """

    wake_at: datetime
    kind: str
    pk: int
    agent: int = field(default=0, compare=False)


class Agenda:
    """The alarms up to a horizon, as of the last look and of the steps that ended since.

    Alarms beyond the horizon exist, but were not read. One that is not true any more does no
    harm: who takes it puts the belief into the WHERE of the UPDATE that begins the step.
    """

    def __init__(self) -> None:
        self._jobs: list[Job] = []
        self._horizon: datetime | None = None

    @property
    def spent(self) -> bool:
        """Whether nothing is known of what comes next."""
        return not self._jobs and self._horizon != NEVER

    def learn(self, jobs: Iterable[Job], *, horizon: datetime) -> None:
        """Replace everything by a fresh look that saw all alarms up to `horizon`."""
        self._jobs = list(jobs)
        heapq.heapify(self._jobs)
        self._horizon = horizon

    def note(self, job: Job) -> None:
        """A step ended and set this alarm."""
        if self._horizon is not None and job.wake_at <= self._horizon:
            heapq.heappush(self._jobs, job)

    def take(
        self, at: datetime, free: int, spent: Callable[[int], float] | None = None
    ) -> list[Job]:
        """At most `free` jobs that are due, taken off; the longest waiting first, and of those
        that rang together evaluators before ships.

        `spent` says what an agent had of its share: of several agents the one with the least goes
        first, so that who has more ships, or slower ones, has not more of the budget.
        """
        if spent is not None and free:
            return self._take_fairly(at, free, spent)
        due: list[Job] = []
        while self._jobs and len(due) < free and self._jobs[0].wake_at <= at:
            due.append(heapq.heappop(self._jobs))
        return due

    def _take_fairly(self, at: datetime, free: int, spent: Callable[[int], float]) -> list[Job]:
        due: list[Job] = []
        while self._jobs and self._jobs[0].wake_at <= at:
            due.append(heapq.heappop(self._jobs))
        had = {agent: spent(agent) for agent in {job.agent for job in due}}
        taken: list[Job] = []
        while due and len(taken) < free:
            job = min(due, key=lambda each: (had[each.agent], each))
            due.remove(job)
            taken.append(job)
            had[job.agent] += 1.0  # it will ask for something
        for job in due:
            heapq.heappush(self._jobs, job)
        return taken

    def alarm(self) -> datetime | None:
        """When the next known alarm rings; the horizon when there may be one behind it."""
        if self._jobs:
            return self._jobs[0].wake_at
        return None if self._horizon == NEVER else self._horizon
