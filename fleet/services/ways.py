"""Which way a lane takes to the game: straight, or through a proxy with an address of its own."""

from urllib.parse import urlsplit

from fleet.models import Lane
from spacefleet import clock
from spacefleet.models import AuditEntry

from . import joining

SCHEMES = ("http", "https")


class NoSuchWay(Exception):
    """The proxy or the lane cannot be used; the message says why and shows no password."""


def told(name: str) -> str:
    """The way of a lane in a sentence."""
    lane = Lane.objects.filter(name=name).first()
    if lane is None:
        raise NoSuchWay(f"There is no lane {name}.")
    return f"Lane {name} goes {_in_words(lane.proxy)}."


def choose(name: str, address: str, *, server: str = "") -> str:
    """Send a lane through the proxy at `address`, or straight where it is empty.

    With `server` that server is asked through it before anything is changed. Raises NoSuchWay.
    """
    _check(address)
    if server:
        _try(server, address)
    lane, _ = Lane.objects.get_or_create(name=name)
    before = _in_words(lane.proxy)
    Lane.objects.filter(pk=lane.pk).update(proxy=address)
    AuditEntry.objects.create(
        at=clock.now(),
        verb="way out",
        subject=f"lane {name}",
        before=before,
        after=_in_words(address),
    )
    return (
        f"Lane {name} goes {_in_words(address)}. Its dispatcher begins anew within five minutes "
        "and takes it; draining the lane makes it sooner."
    )


def _in_words(address: str) -> str:
    """A way without its password."""
    return f"through the proxy {urlsplit(address).hostname}" if address else "straight"


def _check(address: str) -> None:
    if not address:
        return
    try:
        parts = urlsplit(address)
        known = parts.scheme in SCHEMES and parts.hostname and (parts.port or True)
    except ValueError:
        known = False
    if not known:
        raise NoSuchWay(
            "A proxy is written http://host:port or http://user:password@host:port."
        )
    if len(address) > 200:
        raise NoSuchWay("A proxy's address has 200 characters at most.")


def _try(server: str, address: str) -> None:
    try:
        joining.greet(server, proxy=address)
    except joining.CannotJoin as error:
        way = _in_words(address)
        raise NoSuchWay(f"{server} does not answer {way}. Nothing was changed.") from error
