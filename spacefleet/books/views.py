"""The pages of the books: finance, behaviours compared, eras compared."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseNotAllowed,
)
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods, require_safe

from fleet.models import LedgerEntry
from fleet.views import scope_of
from spacefleet import charts, clock, selectors, zones
from spacefleet.models import AuditEntry, Viewer
from spacefleet.panels import panel, unless_known
from spacefleet.settled import settled_until

from . import behaviours as work
from . import eras as lives
from . import events as told
from . import ledger, shipyards
from . import requests as traffic
from . import settings as configuration

SPAN_HOURS = {"day": 24.0, "hour": 1.0}


@require_safe
def finance(request: HttpRequest) -> HttpResponse:
    scope_of(request)
    return render(request, "books/finance.html", {"period": _period(request)} | _periods())


def _period(request: HttpRequest) -> str:
    asked = request.GET.get("period", "day")
    return asked if asked in ledger.PERIODS else "day"


def _periods() -> dict[str, Any]:
    return {"periods": list(ledger.PERIODS)}


@panel("books/_reconciliation.html", every=15)
def reconciliation(request: HttpRequest) -> dict[str, Any]:
    """Whether our books agree with the game."""
    at = clock.now()
    found = ledger.reconciled(scope_of(request), at=at)
    return {"reconciled": found, "settled_until": settled_until(at)}


@panel("books/_results.html", every=15)
def results(request: HttpRequest) -> dict[str, Any]:
    """Profit and loss by activity over the chosen period."""
    period = _period(request)
    found = ledger.results(scope_of(request), period=period, at=clock.now())
    return {"results": found, "total": ledger.total(found), "period": period}


@panel("books/_spans.html", every=30)
def spans(request: HttpRequest) -> dict[str, Any]:
    """Operating profit day by day, or hour by hour while the period is that short."""
    scope = scope_of(request)
    unit = "hour" if _period(request) in ("hour", "day") else "day"
    found = ledger.spans(scope, hours=SPAN_HOURS[unit], at=clock.now())
    return {"spans": found, "unit": unit}


@panel("books/_ledger.html", every=10)
def entries(request: HttpRequest) -> dict[str, Any]:
    """The ledger, filtered and paged; works without scripts."""
    scope = scope_of(request)
    wanted = ledger.Wanted.asked(request.GET)
    query = {name: getattr(wanted, name) for name in ("period", *FILTERS)}
    if scope.chosen:
        query["agent"] = scope.chosen
    return {
        "page": ledger.entries(scope, wanted, at=clock.now()),
        "wanted": wanted,
        "query": urlencode({name: value for name, value in query.items() if value}),
        "filtered": any(getattr(wanted, name) for name in FILTERS),
    }


FILTERS = ("kind", "activity", "good", "ship")


@require_safe
def ledger_page(request: HttpRequest) -> HttpResponse:
    """Every entry; its form stays outside the panel, so that no refresh takes what one types."""
    scope_of(request)
    context = {
        "wanted": ledger.Wanted.asked(request.GET),
        "kinds": LedgerEntry.Kind.choices,
        **_periods(),
    }
    return render(request, "books/ledger.html", context)


@require_safe
def behaviours(request: HttpRequest) -> HttpResponse:
    scope_of(request)
    return render(request, "books/behaviours.html")


@panel("books/_behaviours.html", every=30)
def behaviours_compared(request: HttpRequest) -> dict[str, Any]:
    """What each behaviour earns an hour and a request."""
    found = work.compared(scope_of(request), at=clock.now())
    return {"behaviours": found, "hours": work.HOURS}


@require_safe
def eras(request: HttpRequest) -> HttpResponse:
    scope_of(request)
    return render(request, "books/eras.html")


@panel("books/_eras.html", every=30)
def eras_compared(request: HttpRequest) -> dict[str, Any]:
    """What each era brought."""
    return {"lives": lives.lives(symbol=scope_of(request).chosen)}


@require_safe
def eras_chart(request: HttpRequest) -> HttpResponse:
    """Operating profit over the game hours of each era."""
    drawn = lives.curves(symbol=scope_of(request).chosen)
    figure = charts.lines(
        drawn, titles=["Operating profit"], over="game time, each era begins at 12:00"
    )
    return unless_known(request, figure, content_type="application/json")


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    scope_of(request)
    context = {"window": _window(request), "windows": list(traffic.WINDOWS)}
    return render(request, "requests.html", context)


def _window(request: HttpRequest) -> str:
    asked = request.GET.get("window", "1h")
    return asked if asked in traffic.WINDOWS else "1h"


@require_safe
def requests_chart(request: HttpRequest) -> HttpResponse:
    """Requests a minute against the limit, how long they waited, and refusals for speed."""
    scope, at = scope_of(request), clock.now()
    points = traffic.pace(scope, _window(request), at=at)
    limit = selectors.budget(scope, at=at).limit
    drawn = [
        charts.Line("sent", [(point.at, point.per_minute) for point in points]),
        charts.Line("allowed", [(point.at, limit) for point in points], dashed=True),
        charts.Line("waited", [(point.at, point.waited) for point in points], row=1),
    ]
    if any(point.limited for point in points):
        drawn.append(
            charts.Line("too fast", [(point.at, point.limited) for point in points], row=2)
        )
    titles = ["Requests a minute", "Wait for the budget, ms a request", "Refused as too fast"]
    figure = charts.lines(drawn if points else [], titles=titles)
    return unless_known(request, figure, content_type="application/json")


@panel("books/_prices_of_requests.html", every=10)
def request_prices(request: HttpRequest) -> dict[str, Any]:
    """What the requests of each activity brought."""
    scope, at = scope_of(request), clock.now()
    return {
        "prices": traffic.by_activity(scope, at=at),
        "limited": traffic.limited(scope, at=at),
    }


@require_safe
def shipyards_page(request: HttpRequest) -> HttpResponse:
    types = shipyards.types(scope_of(request))
    context = {"types": types, "ship_type": _ship_type(request, types)}
    return render(request, "books/shipyards.html", context)


def _ship_type(request: HttpRequest, types: list[str]) -> str:
    asked = request.GET.get("type", "")
    return asked if asked in types else next(iter(types), "")


@require_safe
def ship_prices_chart(request: HttpRequest) -> HttpResponse:
    """What one type of ship cost at each yard over time."""
    scope = scope_of(request)
    ship_type = _ship_type(request, shipyards.types(scope))
    series = shipyards.price_lines(scope, ship_type)
    drawn = [charts.Line(yard, points) for yard, points in series.items()]
    figure = charts.lines(drawn, titles=[f"Price of a {ship_type}" if ship_type else "Price"])
    return unless_known(request, figure, content_type="application/json")


@panel("books/_ship_prices.html", every=30)
def ship_prices(request: HttpRequest) -> dict[str, Any]:
    """The last changes of what ships cost."""
    return {"changes": shipyards.changes(scope_of(request))}


@panel("books/_returns.html", every=30)
def returns(request: HttpRequest) -> dict[str, Any]:
    """In how many hours a ship pays for itself."""
    return {"returns": shipyards.returns(scope_of(request), at=clock.now())}


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """What happened; the form stays outside the panel, as that of the ledger."""
    scope_of(request)
    context = {
        "kinds": list(told.SOURCES),
        "kind": request.GET.get("kind", ""),
        "words": request.GET.get("words", ""),
    }
    return render(request, "books/events.html", context)


@panel("books/_events.html", every=5)
def events_told(request: HttpRequest) -> dict[str, Any]:
    """The newest events of one kind or of all."""
    kind, words = request.GET.get("kind", ""), request.GET.get("words", "")
    found = told.events(scope_of(request), kind=kind, words=words)
    return {"events": found, "filtered": bool(kind or words)}


@panel("books/_novelties.html", every=30)
def novelties(request: HttpRequest) -> dict[str, Any]:
    """What the game told of that its published description does not name."""
    return {"novelties": told.novelties(scope_of(request))}


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Every parameter as it holds for the chosen agent, or for all; what is sent to it is the zone
    in which the person reads times."""
    scope = scope_of(request)
    if request.method == "POST":
        return _choose_zone(request)
    agent = scope.agents[0] if scope.chosen and scope.agents else None
    only = request.GET.get("only") == "chosen"
    context = {
        "blocks": [
            (block, _edit(block.behaviour))
            for block in configuration.blocks(agent, only_changed=only)
        ],
        "only": only,
        "agent": agent,
        "installation": configuration.installation(),
        "zones": zones.choices(),
        "zone_chosen": zones.chosen(request.user),
    }
    return render(request, "books/settings.html", context)


def _choose_zone(request: HttpRequest) -> HttpResponse:
    """In which zone the person who asks reads times; empty follows the browser."""
    name = request.POST.get("zone")
    if name is None:  # nothing else can be sent here
        return HttpResponseNotAllowed(["GET", "HEAD"])
    if name and name not in zones.choices():
        return HttpResponseBadRequest(
            "There is no such time zone. The settings list all of them."
        )
    Viewer.objects.update_or_create(user_id=str(request.user.pk), defaults={"zone": name})
    messages.info(request, f"Times are shown in {name or 'the zone of your browser'}.")
    return redirect("settings")


def _edit(behaviour: str) -> str:
    """Where a behaviour's parameters are changed."""
    try:
        return reverse("tune", args=[behaviour])
    except NoReverseMatch:
        return f"{reverse('admin:fleet_parameter_changelist')}?behaviour__exact={behaviour}"


@panel("books/_audit.html", every=15)
def audit(request: HttpRequest) -> dict[str, Any]:
    """Who changed what, last."""
    return {"entries": AuditEntry.objects.select_related("user")[:CHANGES]}


CHANGES = 30  # of people, listed below the settings
