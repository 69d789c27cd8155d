"""The mining page: sites, surveys, stays, what came out and what was thrown away."""

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
    return render(request, "mining/page.html")


@panel("mining/_harvest.html")
def harvest(request: HttpRequest) -> dict[str, Any]:
    """The last game hour: what came out, and how busy the miners were."""
    return {"harvest": pages.harvest(scope_of(request), at=clock.now())}


@panel("mining/_sites.html")
def sites(request: HttpRequest) -> dict[str, Any]:
    """Where we mine, and why there."""
    return {"sites": pages.sites(scope_of(request), at=clock.now())}


@panel("mining/_surveys.html")
def surveys(request: HttpRequest) -> dict[str, Any]:
    """Surveys that can still be used."""
    return {"surveys": pages.usable_surveys(scope_of(request), at=clock.now())}


@panel("mining/_sessions.html")
def sessions(request: HttpRequest) -> dict[str, Any]:
    """Stays of ships at sites."""
    return {"sessions": pages.sessions(scope_of(request))}


@panel("mining/_extractions.html")
def extractions(request: HttpRequest) -> dict[str, Any]:
    """The last loads."""
    return {"extractions": pages.extractions(scope_of(request))}


@panel("mining/_jettisons.html")
def jettisons(request: HttpRequest) -> dict[str, Any]:
    """Cargo thrown away, with what it would have brought."""
    return {"jettisons": pages.jettisons(scope_of(request))}
