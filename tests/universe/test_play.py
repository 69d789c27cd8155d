"""A day in the universe, move by move: what works and what it answers."""

from datetime import datetime, timedelta

from .play import NOON, Player, play


def test_a_new_agent_owns_a_frigate_a_probe_and_a_contract(player: Player):
    data = Player(player.world, symbol="FOX").register()

    agent, (frigate, probe) = data["agent"], data["ships"]
    assert (agent["credits"], agent["shipCount"]) == (175_000, 2)
    assert frigate["symbol"] == "FOX-1"
    assert frigate["nav"]["waypointSymbol"] == agent["headquarters"]
    assert frigate["nav"]["status"] == probe["nav"]["status"] == "DOCKED"
    assert frigate["fuel"]["current"] == frigate["fuel"]["capacity"] == 400
    yard = player.world.galaxy.yards[probe["nav"]["waypointSymbol"]]
    assert "SHIP_MINING_DRONE" in yard.ships
    terms = data["contract"]["terms"]
    assert terms["deliver"][0]["tradeSymbol"] in ("ALUMINUM_ORE", "COPPER_ORE", "IRON_ORE")
    assert terms["deadline"] == "2026-07-13T12:00:00.000Z"
    assert data["contract"]["deadlineToAccept"] == "2026-07-07T12:00:00.000Z"


def test_ship_symbols_count_in_hexadecimal():
    player = play(start_credits=10_000_000)
    yard = player.world.ships["BADGER-2"].waypoint

    bought = [
        player.post("/my/ships", {"shipType": "SHIP_SURVEYOR", "waypointSymbol": yard})
        for _ in range(14)
    ]

    assert [answer["ship"]["symbol"] for answer in bought][7:] == [
        "BADGER-A",
        "BADGER-B",
        "BADGER-C",
        "BADGER-D",
        "BADGER-E",
        "BADGER-F",
        "BADGER-10",
    ]


def test_a_flight_takes_its_time_and_ends_by_itself(player: Player):
    target = player.places(kind="ENGINEERED_ASTEROID")[0]
    player.post(f"{player.frigate}/orbit")

    answer = player.post(f"{player.frigate}/navigate", {"waypointSymbol": target})

    nav, fuel = answer["nav"], answer["fuel"]
    assert nav["status"] == "IN_TRANSIT"
    assert nav["waypointSymbol"] == target
    assert fuel["current"] == 400 - fuel["consumed"]["amount"]
    arrival = datetime.fromisoformat(nav["route"]["arrival"])
    player.at = arrival - timedelta(milliseconds=1)
    assert player.get(f"{player.frigate}/nav")["status"] == "IN_TRANSIT"
    player.at = arrival
    assert player.get(f"{player.frigate}/nav")["status"] == "IN_ORBIT"


def test_an_extraction_fills_the_hold_and_starts_the_cooldown(player: Player):
    player.fly(player.frigate, player.places(kind="ENGINEERED_ASTEROID")[0])

    answer = player.post(f"{player.frigate}/extract")

    got = answer["extraction"]["yield"]
    assert answer["cargo"]["units"] == got["units"] >= 1
    assert answer["cargo"]["inventory"][0]["symbol"] == got["symbol"]
    assert answer["cooldown"]["totalSeconds"] == 80
    again = player.refused("POST", f"{player.frigate}/extract")
    assert (again["http"], again["code"]) == (409, 4000)
    assert again["data"]["cooldown"]["expiration"] == answer["cooldown"]["expiration"]
    player.wait(80)
    player.post(f"{player.frigate}/extract")


def test_a_cooldown_that_is_over_answers_with_nothing(player: Player):
    assert player.send("GET", f"{player.frigate}/cooldown") == (204, None)


def test_a_survey_aims_until_it_is_exhausted(player: Player):
    player.fly(player.frigate, player.places(kind="ASTEROID")[0])
    survey = player.post(f"{player.frigate}/survey")["surveys"][0]
    player.world.surveys[survey["signature"]].remaining = 1
    player.wait(90)

    answer = player.post(f"{player.frigate}/extract/survey", survey)
    player.wait(80)
    after = player.refused("POST", f"{player.frigate}/extract/survey", survey)

    named = {deposit["symbol"] for deposit in survey["deposits"]}
    assert answer["extraction"]["yield"]["symbol"] in named
    assert (after["http"], after["code"]) == (409, 4224)


def test_a_survey_may_be_shared_and_sent_in_the_old_form(player: Player):
    rock = player.places(kind="ASTEROID")[0]
    player.fly(player.frigate, rock)
    survey = player.post(f"{player.frigate}/survey")["surveys"][1]
    friend = Player(player.world, symbol="FOX", at=player.at)
    friend.register()
    friend.fly(friend.frigate, rock)

    if datetime.fromisoformat(survey["expiration"]) <= friend.at:
        player.world.surveys[survey["signature"]].expires_at += 86_400_000
        survey["expiration"] = player.world.stamp(
            player.world.surveys[survey["signature"]].expires_at
        )
    answer = friend.post(f"{friend.frigate}/extract", {"survey": survey})

    assert answer["extraction"]["shipSymbol"] == "FOX-1"


def test_an_expired_or_altered_or_foreign_survey_is_refused(player: Player):
    first, second = player.places(kind="ASTEROID")[:2]
    player.fly(player.frigate, first)
    survey = player.post(f"{player.frigate}/survey")["surveys"][0]
    player.wait(90)
    extract = f"{player.frigate}/extract/survey"

    altered = survey | {"deposits": [{"symbol": "DIAMONDS"}] * 5}
    assert player.refused("POST", extract, altered)["code"] == 4220
    unknown = survey | {"signature": "X1-NO-SUCH"}
    assert player.refused("POST", extract, unknown)["code"] == 4221
    player.world.ships["BADGER-1"].waypoint = second
    assert player.refused("POST", extract, survey)["code"] == 4270
    player.world.ships["BADGER-1"].waypoint = first
    player.at = datetime.fromisoformat(survey["expiration"])
    assert player.refused("POST", extract, survey)["code"] == 4221


def test_a_siphon_drinks_from_the_giant(player: Player):
    player.fly(player.frigate, player.places(kind="GAS_GIANT")[0])

    answer = player.post(f"{player.frigate}/siphon")

    assert 10 <= answer["siphon"]["yield"]["units"] <= 30
    assert answer["cooldown"]["totalSeconds"] == 80


def test_a_yield_is_cut_to_the_free_hold(player: Player):
    player.fly(player.frigate, player.places(kind="GAS_GIANT")[0])
    player.world.ships["BADGER-1"].load("FUEL", 39)

    answer = player.post(f"{player.frigate}/siphon")

    assert answer["siphon"]["yield"]["units"] == 1
    player.wait(80)
    assert player.refused("POST", f"{player.frigate}/siphon")["code"] == 4228


def test_buying_and_selling_moves_the_price_by_the_law(player: Player):
    market = player.market_of("IRON", "EXPORT")
    player.dock_at(player.frigate, market)
    row = player.world.galaxy.markets[market].goods["IRON"]
    before = row.net

    answer = player.post(f"{player.frigate}/purchase", {"symbol": "IRON", "units": 40})

    assert row.net == before - 40
    paid = answer["transaction"]
    assert paid["totalPrice"] == 40 * paid["pricePerUnit"]
    assert answer["agent"]["credits"] == 175_000 - paid["totalPrice"]
    assert answer["cargo"]["units"] == 40
    shown = player.get(f"/systems/{player.system}/waypoints/{market}/market")
    assert shown["transactions"][0] == paid
    sold = player.post(f"{player.frigate}/sell", {"symbol": "IRON", "units": 40})
    assert sold["transaction"]["pricePerUnit"] < paid["pricePerUnit"]
    assert row.net == before


def test_a_market_remembers_its_latest_twenty_transactions(player: Player):
    market = player.market_of("IRON", "EXPORT")
    player.dock_at(player.frigate, market)
    for number in range(25):
        player.wait(1)
        player.post(f"{player.frigate}/purchase", {"symbol": "IRON", "units": 1})
        assert number < 25

    shown = player.get(f"/systems/{player.system}/waypoints/{market}/market")["transactions"]

    assert len(shown) == 20
    stamps = [entry["timestamp"] for entry in shown]
    assert stamps == sorted(stamps, reverse=True)


def test_prices_are_seen_only_where_a_ship_is_present(player: Player):
    market = player.market_of("IRON", "EXPORT")
    path = f"/systems/{player.system}/waypoints/{market}/market"

    assert set(player.get(path)) == {"symbol", "exports", "imports", "exchange"}
    player.post(f"{player.frigate}/orbit")
    nav = player.post(f"{player.frigate}/navigate", {"waypointSymbol": market})["nav"]
    assert "tradeGoods" not in player.get(path)
    player.at = datetime.fromisoformat(nav["route"]["arrival"])
    assert "tradeGoods" in player.get(path)
    stranger = Player(player.world, symbol="FOX", at=player.at)
    stranger.register()
    assert "tradeGoods" not in stranger.get(path)


def test_refuelling_buys_hundreds_and_fills_the_tank(player: Player):
    player.world.ships["BADGER-1"].fuel = 187

    answer = player.post(f"{player.frigate}/refuel")

    assert answer["fuel"]["current"] == 400
    assert answer["transaction"]["units"] == 3
    assert answer["transaction"]["totalPrice"] == 3 * 72
    assert answer["agent"]["credits"] == 175_000 - 216
    full = player.post(f"{player.frigate}/refuel")
    assert (full["transaction"]["units"], full["transaction"]["totalPrice"]) == (0, 0)


def test_refuelling_from_the_hold_costs_nothing(player: Player):
    ship = player.world.ships["BADGER-1"]
    ship.fuel = 350
    ship.load("FUEL", 2)

    answer = player.post(f"{player.frigate}/refuel", {"units": 50, "fromCargo": True})

    assert answer["fuel"]["current"] == 400
    assert answer["transaction"]["totalPrice"] == 0
    assert answer["cargo"]["units"] == 1


def test_a_probe_flies_without_fuel_and_gains_nothing_from_burning(player: Player):
    target = player.places(kind="GAS_GIANT")[0]
    player.send("PATCH", f"{player.probe}/nav", {"flightMode": "BURN"})
    player.post(f"{player.probe}/orbit")

    nav = player.post(f"{player.probe}/navigate", {"waypointSymbol": target})["nav"]

    here, there = (
        player.world.waypoints[nav["route"][end]["symbol"]] for end in ("origin", "destination")
    )
    apart = ((here.x - there.x) ** 2 + (here.y - there.y) ** 2) ** 0.5
    took = datetime.fromisoformat(nav["route"]["arrival"]) - player.at
    assert took.total_seconds() == int(round(apart) * 25 / 9 + 15 + 0.5)


def test_speeding_up_under_way_arrives_earlier_and_slowing_down_is_refused(player: Player):
    target = player.places(kind="GAS_GIANT")[0]
    player.post(f"{player.frigate}/orbit")
    answer = player.post(f"{player.frigate}/navigate", {"waypointSymbol": target})
    planned = answer["nav"]["route"]["arrival"]
    player.wait(10)

    _, faster = player.send("PATCH", f"{player.frigate}/nav", {"flightMode": "BURN"})
    slower = player.refused("PATCH", f"{player.frigate}/nav", {"flightMode": "DRIFT"})

    assert faster["data"]["nav"]["route"]["arrival"] < planned
    assert faster["data"]["fuel"]["current"] < answer["fuel"]["current"]
    assert slower["code"] == 4269


def test_a_transfer_answers_with_both_holds(player: Player):
    friend = _second_hauler(player)
    player.world.ships["BADGER-1"].load("IRON_ORE", 30)

    body = {"tradeSymbol": "IRON_ORE", "units": 20, "shipSymbol": friend}
    answer = player.post(f"{player.frigate}/transfer", body)

    assert answer["cargo"]["units"] == 10
    assert answer["targetCargo"]["units"] == 20


def test_ships_in_different_states_do_not_transfer(player: Player):
    friend = _second_hauler(player)
    player.world.ships["BADGER-1"].load("IRON_ORE", 30)
    player.post(f"/my/ships/{friend}/orbit")
    body = {"tradeSymbol": "IRON_ORE", "units": 20, "shipSymbol": friend}

    assert player.refused("POST", f"{player.frigate}/transfer", body)["code"] == 4271
    player.post(f"{player.frigate}/orbit")
    player.post(f"{player.frigate}/transfer", body)


def _second_hauler(player: Player) -> str:
    """A shuttle bought beside the frigate, both docked at the general yard."""
    player.world.agents["BADGER"].credits = 10_000_000
    yard = next(
        symbol
        for symbol, yard in player.world.galaxy.yards.items()
        if "SHIP_LIGHT_SHUTTLE" in yard.ships
    )
    player.dock_at(player.frigate, yard)
    body = {"shipType": "SHIP_LIGHT_SHUTTLE", "waypointSymbol": yard}
    return player.post("/my/ships", body)["ship"]["symbol"]


def test_a_ship_costs_more_the_more_are_bought_and_less_after_hours():
    player = play(start_credits=1_000_000)
    yard = player.world.ships["BADGER-2"].waypoint
    body = {"shipType": "SHIP_MINING_DRONE", "waypointSymbol": yard}
    path = f"/systems/{player.system}/waypoints/{yard}/shipyard"

    bought = [player.post("/my/ships", body)["transaction"] for _ in range(4)]

    prices = [row["price"] for row in bought]
    assert prices == sorted(set(prices))
    shown = player.get(path)
    assert shown["transactions"][0] == bought[-1]
    offer = next(row for row in shown["ships"] if row["type"] == "SHIP_MINING_DRONE")
    assert offer["purchasePrice"] > prices[-1]
    player.wait(24 * 3600)
    offer = next(row for row in player.get(path)["ships"] if row["type"] == "SHIP_MINING_DRONE")
    assert offer["purchasePrice"] == prices[0]


def test_a_contract_runs_from_offer_to_pay(player: Player):
    deal = player.get("/my/contracts")[0]
    path, line = f"/my/contracts/{deal['id']}", deal["terms"]["deliver"][0]
    player.dock_at(player.frigate, line["destinationSymbol"])

    accepted = player.post(f"{path}/accept")
    left = line["unitsRequired"]
    while left:
        units = min(left, 40)
        player.world.ships["BADGER-1"].load(line["tradeSymbol"], units)
        body = {
            "shipSymbol": "BADGER-1",
            "tradeSymbol": line["tradeSymbol"],
            "units": units,
        }
        delivered = player.post(f"{path}/deliver", body)
        left -= units
    fulfilled = player.post(f"{path}/fulfill")

    payment = deal["terms"]["payment"]
    assert accepted["agent"]["credits"] == 175_000 + payment["onAccepted"]
    assert delivered["cargo"]["units"] == 0
    assert fulfilled["contract"]["fulfilled"]
    total = payment["onAccepted"] + payment["onFulfilled"]
    assert fulfilled["agent"]["credits"] == 175_000 + total
    assert player.post(f"{player.frigate}/negotiate/contract")["contract"]["id"] != deal["id"]


def test_only_one_contract_is_open_at_a_time(player: Player):
    deal = player.get("/my/contracts")[0]

    refusal = player.refused("POST", f"{player.frigate}/negotiate/contract")

    assert refusal["code"] == 4511
    assert refusal["data"]["contractId"] == deal["id"]
    player.wait(24 * 3600)
    player.post(f"{player.frigate}/negotiate/contract")


def test_the_advance_of_a_missed_contract_is_taken_back(player: Player):
    deal = player.get("/my/contracts")[0]
    player.post(f"/my/contracts/{deal['id']}/accept")

    player.wait(7 * 86_400 - 1)
    kept = player.get("/my/agent")["credits"]
    player.wait(1)

    assert kept == 175_000 + deal["terms"]["payment"]["onAccepted"]
    assert player.get("/my/agent")["credits"] == 175_000
    assert player.get("/my/agent")["credits"] == 175_000


def test_goods_that_are_delivered_raise_the_supply_there(player: Player):
    deal = player.get("/my/contracts")[0]
    line = deal["terms"]["deliver"][0]
    player.post(f"/my/contracts/{deal['id']}/accept")
    player.dock_at(player.frigate, line["destinationSymbol"])
    player.world.ships["BADGER-1"].load(line["tradeSymbol"], 10)
    row = player.world.market(line["destinationSymbol"]).goods[line["tradeSymbol"]]
    before = row.net

    body = {"shipSymbol": "BADGER-1", "tradeSymbol": line["tradeSymbol"], "units": 10}
    player.post(f"/my/contracts/{deal['id']}/deliver", body)

    assert row.net == before + 10


def test_waypoints_are_found_by_type_and_by_every_trait(player: Player):
    path = f"/systems/{player.system}/waypoints"

    giants = player.get(f"{path}?type=GAS_GIANT")
    yards = player.get(f"{path}?traits=SHIPYARD&traits=MARKETPLACE")
    _, rocks = player.send("GET", f"{path}?type=ASTEROID&limit=20&page=2")

    assert [place["type"] for place in giants] == ["GAS_GIANT"]
    assert len(yards) == 3
    assert rocks["meta"]["page"] == 2
    assert rocks["meta"]["total"] == len(player.places(kind="ASTEROID"))
    assert len(rocks["data"]) == 20


def test_uncharted_waypoints_hide_their_traits_but_not_from_the_filter(player: Player):
    rock = player.world.waypoints[player.places(kind="ASTEROID", trait="MINERAL_DEPOSITS")[0]]
    rock.charted_by, rock.text = None, ""
    path = f"/systems/{player.system}/waypoints"

    shown = player.get(f"{path}/{rock.symbol}")
    found = player.get(f"{path}?traits=MINERAL_DEPOSITS&limit=20")

    assert [trait["symbol"] for trait in shown["traits"]] == ["UNCHARTED"]
    assert "chart" not in shown
    assert "faction" not in shown
    assert rock.symbol in [place["symbol"] for place in found]


def test_the_status_page_tells_scenario_money_and_time_factor():
    player = play("showcase", speed=60.0)

    _, status = player.send("GET", "/")

    assert status["timeFactor"] == 60
    assert "showcase" in status["description"]
    assert "1,500,000" in status["description"]
    assert status["resetDate"] == NOON.date().isoformat()
    assert status["serverResets"]["next"] == "2026-07-12T13:00:00.000Z"
    assert status["leaderboards"]["mostCredits"] == [
        {"agentSymbol": "BADGER", "credits": 1_500_000}
    ]
