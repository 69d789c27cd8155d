"""Beyond home: gates, warps, charts, scans, refits, refining, building, mending, new eras."""

from datetime import UTC, datetime, timedelta

import pytest

from spacefleet.universe import World
from spacefleet.universe.physics.markets import prices
from spacefleet.universe.scenarios import build
from spacefleet.universe.state import Agent, Ship

from .play import NOON, Player, play


def agent(player: Player) -> Agent:
    return player.world.agents[player.symbol]


def ship(player: Player, name: str = "BADGER-1") -> Ship:
    return player.world.ships[name]


def put(player: Player, waypoint: str, *, docked: bool = False, name: str = "BADGER-1") -> None:
    """Set a ship down somewhere without flying it there."""
    vessel = ship(player, name)
    player.world.put(vessel, waypoint)
    vessel.docked, vessel.arrives_at = docked, 0


def at_gate(player: Player) -> str:
    gate = player.world.systems[player.system].gate
    assert gate is not None
    put(player, gate)
    return gate


# --- gates ----------------------------------------------------------------------------------


def test_all_gates_form_one_network_in_both_directions():
    for seed in (1, 2, 3):
        gates = play(seed=seed, others=40).world.galaxy.gates
        reached, todo = set(), [next(iter(gates))]
        while todo:
            gate = todo.pop()
            if gate not in reached:
                reached.add(gate)
                todo.extend(gates[gate])

        assert reached == set(gates)
        assert all(gate in gates[other] for gate in gates for other in gates[gate])
        assert max(len(connections) for connections in gates.values()) <= 9


def test_a_jump_arrives_at_once_costs_antimatter_and_cools_down():
    player = play(others=12, gate_open=True)
    gate = at_gate(player)
    target = next(
        other
        for other in player.world.galaxy.gates[gate]
        if not player.world.waypoints[other].under_construction
    )
    price, _ = prices(player.world.market(gate).goods["ANTIMATTER"])

    answer = player.post(f"{player.frigate}/jump", {"waypointSymbol": target})

    here, there = (
        player.world.systems[player.world.waypoints[g].system] for g in (gate, target)
    )
    apart = ((here.x - there.x) ** 2 + (here.y - there.y) ** 2) ** 0.5
    assert answer["nav"]["waypointSymbol"] == target
    assert answer["nav"]["status"] == "IN_ORBIT"
    assert answer["transaction"]["totalPrice"] == price
    assert answer["agent"]["credits"] == 175_000 - price
    assert answer["cooldown"]["totalSeconds"] == round(15 + 0.3 * apart)
    assert player.refused("POST", f"{player.frigate}/jump", {"waypointSymbol": gate})[
        "code"
    ] == (4000)


def test_gates_refuse_in_their_own_words():
    player = play(others=12)
    far = next(gate for gate in player.world.galaxy.gates if player.system not in gate)
    body = {"waypointSymbol": far}
    jump = f"{player.frigate}/jump"

    player.post(f"{player.frigate}/orbit")
    assert player.refused("POST", jump, body)["code"] == 4254
    gate = at_gate(player)
    assert player.refused("POST", jump, body)["code"] == 4256
    player.world.waypoints[gate].under_construction = False
    unconnected = player.refused("POST", jump, {"waypointSymbol": gate})
    assert unconnected["code"] == 4255
    assert unconnected["data"]["connections"] == player.world.galaxy.gates[gate]
    neighbour = player.world.galaxy.gates[gate][0]
    player.world.waypoints[neighbour].under_construction = True
    body = {"waypointSymbol": neighbour}
    assert player.refused("POST", jump, body)["code"] == 4262
    player.world.waypoints[neighbour].under_construction = False
    agent(player).credits = 0
    assert player.refused("POST", jump, body)["code"] == 4600
    assert player.refused("POST", jump)["code"] == 3001


def test_a_gate_is_finished_by_supplying_what_its_bill_names():
    player = play()
    gate = at_gate(player)
    path = f"/systems/{player.system}/waypoints/{gate}/construction"
    supply = f"{path}/supply"

    def hand_over(good: str, units: int):
        ship(player).load(good, units)
        body = {"shipSymbol": "BADGER-1", "tradeSymbol": good, "units": units}
        return player.post(supply, body)

    assert not player.get(path)["isComplete"]
    first = hand_over("FAB_MATS", 40)
    assert first["construction"]["materials"][0]["fulfilled"] == 40
    assert first["cargo"]["units"] == 0
    site = player.world.galaxy.constructions[gate]
    site.materials["FAB_MATS"][1] = 1590
    assert hand_over("FAB_MATS", 40)["cargo"]["units"] == 30
    ship(player).unload("FAB_MATS", 30)
    full = {"shipSymbol": "BADGER-1", "tradeSymbol": "FAB_MATS", "units": 1}
    assert player.refused("POST", supply, full)["code"] == 4801
    assert player.refused("POST", supply, full | {"tradeSymbol": "IRON"})["code"] == 4800
    assert (
        player.refused("POST", supply, full | {"tradeSymbol": "ADVANCED_CIRCUITRY"})["code"]
        == 4218
    )
    site.materials["ADVANCED_CIRCUITRY"][1] = 380
    assert hand_over("ADVANCED_CIRCUITRY", 20)["construction"]["isComplete"]
    shown = player.get(f"/systems/{player.system}/waypoints/{gate}")
    assert shown["isUnderConstruction"] is False
    put(player, player.places(kind="GAS_GIANT")[0])
    assert player.refused("POST", supply, full)["code"] == 4802


# --- warping ----------------------------------------------------------------------------------


def test_a_warp_flies_to_another_system_within_its_range():
    player = play(others=12)
    explorer = _with_warp_drive(player)
    here = player.world.systems[player.system]
    near = sorted(
        (system for system in player.world.systems.values() if system is not here),
        key=lambda s: (s.x - here.x) ** 2 + (s.y - here.y) ** 2,
    )
    explorer.fuel = explorer.fuel_capacity = 2000
    target = next(iter(near[0].waypoints))
    apart = ((near[0].x - here.x) ** 2 + (near[0].y - here.y) ** 2) ** 0.5

    answer = player.post(f"{player.frigate}/warp", {"waypointSymbol": target})

    arrival = datetime.fromisoformat(answer["nav"]["route"]["arrival"])
    took = (arrival - player.at).total_seconds()
    assert answer["nav"]["systemSymbol"] == near[0].symbol
    assert took == pytest.approx(round(apart) * 50 / 36 + 15, abs=1)
    assert answer["fuel"]["consumed"]["amount"] == round(apart)


def test_warps_refuse_in_their_own_words():
    player = play(others=3)
    other = next(s for s in player.world.systems.values() if s.home_of is None)
    body = {"waypointSymbol": next(iter(other.waypoints))}
    warp = f"{player.frigate}/warp"

    assert player.refused("POST", warp, body)["code"] == 4236
    player.post(f"{player.frigate}/orbit")
    assert player.refused("POST", warp, body)["code"] == 4241
    _with_warp_drive(player)
    inside = {"waypointSymbol": player.places(kind="GAS_GIANT")[0]}
    assert player.refused("POST", warp, inside)["code"] == 4235
    ship(player).fuel = 1
    assert player.refused("POST", warp, body)["code"] == 4203
    other.x += 50_000
    assert player.refused("POST", warp, body)["code"] == 4201


def _with_warp_drive(player: Player) -> Ship:
    vessel = ship(player)
    vessel.docked = False
    vessel.modules.append("MODULE_WARP_DRIVE_I")
    return vessel


# --- charts and scans ---------------------------------------------------------------------------


def test_the_first_chart_of_a_place_pays_and_shows_its_traits():
    player = play(others=6)
    place = next(
        w for w in player.world.waypoints.values() if w.type == "PLANET" and not w.charted
    )
    put(player, place.symbol)

    answer = player.post(f"{player.frigate}/chart")

    paid = answer["transaction"]["totalPrice"]
    assert 30_000 <= paid <= 47_000
    assert answer["agent"]["credits"] == 175_000 + paid
    assert answer["chart"]["submittedBy"] == "BADGER"
    assert [t["symbol"] for t in answer["waypoint"]["traits"]] == place.traits
    assert player.refused("POST", f"{player.frigate}/chart")["code"] == 4230
    _, status = player.send("GET", "/")
    assert status["leaderboards"]["mostSubmittedCharts"] == [
        {"agentSymbol": "BADGER", "chartCount": 1}
    ]


def test_scans_see_what_charts_do_not_tell():
    player = play(others=8)
    fox = Player(player.world, symbol="FOX", at=player.at)
    fox.register()
    place = next(
        w for w in player.world.waypoints.values() if w.type == "PLANET" and not w.charted
    )
    put(player, place.symbol)
    put(fox, place.symbol, name="FOX-1")

    found = {}
    for what in ("waypoints", "systems", "ships"):
        answer = player.post(f"{player.frigate}/scan/{what}")
        assert answer["cooldown"]["totalSeconds"] == 80
        assert player.refused("POST", f"{player.frigate}/scan/{what}")["code"] == 4000
        player.wait(80)
        found[what] = answer[what]

    seen = next(w for w in found["waypoints"] if w["symbol"] == place.symbol)
    assert [trait["symbol"] for trait in seen["traits"]] == place.traits
    distances = [system["distance"] for system in found["systems"]]
    assert distances == sorted(distances)
    assert distances
    assert [other["symbol"] for other in found["ships"]] == ["FOX-1"]
    put(player, place.symbol, name="BADGER-2")
    assert player.refused("POST", f"{player.probe}/scan/ships")["code"] == 4215


# --- yards ---------------------------------------------------------------------------------------


def at_yard(player: Player) -> None:
    put(player, player.places(trait="SHIPYARD")[0], docked=True)


def test_a_mount_moves_between_hold_and_hull_for_a_fee(player: Player):
    at_yard(player)
    ship(player).load("MOUNT_TURRET_I", 1)
    body = {"symbol": "MOUNT_TURRET_I"}

    installed = player.post(f"{player.frigate}/mounts/install", body)
    removed = player.post(f"{player.frigate}/mounts/remove", body)

    assert [m["symbol"] for m in installed["mounts"]][-1] == "MOUNT_TURRET_I"
    assert installed["cargo"]["units"] == 0
    assert installed["transaction"]["totalPrice"] == 100
    assert removed["cargo"]["units"] == 1
    assert removed["agent"]["credits"] == 175_000 - 200
    assert len(player.get(f"{player.frigate}/mounts")) == 4


def test_a_module_pays_a_fee_per_slot_and_changes_the_hold(player: Player):
    at_yard(player)
    hold = {"symbol": "MODULE_CARGO_HOLD_II"}
    gas = {"symbol": "MODULE_GAS_PROCESSOR_I"}

    removed = player.post(f"{player.frigate}/modules/remove", gas)
    ship(player).load("MODULE_CARGO_HOLD_II", 1)
    installed = player.post(f"{player.frigate}/modules/install", hold)

    assert removed["transaction"]["totalPrice"] == 200
    assert installed["cargo"]["capacity"] == 80
    assert len(installed["modules"]) == 5
    ship(player).load("IRON", 60)
    too_full = player.refused("POST", f"{player.frigate}/modules/remove", hold)
    assert too_full["code"] == 4217


def test_refits_refuse_in_their_own_words(player: Player):
    def code(part: str, action: str, symbol: str) -> int:
        return player.refused("POST", f"{player.frigate}/{part}/{action}", {"symbol": symbol})[
            "code"
        ]

    vessel = ship(player)
    player.post(f"{player.frigate}/orbit")
    assert code("mounts", "install", "MOUNT_TURRET_I") == 4244
    player.post(f"{player.frigate}/dock")
    assert code("mounts", "install", "MOUNT_TURRET_I") == 4246
    assert code("modules", "install", "MODULE_CARGO_HOLD_I") == 4266
    at_yard(player)
    assert code("mounts", "install", "MOUNT_TURRET_I") == 4218
    assert code("mounts", "remove", "MOUNT_TURRET_I") == 4247
    assert code("modules", "remove", "MODULE_CARGO_HOLD_I") == 4267
    assert code("modules", "install", "MODULE_NONE") == 3001
    vessel.load("MODULE_CARGO_HOLD_I", 1)
    assert code("modules", "install", "MODULE_CARGO_HOLD_I") == 4250
    vessel.load("MOUNT_SURVEYOR_II", 2)
    assert code("mounts", "install", "MOUNT_SURVEYOR_II") == 4249
    vessel.load("MOUNT_TURRET_I", 2)
    player.post(f"{player.frigate}/mounts/install", {"symbol": "MOUNT_TURRET_I"})
    assert code("mounts", "install", "MOUNT_TURRET_I") == 4251
    agent(player).credits = 99
    assert code("mounts", "remove", "MOUNT_TURRET_I") == 4248
    assert code("modules", "remove", "MODULE_GAS_PROCESSOR_I") == 4268


def test_a_drone_has_no_berths_for_a_second_stronger_laser():
    player = play(start_credits=1_000_000)
    yard = ship(player, "BADGER-2").waypoint
    body = {"shipType": "SHIP_MINING_DRONE", "waypointSymbol": yard}
    drone = player.post("/my/ships", body)["ship"]["symbol"]
    ship(player, drone).load("MOUNT_MINING_LASER_II", 1)

    refusal = player.refused(
        "POST", f"/my/ships/{drone}/mounts/install", {"symbol": "MOUNT_MINING_LASER_II"}
    )

    assert refusal["code"] == 4252


def test_a_worn_ship_is_mended_and_an_old_one_scrapped():
    player = play(start_credits=1_000_000)
    yard = ship(player, "BADGER-2").waypoint
    body = {"shipType": "SHIP_MINING_DRONE", "waypointSymbol": yard}
    path = f"/my/ships/{player.post('/my/ships', body)['ship']['symbol']}"
    drone = ship(player, path.rsplit("/", 1)[1])
    drone.engine.condition, drone.outfit = 0.5, ""
    before = agent(player).credits

    quote = player.get(f"{path}/repair")["transaction"]["totalPrice"]
    mended = player.post(f"{path}/repair")

    assert quote == round(56_200 * 0.02 * 0.5)
    assert mended["transaction"]["totalPrice"] == quote
    assert mended["ship"]["engine"]["condition"] == 1
    assert mended["ship"]["engine"]["integrity"] == 0.98
    offer = player.get(f"{path}/scrap")["transaction"]["totalPrice"]
    scrapped = player.post(f"{path}/scrap")
    assert scrapped["agent"]["credits"] == before - quote + offer
    assert scrapped["agent"]["shipCount"] == 2
    assert player.refused("GET", path)["code"] == 404
    player.post(f"{player.frigate}/dock")
    assert player.refused("POST", f"{player.frigate}/scrap")["code"] == 4263
    assert player.refused("GET", f"{player.frigate}/repair")["code"] == 4264


def test_work_wears_ships_and_says_so():
    player = play(wear_chance=1.0)
    player.post(f"{player.frigate}/orbit")
    target = {"waypointSymbol": player.places(kind="GAS_GIANT")[0]}

    events = player.post(f"{player.frigate}/navigate", target)["events"]

    part = events[0]["component"].lower()
    assert player.get(player.frigate)[part]["condition"] < 1


# --- refining --------------------------------------------------------------------------------------


def test_a_refinery_turns_ore_into_metal(player: Player):
    vessel = ship(player)
    refine = f"{player.frigate}/refine"
    assert player.refused("POST", refine, {"produce": "IRON"})["code"] == 4239
    vessel.modules.append("MODULE_ORE_REFINERY_I")
    assert player.refused("POST", refine, {"produce": "FUEL"})["code"] == 4238
    assert player.refused("POST", refine, {"produce": "GLASS"})["code"] == 3001
    assert player.refused("POST", refine, {"produce": "IRON"})["code"] == 4218
    vessel.load("IRON_ORE", 35)

    answer = player.post(refine, {"produce": "IRON"})

    assert answer["produced"] == [{"tradeSymbol": "IRON", "units": 10}]
    assert answer["consumed"] == [{"tradeSymbol": "IRON_ORE", "units": 30}]
    assert answer["cargo"]["units"] == 15
    assert answer["cooldown"]["totalSeconds"] == 180


# --- a new era --------------------------------------------------------------------------------------


def test_a_reset_wipes_all_but_accounts_and_makes_tokens_old():
    player = play(open_registration=True)
    player.wait(3 * 86_400)
    account = player.post("/accounts")

    player.world.reset(player.at)

    refusal = player.refused("GET", "/my/agent")
    assert refusal["code"] == 4113
    assert refusal["data"] == {"expected": "2026-07-09", "actual": "2026-07-06"}
    assert not player.world.agents
    player.token = account["token"]
    data = player.post("/register", {"symbol": "BADGER", "faction": "COSMIC"})
    assert data["agent"]["accountId"] == account["account"]["id"]
    assert data["agent"]["credits"] == 175_000


def test_two_resets_on_one_day_still_have_two_dates():
    player = play()

    player.world.reset(player.at)
    first = player.world.reset_date
    player.world.reset(player.at + timedelta(minutes=5))

    assert (first, player.world.reset_date) == ("2026-07-07", "2026-07-08")


def test_an_era_is_another_galaxy_and_survives_a_restart():
    player = play()
    before = set(player.world.systems)

    player.world.reset(player.at)
    copy = World.restore(player.world.snapshot())

    assert set(player.world.systems) != before
    assert set(copy.systems) == set(player.world.systems)
    assert copy.reset_date == player.world.reset_date


def test_maintenance_answers_everything_with_503(player: Player):
    player.world.maintenance = True

    refusal = player.refused("GET", "/")

    assert (refusal["http"], refusal["code"]) == (503, 3100)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (datetime(2026, 7, 5, 12, 0, tzinfo=UTC), datetime(2026, 7, 12, 13, 0, tzinfo=UTC)),
        (datetime(2026, 7, 5, 13, 0, tzinfo=UTC), datetime(2026, 7, 12, 13, 0, tzinfo=UTC)),
        (NOON, datetime(2026, 7, 12, 13, 0, tzinfo=UTC)),
    ],
)
def test_eras_end_on_sundays_at_one(start, expected):
    world = build("first_day", seed=1, start=start, others=0)

    assert world.next_reset() == expected
    world.advance(expected)
    assert world.next_reset() == expected + timedelta(days=7)
