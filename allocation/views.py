"""The allocation page: the queue for goods, what is kept back, and contracts."""

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
    return render(request, "allocation/page.html")


@panel("allocation/_queues.html")
def queues(request: HttpRequest) -> dict[str, Any]:
    """Who waits for which good, first come, first served."""
    scope = scope_of(request)
    return {"queues": pages.queues(scope), "waits": pages.waits(scope, at=clock.now())}


@panel("allocation/_claimed.html")
def claimed(request: HttpRequest) -> dict[str, Any]:
    """Goods that are promised and wait to be fetched."""
    return {"requests": pages.claimed(scope_of(request))}


@panel("allocation/_contracts.html")
def contracts(request: HttpRequest) -> dict[str, Any]:
    """Contracts with their progress and what we think of them."""
    return {"contracts": pages.contracts(scope_of(request))}


@panel("allocation/_reservations.html")
def reservations(request: HttpRequest) -> dict[str, Any]:
    """What sales must leave in store."""
    return {"reservations": pages.reservations(scope_of(request))}


@panel("allocation/_transitions.html")
def transitions(request: HttpRequest) -> dict[str, Any]:
    """What happened in the queue, and why."""
    return {"transitions": pages.transitions(scope_of(request))}


@panel("allocation/_trips.html")
def trips(request: HttpRequest) -> dict[str, Any]:
    """Ships under way for a contract."""
    return {"trips": pages.trips(scope_of(request))}


@panel("allocation/_board.html")
def board(request: HttpRequest) -> dict[str, Any]:
    """What contracts bring each agent, an hour and a request."""
    return {"standings": pages.board(scope_of(request), at=clock.now())}
