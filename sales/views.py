"""The sales page: what was decided and why, what was sold, and what goods bring."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fleet.selectors.pages import HOUR, Scope
from fleet.views import scope_of
from spacefleet import charts, clock
from spacefleet.panels import panel, unless_known

from .selectors import pages
from .selectors import trading as trading_pages


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    goods, good = _goods(request, scope_of(request))
    return render(request, "sales/page.html", {"goods": goods, "good": good})


def _goods(request: HttpRequest, scope: Scope) -> tuple[list[str], str]:
    """Goods with a price history, and the chosen one, else the first of them."""
    goods = pages.priced_goods(scope)
    chosen = request.GET.get("good", "")
    return goods, chosen if chosen in goods else next(iter(goods), "")


@require_safe
def prices_chart(request: HttpRequest) -> HttpResponse:
    """What each market paid for one good over the last game day, as a figure."""
    scope = scope_of(request)
    _, good = _goods(request, scope)
    series = pages.price_series(scope, good, since=scope.since(24 * HOUR, clock.now()))
    drawn = [charts.Line(market, points) for market, points in series.items()]
    figure = charts.lines(drawn, titles=[f"We receive for {good}" if good else "We receive"])
    return unless_known(request, figure, content_type="application/json")


@panel("sales/_turnover.html")
def turnover(request: HttpRequest) -> dict[str, Any]:
    """What each good brought in the last game hour."""
    return {"turnover": pages.turnover(scope_of(request), at=clock.now())}


@panel("sales/_opportunities.html")
def opportunities(request: HttpRequest) -> dict[str, Any]:
    """Looks at goods in store that became sales, with the reason."""
    return {"opportunities": pages.opportunities(scope_of(request))}


@panel("sales/_rejected.html")
def rejected(request: HttpRequest) -> dict[str, Any]:
    """Looks that became none, with the condition that said no."""
    scope = scope_of(request)
    return {
        "rejected": pages.rejected(scope),
        "said_no": pages.said_no(scope, at=clock.now()),
    }


@panel("sales/_crowdings.html")
def crowdings(request: HttpRequest) -> dict[str, Any]:
    """Crowded depots and the ladder out of them."""
    return {"crowdings": pages.crowdings(scope_of(request))}


@panel("sales/_moods.html", every=10)
def moods(request: HttpRequest) -> dict[str, Any]:
    """The price index of each market, and the sales that moved for it."""
    return {"moods": pages.moods(scope_of(request), at=clock.now())}


@panel("sales/_sales.html")
def sales(request: HttpRequest) -> dict[str, Any]:
    """Sales, expected against realised."""
    scope = scope_of(request)
    return {"sales": pages.sales(scope), "results": pages.results(scope, at=clock.now())}


@panel("sales/_trading.html")
def trading(request: HttpRequest) -> dict[str, Any]:
    """Runs of merchants, and lanes that rest."""
    scope = scope_of(request)
    return {
        "runs": trading_pages.runs(scope),
        "resting": trading_pages.resting(scope, at=clock.now()),
    }


@panel("sales/_lanes.html", every=30)
def lanes(request: HttpRequest) -> dict[str, Any]:
    """Lanes that are free, and what they promise."""
    return {"lanes": trading_pages.promises(scope_of(request), at=clock.now())}


@panel("sales/_prices.html", every=10)
def prices(request: HttpRequest) -> dict[str, Any]:
    """Current prices of each good, with their age."""
    return {"prices": pages.prices(scope_of(request), at=clock.now())}
