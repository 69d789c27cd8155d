"""Panels: parts of a page that refresh themselves and answer 204 while nothing has changed.

A panel is a function from a request to the context of its template. Called by htmx it answers
the section alone, opened in a browser the section inside a page; a page takes it in with
`{% panel "app:name" %}`, so that everything can be read without JavaScript.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.safestring import mark_safe

VERSION_HEADER = "X-Panel-Version"

# "4 min ago" grows older in the browser by itself; only the moment behind it is news.
CLOCK_FACE = re.compile(r"(<time\b[^>]*>)[^<]*(</time>)")


@dataclass(frozen=True, slots=True)
class Section:
    """A rendered panel and the version of what it says."""

    html: str
    version: str


class Panel:
    """The view of one panel; `every` is its rhythm in wall seconds."""

    def __init__(
        self, context: Callable[..., dict[str, Any]], *, template: str, every: int
    ) -> None:
        self.context = context
        self.template = template
        self.every = every
        update_wrapper(self, context)

    def __call__(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        section = self.section(request, url=request.path, **kwargs)
        if "HX-Request" in request.headers:
            return unless_known(request, section.html, version=section.version)
        response = render(request, "panel.html", {"section": section.html})
        return _private(response)

    def section(self, request: HttpRequest, *, url: str, **kwargs: Any) -> Section:
        """What the panel says now, for its page or for htmx; it asks again at `url`."""
        context = self.context(request, **kwargs)
        body = render_to_string(self.template, context, request=request)
        version = version_of(CLOCK_FACE.sub(r"\1\2", body))
        frame = {
            "body": mark_safe(body),  # noqa: S308 (our own template made it)
            "version": version,
            "every": self.every,
            "url": f"{url}?{request.GET.urlencode()}" if request.GET else url,
            "name": url.strip("/").replace("/", "-").lower(),
        }
        return Section(render_to_string("_section.html", frame), version)


def panel(template: str, *, every: int = 3) -> Callable[[Callable[..., dict[str, Any]]], Panel]:
    """Make a panel of a function that answers the context of `template`."""

    def made(context: Callable[..., dict[str, Any]]) -> Panel:
        return Panel(context, template=template, every=every)

    return made


def version_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def unless_known(
    request: HttpRequest,
    body: str,
    *,
    version: str = "",
    content_type: str = "text/html; charset=utf-8",
) -> HttpResponse:
    """`body`, or 204 when the request says that it shows this version already."""
    version = version or version_of(body)
    if request.headers.get(VERSION_HEADER) == version:
        return _private(HttpResponse(status=204))
    response = HttpResponse(body, content_type=content_type)
    response[VERSION_HEADER] = version
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    """One address answers page and panel: neither may be taken from a cache for the other."""
    patch_vary_headers(response, ["HX-Request", VERSION_HEADER])
    add_never_cache_headers(response)
    return response
