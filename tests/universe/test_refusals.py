"""A walk through the refusals: each precondition missing once, and nothing changes by it."""

import pytest

from .play import Player, play


@pytest.fixture
def player() -> Player:
    """Frigate in orbit of the engineered asteroid, some iron aboard."""
    player = play()
    player.fly(player.frigate, player.places(kind="ENGINEERED_ASTEROID")[0])
    player.world.ships["BADGER-1"].load("IRON", 10)
    return player


def under_way(player: Player) -> None:
    target = {"waypointSymbol": player.places(kind="GAS_GIANT")[0]}
    player.post(f"{player.frigate}/navigate", target)


WALK = [
    ("orbit", None, under_way, 4214),
    ("dock", None, under_way, 4214),
    ("extract", None, under_way, 4214),
    ("navigate", {"waypointSymbol": "HERE"}, None, 4204),
    ("navigate", {"waypointSymbol": "X1-NO-WHERE"}, None, 4201),
    ("navigate", {"waypointSymbol": "GIANT"}, "docked", 4236),
    ("navigate", {"waypointSymbol": "GIANT"}, "dry", 4203),
    ("navigate", {}, None, 3001),
    ("extract", None, "docked", 4236),
    ("extract", None, "full", 4228),
    ("survey", None, "docked", 4223),
    ("siphon", None, None, 4259),
    ("refuel", None, None, 4244),
    ("purchase", {"symbol": "FUEL", "units": 1}, None, 4244),
    ("purchase", {"symbol": "GOLD", "units": 1}, "docked", 4601),
    ("purchase", {"symbol": "FUEL", "units": 181}, "docked", 4604),
    ("purchase", {"symbol": "FUEL", "units": 31}, "docked", 4217),
    ("purchase", {"symbol": "FUEL", "units": 30}, "poor", 4600),
    ("refuel", None, "poor and dry", 4600),
    ("sell", {"symbol": "IRON", "units": 1}, "docked", 4602),
    ("sell", {"symbol": "FUEL", "units": 1}, "docked", 4218),
    ("jettison", {"symbol": "GOLD", "units": 1}, None, 4218),
    ("jettison", {"symbol": "IRON", "units": 11}, None, 4219),
    ("jettison", {"symbol": "UNOBTAINIUM", "units": 1}, None, 3001),
    ("transfer", {"tradeSymbol": "IRON", "units": 1, "shipSymbol": "NO-1"}, None, 4231),
    ("transfer", {"tradeSymbol": "IRON", "units": 1, "shipSymbol": "BADGER-1"}, None, 4233),
    ("transfer", {"tradeSymbol": "IRON", "units": 1, "shipSymbol": "BADGER-2"}, None, 4234),
    ("negotiate/contract", None, None, 4511),
]


def arrange(player: Player, state: object) -> None:
    ship = player.world.ships["BADGER-1"]
    if callable(state):
        state(player)
        return
    words = str(state)
    if "docked" in words or "poor" in words:
        player.post(f"{player.frigate}/dock")
    if "dry" in words:
        ship.fuel = 3
    if "full" in words:
        ship.load("IRON", ship.space)
    if "poor" in words:
        player.world.agents["BADGER"].credits = 71


@pytest.mark.parametrize(("action", "body", "state", "code"), WALK)
def test_a_missing_precondition_is_named_and_nothing_changes(
    player: Player, action, body, state, code
):
    arrange(player, state)
    names = {
        "HERE": player.world.ships["BADGER-1"].waypoint,
        "GIANT": player.places(kind="GAS_GIANT")[0],
    }
    if body:
        body = {key: names.get(value, value) for key, value in body.items()}
    changes = len(player.world.log)
    before = player.get(player.frigate)

    refusal = player.refused("POST", f"{player.frigate}/{action}", body)

    assert refusal["code"] == code, refusal
    assert "{" not in refusal["message"]
    assert player.get(player.frigate) == before
    assert len(player.world.log) == changes


def test_a_foreign_ship_is_not_found(player: Player):
    fox = Player(player.world, symbol="FOX", at=player.at)
    fox.register()

    refusal = fox.refused("POST", f"{player.frigate}/dock")

    assert (refusal["http"], refusal["code"]) == (404, 404)
    assert refusal["message"] == "Ship BADGER-1 not found."


def test_cargo_does_not_move_between_agents(player: Player):
    fox = Player(player.world, symbol="FOX", at=player.at)
    fox.register()
    body = {"tradeSymbol": "IRON", "units": 1, "shipSymbol": "FOX-1"}

    assert player.refused("POST", f"{player.frigate}/transfer", body)["code"] == 4232


def test_a_probe_can_neither_dig_nor_survey_nor_siphon(player: Player):
    player.post(f"{player.probe}/orbit")

    codes = [
        player.refused("POST", f"{player.probe}/{action}")["code"]
        for action in ("extract", "survey", "siphon")
    ]

    assert codes == [4243, 4240, 4258]


def test_yards_sell_what_they_list_to_those_who_are_there(player: Player):
    probe = player.world.ships["BADGER-2"].waypoint
    other = next(place for place in player.places(trait="SHIPYARD") if place != probe)

    def code(kind: str, waypoint: str) -> int:
        body = {"shipType": kind, "waypointSymbol": waypoint}
        return player.refused("POST", "/my/ships", body)["code"]

    assert code("SHIP_PROBE", other) == 4245
    assert code("SHIP_EXPLORER", probe) == 4605
    assert code("SHIP_SUBMARINE", probe) == 3001
    player.world.agents["BADGER"].credits = 100
    assert code("SHIP_MINING_DRONE", probe) == 4216


def test_contracts_refuse_in_their_own_words(player: Player):
    deal = player.get("/my/contracts")[0]
    path, line = f"/my/contracts/{deal['id']}", deal["terms"]["deliver"][0]
    good = line["tradeSymbol"]
    body = {"shipSymbol": "BADGER-1", "tradeSymbol": good, "units": 5}

    def code(action: str, sent: object | None = None) -> int:
        return player.refused("POST", f"{path}/{action}", sent)["code"]

    assert code("deliver", body) == 4505
    assert code("fulfill") == 4505
    player.post(f"{path}/accept")
    assert code("accept") == 4501
    assert code("fulfill") == 4502
    assert code("deliver", body) == 4510
    player.world.ships["BADGER-1"].waypoint = line["destinationSymbol"]
    assert code("deliver", body) == 4244
    player.post(f"{player.frigate}/dock")
    assert code("deliver", body) == 4218
    assert code("deliver", body | {"tradeSymbol": "GOLD"}) == 4508
    assert code("deliver", body | {"units": 1000}) == 4509
    player.wait(8 * 86_400)
    assert code("fulfill") == 4503
    late = play(seed=9)
    path = f"/my/contracts/{late.get('/my/contracts')[0]['id']}"
    late.wait(86_400)
    assert late.refused("POST", f"{path}/accept")["code"] == 4503


def test_uncharted_markets_open_only_to_visitors(player: Player):
    market = player.world.waypoints[player.market_of("IRON", "EXPORT")]
    market.charted_by = None
    path = f"/systems/{player.system}/waypoints/{market.symbol}/market"

    refusal = player.refused("GET", path)

    assert (refusal["http"], refusal["code"]) == (400, 4001)
    player.fly(player.frigate, market.symbol)
    assert player.get(path)["symbol"] == market.symbol


def test_an_overworked_rock_becomes_unstable_and_recovers(player: Player):
    here = player.world.ships["BADGER-1"].waypoint
    for _ in range(130):
        player.world.strain(player.world.waypoints[here])

    codes = set()
    for _ in range(12):
        status, answer = player.send("POST", f"{player.frigate}/extract")
        codes.add(answer["error"]["code"] if status >= 400 else status)
        player.wait(80)

    assert codes == {201, 4253}
    path = f"/systems/{player.system}/waypoints/{here}"
    shown = [modifier["symbol"] for modifier in player.get(path)["modifiers"]]
    assert shown == ["CRITICAL_LIMIT", "UNSTABLE"]
    player.wait(3 * 3600)
    assert player.get(path)["modifiers"] == []
