"""HTTP as clients really speak it: kept alive, pipelined, in pieces, too large, or not at all."""

import gzip
import json
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spacefleet.universe import World, asgi, server
from spacefleet.universe.scenarios import build

from .play import NOON

BODY = {"symbol": "BADGER", "faction": "COSMIC"}


@pytest.fixture(scope="module")
def world() -> World:
    return build("first_day", seed=3, start=NOON, others=0, rate_limited=False)


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[str]:
    with server.running(world, clock=lambda: NOON) as served:
        yield served


@contextmanager
def line_to(address: str) -> Iterator[socket.socket]:
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as line:
        yield line


def told(line: socket.socket) -> bytes:
    """Everything the server says until it hangs up."""
    parts = []
    while part := line.recv(65536):
        parts.append(part)
    return b"".join(parts)


def request(method: str, path: str, content: bytes = b"", *headers: str) -> bytes:
    head = [f"{method} /v2{path} HTTP/1.1", "Host: universe", *headers]
    if content:
        head += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*head, "", ""]).encode() + content


def said(address: str, *pieces: bytes) -> bytes:
    """What comes back for bytes sent as they are, in so many pieces."""
    with line_to(address) as line:
        for piece in pieces:
            line.sendall(piece)
        return told(line)


LAST = "Connection: close"


def test_a_connection_serves_as_many_calls_as_it_is_asked(address: str):
    with line_to(address) as line:
        for _ in range(5):
            line.sendall(request("GET", "/factions/COSMIC"))
            assert line.recv(65536).startswith(b"HTTP/1.1 200 OK")
        line.sendall(request("GET", "/factions/COSMIC", b"", LAST))
        assert told(line).startswith(b"HTTP/1.1 200 OK")


def test_pipelined_calls_are_answered_in_their_order(address: str):
    calls = [request("GET", f"/factions/{name}") for name in ("COSMIC", "VOID", "NOBODY")]

    heard = said(address, b"".join(calls) + request("GET", "/factions/DOMINION", b"", LAST))

    named = [heard.index(name) for name in (b'"COSMIC"', b'"VOID"', b"NOBODY", b'"DOMINION"')]
    assert named == sorted(named)
    assert heard.count(b"HTTP/1.1 200 OK") == 3
    assert heard.count(b"HTTP/1.1 404 Not Found") == 1


def test_a_call_may_arrive_in_pieces(address: str):
    whole = request("GET", "/factions/COSMIC", b"", LAST)

    heard = said(address, *(whole[at : at + 1] for at in range(len(whole))))

    assert heard.startswith(b"HTTP/1.1 200 OK")


def test_a_body_may_come_in_chunks_and_after_a_question(address: str):
    content = json.dumps(BODY | {"symbol": "CHUNKS"}).encode()

    def chunks() -> Iterator[bytes]:
        yield content[:10]
        yield content[10:]

    chunked = httpx.post(
        f"{address}/register", content=chunks(), headers={"content-type": "application/json"}
    )
    asking = request("POST", "/register", content, "Expect: 100-continue", LAST)
    heard = said(address, asking)

    assert chunked.status_code == 201
    assert heard.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 409 Conflict")


def test_clients_of_the_old_protocol_are_answered_and_let_go(address: str):
    heard = said(address, b"GET /v2/factions/COSMIC HTTP/1.0\r\n\r\n")

    assert b" 200 OK\r\n" in heard.partition(b"\r\n\r\n")[0] + b"\r\n"
    assert b'"COSMIC"' in heard


def test_a_large_body_is_read_and_one_too_large_is_refused_before_it_is_kept(address: str):
    url, kind = f"{address}/register", {"content-type": "application/json"}
    large = json.dumps(BODY | {"symbol": "LARGE", "more": "x" * 500_000}).encode()

    taken = httpx.post(url, content=large, headers=kind)
    refused = httpx.post(url, content=b" " * (asgi.MOST_BYTES + 1), headers=kind)
    endless = httpx.post(url, content=iter([b" " * 65536] * 20), headers=kind)

    assert taken.status_code == 201
    assert (refused.status_code, endless.status_code) == (413, 413)
    assert refused.json()["code"] == "FST_ERR_CTP_BODY_TOO_LARGE"


def test_answers_come_uncompressed_and_compressed_bodies_are_refused(address: str):
    asked = httpx.get(f"{address}/factions", headers={"accept-encoding": "gzip, br"})
    packed = httpx.post(
        f"{address}/register",
        content=gzip.compress(json.dumps(BODY).encode()),
        headers={"content-type": "application/json", "content-encoding": "gzip"},
    )

    assert "content-encoding" not in asked.headers
    assert asked.json()["meta"]["total"] > 10
    assert (packed.status_code, packed.json()["error"]["code"]) == (422, 3001)


def test_a_question_for_the_head_gets_the_head(address: str):
    answer = httpx.head(f"{address}/factions/COSMIC")
    whole = httpx.get(f"{address}/factions/COSMIC")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(whole.content))


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # a client that wants TLS
        b"hello\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /v2/agents HTTP/9.9\r\n\r\n",
        b"GET /v2/\xff\xfe HTTP/1.1\r\nHost: universe\r\n\r\n",
        b"GET /v2/agents HTTP/1.1\r\nHost universe\r\n\r\n",
        b"POST /v2/register HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"POST /v2/register HTTP/1.1\r\nContent-Length: 5, 7\r\n\r\nhello",
        b"POST /v2/register HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_http_is_told_so(address: str, garbage: bytes, caplog):
    with caplog.at_level(logging.WARNING):
        heard = said(address, garbage)

    assert heard.startswith(b"HTTP/1.1 400 ")
    assert not [record for record in caplog.records if record.exc_info]


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.one_of(
        st.binary(min_size=1, max_size=200),
        st.builds(
            lambda path, value: b"GET /v2/" + path + b" HTTP/1.1\r\nAuthorization: " + value,
            st.binary(max_size=30),
            st.binary(max_size=30),
        ).map(lambda head: head + b"\r\n\r\n"),
    )
)
def test_whatever_arrives_the_server_goes_on(address: str, caplog, garbage: bytes):
    with line_to(address) as line:
        line.sendall(garbage)
        line.shutdown(socket.SHUT_WR)
        told(line)

    assert httpx.get(f"{address}/factions/COSMIC").status_code == 200
    assert not [record for record in caplog.records if record.exc_info]


def test_a_call_that_breaks_off_is_not_played(world: World, address: str):
    content = json.dumps(BODY | {"symbol": "HALFWAY"}).encode()

    with line_to(address) as line:
        line.sendall(request("POST", "/register", content)[:-3])
    httpx.get(f"{address}/agents")

    assert "HALFWAY" not in world.agents


def test_a_wish_for_a_websocket_is_answered_as_a_call(address: str):
    asked = request(
        "GET", "/my/socket.io", b"", "Connection: Upgrade", "Upgrade: websocket", LAST
    )

    heard = said(address, asked)

    assert b"Route GET:/v2/my/socket.io not found" in heard


def test_a_fault_of_the_server_itself_is_told_and_logged(caplog):
    broken = build("first_day", seed=3, start=NOON, others=0)
    del broken.limiter
    with server.running(broken, clock=lambda: NOON) as address:
        answer = httpx.get(f"{address}/agents")

    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == 500
    assert "GET /v2/agents failed" in caplog.text
