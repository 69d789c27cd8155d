"""Breaking things: each kind of trouble of a plan, done to the stage."""

import signal
import time
from collections.abc import Callable

from spacefleet import clock
from spacefleet.models import Alert
from spacefleet.processes import LAST_SECONDS

from . import tree
from .database import Sqlite
from .health import Found
from .plan import ZONES, Dice
from .stage import OURS, Stage

RIVAL = "rival"
TAKEOVER = 40.0  # wall seconds in which a second node has taken a frozen dispatcher's lane
STORM = 5  # kills
RESUME = 15.0  # wall seconds after the database is back in which requests go out again
DISK_FULL = 20.0  # wall seconds
NO_ROOM = 4096  # bytes a file may have on the full disk

KILLED, ENDED = signal.SIGKILL, signal.SIGTERM


class Breaker:
    """Does one kind of trouble at a time; what it learned goes into `Found.facts`."""

    def __init__(self, stage: Stage, dice: Dice) -> None:
        self.stage = stage
        self.dice = dice

    def break_it(self, trouble: str, found: Found) -> None:
        """Do it; returns once the trouble itself is over and recovery may begin."""
        kind, _, victim = trouble.partition(" ")
        if kind in ("kill", "end"):
            self._end(victim, KILLED if kind == "kill" else ENDED, found)
            return
        deeds: dict[str, Callable[[], None]] = {
            "database away 15 s": lambda: self._database_away(15, found),
            "database away 120 s": lambda: self._database_away(120, found),
            "disk full": lambda: self._disk_full(found),
            "second dispatcher": lambda: self._second_dispatcher(found),
        }
        deeds[trouble]()

    # processes

    def _end(self, victim: str, number: signal.Signals, found: Found) -> None:
        if victim == "supervisor":
            self._end_supervisor(number, found)
            return
        if victim == "several":
            self._end_several(number, found)
            return
        if victim == "storm":
            self._storm(number, found)
            return
        chosen = self._choose(victim)
        if chosen is None:
            found.facts["victim"] = "none was there"
            return
        found.facts["victim"] = f"{chosen.kind} of {chosen.queue}"
        chosen.send(number)

    def _end_several(self, number: signal.Signals, found: Found) -> None:
        there = [each for each in self.stage.processes() if each.kind != "supervisor"]
        victims = self.dice.some_of(there, self.dice.one_of((2, 3, 4)))
        for each in victims:
            each.send(number)
        found.kills = len(victims)
        found.facts["victim"] = ", ".join(f"{each.kind} of {each.queue}" for each in victims)

    def _storm(self, number: signal.Signals, found: Found) -> None:
        """One after the other, also those that have just taken the place of the one before."""
        victims = []
        for _ in range(STORM):
            there = [each for each in self.stage.processes() if each.kind != "supervisor"]
            if there:
                victims.append(self.dice.one_of(there))
                victims[-1].send(number)
            time.sleep(self.dice.moment())
        found.kills = len(victims)
        found.facts["victim"] = ", ".join(f"{each.kind} of {each.queue}" for each in victims)

    def _choose(self, victim: str) -> tree.Process | None:
        flies = self.stage.dispatcher()
        if victim == "dispatcher":
            return flies
        kind = "worker" if victim == "idle" else victim
        there = [each for each in self.stage.processes(kind) if each != flies]
        return self.dice.one_of(there) if there else None

    def _end_supervisor(self, number: signal.Signals, found: Found) -> None:
        zone = self.dice.one_of(ZONES)
        found.facts["zone"] = zone
        began = time.monotonic()
        supervisor = self.stage.supervisors[OURS]
        supervisor.send_signal(number)
        supervisor.wait()
        if number == ENDED:
            found.facts["drained_in"] = round(time.monotonic() - began, 2)
            left = self._left_behind()
            if left:
                found.broken.append(f"{len(left)} processes were left behind by the supervisor")
        self.stage.start(zone=zone)

    def _left_behind(self) -> list[tree.Process]:
        """What of the node goes on without its supervisor. Clusters of one that was killed a
        moment ago may take their last seconds."""
        ends = time.monotonic() + LAST_SECONDS + 1.0
        while (left := self.stage.processes()) and time.monotonic() < ends:
            time.sleep(0.2)
        return left

    # what they stand on

    def _database_away(self, seconds: float, found: Found) -> None:
        before = {each.pid for each in self.stage.processes() if each.kind != "helper"}
        self.stage.database.stop()
        time.sleep(seconds)
        after = {each.pid for each in self.stage.processes() if each.kind != "helper"}
        found.facts["processes_that_died"] = len(before - after)
        self.stage.database.start()
        back = time.monotonic()
        asked = self.stage.witness.requests
        while self.stage.witness.requests == asked and time.monotonic() - back < 60:
            time.sleep(0.05)
        resumed = round(time.monotonic() - back, 2)
        found.facts["requests_resumed_after"] = resumed
        if before - after:
            found.broken.append(f"{len(before - after)} processes died of the absence")
        if resumed > RESUME:
            found.broken.append(f"requests resumed only after {resumed} s")

    def _disk_full(self, found: Found) -> None:
        assert isinstance(self.stage.database, Sqlite)
        before = {each.pid for each in self.stage.processes() if each.kind != "helper"}
        ends = time.monotonic() + DISK_FULL
        while time.monotonic() < ends:
            self._room(NO_ROOM)
            time.sleep(0.5)
        after = {each.pid for each in self.stage.processes() if each.kind != "helper"}
        self._room(None)
        found.facts["processes_that_died"] = len(before - after)
        if before - after:
            found.broken.append(f"{len(before - after)} processes died of the full disk")
        if not self._told_of(found):
            found.broken.append("no alert told that the database could not be written")

    def _told_of(self, found: Found) -> bool:
        """Whether an alert says so, within the seconds in which requests must resume."""
        ends = time.monotonic() + RESUME
        while time.monotonic() < ends:
            told = Alert.objects.filter(kind="database", last_at__gt=found.at).first()
            if told is not None:
                found.facts["alert"] = told.message
                return True
            time.sleep(0.2)
        return False

    def _room(self, room: int | None) -> None:
        assert isinstance(self.stage.database, Sqlite)
        self.stage.database.fill((each.pid for each in self.stage.processes()), room=room)

    def _second_dispatcher(self, found: Found) -> None:
        """Freeze the dispatcher until another node has its lane, then let it wake up."""
        self.stage.start(RIVAL)
        time.sleep(5)
        frozen, generation = self.stage.dispatcher(), self.stage.generation()
        if frozen is None:
            found.facts["victim"] = "none was there"
        else:
            frozen.send(signal.SIGSTOP)
            began = time.monotonic()
            while self.stage.generation() == generation:
                if time.monotonic() - began > TAKEOVER:
                    found.broken.append(f"nobody took a frozen lane in {TAKEOVER:.0f} s")
                    break
                time.sleep(0.1)
            found.facts["frozen_lane_taken_after"] = round(time.monotonic() - began, 2)
            time.sleep(1)
            frozen.send(signal.SIGCONT)
            time.sleep(4)
        found.facts["rival_drained_in"] = round(self.stage.end_node(RIVAL), 2)


def begun(trouble: str) -> Found:
    return Found(trouble, clock.now())
