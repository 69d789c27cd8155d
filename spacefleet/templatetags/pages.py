"""How our pages write times, credits and fills, and how they take in panels and links."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from spacefleet import clock, jobs, navigation, zones

register = template.Library()


@register.simple_tag(takes_context=True)
def panel(context: template.RequestContext, name: str, **kwargs: Any) -> str:
    """The panel behind the URL `name`, as it is now."""
    url = reverse(name, kwargs=kwargs)
    view: Any = resolve(url).func
    return SafeString(view.section(context["request"], url=url, **kwargs).html)


@register.simple_tag(takes_context=True)
def link(context: template.RequestContext, name: str, *args: Any) -> str:
    """The address of another page, with the agent that was chosen here."""
    url = reverse(name, args=args)
    scope = getattr(context["request"], "scope_of_page", None)
    return (
        format_html("{}?{}", url, urlencode({"agent": scope.chosen}))
        if scope and scope.chosen
        else url
    )


@register.simple_tag(takes_context=True)
def tables(context: template.RequestContext, *names: str) -> str:
    """Where the rows behind a page can be taken away for a spreadsheet."""
    links = ((link(context, "table", name), name) for name in names)
    return format_html(
        '<p class="quiet">All rows as CSV: {}</p>',
        format_html_join(", ", '<a href="{}" download>{}</a>', links),
    )


@register.inclusion_tag("_menu.html", takes_context=True)
def menu(context: template.RequestContext) -> dict[str, Any]:
    """The pages in their groups, with the agent that was chosen here."""
    request = context["request"]
    scope = getattr(request, "scope_of_page", None)
    query = urlencode({"agent": scope.chosen}) if scope and scope.chosen else ""
    return {"groups": navigation.menu(request.path, query=query), "user": context["user"]}


@register.simple_tag(takes_context=True)
def current(context: template.RequestContext, name: str) -> str:
    """Marks the navigation's link to the page one is on."""
    here = context["request"].path == reverse(name)
    return SafeString(' aria-current="page"') if here else ""


def span(seconds: float) -> str:
    """A length of time in words; `words()` of spacefleet.js says the same."""
    whole = int(abs(seconds))
    minutes, hours = whole // 60, whole // 3600
    if whole < 60:
        return f"{whole} s"
    if minutes < 60:
        return f"{minutes} min"
    if hours < 48:
        return f"{hours} h {minutes % 60} min" if hours < 10 and minutes % 60 else f"{hours} h"
    return f"{hours // 24} d"


@register.filter
def ago(moment: datetime | None, unknown: str = "never") -> str:
    """How long ago or in how long, in game time too where that runs at another pace, with the
    exact moment in the viewer's zone on hovering; `words()` of spacefleet.js says the same."""
    if moment is None:
        return unknown
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        zones.exactly(moment),
        _since((clock.now() - moment).total_seconds(), clock.factor()),
    )


def _since(seconds: float, factor: float) -> str:
    if abs(seconds) < 1:
        return "now"
    words = f"{span(seconds)} ago" if seconds > 0 else f"in {span(seconds)}"
    return words if factor == 1 else f"{words} (game {span(seconds * factor)})"


@register.filter
def moment(at: datetime) -> str:
    """An exact moment in the viewer's zone, to the minute; to the second on hovering."""
    return format_html(
        '<span title="{}">{}</span>',
        zones.exactly(at),
        timezone.localtime(at).strftime("%Y-%m-%d %H:%M"),
    )


@register.simple_tag
def zone() -> str:
    """The viewer's zone, by name."""
    return timezone.get_current_timezone_name()


@register.simple_tag
def pace() -> str:
    """How many game seconds pass in one of the wall clock."""
    return f"{clock.factor():g}"


@register.filter
def lasting(duration: timedelta | float | None) -> str:
    """A duration in words, or a dash when nobody knows it."""
    if duration is None:
        return "–"
    seconds = duration.total_seconds() if isinstance(duration, timedelta) else duration
    return span(seconds)


@register.filter
def number(value: float | None, digits: int = 0) -> str:
    """A number with thousands separated; unknown is a word, never zero."""
    if value is None or not math.isfinite(value):
        return "unknown"
    return _minus(str(intcomma(f"{value:.{digits}f}", use_l10n=False)))


def _minus(figure: str) -> str:
    """Below zero with the sign that `signed` has, as wide as a plus."""
    return figure.replace("-", "−", 1) if figure.startswith("-") else figure


@register.filter("credits")
def in_credits(value: float | None) -> str:
    return "unknown" if value is None else f"{number(value)} cr"


@register.filter
def signed(value: float | None) -> str:
    """Credits with their sign."""
    if value is None:
        return "unknown"
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{number(abs(value))} cr"


@register.simple_tag
def fill(value: float, capacity: float, what: str, unit: str = "units") -> str:
    """A bar with its figures beside it; a capacity of zero has no bar."""
    if not capacity:
        return SafeString('<span class="quiet">none</span>')
    return format_html(
        '<span class="fill"><progress max="{}" value="{}" title="{}: {} of {} {}">'
        "</progress> <span>{}/{}</span></span>",
        capacity,
        min(value, capacity),
        what,
        number(value),
        number(capacity),
        unit,
        number(value),
        number(capacity),
    )


@register.filter
def setting(value: Any) -> str:
    """The value of a parameter in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, int | float):
        return number(value) if float(value).is_integer() else _minus(f"{value:g}")
    return str(value)


@register.filter
def kind(word: str) -> str:
    """A type of the game as words: ORBITAL_STATION is an orbital station."""
    return word.replace("_", " ").lower()


@register.filter
def duty(role: str) -> str:
    """What ships in a role do, in words."""
    known = jobs.ROLES.get(role)
    return known.meaning if known else ""


@register.filter
def job(evaluator: str) -> str:
    """What an evaluator is good for, in words."""
    known = jobs.EVALUATORS.get(evaluator)
    return known.why if known else ""
