"""The pages of control: what holds, what can be ordered, what was changed and how to undo it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

import fleet.selectors.pages
import fleet.services.parameters
from fleet.forms import ShipForm
from fleet.selectors import standing
from fleet.views import scope_of
from spacefleet import clock, jobs
from spacefleet.models import AuditEntry, Node
from spacefleet.panels import panel
from spacefleet.parameters import parameter_class

from . import changes
from .forms import OrderForm, ParametersForm
from .subjects import Subject, subject_of, subjects_of
from .verbs import VERBS, Verb, costs, verbs_for

WEIGHED = 10  # of many subjects of one verb, whose costs the page lists
CHANGES = 30  # of the newest changes that the page shows
CONTROLS = "fleet.change_control"
ROLES = "fleet.change_ship"
PARAMETERS = "fleet.change_parameter"
NODES = "spacefleet.change_node"


def _need(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied(f"This needs the permission {permission}.")


def _sent(request: HttpRequest) -> QueryDict | None:
    """The form as it was sent, an empty one too; None when it is only looked at."""
    return request.POST if request.method == "POST" else None


# orders


@require_safe
def control(request: HttpRequest) -> HttpResponse:
    """What holds, and the verbs for the installation, an agent or a ship."""
    scope = scope_of(request)
    subject = subject_of(request)
    return render(
        request,
        "cockpit/control.html",
        {
            "subject": subject,
            "verbs": verbs_for(subject),
            "agents": scope.everyone,
            "may_steer": request.user.has_perm(CONTROLS),
        },
    )


@panel("cockpit/_standing.html")
def orders(request: HttpRequest) -> dict[str, Any]:
    """The orders that hold now, with their reason, their end and a way out."""
    at = clock.now()
    rows = [row for row in standing.every() if row.until is None or row.until > at]
    return {"controls": rows, "may_steer": request.user.has_perm(CONTROLS)}


@panel("cockpit/_changes.html", every=10)
def changed(request: HttpRequest) -> dict[str, Any]:
    """What people changed last, and what of it can be undone."""
    rows = list(AuditEntry.objects.select_related("user").order_by("-at", "-pk")[:CHANGES])
    return {
        "entries": [
            (row, bool(row.undo) and request.user.has_perm(changes.permission(row)))
            for row in rows
        ]
    }


@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, verb: str) -> HttpResponse:
    """Confirm a verb, with its effect and its cost, then say it."""
    scope, asked = scope_of(request), VERBS.get(verb)
    subjects = subjects_of(request)
    spoken = _spoken(subjects)
    if asked is None or any(one.kind not in asked.scopes for one in subjects):
        raise Http404(f"There is no way to {verb} {spoken}.")
    alone = subjects[0] if len(subjects) == 1 else Subject()
    form = OrderForm(asked, alone, _sent(request))
    if request.method == "POST":
        _need(request, asked.permission)
        if form.is_valid():
            for one in subjects:
                said = _said(request, asked, one, form.cleaned_data)
            if len(subjects) > 1:
                said = f"{asked.label}: {spoken}."
            messages.info(request, said)
            return redirect(f"{reverse('control')}{alone.query}")
    context = {
        "verb": asked,
        "spoken": spoken,
        "back": alone.query,
        "form": form,
        "costs": _costs(asked, subjects, scope),
        "more": max(0, len(subjects) - WEIGHED),
        "may": request.user.has_perm(asked.permission),
    }
    return render(request, "cockpit/confirm.html", context)


def _spoken(subjects: list[Subject]) -> str:
    """Whom it is about: "ship MAGPIE-1", "3 ships: MAGPIE-1, MAGPIE-2, MAGPIE-3"."""
    if len(subjects) == 1:
        return subjects[0].spoken
    return f"{len(subjects)} {subjects[0].kind}s: {', '.join(one.name for one in subjects)}"


def _costs(
    verb: Verb, subjects: list[Subject], scope: fleet.selectors.pages.Scope
) -> list[str]:
    """What it means for each, by name where there are several; of very many the first ones."""
    at = clock.now()
    if len(subjects) == 1:
        return costs(verb, subjects[0], scope, at=at)
    return [
        f"{one.name}: {' '.join(costs(verb, one, scope, at=at))}" for one in subjects[:WEIGHED]
    ]


def _said(request: HttpRequest, verb: Verb, subject: Subject, told: dict[str, Any]) -> str:
    """Do it for one subject; what was done, in words."""
    if verb.name in ("exclude", "include"):
        entry = changes.columns(
            request,
            f"{verb.name}d",
            subject.ship or subject.agent,
            excluded=verb.name == "exclude",
        )
        said = f"{verb.label}d: {subject.spoken}." if entry else "It was so already."
    elif verb.name == "resume":
        changes.order(request, subject, None)
        said = f"Resumed: {subject.spoken}."
    else:
        until = clock.now() + clock.game(3600 * told["hours"]) if told["hours"] else None
        given = changes.Order(
            verb.name,
            by=request.user.get_username(),
            why=told["why"],
            until=until,
            place=told.get("place", ""),
        )
        changes.order(request, subject, given)
        said = f"{verb.label}: {subject.spoken}. It holds from the next step on."
    return said


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest) -> HttpResponse:
    """Set back what one audit entry changed, after asking once more."""
    asked = request.POST or request.GET
    entry = AuditEntry.objects.filter(pk=_whole(asked.get("entry", ""))).first()
    if entry is None:
        if request.method == "POST":
            _need(request, CONTROLS)
        return render(request, "cockpit/undo.html", {"entry": None})
    may = request.user.has_perm(changes.permission(entry))
    if request.method != "POST":
        return render(request, "cockpit/undo.html", {"entry": entry, "may": may})
    _need(request, changes.permission(entry))
    try:
        changes.undo(request, entry)
        messages.info(request, f"Undone: {entry}.")
    except changes.CannotUndo as error:
        messages.warning(request, str(error))
    return redirect("control")


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0


# roles and behaviours


@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: HttpRequest, symbol: str) -> HttpResponse:
    """Choose the duties of a ship; chosen ones are pinned against the conductor."""
    scope_of(request)
    ship = fleet.selectors.pages.ship_named(symbol, scope=fleet.selectors.pages.scope())
    if ship is None:
        raise Http404(f"No ship {symbol} flies here. The page of ships lists all of them.")
    form = ShipForm(_sent(request), instance=ship)
    del form.fields["excluded"]
    if request.method == "POST":
        _need(request, ROLES)
        held, pinned = list(ship.roles), ship.role_pinned
        if form.is_valid():
            chosen = form.cleaned_data["roles"]
            pin = form.cleaned_data["role_pinned"] or chosen != held
            ship.roles, ship.role_pinned = held, pinned
            changes.columns(request, "changed", ship, roles=chosen, role_pinned=pin)
            messages.info(request, "They hold from the ship's next step, which it takes now.")
            return redirect(reverse("ship", args=[ship.symbol]))
    context = {"ship": ship, "form": form, "may": request.user.has_perm(ROLES)}
    return render(request, "cockpit/roles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def tune(request: HttpRequest, behaviour: str) -> HttpResponse:
    """All parameters of a behaviour for the installation, an agent or a ship."""
    scope = scope_of(request)
    if behaviour not in jobs.PARAMETERS:
        raise Http404(f"There is no behaviour {behaviour}.")
    subject = subject_of(request)
    form = ParametersForm(behaviour, subject, _sent(request))
    if request.method == "POST":
        _need(request, PARAMETERS)
        if form.is_valid():
            made = [
                changes.parameter(request, subject, behaviour, name, form.cleaned_data[name])
                for name in form.changed_data
            ]
            count = sum(entry is not None for entry in made)
            messages.info(
                request,
                f"{count} changed for {subject.spoken}: the next step goes by them."
                if count
                else "Nothing was changed.",
            )
            return redirect(f"{reverse('tune', args=[behaviour])}{subject.query}")
    context = {
        "behaviour": behaviour,
        "meaning": _meaning(behaviour),
        "subject": subject,
        "form": form,
        "agents": scope.everyone,
        "behaviours": sorted(jobs.PARAMETERS),
        "may": request.user.has_perm(PARAMETERS),
    }
    return render(request, "cockpit/tune.html", context)


def _meaning(behaviour: str) -> str:
    """What a role does, or what else the parameters are about."""
    role = jobs.ROLES.get(behaviour)
    if role:
        return role.meaning
    about = (parameter_class(behaviour).__doc__ or "").strip().split("\n\n")[0]
    return " ".join(about.split()).rstrip(".")


@require_safe
def behaviours(request: HttpRequest) -> HttpResponse:
    """Every behaviour that can be tuned, and what was chosen for whom."""
    scope_of(request)
    chosen = fleet.services.parameters.choices()
    return render(
        request,
        "cockpit/behaviours.html",
        {
            "behaviours": [
                (name, _meaning(name), [row for row in chosen if row.behaviour == name])
                for name in sorted(jobs.PARAMETERS)
            ]
        },
    )


# nodes


NODE_VERBS = {
    "drain": (
        "Drain",
        "Its steps under way end and it gives its lane back within a second. Another node of the "
        "lane takes over; where there is none, nobody flies until it may fly again.",
    ),
    "fly": ("Fly again", "It takes its lane again within seconds, if nobody else drives it."),
    "restart": (
        "Restart",
        "Its workers end after the steps under way and are started anew; about five seconds "
        "without a step.",
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def node(request: HttpRequest, name: str) -> HttpResponse:
    """Drain a node, let it fly again, or restart its workers, after asking once more."""
    row = get_object_or_404(Node, name=name)
    asked = (request.POST or request.GET).get("do", "drain")
    if asked not in NODE_VERBS:
        raise Http404(f"There is no way to {asked} a node.")
    label, effect = NODE_VERBS[asked]
    if request.method != "POST":
        context = {"node": row, "do": asked, "label": label, "effect": effect}
        may = request.user.has_perm(NODES)
        return render(request, "cockpit/node.html", {**context, "may": may})
    _need(request, NODES)
    if asked == "restart":
        changes.restart(request, row)
    else:
        changes.columns(request, asked, row, drain=asked == "drain")
    messages.info(request, f"{label}: node {name}.")
    return redirect("workers")
