"""The client over real connections (http), on this machine only."""

import gzip
import json
import re
import socket
import threading
from contextlib import contextmanager

import pytest

from spacefleet.spacetraders import Client, errors

AGENT = json.dumps({"data": {"symbol": "RED", "credits": 7}}).encode()
DROP = None


def response(body: bytes, *headers: str) -> bytes:
    lines = ("HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers, "", "")
    return "\r\n".join(lines).encode() + body


@contextmanager
def listener(*answers: bytes | None):
    """A server that gives each request on one connection the next of these bytes.

    None drops the connection; when there is nothing left it stays silent.
    """
    heard: list[bytes] = []
    door = socket.create_server(("127.0.0.1", 0))
    hung_up = threading.Event()

    def serve():
        left = list(answers)
        while not hung_up.is_set():
            try:
                visitor, _ = door.accept()
            except OSError:
                return
            with visitor:
                _converse(visitor, left, heard, hung_up)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}/v2", heard
    finally:
        hung_up.set()
        door.shutdown(socket.SHUT_RDWR)
        door.close()
        thread.join(5)


def _request(visitor) -> bytes:
    """One whole request; nothing when the visitor has left."""
    heard = b""
    while b"\r\n\r\n" not in heard:
        if not (more := visitor.recv(65536)):
            return b""
        heard += more
    head, _, body = heard.partition(b"\r\n\r\n")
    length = re.search(rb"Content-Length: (\d+)", head)
    while length and len(body) < int(length[1]):
        body += visitor.recv(65536)
    return head + b"\r\n\r\n" + body


def _converse(visitor, left, heard, hung_up):
    while request := _request(visitor):
        heard.append(request)
        if not left:
            hung_up.wait(5)
            return
        if (answer := left.pop(0)) is DROP:
            return
        visitor.sendall(answer)


def test_two_calls_share_a_connection():
    with (
        listener(response(AGENT), response(AGENT)) as (url, heard),
        Client("t", base_url=url) as api,
    ):
        agents = [api.get_my_agent() for _ in range(2)]

    assert [agent.credits for agent in agents] == [7, 7]
    assert heard[0].startswith(b"GET /v2/my/agent HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"Authorization: Bearer t\r\n" in heard[0]


def test_packed_answer_is_unpacked():
    packed = response(gzip.compress(AGENT), "Content-Encoding: gzip")

    with listener(packed) as (url, _), Client("t", base_url=url) as api:
        assert api.get_my_agent().symbol == "RED"


def test_change_whose_answer_never_comes_is_of_unknown_outcome():
    with (
        listener() as (url, heard),
        Client("t", base_url=url, timeout=0.2) as api,
        pytest.raises(errors.OutcomeUnknown),
    ):
        api.dock("RED-1")

    assert len(heard) == 1


def test_change_whose_connection_drops_is_of_unknown_outcome_and_not_sent_again():
    with (
        listener(DROP) as (url, heard),
        Client("t", base_url=url) as api,
        pytest.raises(errors.OutcomeUnknown),
    ):
        api.dock("RED-1")

    assert len(heard) == 1


def test_change_that_reaches_nobody_has_not_happened():
    with listener() as (url, _):
        pass

    with Client("t", base_url=url) as api, pytest.raises(errors.ServerUnavailable):
        api.dock("RED-1")


def test_change_carries_its_body():
    cargo = response(b'{"data":{"cargo":{"capacity":40,"units":0,"inventory":[]}}}')

    with listener(cargo) as (url, heard), Client("t", base_url=url) as api:
        api.jettison("RED-1", "IRON", 3)

    head, _, body = heard[0].partition(b"\r\n\r\n")
    assert b"Content-Type: application/json" in head
    assert json.loads(body) == {"symbol": "IRON", "units": 3}


def test_lane_with_a_proxy_leaves_through_it():
    with listener(response(AGENT)) as (url, heard):
        proxy = url.removesuffix("/v2")
        with Client("t", base_url="http://game.test/v2", proxy=proxy) as api:
            api.get_my_agent()

    assert heard[0].startswith(b"GET http://game.test/v2/my/agent HTTP/1.1\r\n")


def test_lane_without_a_proxy_follows_the_environment(monkeypatch):
    with listener(response(AGENT)) as (url, heard):
        monkeypatch.setenv("http_proxy", url.removesuffix("/v2"))
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        with Client("t", base_url="http://game.test/v2") as api:
            api.get_my_agent()

    assert heard[0].startswith(b"GET http://game.test/v2/my/agent HTTP/1.1\r\n")
