"""A lane goes straight or through a proxy, and the proxy's password is shown nowhere."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from fleet.models import Lane
from spacefleet.models import AuditEntry
from spacefleet.universe import server
from spacefleet.universe.scenarios import build
from tests import factories as make

pytestmark = pytest.mark.django_db

FAR = "http://game.invalid/v2"
"""A server nobody finds: whoever reaches it went through a proxy."""


@pytest.fixture
def proxy() -> Iterator[str]:
    """A universe answers what is asked of it as a proxy, whatever host was meant."""
    with server.running(build("first_day", seed=7, start=datetime.now(UTC))) as address:
        yield address.removesuffix("/v2")


def say(*arguments: str) -> str:
    out = StringIO()
    call_command("lane", *arguments, stdout=out)
    return out.getvalue()


def written(folder: Path, address: str) -> str:
    path = folder / "proxy"
    path.write_text(f"{address}\n")
    return str(path)


def test_a_lane_is_sent_through_a_proxy_that_reaches_the_game(
    tmp_path: Path, proxy: str
) -> None:
    secret = proxy.replace("http://", "http://ada:hush@")

    told = say("left", "--proxy-file", written(tmp_path, secret), "--try", FAR)

    assert Lane.objects.get(name="left").proxy == secret
    assert "through the proxy 127.0.0.1" in told
    assert "hush" not in told + AuditEntry.objects.get().after


def test_a_proxy_that_does_not_reach_the_game_changes_nothing(tmp_path: Path) -> None:
    make.LaneFactory(name="left")

    with pytest.raises(CommandError, match="does not answer through the proxy 127.0.0.1"):
        say("left", "--proxy-file", written(tmp_path, "http://127.0.0.1:9"), "--try", FAR)

    assert Lane.objects.get(name="left").proxy == ""


def test_a_lane_goes_straight_again() -> None:
    make.LaneFactory(name="left", proxy="http://127.0.0.1:9")

    say("left", "--direct")

    assert say("left") == "Lane left goes straight.\n"


@pytest.mark.parametrize("address", ["127.0.0.1:9", "ftp://host", "http://", "http://h:port"])
def test_what_is_no_proxy_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(CommandError, match="is written http://host:port"):
        say("left", "--proxy-file", written(tmp_path, address))


def test_a_lane_that_is_not_there_is_not_told_of() -> None:
    with pytest.raises(CommandError, match="There is no lane left"):
        say("left")
