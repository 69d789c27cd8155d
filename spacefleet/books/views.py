"""The pages of the books: finance, behaviours compared, eras compared."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fleet.models import LedgerEntry
from fleet.views import scope_of
from spacefleet import charts, clock
from spacefleet.panels import panel, unless_known

from . import behaviours as work
from . import eras as lives
from . import ledger

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
    return {"reconciled": ledger.reconciled(scope_of(request))}


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
