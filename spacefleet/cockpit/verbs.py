"""The verbs of control: what each does, to whom it can be said, and what it costs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, Sum

from allocation.models import Contract
from fleet.models import Control, LedgerEntry, Ship
from fleet.selectors.pages import CAPITAL, HOUR, Scope
from fleet.services import controls
from spacefleet.templatetags.pages import number, span

from .subjects import Subject

EVERYBODY = ("installation", "agent", "ship")
SAMPLE = HOUR  # game seconds that the earnings of a subject are read off


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing an owner can order. `permission` is what a person needs to say it."""

    name: str
    label: str
    effect: str
    scopes: tuple[str, ...] = EVERYBODY
    permission: str = "fleet.change_control"
    earns: bool = False  # whether the subject goes on earning
    grave: bool = False

    @property
    def lasting(self) -> bool:
        """Whether it can be given for a while."""
        return self.name in Control.Mode.values


VERBS = {
    verb.name: verb
    for verb in (
        Verb(
            "watch",
            "Watch only",
            "The game is read and everything is decided, but nothing is changed: no ship moves, "
            "nothing is bought or sold. Each ship says what it would do.",
        ),
        Verb(
            "pause",
            "Pause new work",
            "What is begun is finished: trips, sales, loads. Nothing new is begun and no ship is "
            "bought.",
        ),
        Verb(
            "drain",
            "Drain",
            "What is begun is finished, what is then still aboard is sold where it brings most, "
            "and the ships rest where they are.",
        ),
        Verb(
            "recall",
            "Recall",
            "The ships fly home at once with what is aboard and stay there. What they had begun "
            "waits until they fly again.",
        ),
        Verb(
            "stop",
            "Stop",
            "No further step from now on. What is in flight arrives by itself and stays there "
            "with its cargo.",
        ),
        Verb(
            "emergency",
            "Emergency stop",
            "No further call to the game, not even to look: a step under way ends before its "
            "next call. Afterwards each ship that was cut short is looked at first.",
            scopes=("installation", "agent"),
            grave=True,
        ),
        Verb(
            "resume",
            "Resume",
            "The order is taken back; all fly freely again, at once.",
            earns=True,
        ),
        Verb(
            "exclude",
            "Exclude",
            "Left alone from the next step on, for flying it by hand: it counts for no role, and "
            "what it does is not booked until it is read again. What an agent had promised from "
            "its depots ends; its cargo stays where it is.",
            scopes=("agent", "ship"),
            permission="fleet.change_ship",
        ),
        Verb(
            "include",
            "Include",
            "Flown again from the next step on, after being read anew.",
            scopes=("agent", "ship"),
            permission="fleet.change_ship",
            earns=True,
        ),
    )
}


def offered(subject: Subject, *, controlled: bool, excluded: bool) -> list[Verb]:
    """The verbs that make sense for a subject as it stands."""
    hidden = {"include"} if not excluded else {"exclude"}
    if not controlled:
        hidden.add("resume")
    return [
        verb
        for verb in VERBS.values()
        if subject.kind in verb.scopes and verb.name not in hidden
    ]


def verbs_for(subject: Subject) -> list[Verb]:
    """The verbs that make sense for a subject now."""
    given = controls.given(agent=subject.agent, ship=subject.ship)
    row = subject.ship or subject.agent
    return offered(subject, controlled=given is not None, excluded=bool(row and row.excluded))


def costs(verb: Verb, subject: Subject, scope: Scope, *, at: datetime) -> list[str]:
    """What saying the verb means right now, in sentences with figures."""
    agents = subject.concerned(scope)
    ships = Ship.objects.filter(agent__in=agents, lost_at__isnull=True)
    if subject.ship:
        ships = ships.filter(pk=subject.ship.pk)
    return [
        *_concerned(ships, at=at),
        *_watched(verb, subject),
        *([] if verb.earns else _earnings(agents, subject, scope, at=at)),
        *([] if verb.earns else _contracts(agents, subject, at=at)),
    ]


def _concerned(ships: "object", *, at: datetime) -> Iterator[str]:
    rows = list(ships.only("nav_status", "arrives_at", "cargo_units"))  # type: ignore[attr-defined]
    flying = sum(ship.in_transit(at) for ship in rows)
    aboard = sum(ship.cargo_units for ship in rows)
    many = "1 ship" if len(rows) == 1 else f"{len(rows)} ships"
    yield f"It concerns {many}, {flying} of them in flight, with {number(aboard)} units aboard."


def _watched(verb: Verb, subject: Subject) -> Iterator[str]:
    """A subject that watches has one order at a time: another one lets it act again."""
    given = controls.given(agent=subject.agent, ship=subject.ship)
    if given and given.mode == Control.Mode.WATCH and verb.name in ("pause", "drain", "recall"):
        yield (
            "It watches only: this order takes that one's place, and calls that change the game "
            "go out again."
        )


def _earnings(
    agents: list[int], subject: Subject, scope: Scope, *, at: datetime
) -> Iterator[str]:
    """What the subject earned in the last game hour: that is what standing still costs."""
    entries = LedgerEntry.objects.filter(agent__in=agents, at__gte=scope.since(SAMPLE, at))
    if subject.ship:
        entries = entries.filter(ship=subject.ship)
    earned = entries.exclude(kind__in=CAPITAL).aggregate(sum=Sum("amount"))["sum"]
    if earned is None:
        yield "It moved no credits in the last game hour."
        return
    yield (
        f"It earned {number(earned)} credits net in the last game hour: about that much an hour "
        "is forgone when it stands still."
    )


def _contracts(agents: list[int], subject: Subject, *, at: datetime) -> Iterator[str]:
    """Contracts that may miss their deadline."""
    open_ = Q(agent__in=agents, status=Contract.Status.ACCEPTED)
    if subject.ship:
        open_ &= Q(trips__ship=subject.ship, trips__ended_at__isnull=True)
    for row in Contract.objects.filter(open_).order_by("deadline_at").distinct()[:5]:
        left = (row.deadline_at - at).total_seconds()
        yield (
            f"Contract {row}: {row.units_fulfilled} of {row.units_required} delivered, its "
            f"deadline is in {span(left)}; missing it forfeits {number(row.on_fulfilled)} credits."
        )
