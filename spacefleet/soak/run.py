"""One soak from its first process to its report."""

import time
from collections import Counter
from collections.abc import Callable
from statistics import quantiles
from typing import Any

from spacefleet import clock, outcome

from . import books
from .breaks import Breaker, begun
from .database import Database
from .health import Doctor, Found
from .plan import KILLS, PROFILES, Dice, Plan
from .stage import Stage

WARM = 60.0  # wall seconds in which the workers must fly
DRAIN = 10.0  # wall seconds in which a node has ended after SIGTERM
TAKEOVER = 30.0  # wall seconds to the next step after the death of any one process


def soak(
    plan: Plan, base: Database, *, tell: Callable[[str], object], stop: Callable[[], bool]
) -> dict[str, Any]:
    """Fly, break, check, until the hours or the kills are reached; answers the report."""
    stage = Stage(plan, base)
    with stage.open():
        return _Run(stage, tell, stop).report()


class _Run:
    def __init__(
        self, stage: Stage, tell: Callable[[str], object], stop: Callable[[], bool]
    ) -> None:
        self.stage = stage
        self.plan = stage.plan
        self.tell = tell
        self.stop = stop
        self.dice = Dice(self.plan)
        self.breaker = Breaker(stage, self.dice)
        self.doctor = Doctor(stage)
        self.found: list[Found] = []
        self.kills = 0
        self.breaks = 0
        self.unsettled = 0
        self.began = time.monotonic()

    def report(self) -> dict[str, Any]:
        profile = PROFILES[self.plan.profile]
        before = outcome.reading(self.stage.agent)
        self._start()
        self.stage.trouble(profile.rules())
        self._break_things()
        self.stage.trouble([])
        last = begun("the end")
        self.doctor.recover(last, since=clock.now(), limit=self.plan.limit)
        drained = self.stage.end()
        last.broken += self.doctor.after_the_end()
        if drained > DRAIN:
            last.broken.append(f"the node took {drained:.1f} s to end after SIGTERM")
        if left := self.stage.processes():
            last.broken.append(f"{len(left)} processes were left behind")
        self.found.append(last)
        return self._figures(drained, outcome.between(self.stage.agent, before))

    def _start(self) -> None:
        """Bring the workers up and let the fleet fly a while unharmed."""
        self.stage.start()
        first = begun("the start")
        self.doctor.recover(first, since=first.at, limit=WARM)
        self.found.append(first)
        self.tell(f"flying after {first.well} s; {self.plan.folder} has the workers' log")

    def _break_things(self) -> None:
        for trouble in self.dice.troubles():
            if self._done():
                return
            time.sleep(self.dice.pause())
            self._break(trouble)
        while not self._done():
            time.sleep(min(5.0, self.plan.limit))
            quiet = begun("the server's trouble")
            self.doctor.recover(quiet, since=quiet.at, limit=self.plan.limit)
            self._note(quiet)

    def _break(self, trouble: str) -> None:
        found = begun(trouble)
        self.stage.witness.longest_silence()
        self.breaker.break_it(trouble, found)
        dead_at_once = trouble in KILLS and trouble not in ("end supervisor", "kill storm")
        since = found.at if dead_at_once else clock.now()
        self.breaks += 1
        self.unsettled += 1
        if self.unsettled >= self.plan.settle:
            self.doctor.recover(found, since=since, limit=self.plan.limit)
            self.unsettled = 0
        else:
            self.doctor.see_it_move(found, since=since, limit=self.plan.limit)
        if trouble in KILLS:
            self.kills += found.kills
            if found.silence is not None and found.silence > TAKEOVER:
                found.broken.append(f"nobody flew the ships for {found.silence} s")
        self._note(found)

    def _note(self, found: Found) -> None:
        self.found.append(found)
        told = f"{len(self.found) - 1:4d}  {found.trouble:<20} next step {found.took_over} s, silence {found.silence} s, well {found.well} s"
        if found.facts:
            told += "  " + ", ".join(f"{name}={value}" for name, value in found.facts.items())
        self.tell(told)
        for each in found.broken:
            self.tell(f"      BROKEN: {each}")

    def _done(self) -> bool:
        if self.stop() or (self.plan.kills is not None and self.kills >= self.plan.kills):
            return True
        if self.plan.breaks is not None and self.breaks >= self.plan.breaks:
            return True
        return time.monotonic() - self.began >= self.plan.hours * 3600

    def _figures(self, drained: float, brought: dict[str, Any]) -> dict[str, Any]:
        broken = [
            {"trouble": each.trouble, "at": each.at.isoformat(), "what": what}
            for each in self.found
            for what in each.broken
        ]
        return {
            "profile": self.plan.profile,
            "database": self.stage.database.kind,
            "seed": self.plan.seed,
            "speed": self.plan.speed,
            "seconds": round(time.monotonic() - self.began, 1),
            "kills": self.kills,
            "breaks": len(self.found) - 2,
            "by_trouble": _by_trouble(self.found),
            "drained_in": round(drained, 2),
            "ships": brought["ships"],
            "credits_start": brought["credits_start"],
            "credits_end": brought["credits_end"],
            "ledger_drift": brought["ledger_drift"],
            "rows_checked": sum(books.rows(self.stage.agent).values()),
            **self.stage.facts(),
            "broken": broken,
            "log": str(self.plan.folder / "workers.log"),
        }


def _by_trouble(found: list[Found]) -> dict[str, dict[str, Any]]:
    """Counts and times to the next step and until all was well, by kind of trouble."""
    counts = Counter(each.trouble for each in found)
    told: dict[str, dict[str, Any]] = {}
    for trouble, count in sorted(counts.items()):
        mine = [each for each in found if each.trouble == trouble]
        told[trouble] = {
            "count": count,
            "next_step": _spread([each.took_over for each in mine]),
            "silence": _spread([each.silence for each in mine]),
            "well": _spread([each.well for each in mine]),
        }
        for name in ("requests_resumed_after", "drained_in", "frozen_lane_taken_after"):
            values = [each.facts[name] for each in mine if name in each.facts]
            if values:
                told[trouble][name] = _spread(values)
    return told


def _spread(values: list[float | None]) -> dict[str, float | None]:
    """Median, the value 95 of 100 stay below, and the largest, in seconds."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return {"median": None, "p95": None, "most": None}
    if len(known) == 1:
        return {"median": known[0], "p95": known[0], "most": known[0]}
    marks = quantiles(known, n=100, method="inclusive")
    return {"median": round(marks[49], 2), "p95": round(marks[94], 2), "most": known[-1]}
