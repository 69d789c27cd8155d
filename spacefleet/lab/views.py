"""The page of the lab: start a comparison, watch it, read what it found."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from fleet.views import scope_of
from spacefleet import charts
from spacefleet.admin import audit
from spacefleet.lab import pages, work
from spacefleet.lab.arms import PRESETS
from spacefleet.lab.forms import StartForm
from spacefleet.models import Comparison
from spacefleet.panels import panel, unless_known

MAY_START = "spacefleet.add_comparison"
MAY_CANCEL = "spacefleet.change_comparison"


@require_http_methods(["GET", "HEAD", "POST"])
def lab(request: HttpRequest) -> HttpResponse:
    """Everybody who signed in may look; starting and cancelling need their permissions."""
    scope_of(request)
    form = StartForm()
    if request.method == "POST":
        if "cancel" in request.POST:
            return _cancel(request)
        form = StartForm(request.POST)
        if not request.user.has_perm(MAY_START):
            raise PermissionDenied("Starting a comparison needs the permission to add one.")
        if form.is_valid():
            return _start(request, form.cleaned_data)
    context = {
        "form": form,
        "chosen": _chosen(request),
        "presets": [(name, *told) for name, told in PRESETS.items()],
        "may_start": request.user.has_perm(MAY_START),
        "may_cancel": request.user.has_perm(MAY_CANCEL),
    }
    return render(request, "lab.html", context)


def _start(request: HttpRequest, asked: dict[str, Any]) -> HttpResponse:
    found = work.start(asked["order"], asked["arms"], asked["seed_list"], user=request.user)
    audit(request, "started", found, after=f"{asked['hours']:g} hours, {asked['seeds']} seeds")
    messages.info(request, "Started. The workers take its runs as they become free.")
    return redirect(f"{reverse('lab')}?comparison={found.pk}")


def _cancel(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm(MAY_CANCEL):
        raise PermissionDenied("Cancelling a comparison needs the permission to change one.")
    found = _named(request.POST["cancel"])
    if found and work.cancel(found):
        audit(request, "cancelled", found)
        messages.info(request, "Cancelled. What is done stays.")
    else:
        messages.info(request, "It had ended already.")
    return redirect(f"{reverse('lab')}?comparison={found.pk}" if found else reverse("lab"))


def _chosen(request: HttpRequest) -> Comparison | None:
    return _named(request.GET.get("comparison", ""))


def _named(text: str) -> Comparison | None:
    try:
        return pages.chosen(text)
    except LookupError as error:
        raise Http404(str(error)) from error


@panel("lab/_comparisons.html")
def comparisons(request: HttpRequest) -> dict[str, Any]:
    """Earlier comparisons and those that run, with their progress."""
    return {"comparisons": pages.comparisons()}


@panel("lab/_result.html", every=10)
def result(request: HttpRequest) -> dict[str, Any]:
    """What the chosen comparison found so far."""
    found = _chosen(request)
    return {
        "comparison": found,
        "tables": pages.shown(found) if found else [],
        "runs": pages.runs(found) if found else [],
    }


@require_safe
def curves(request: HttpRequest) -> HttpResponse:
    """Credits and activities over game time, the mean of each arm's runs."""
    found = _chosen(request)
    drawn = pages.curves(found) if found else []
    figure = charts.lines(
        drawn,
        titles=["Credits", "Net credits by activity"],
        over="game time, the run begins at 12:00",
    )
    return unless_known(request, figure, content_type="application/json")
