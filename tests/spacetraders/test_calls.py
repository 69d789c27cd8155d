"""How calls go out and what is tried twice (calls, client)."""

import subprocess
import sys
from datetime import UTC, datetime

import httpx
import pytest

from spacefleet import clock
from spacefleet.spacetraders import Budget, Call, errors
from tests.spacetraders.games import Script, client, page, refusal

NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)
AGENT = {"data": {"symbol": "RED", "credits": 7}}
CARGO = {"data": {"cargo": {"capacity": 40, "units": 0, "inventory": []}}}


@pytest.fixture(autouse=True)
def noon():
    with clock.frozen_at(NOON):
        yield


def limited() -> httpx.Response:
    return httpx.Response(429, headers={"retry-after": "1.5"}, json=refusal(429))


def test_call_refused_for_its_rate_goes_out_again_after_the_pause():
    game = Script(limited(), (200, CARGO))

    client(game).jettison("RED-1", "IRON", 3)

    assert len(game.requests) == 2
    assert 1.5 <= (clock.now() - NOON).total_seconds() < 1.6


def test_limit_that_does_not_end_is_raised():
    game = Script(*[limited() for _ in range(4)])

    with pytest.raises(errors.RateLimited) as caught:
        client(game).jettison("RED-1", "IRON", 3)

    assert caught.value.retry_after == 1.5
    assert len(game.requests) == 4


def test_limit_of_a_proxy_without_headers_is_waited_out():
    game = Script(httpx.Response(429, text="<html>429</html>"), (200, CARGO))

    client(game).jettison("RED-1", "IRON", 3)

    assert (clock.now() - NOON).total_seconds() >= 5


def test_read_is_tried_three_times():
    game = Script((502, {}), httpx.ReadTimeout("slow"), (200, AGENT))

    agent = client(game).get_my_agent()

    assert agent.credits == 7
    assert len(game.requests) == 3


def test_unreadable_answer_is_not_asked_for_again():
    game = Script((200, {"data": {}}))

    with pytest.raises(errors.ServerUnavailable, match="credits|symbol"):
        client(game).get_my_agent()


@pytest.mark.parametrize(
    "answer",
    [(500, {}), httpx.ReadTimeout("slow"), httpx.ConnectError("no"), (503, refusal(3100))],
    ids=["server broken", "no answer", "no connection", "maintenance"],
)
def test_change_is_sent_once(answer):
    game = Script(answer)

    with pytest.raises(errors.SpaceTradersError):
        client(game).jettison("RED-1", "IRON", 3)

    assert len(game.requests) == 1


def test_every_request_is_reported_with_its_purpose_failed_ones_too():
    calls: list[Call] = []
    game = Script((400, refusal(4218)), limited(), httpx.ReadTimeout("slow"))
    api = client(game, on_call=calls.append).bound(purpose="MINER", ship="RED-1")

    for _ in range(2):
        with pytest.raises(errors.SpaceTradersError):
            api.jettison("RED-1", "IRON", 3)

    assert {(call.purpose, call.ship) for call in calls} == {("MINER", "RED-1")}
    assert {call.endpoint for call in calls} == {"/my/ships/{ship}/jettison"}
    assert [(call.status, call.code) for call in calls] == [
        (400, 4218),
        (429, 429),
        (None, None),
    ]
    assert not any(call.productive for call in calls)
    assert calls[2].waited_ms >= 1500
    assert calls[0].at == NOON


def test_answered_request_is_productive():
    calls: list[Call] = []

    client(Script((200, AGENT)), on_call=calls.append).get_my_agent()

    [call] = calls
    assert (call.method, call.status, call.code, call.productive) == ("GET", 200, None, True)


def test_proof_is_asked_for_before_each_request_and_after_the_wait():
    proofs = []
    game = Script(limited(), (200, CARGO))
    api = client(game).bound(before_call=lambda: proofs.append(clock.now()))

    api.jettison("RED-1", "IRON", 3)

    assert len(proofs) == 2
    assert (proofs[1] - NOON).total_seconds() >= 1.5


def test_failing_proof_keeps_the_request_at_home():
    def lease_lost():
        raise LookupError("the lease is somebody else's")

    game = Script()

    with pytest.raises(LookupError):
        client(game).bound(before_call=lease_lost).get_my_agent()

    assert game.requests == []


def test_bound_view_leaves_the_client_as_it_was():
    calls: list[Call] = []
    api = client(Script((200, AGENT), (200, AGENT)), on_call=calls.append)

    api.bound(purpose="MINER").get_my_agent()
    api.get_my_agent()

    assert [call.purpose for call in calls] == ["MINER", ""]


def test_token_goes_along_and_is_shown_nowhere():
    game = Script((200, AGENT))
    api = client(game, token="very secret")

    api.get_my_agent()

    assert game.requests[0].headers["authorization"] == "Bearer very secret"
    assert "secret" not in repr(vars(api)) + repr(api)


def test_client_without_a_token_sends_none():
    game = Script((200, AGENT))

    client(game, token=None).get_my_agent()

    assert "authorization" not in game.requests[0].headers


def test_change_without_a_body_has_no_content_type():
    """The game refuses a content type without content."""
    game = Script((400, refusal(4244)))

    with pytest.raises(errors.Refused):
        client(game).refuel("RED-1")

    assert "content-type" not in game.requests[0].headers
    assert game.requests[0].content == b""


def test_waypoints_are_asked_for_by_trait_and_type():
    game = Script((200, page([], total=0)))

    list(client(game).every_waypoint("X1-A", traits=["SHIPYARD", "MARKETPLACE"], kind="MOON"))

    assert game.asked == [
        "GET /v2/systems/X1-A/waypoints"
        "?page=1&limit=20&traits=SHIPYARD&traits=MARKETPLACE&type=MOON"
    ]


def test_long_list_comes_page_by_page():
    def contract(number):
        return {
            "id": f"c{number}",
            "accepted": True,
            "fulfilled": True,
            "terms": {"deadline": "2026-07-06T12:00:00Z"},
        }

    game = Script(
        (200, page(map(contract, range(20)), total=41)),
        (200, page(map(contract, range(20, 40)), total=41, number=2)),
        (200, page(map(contract, range(40, 41)), total=41, number=3)),
    )

    contracts = client(game).every_contract()
    first = next(contracts)
    asked_so_far = len(game.asked)
    rest = list(contracts)

    assert (first.id, asked_so_far) == ("c0", 1)
    assert [one.id for one in rest] == [f"c{number}" for number in range(1, 41)]
    assert len(game.asked) == 3


def test_list_that_shrinks_while_it_is_read_ends():
    game = Script((200, page([], total=99)))

    assert list(client(game).every_ship()) == []


def test_odd_symbols_cannot_leave_their_place_in_the_address():
    game = Script((404, refusal(404)))

    with pytest.raises(errors.NotFound):
        client(game).get_ship("../agent?x=1")

    assert game.asked == ["GET /v2/my/ships/..%2Fagent%3Fx%3D1"]


def test_idle_ship_has_no_cooldown():
    game = Script(httpx.Response(204))

    assert client(game).get_cooldown("RED-1") is None


def test_urgent_calls_of_a_view_use_the_reserve():
    game = Script(*[(200, AGENT)] * 40)
    api = client(game, budget=Budget(margin_ms=0, reserve=6))
    for _ in range(26):
        api.get_my_agent()
    before = clock.now()
    api.bound(priority=0).get_my_agent()

    assert clock.now() == before == NOON


def test_client_needs_no_django():
    code = (
        "import sys, spacefleet.spacetraders as s; s.Client('t');"
        "sys.exit(any(name.partition('.')[0] == 'django' for name in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
