"""Attempts at the forms of the first contact, counted and paused by what counts those at the login."""

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django.http import HttpRequest, HttpResponse


def pause(request: HttpRequest, what: str) -> HttpResponse | None:
    """The answer to somebody with too many failed attempts at `what`; None for all others."""
    credentials = {"username": what}
    if AxesProxyHandler.is_allowed(request, credentials):
        return None
    answer: HttpResponse = get_lockout_response(request, credentials=credentials)
    return answer


def failed(request: HttpRequest, what: str) -> None:
    """Count a failed attempt; the one that is too many is answered with the pause."""
    AxesProxyHandler.user_login_failed(__name__, {"username": what}, request)
