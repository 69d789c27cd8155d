"""Pages that belong to no single domain: the overview, a ship, workers, requests, signing in."""

from dataclasses import asdict
from secrets import compare_digest
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

import fleet.selectors.logbook
import fleet.selectors.pages
import fleet.services.parameters
import inventory.selectors.pages
import mining.selectors.pages
from fleet.models import Ship
from fleet.selectors import standing
from fleet.views import scope_of
from spacefleet import charts, clock, jobs
from spacefleet.models import WorkerLine
from spacefleet.panels import panel, unless_known

from . import health as doctor
from . import metrics as measures
from . import selectors
from .cockpit.subjects import Subject
from .cockpit.verbs import verbs_for
from .welcome import tour

BUSIEST = 20  # ships listed by their requests
WARNINGS = 100  # lines of the workers' logs
WINDOWS = {"6h": 6, "24h": 24, "7d": 168, "all": 0}  # hours of game time


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """Mode, era and age of the data for every template; read when one asks for it."""

    def read() -> selectors.Surroundings:
        try:
            scope = scope_of(request)
        except Http404:  # the page about the error needs its banner too
            scope = fleet.selectors.pages.scope()
        return selectors.surroundings(scope, at=clock.now())

    return {
        "surroundings": SimpleLazyObject(read),
        "real": selectors.is_real(settings.SPACETRADERS_URL),
        "rendered_at": clock.now(),
        "tour": SimpleLazyObject(lambda: tour.place(request)),
    }


class Login(LoginView):
    """Sign in. A panel whose session ended sends its whole page here, not the form into itself."""

    redirect_authenticated_user = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "HX-Request" not in request.headers:
            return super().get(request, *args, **kwargs)
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        here = f"{page.path or '/'}?{page.query}" if page.query else page.path or "/"
        return HttpResponseClientRedirect(f"{reverse('login')}?{urlencode({'next': here})}")


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    scope_of(request)
    window = request.GET.get("window", "24h")
    context = {
        "window": window if window in WINDOWS else "24h",
        "windows": list(WINDOWS),
        "invited": tour.place(request) is None and tour.invited(request.user),
    }
    return render(request, "overview.html", context)


@panel("_banner.html")
def banner(request: HttpRequest) -> dict[str, Any]:
    """Mode, eras, age of the data and open alerts, on top of every page."""
    return {}


@panel("_budget.html")
def budget(request: HttpRequest) -> dict[str, Any]:
    """How much of the request budget is used, and what a request brings."""
    return {"budget": selectors.budget(scope_of(request), at=clock.now())}


@panel("_alerts.html")
def alerts(request: HttpRequest) -> dict[str, Any]:
    """What needs eyes."""
    return {"alerts": selectors.alerts()}


@panel("_happenings.html")
def happenings(request: HttpRequest) -> dict[str, Any]:
    """The newest ships, sales and contracts."""
    return {"happenings": selectors.happenings(scope_of(request))}


@require_safe
def credits_chart(request: HttpRequest) -> HttpResponse:
    """Credits, and operating profit below: buying ships makes the upper one dip."""
    scope = scope_of(request)
    hours = WINDOWS.get(request.GET.get("window", "24h"), 24)
    since = scope.since(3600.0 * hours, clock.now()) if hours else None
    series = fleet.selectors.pages.credit_series(scope, since=since).items()
    above = {agent: [(point.at, point.credits) for point in points] for agent, points in series}
    below = {agent: [(point.at, point.profit) for point in points] for agent, points in series}
    drawn = [
        charts.Line(agent, points, row=row)
        for row, chart in enumerate((above, below))
        for agent, points in chart.items()
        if points
    ]
    figure = charts.lines(drawn, titles=["Credits", "Operating profit"])
    return unless_known(request, figure, content_type="application/json")


@require_safe
def ship(request: HttpRequest, symbol: str) -> HttpResponse:
    found = _ship_or_404(request, symbol)
    return render(
        request,
        "fleet/ship.html",
        {"ship": found, "duties": _in_force(found), "verbs": verbs_for(Subject(ship=found))},
    )


@panel("fleet/_ship.html")
def ship_now(request: HttpRequest, symbol: str) -> dict[str, Any]:
    """A ship's state, cargo and line."""
    found = _ship_or_404(request, symbol)
    line = fleet.selectors.pages.ship_line(found, standing.every(), at=clock.now())
    return {"line": line, "ship": found, "cargo": sorted(found.cargo.items())}


@panel("fleet/_ship_log.html")
def ship_log(request: HttpRequest, symbol: str) -> dict[str, Any]:
    """What a ship said step by step, and what it brought."""
    found, scope = _ship_or_404(request, symbol), scope_of(request)
    return {
        "ship": found,
        "log": fleet.selectors.logbook.log_of(found),
        "figures": fleet.selectors.logbook.figures_of(found, scope=scope, at=clock.now()),
        "sessions": mining.selectors.pages.sessions_of(found),
    }


@panel("fleet/_ship_history.html")
def ship_history(request: HttpRequest, symbol: str) -> dict[str, Any]:
    """What a ship did last: loads, transfers and credits."""
    found = _ship_or_404(request, symbol)
    return {
        "ship": found,
        "extractions": mining.selectors.pages.extractions_of(found),
        "transfers": inventory.selectors.pages.transfers_of(found),
        "ledger": fleet.selectors.pages.ledger_of(found),
    }


def _ship_or_404(request: HttpRequest, symbol: str) -> Ship:
    found = fleet.selectors.pages.ship_named(symbol, scope=scope_of(request))
    if found is None:
        raise Http404(f"No ship {symbol} flies here. The page of ships lists all of them.")
    return found


def _in_force(found: Ship) -> list[tuple[str, list[fleet.services.parameters.Explained]]]:
    """The parameters of what the ship does, with their sources."""
    behaviours = [role for role in found.roles if role in jobs.PARAMETERS] + ["navigation"]
    return [
        (behaviour, fleet.services.parameters.explain(behaviour, ship=found))
        for behaviour in behaviours
    ]


@require_safe
def workers(request: HttpRequest) -> HttpResponse:
    scope_of(request)
    return render(request, "workers.html")


@panel("_workers.html")
def worker_health(request: HttpRequest) -> dict[str, Any]:
    """Nodes, lanes and queues."""
    at = clock.now()
    return {
        "nodes": selectors.nodes(at=at),
        "lanes": selectors.lanes(at=at),
        "canaries": selectors.canaries(at=at),
        "may_drain": request.user.has_perm("spacefleet.change_node"),
    }


@panel("_warnings.html", every=10)
def worker_log(request: HttpRequest) -> dict[str, Any]:
    """The last warnings and errors of all workers."""
    return {"lines": WorkerLine.objects.order_by("-at", "-pk")[:WARNINGS]}


@panel("_failures.html")
def failures(request: HttpRequest) -> dict[str, Any]:
    """Evaluators and ships whose last step failed."""
    scope = scope_of(request)
    return {
        "evaluators": fleet.selectors.pages.evaluators(scope, failing=True),
        "ships": fleet.selectors.pages.failing_ships(scope),
    }


@panel("_traffic.html")
def traffic(request: HttpRequest) -> dict[str, Any]:
    """Requests of the last game hour by purpose, ship, endpoint and status."""
    scope, at = scope_of(request), clock.now()
    return {
        "purposes": selectors.traffic(scope, "purpose", at=at),
        "endpoints": selectors.traffic(scope, "endpoint", at=at),
        "statuses": selectors.traffic(scope, "status", at=at),
        "ships": selectors.traffic(scope, "ship", at=at)[:BUSIEST],
    }


@login_not_required
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """For monitors and load balancers: 200, or 503 when somebody should come. Names nobody."""
    pulse = doctor.pulse(at=clock.now())
    answer = JsonResponse(asdict(pulse), status=200 if pulse.healthy else 503)
    answer["Cache-Control"] = "no-store"
    return answer


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus: with the bearer token METRICS_TOKEN, or for a person who is signed in."""
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    wanted = settings.METRICS_TOKEN.encode()
    if not (request.user.is_authenticated or (wanted and compare_digest(bearer, wanted))):
        return HttpResponse(
            "Sign in, or set METRICS_TOKEN and send it as a bearer token.\n",
            status=401,
            content_type="text/plain",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return HttpResponse(
        measures.exposition(at=clock.now()),
        content_type="text/plain; version=0.0.4; charset=utf-8",
    )
