"""The viewer's time zone: what a person chose, else what the browser told, else UTC.

Rows, parameters and tables to take away stay in UTC; only what people look at is in their zone.
"""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

COOKIE = "zone"  # set by spacefleet.js to the zone of the browser


@cache
def known() -> frozenset[str]:
    """Names of zones that mean something here."""
    return frozenset(available_timezones()) | {"UTC"}


@cache
def choices() -> tuple[str, ...]:
    """Names that a person may choose: UTC, and every region and city."""
    regions = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe")
    islands = ("Indian", "Pacific")
    cities = (name for name in known() if name.split("/")[0] in {*regions, *islands})
    return ("UTC", *sorted(cities))


def chosen(user: Any) -> str:
    """What the person chose, or nothing. Read together with the person, see `Backend`."""
    try:
        return str(user.viewer.zone)
    except (AttributeError, ObjectDoesNotExist):
        return ""


def zone_of(request: HttpRequest) -> tzinfo:
    """The zone in which this request is answered; a name nobody knows counts for nothing."""
    for name in (chosen(request.user), request.COOKIES.get(COOKIE, "")):
        if name in known():
            return UTC if name == "UTC" else ZoneInfo(name)
    return UTC


def middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer each request in its viewer's zone."""

    def answer(request: HttpRequest) -> HttpResponse:
        with timezone.override(zone_of(request)):
            return get_response(request)

    return answer


class Backend(ModelBackend):
    """Reads a person together with the zone they chose: no request costs a question more."""

    def get_user(self, user_id: Any) -> User | None:
        user = User.objects.select_related("viewer").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


def exactly(moment: datetime) -> str:
    """A moment to the second in the viewer's zone, with its name: 2026-03-29 03:00:00 CEST."""
    local = timezone.localtime(moment)
    return f"{local:%Y-%m-%d %H:%M:%S} {_abbreviation(local)}"


def _abbreviation(local: datetime) -> str:
    """CET; where a zone has only numbers, UTC+05:45."""
    name = local.tzname() or ""
    return name if name.isalpha() else offset(local)


def offset(local: datetime) -> str:
    """How far a local time is from UTC: UTC+2, UTC-3:30, and UTC itself."""
    minutes = round((local.utcoffset() or UTC.utcoffset(None)).total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}{f':{rest:02}' if rest else ''}"


def axis(moment: datetime) -> tuple[tzinfo, str]:
    """The zone in which a chart that ends at `moment` is drawn, and how its axis is called.

    One offset for the whole chart, that of its end: where clocks are put back an hour comes twice,
    and a line would run backwards through it.
    """
    local = timezone.localtime(moment)
    distance = local.utcoffset()
    if not distance:
        return UTC, "UTC"
    name = timezone.get_current_timezone_name()
    fixed = timezone.get_fixed_timezone(distance)
    return fixed, f"{name}, {offset(local)}"
