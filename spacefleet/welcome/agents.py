"""Agents added from a page: registered or adopted as `manage.py addagent` does it."""

import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from fleet.models import Agent
from fleet.services import joining
from spacefleet.selectors import is_real
from spacefleet.spacetraders import errors

PROBE_SECONDS = 0.2
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked for; secrets are in no representation of it."""

    register: bool
    symbol: str
    faction: str
    account_token: str
    keep: bool
    token: str
    watch: bool

    def __repr__(self) -> str:
        return f"Wanted({'register' if self.register else 'adopt'} {self.symbol})"


def join(wanted: Wanted, *, server: str) -> Agent:
    """Register or adopt the agent. Raises joining.CannotJoin with what to do.

    What was registered already, by a first try that broke off or by a second click, is adopted
    with the token we have.
    """
    token = wanted.token
    if wanted.register:
        here = Agent.objects.filter(era__server=server, era__archived_at__isnull=True)
        known = here.filter(symbol=wanted.symbol).first()
        token = known.token if known else ""
    keep = wanted.keep and wanted.account_token
    try:
        renew = joining.account(server, wanted.account_token) if keep else None
        if token:
            return joining.adopt(
                server, token=token, renew=renew, watch=wanted.watch, tell=_none
            )
        return joining.register(
            server,
            symbol=wanted.symbol,
            faction=wanted.faction,
            account_token=wanted.account_token or None,
            renew=renew,
            watch=wanted.watch,
            tell=_none,
        )
    except errors.SpaceTradersError as error:
        raise joining.CannotJoin(
            f"The game knows the agent, but its home could not be read ({error}). Send the form "
            "once more: it goes on from there."
        ) from error


def _none(text: str) -> None:
    """The page says itself what came of it."""


@dataclass(frozen=True, slots=True)
class Server:
    """The game that the settings name; `command` starts a universe there, empty where we cannot."""

    url: str
    real: bool
    command: str
    answers: bool


def server() -> Server:
    """The server of the settings. Only a universe of this machine is knocked at: no question asked."""
    url = settings.SPACETRADERS_URL
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 80)
    ours = host in ("127.0.0.1", "localhost", "::1")
    return Server(
        url=url,
        real=is_real(url),
        command=f"manage.py rununiverse --port {port} --speed 60" if ours else "",
        answers=not ours or _listens(host, port),
    )


def _listens(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=PROBE_SECONDS):
            return True
    except OSError:
        return False
