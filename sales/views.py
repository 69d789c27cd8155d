"""The sales page: what was decided and why, what was sold, and what goods bring."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fleet.views import scope_of
from spacefleet import clock
from spacefleet.panels import panel

from .selectors import pages


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    scope_of(request)
    return render(request, "sales/page.html")


@panel("sales/_turnover.html")
def turnover(request: HttpRequest) -> dict[str, Any]:
    """What each good brought in the last game hour."""
    return {"turnover": pages.turnover(scope_of(request), at=clock.now())}


@panel("sales/_opportunities.html")
def opportunities(request: HttpRequest) -> dict[str, Any]:
    """Looks at goods in store: sold or kept, with the reason."""
    return {"opportunities": pages.opportunities(scope_of(request))}


@panel("sales/_sales.html")
def sales(request: HttpRequest) -> dict[str, Any]:
    """Sales, expected against realised."""
    return {"sales": pages.sales(scope_of(request))}


@panel("sales/_prices.html", every=10)
def prices(request: HttpRequest) -> dict[str, Any]:
    """Current prices of each good, with their age."""
    return {"prices": pages.prices(scope_of(request), at=clock.now())}
