"""The pages of the fleet: its ships, and what steers it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from fleet.models import SpendingStop
from spacefleet import clock
from spacefleet.admin import audit
from spacefleet.panels import panel

from .selectors import earnings, galaxy, pages
from .selectors import stops as breaker
from .selectors.squadrons import roll
from .services import protection

MAY_RELEASE = "fleet.change_spendingstop"


def scope_of(request: HttpRequest) -> pages.Scope:
    """The agents that `?agent=` asks for, read once for each request.

    From here on the clock of this process runs as fast as their game: pages speak of its hours.
    """
    known: pages.Scope | None = getattr(request, "scope_of_page", None)
    if known is None:
        try:
            known = pages.scope(request.GET.get("agent", ""))
        except LookupError as error:
            raise Http404(str(error)) from error
        request.scope_of_page = known  # type: ignore[attr-defined]
        clock.set_factor(known.factor)
    return known


@require_safe
def ships(request: HttpRequest) -> HttpResponse:
    scope_of(request)
    return render(request, "fleet/ships.html")


@panel("fleet/_squadrons.html")
def squadrons(request: HttpRequest) -> dict[str, Any]:
    """The ships of each agent: what they do, where, and why; `?page=` where they are many."""
    asked = request.GET.get("page", "")
    page = int(asked) if asked.isdecimal() and len(asked) < 6 else 1
    return {"roll": roll(scope_of(request), at=clock.now(), page=page)}


@require_safe
def steering(request: HttpRequest) -> HttpResponse:
    scope_of(request)
    return render(request, "fleet/steering.html")


@require_safe
def exploration(request: HttpRequest) -> HttpResponse:
    scope_of(request)
    return render(request, "fleet/exploration.html")


@panel("fleet/_systems.html", every=10)
def systems(request: HttpRequest) -> dict[str, Any]:
    """The systems we know of, and how far each is explored."""
    return galaxy.overview([era.pk for era in scope_of(request).eras])


@panel("fleet/_passages.html", every=10)
def passages(request: HttpRequest) -> dict[str, Any]:
    """Jumps and charts, the latest first."""
    scope = scope_of(request)
    return {"passages": galaxy.passages(scope.pks), "charts": galaxy.charts(scope.pks)}


@panel("fleet/_vacancies.html")
def vacancies(request: HttpRequest) -> dict[str, Any]:
    """The posts to man, and what the conductor makes of them."""
    scope = scope_of(request)
    return {"vacancies": pages.vacancies(scope), "conductors": pages.conductors(scope)}


@panel("fleet/_manning.html")
def manning(request: HttpRequest) -> dict[str, Any]:
    """Stage and vacancies in short, for the overview."""
    scope = scope_of(request)
    return {"manning": pages.manning(scope), "conductors": pages.conductors(scope)}


@panel("fleet/_orders.html")
def orders(request: HttpRequest) -> dict[str, Any]:
    """Ships ordered, bought and refused."""
    return {"orders": pages.orders(scope_of(request))}


@panel("fleet/_offers.html", every=10)
def offers(request: HttpRequest) -> dict[str, Any]:
    """What shipyards sell, as last seen."""
    return {"offers": pages.offers(scope_of(request))}


@panel("fleet/_evaluators.html")
def evaluators(request: HttpRequest) -> dict[str, Any]:
    """The work that comes round, with its last result."""
    return {"evaluators": pages.evaluators(scope_of(request))}


@panel("fleet/_wishes.html")
def wishes(request: HttpRequest) -> dict[str, Any]:
    """Open wishes for a fresh look at a market or shipyard."""
    return {"wishes": pages.wishes(scope_of(request))}


@panel("fleet/_purses.html")
def purses(request: HttpRequest) -> dict[str, Any]:
    """What each agent has and earns."""
    return {"purses": pages.purses(scope_of(request), at=clock.now())}


@panel("fleet/_income.html", every=10)
def income(request: HttpRequest) -> dict[str, Any]:
    """Credits by activity."""
    rows = earnings.income(scope_of(request), at=clock.now())
    return {
        "income": rows,
        "last_hour": sum(row.last_hour for row in rows),
        "total": sum(row.total for row in rows),
    }


@panel("fleet/_protection.html")
def guarded(request: HttpRequest) -> dict[str, Any]:
    """What each agent lost in its last hour, and whose buying is stopped."""
    return {"guarded": breaker.guarded(scope_of(request), at=clock.now())}


@require_http_methods(["GET", "HEAD", "POST"])
def stops(request: HttpRequest) -> HttpResponse:
    """Times in which an agent bought nothing; releasing one needs its permission."""
    scope = scope_of(request)
    if request.method == "POST":
        return _release(request, breaker.stop(request.POST.get("release", ""), scope=scope))
    context = {
        "stops": breaker.stops(scope),
        "at": clock.now(),
        "may_release": request.user.has_perm(MAY_RELEASE),
    }
    return render(request, "fleet/stops.html", context)


def _release(request: HttpRequest, stop: SpendingStop | None) -> HttpResponse:
    if not request.user.has_perm(MAY_RELEASE):
        raise PermissionDenied("Releasing a stop needs the permission to change one.")
    if stop is None:
        raise Http404("There is no such stop. The page of stops lists all of them.")
    if protection.release(stop, by=str(request.user)):
        audit(request, "released", stop, before=stop.words)
        messages.info(request, f"{stop.agent} may buy again. Losses count anew from now on.")
    else:
        messages.info(request, "That stop is over already.")
    return redirect("fleet:stops")
