"""The inventory page: goods in the depots, and how they get in and out."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fleet.selectors.pages import HOUR
from fleet.views import scope_of
from spacefleet import charts, clock
from spacefleet.panels import panel, unless_known

from .selectors import pages


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    scope_of(request)
    return render(request, "inventory/page.html")


@panel("inventory/_holdings.html")
def holdings(request: HttpRequest) -> dict[str, Any]:
    """What the depots hold: units, promised, free, and what they would bring."""
    return {"holdings": pages.holdings(scope_of(request))}


@panel("inventory/_depots.html")
def depots(request: HttpRequest) -> dict[str, Any]:
    """Depots and how full they are."""
    return {"depots": pages.depots(scope_of(request))}


@panel("inventory/_loops.html")
def loops(request: HttpRequest) -> dict[str, Any]:
    """Transports on their fixed rounds."""
    return {"loops": pages.loops(scope_of(request))}


@panel("inventory/_pickups.html")
def pickups(request: HttpRequest) -> dict[str, Any]:
    """Full miners that wait for a transport."""
    return {"pickups": pages.pickups(scope_of(request))}


@panel("inventory/_transfers.html")
def transfers(request: HttpRequest) -> dict[str, Any]:
    """The last goods moved from ship to ship."""
    scope = scope_of(request)
    return {
        "transfers": pages.transfers(scope),
        "success": pages.transfer_success(scope, at=clock.now()),
    }


@panel("inventory/_drifts.html")
def drifts(request: HttpRequest) -> dict[str, Any]:
    """Where the books of a depot differed from its hold, and were repaired."""
    return {"drifts": pages.drifts(scope_of(request))}


@panel("inventory/_expansions.html")
def expansions(request: HttpRequest) -> dict[str, Any]:
    """More room that was asked for, and what became of it."""
    return {"expansions": pages.expansions(scope_of(request))}


@require_safe
def flow_chart(request: HttpRequest) -> HttpResponse:
    """What went through the depots, by the game hour, as a figure of three rows."""
    drawn = []
    for agent, flows in pages.flow_series(scope_of(request), at=clock.now()).items():
        for row, points in enumerate(
            (
                [(flow.at, float(flow.taken)) for flow in flows],
                [(flow.at, flow.a_round) for flow in flows if flow.a_round is not None],
                [(flow.at, flow.confirmed) for flow in flows if flow.confirmed is not None],
            )
        ):
            if points:
                drawn.append(charts.Line(agent, points, row=row))
    titles = ["Units taken out an hour", "Units a round", "Transfers the game did, %"]
    figure = charts.lines(drawn, titles=titles)
    return unless_known(request, figure, content_type="application/json")


@require_safe
def fill_chart(request: HttpRequest) -> HttpResponse:
    """How full the depots were over the last game day, as a figure."""
    scope = scope_of(request)
    series = pages.fill_series(scope, since=scope.since(24 * HOUR, clock.now()))
    drawn = [
        charts.Line(agent, [(fill.at, fill.percent) for fill in fills])
        for agent, fills in series.items()
        if fills
    ]
    figure = charts.lines(drawn, titles=["Fill of all depots"], unit=" %")
    return unless_known(request, figure, content_type="application/json")
