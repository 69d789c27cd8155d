"""The page of the map of a system, its table and its data."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fleet.views import scope_of
from spacefleet import clock
from spacefleet.panels import panel, unless_known

from . import galaxy, places


def _system(request: HttpRequest) -> str:
    try:
        return places.system_shown(scope_of(request), request.GET.get("system", ""))
    except LookupError as error:
        raise Http404(str(error)) from error


@require_safe
def system_map(request: HttpRequest) -> HttpResponse:
    system = _system(request)
    context = {"system": system, "known": places.known(scope_of(request))}
    return render(request, "map.html", context)


@panel("_map_places.html", every=5)
def map_places(request: HttpRequest) -> dict[str, Any]:
    """The map in words: what is where, who is there and who comes."""
    system = _system(request)
    return {"chart": places.chart(scope_of(request), system, at=clock.now())}


@require_safe
def map_data(request: HttpRequest) -> HttpResponse:
    """The map as data; `?ship=` leaves out all ships but one."""
    at = clock.now()
    system = request.GET.get("system") or _system(request)
    found = places.chart(scope_of(request), system, at=at)
    told = places.drawn(found, at=at, only=request.GET.get("ship", ""))
    return unless_known(request, json.dumps(told), content_type="application/json")


@require_safe
def galaxy_map(request: HttpRequest) -> HttpResponse:
    scope_of(request)
    return render(request, "galaxy.html")


@panel("_galaxy_systems.html", every=15)
def galaxy_systems(request: HttpRequest) -> dict[str, Any]:
    """The systems we know, and who is there."""
    return {"stars": galaxy.stars(scope_of(request))}


@require_safe
def galaxy_data(request: HttpRequest) -> HttpResponse:
    """The systems with a place in the galaxy, and the gates between them."""
    told = galaxy.drawn(galaxy.stars(scope_of(request)))
    return unless_known(request, json.dumps(told), content_type="application/json")
