"""The page that finds things by name, and tables to take away."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fleet.views import scope_of

from . import finding
from .tables import TABLES, lines


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Ships, waypoints, goods and contracts with the words of `?q=`."""
    words = request.GET.get("q", "")[:100]
    context = {
        "words": words,
        "found": finding.find(scope_of(request), words),
        "least": finding.LEAST,
    }
    return render(request, "books/search.html", context)


@require_safe
def table(request: HttpRequest, table: str) -> StreamingHttpResponse:
    """A whole table as CSV, for those who may see its rows."""
    scope, asked = scope_of(request), TABLES.get(table)
    if asked is None:
        raise Http404(f"There is no table {table}. Tables: {', '.join(TABLES)}.")
    if not request.user.has_perm(asked.permission):
        raise PermissionDenied(f"This needs the permission {asked.permission}.")
    answer = StreamingHttpResponse(
        lines(asked, asked.rows(scope, request.GET)), content_type="text/csv; charset=utf-8"
    )
    file = f"{table}-{scope.chosen}" if scope.chosen else table
    answer["Content-Disposition"] = f'attachment; filename="{file}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer
