"""The request limit, pool by pool."""

from .play import NOON, Player, play


def burst(player: Player, requests: int) -> list[int]:
    return [player.send("GET", "/my/agent")[0] for _ in range(requests)]


def test_two_a_second_and_thirty_more_a_minute_pass():
    player = play(rate_limited=True)
    player.wait(120)

    answers = burst(player, 40)

    assert answers == [200] * 32 + [429] * 8


def test_the_static_pool_refills_a_second_after_its_first_use():
    player = play(rate_limited=True)
    player.wait(120)
    burst(player, 32)

    player.wait(0.999)
    assert burst(player, 1) == [429]
    player.wait(0.001)
    assert burst(player, 3) == [200, 200, 429]


def test_the_burst_pool_refills_a_minute_after_its_first_use():
    player = play(rate_limited=True)
    player.wait(120)
    burst(player, 32)

    player.wait(59.999)
    assert burst(player, 3) == [200, 200, 429]
    player.wait(0.001)
    assert burst(player, 31) == [200] * 30 + [429]


def test_a_saturated_minute_carries_two_and_a_half_requests_a_second():
    player = play(rate_limited=True)
    player.wait(120)
    passed = 0

    for _ in range(600):
        passed += burst(player, 1) == [200]
        player.wait(0.1)

    assert passed == 150


def test_a_refusal_says_how_long_to_wait_and_waiting_is_enough():
    player = play(rate_limited=True)
    player.wait(120)
    burst(player, 32)
    player.wait(0.25)

    status, answer = player.send("GET", "/my/agent")

    error = answer["error"]
    assert (status, error["code"]) == (429, 429)
    assert error["data"]["retryAfter"] == 0.75
    assert error["data"]["limitBurst"] == 30
    assert error["data"]["limitPerSecond"] == 2
    assert player.headers["retry-after"] == "0.750"
    assert player.headers["x-ratelimit-reset"] == "2026-07-06T12:02:01.000Z"
    player.wait(0.75)
    assert burst(player, 1) == [200]


def test_every_answer_tells_what_is_left():
    player = play(rate_limited=True)
    player.wait(120)

    burst(player, 1)

    assert player.headers["x-ratelimit-limit-burst"] == "30"
    assert player.headers["x-ratelimit-limit-per-second"] == "2"
    assert player.headers["x-ratelimit-remaining"] == "31"
    assert "retry-after" not in player.headers


def test_an_account_is_limited_over_all_its_agents_and_addresses():
    player = play(rate_limited=True)
    player.wait(120)
    world, headers = player.world, {"authorization": f"Bearer {player.token}"}

    answers = [
        world.handle(
            "GET",
            "/my/agent",
            headers=headers,
            body=b"",
            at=player.at,
            client_ip=f"10.0.0.{number}",
        ).status
        for number in range(40)
    ]

    assert answers == [200] * 32 + [429] * 8


def test_an_address_is_limited_over_all_its_agents():
    player = play(rate_limited=True)
    fox = Player(player.world, symbol="FOX", at=NOON)
    player.wait(120)
    fox.wait(60)
    fox.register()
    fox.at = player.at

    answers = [who.send("GET", "/my/agent")[0] for _ in range(20) for who in (player, fox)]

    assert answers == [200] * 32 + [429] * 8


def test_a_faster_universe_allows_as_many_requests_a_game_second():
    player = play(rate_limited=True, speed=60.0)
    player.wait(120)

    answers = burst(player, 2000)

    assert answers.count(200) == 60 * 32
