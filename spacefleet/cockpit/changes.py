"""Changes that people make: done, written down, and undone from what was written.

Each change is a value that the audit entry keeps as JSON: what was set, from what to what. It can
be undone as long as nobody has changed the same thing since.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.http import HttpRequest

from allocation.services import leaving
from fleet.models import Agent, Control, Ship
from fleet.services import alarms, controls, healing, parameters
from spacefleet import clock
from spacefleet.admin import audit
from spacefleet.models import AuditEntry, Node

from .subjects import Subject

COLUMNS = {
    "fleet.ship": {"excluded", "roles", "role_pinned"},
    "fleet.agent": {"excluded"},
    "spacefleet.node": {"drain"},
}
"""The columns people may set from the pages, and back."""

PERMISSIONS = {"control": "fleet.change_control", "parameter": "fleet.change_parameter"}


class CannotUndo(Exception):
    """The change stays; the message says why."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is ordered for a subject, and by whom."""

    mode: str
    by: str
    why: str = ""
    until: datetime | None = None
    place: str = ""


# making them


def order(request: HttpRequest, subject: Subject, given: Order | None) -> AuditEntry:
    """Give an order, or take back the one that holds (None); the audit entry knows both."""
    before = _control(controls.given(agent=subject.agent, ship=subject.ship))
    if given is None:
        controls.release(agent=subject.agent, ship=subject.ship)
        after = None
    else:
        row = controls.give(
            given.mode,
            agent=subject.agent,
            ship=subject.ship,
            by=given.by,
            why=given.why,
            until=given.until,
            place=given.place,
        )
        after = _control(row)
    undo = {"what": "control", **subject.keys(), "before": before, "after": after}
    verb = given.mode if given else "resumed"
    return audit(
        request,
        verb,
        subject.spoken,
        before=_control_words(before),
        after=_control_words(after),
        undo=undo,
    )


def columns(request: HttpRequest, verb: str, row: Any, **values: Any) -> AuditEntry | None:
    """Set columns of a row; None when they had these values."""
    old = {name: getattr(row, name) for name in values}
    if old == values:
        return None
    label = row._meta.label_lower
    _set(label, row.pk, values)
    undo = {"what": "columns", "model": label, "pk": row.pk, "before": old, "after": values}
    return audit(request, verb, row, before=_words(old), after=_words(values), undo=undo)


def restart(request: HttpRequest, node: Node) -> AuditEntry:
    """Have a node's supervisor start its workers anew; steps under way end first."""
    Node.objects.filter(pk=node.pk).update(restart=True)
    return audit(request, "restarted", node)


def parameter(
    request: HttpRequest, subject: Subject, behaviour: str, name: str, value: str | None
) -> AuditEntry | None:
    """Choose a parameter's value for a subject, or let it follow the wider scope (None)."""
    before = parameters.chosen(behaviour, name, agent=subject.agent, ship=subject.ship)
    if before == value:
        return None
    parameters.choose(behaviour, name, value, agent=subject.agent, ship=subject.ship)
    undo = {
        "what": "parameter",
        **subject.keys(),
        "behaviour": behaviour,
        "name": name,
        "before": before,
        "after": value,
    }
    return audit(
        request,
        "tuned",
        f"{behaviour}.{name} for {subject.spoken}",
        before="not set here" if before is None else before,
        after="not set here" if value is None else value,
        undo=undo,
    )


# undoing them


def permission(entry: AuditEntry) -> str:
    """What a person needs to undo it."""
    if entry.undo.get("what") == "columns":
        app, model = entry.undo["model"].split(".")
        return f"{app}.change_{model}"
    return PERMISSIONS.get(entry.undo.get("what", ""), "spacefleet.change_auditentry")


def undo(request: HttpRequest, entry: AuditEntry) -> AuditEntry:
    """Set back what the entry changed. Raises CannotUndo with the reason."""
    told = entry.undo
    if not told:
        raise CannotUndo("This change cannot be undone: the game allows no way back.")
    if not AuditEntry.objects.filter(pk=entry.pk, undone_at__isnull=True).update(
        undone_at=clock.now()
    ):
        raise CannotUndo("It was undone already.")
    try:
        made = UNDOING[told["what"]](request, told)
    except CannotUndo:
        AuditEntry.objects.filter(pk=entry.pk).update(undone_at=None)
        raise
    return made


def _undo_control(request: HttpRequest, told: dict[str, Any]) -> AuditEntry:
    subject = _subject(told)
    now = _control(controls.given(agent=subject.agent, ship=subject.ship))
    if _dated(now) != _dated(told["after"]):
        raise CannotUndo("Another order was given since.")
    before = told["before"]
    if before is None:
        return order(request, subject, None)
    until = datetime.fromisoformat(before["until"]) if before["until"] else None
    given = Order(before["mode"], before["by"], before["why"], until, before["place"])
    return order(request, subject, given)


def _undo_columns(request: HttpRequest, told: dict[str, Any]) -> AuditEntry:
    row = apps.get_model(told["model"])._default_manager.filter(pk=told["pk"]).first()
    if row is None:
        raise CannotUndo("It does not exist any more.")
    if any(getattr(row, name) != value for name, value in told["after"].items()):
        raise CannotUndo("It was changed again since.")
    made = columns(request, "undid", row, **told["before"])
    if made is None:
        raise CannotUndo("It is as it was already.")
    return made


def _undo_parameter(request: HttpRequest, told: dict[str, Any]) -> AuditEntry:
    subject, behaviour, name = _subject(told), told["behaviour"], told["name"]
    now = parameters.chosen(behaviour, name, agent=subject.agent, ship=subject.ship)
    if now != told["after"]:
        raise CannotUndo("It was changed again since.")
    try:
        made = parameter(request, subject, behaviour, name, told["before"])
    except ValueError as error:
        raise CannotUndo(f"The earlier value is not allowed any more: {error}") from error
    assert made is not None
    return made


UNDOING = {
    "control": _undo_control,
    "columns": _undo_columns,
    "parameter": _undo_parameter,
}


def _subject(told: dict[str, Any]) -> Subject:
    if told["ship"] is not None:
        ship = Ship.objects.filter(pk=told["ship"]).select_related("agent__era").first()
        if ship is None:
            raise CannotUndo("The ship does not exist any more.")
        return Subject(ship=ship)
    if told["agent"] is not None:
        agent = Agent.objects.filter(pk=told["agent"]).defer("token").first()
        if agent is None:
            raise CannotUndo("The agent does not exist any more.")
        return Subject(agent=agent)
    return Subject()


# in rows and in words


def _set(label: str, pk: int, values: dict[str, Any]) -> None:
    """Write columns people may set; ships step at once, included ones are read anew first."""
    unknown = set(values) - COLUMNS[label]
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))} of {label} cannot be set from a page")
    apps.get_model(label)._default_manager.filter(pk=pk).update(**values)
    if label == "spacefleet.node":
        return
    ships = Ship.objects.filter(**{"pk" if label == "fleet.ship" else "agent": pk})
    if values.get("excluded") is False:
        for ship in ships.filter(lost_at__isnull=True):
            healing.suspect(ship, "flown again after being left alone")
    alarms.nudge_fleet(ships)
    if label == "fleet.agent" and values.get("excluded"):
        leaving.end_promises(Agent.objects.defer("token").get(pk=pk))


def _control(row: Control | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "mode": row.mode,
        "by": row.by,
        "why": row.why,
        "place": row.place,
        "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else None,
    }


def _dated(told: dict[str, Any] | None) -> tuple[str, str] | None:
    return (told["mode"], told["since"]) if told else None


def _control_words(told: dict[str, Any] | None) -> str:
    if told is None:
        return "flying freely"
    words = [told["mode"], f"because {told['why']}" if told["why"] else ""]
    words.append(f"until {told['until']}" if told["until"] else "")
    return " ".join(word for word in words if word)


def _words(values: dict[str, Any]) -> str:
    return "\n".join(
        f"{name}: {', '.join(value) or 'none' if isinstance(value, list) else value}"
        for name, value in values.items()
    )
