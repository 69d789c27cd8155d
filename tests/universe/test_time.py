"""Seeds, snapshots and the time factor."""

from datetime import datetime, timedelta

import pytest

from spacefleet.universe import World
from spacefleet.universe.scenarios import build
from spacefleet.universe.snapshot import MAGIC, SnapshotError
from spacefleet.universe.timeline import Timeline

from .play import NOON, Player, play


def an_hour(player: Player) -> bytes:
    """Every answer of an hour of mixed work."""
    answers = [player.raw]
    rock = player.places(kind="ENGINEERED_ASTEROID")[0]
    player.fly(player.frigate, rock)
    for _ in range(15):
        for action in ("survey", "extract"):
            player.send("POST", f"{player.frigate}/{action}")
            answers.append(player.raw)
            player.wait(90)
    player.send("POST", f"{player.frigate}/teleport")
    answers.append(player.raw)
    player.dock_at(player.frigate, player.market_of("IRON_ORE", "IMPORT"))
    for path in ("/my/ships", "/my/contracts", "/", f"/systems/{player.system}/waypoints"):
        player.send("GET", path)
        answers.append(player.raw)
    for market in player.world.galaxy.markets:
        player.world.put(player.world.ships["BADGER-2"], market)
        player.send("GET", f"/systems/{player.system}/waypoints/{market}/market")
        answers.append(player.raw)
    player.refused("GET", "/my/ships/NOBODY-1")
    answers.append(player.raw)
    return b"\n".join(answers)


def test_the_same_seed_and_the_same_calls_give_the_same_bytes():
    assert an_hour(play(seed=11)) == an_hour(play(seed=11))


def test_another_seed_is_another_world():
    assert an_hour(play(seed=11)) != an_hour(play(seed=12))


def test_markets_do_not_care_who_looks_when():
    watched, left_alone = play(seed=3), play(seed=3)
    for _ in range(200):
        watched.wait(601)
        for market in watched.world.galaxy.markets:
            watched.world.advance(watched.at)
            watched.world.market(market)
    left_alone.wait(200 * 601)
    left_alone.world.advance(left_alone.at)

    for symbol in left_alone.world.galaxy.markets:
        seen, unseen = watched.world.market(symbol), left_alone.world.market(symbol)
        assert seen.goods == unseen.goods


def test_a_restored_world_answers_like_the_one_that_went_on():
    player = play(seed=5)
    rock = player.places(kind="ENGINEERED_ASTEROID")[0]
    player.fly(player.frigate, rock)
    player.post(f"{player.frigate}/survey")
    player.wait(90)
    player.post(f"{player.frigate}/extract")
    player.wait(4000)
    copy = Player(World.restore(player.world.snapshot()), at=player.at)
    copy.token, copy.raw = player.token, player.raw

    assert an_hour(copy) == an_hour(player)


def test_a_snapshot_of_a_restored_world_is_the_same_snapshot():
    data = play("showcase", seed=5, speed=60.0, homes=2).world.snapshot()

    assert World.restore(data).snapshot() == data


def test_wall_time_keeps_flowing_while_a_universe_is_down():
    player = play()
    player.post(f"{player.frigate}/orbit")
    target = {"waypointSymbol": player.places(kind="GAS_GIANT")[0]}
    player.post(f"{player.frigate}/navigate", target)
    data = player.world.snapshot()

    copy = Player(World.restore(data), at=player.at + timedelta(days=1))
    copy.token = player.token

    assert copy.get(f"{copy.frigate}/nav")["status"] == "IN_ORBIT"


@pytest.mark.parametrize("data", [b"", b"something else", MAGIC + b"broken"])
def test_what_is_no_snapshot_is_refused_in_words(data):
    with pytest.raises(SnapshotError, match="snapshot"):
        World.restore(data)


def test_time_never_runs_back_for_requests_that_overtook_each_other(player: Player):
    player.wait(10)
    player.get("/my/agent")

    player.at -= timedelta(seconds=5)
    player.get("/my/agent")

    assert player.world.wall == player.world.start + 10_000


# --- speed --------------------------------------------------------------------------------------


@pytest.mark.parametrize("speed", [1.0, 2.5, 60.0, 3600.0, 0.5])
def test_what_is_due_in_the_game_is_due_on_the_wall(speed):
    timeline = Timeline(1_000_000, speed)

    for game in range(1_000_000, 1_100_000, 777):
        wall = timeline.wall(game)
        assert timeline.game(wall) >= game
        assert timeline.game(wall - 1) < game


def test_a_faster_universe_divides_every_duration():
    slow, fast = play(seed=4), play(seed=4, speed=60.0)
    seconds = []
    for player in (slow, fast):
        rock = player.places(kind="ENGINEERED_ASTEROID")[0]
        player.post(f"{player.frigate}/orbit")
        nav = player.post(f"{player.frigate}/navigate", {"waypointSymbol": rock})["nav"]
        player.at = datetime.fromisoformat(nav["route"]["arrival"])
        answer = player.post(f"{player.frigate}/survey")
        flight = (player.at - NOON).total_seconds()
        expires = datetime.fromisoformat(answer["surveys"][0]["expiration"])
        seconds.append(
            (
                flight,
                answer["cooldown"]["totalSeconds"],
                (expires - player.at).total_seconds(),
            )
        )

    (flight, rest, life), (fast_flight, fast_rest, fast_life) = seconds
    assert fast_flight == pytest.approx(flight / 60, abs=0.002)
    assert fast_rest == round(rest / 60)
    assert fast_life == pytest.approx(life / 60, abs=0.002)


def test_a_ship_is_ready_at_the_instant_it_was_told():
    player = play(speed=60.0)
    player.fly(player.frigate, player.places(kind="ENGINEERED_ASTEROID")[0])
    told = player.post(f"{player.frigate}/extract")["cooldown"]["expiration"]

    player.at = datetime.fromisoformat(told) - timedelta(milliseconds=1)
    assert player.send("POST", f"{player.frigate}/extract")[0] == 409
    player.at = datetime.fromisoformat(told)
    assert player.send("POST", f"{player.frigate}/extract")[0] == 201


def test_there_is_no_scenario_without_a_name():
    with pytest.raises(ValueError, match="first_day"):
        build("last_day", seed=1, start=NOON)
