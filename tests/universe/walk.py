"""A walk through all operations of the API, each answered and each refused at least once."""

import re
from typing import Any

from .play import Player, play
from .refusals import SCENES

Answer = tuple[int, Any]
"""Status and decoded body."""


class Walk:
    """Plays through all operations and notes what was asked and answered."""

    def __init__(self) -> None:
        self.player = play(others=10, gate_open=True, start_credits=10_000_000, wear_chance=1.0)
        self.answers: dict[str, list[Answer]] = {}
        self.refusals: dict[str, list[Answer]] = {}
        self._asked: dict[str, tuple[str, str, object | None]] = {}
        self._take()
        self._take_again_as_a_stranger()
        self._take_again_during_maintenance()
        self._provoke()

    def ask(self, method: str, path: str, body: object | None = None) -> Any:
        status, answer = self.player.send(method, path, body)
        assert status < 300, (method, path, answer)
        operation = f"{method} {_pattern(path)}"
        self.answers.setdefault(operation, []).append((status, answer))
        self._asked[operation] = (method, path, body)
        return answer["data"] if answer and "data" in answer else answer

    def ship(self, action: str, body: object | None = None, *, name: str = "BADGER-1") -> Any:
        return self.ask("POST", f"/my/ships/{name}/{action}", body)

    def _take(self) -> None:
        for part in (
            self._public,
            self._own,
            self._mine,
            self._trade,
            self._contract,
            self._yard,
            self._far,
        ):
            part()

    def _take_again_as_a_stranger(self) -> None:
        for method, path, body in self._asked.values():
            self._note_refusal(method, path, self.player.send(method, path, body, token="none"))

    def _take_again_during_maintenance(self) -> None:
        self.player.world.maintenance = True
        for method, path, body in self._asked.values():
            self._note_refusal(method, path, self.player.send(method, path, body))

    def _provoke(self) -> None:
        """Every scene of a refusal, each in a world of its own."""
        for scene in SCENES.values():
            player = play(others=3)
            ask = scene(player)
            answer = player.send(
                ask.method, ask.path, ask.body, token=ask.token, content_type=ask.content_type
            )
            self._note_refusal(ask.method, ask.path, answer)

    def _note_refusal(self, method: str, path: str, answer: Answer) -> None:
        assert answer[0] >= 400, (method, path, answer)
        self.refusals.setdefault(f"{method} {_pattern(path)}", []).append(answer)

    def _public(self) -> None:
        player = self.player
        account = player.post("/accounts")
        other = Player(player.world, symbol="FOX", at=player.at)
        body = {"symbol": "FOX", "faction": "VOID"}
        answer = other.send("POST", "/register", body, token=account["token"])
        self.answers["POST /register"] = [answer]
        self._asked["POST /register"] = ("POST", "/register", body)
        system = f"/systems/{player.system}"
        gate = f"{system}/waypoints/{player.world.systems[player.system].gate}"
        for path in (
            "/",
            "/error-codes",
            "/market/supply-chain",
            "/factions?limit=20",
            "/factions/COSMIC",
            "/agents",
            "/agents/FOX",
            "/systems",
            system,
            f"{system}/waypoints?limit=20",
            f"{system}/waypoints?traits=SHIPYARD&type=MOON",
            f"{gate}",
            f"{gate}/market",
            f"{gate}/jump-gate",
            f"{gate}/construction",
        ):
            self.ask("GET", path)
        for star in player.world.systems:
            self.ask("GET", f"/systems/{star}/waypoints?limit=20")

    def _own(self) -> None:
        for path in ("agent", "agent/events", "account", "factions", "contracts", "ships"):
            self.ask("GET", f"/my/{path}")
        for part in ("", "/nav", "/cargo", "/cooldown", "/modules", "/mounts"):
            self.ask("GET", f"/my/ships/BADGER-1{part}")
        yard = self.player.world.ships["BADGER-2"].waypoint
        path = f"/systems/{self.player.system}/waypoints/{yard}"
        self.ask("GET", f"{path}/shipyard")
        body = {"shipType": "SHIP_MINING_DRONE", "waypointSymbol": yard}
        self.ask("POST", "/my/ships", body)
        self.ask("GET", f"{path}/shipyard")
        self.ask("GET", f"{path}/market")

    def _mine(self) -> None:
        player = self.player
        rock = player.places(kind="ENGINEERED_ASTEROID")[0]
        self.ask("PATCH", "/my/ships/BADGER-1/nav", {"flightMode": "BURN"})
        self.ship("orbit")
        self.ship("navigate", {"waypointSymbol": rock})
        player.wait(300)
        survey = self.ship("survey")["surveys"][0]
        player.wait(100)
        self.ship("extract/survey", survey)
        self.ask("GET", "/my/ships/BADGER-1/cooldown")
        player.wait(100)
        self.ship("extract")
        for _ in range(70):
            player.world.strain(player.world.waypoints[rock])
        player.wait(100)
        self.ship("extract")
        self.ask("GET", f"/systems/{player.system}/waypoints/{rock}")
        for what in ("systems", "waypoints", "ships"):
            player.wait(100)
            self.ship(f"scan/{what}")
        self._put(player.places(kind="GAS_GIANT")[0])
        player.wait(100)
        self.ship("siphon")
        vessel = player.world.ships["BADGER-1"]
        vessel.cargo, vessel.cargo_units = {"IRON_ORE": 40}, 40
        vessel.modules.append("MODULE_ORE_REFINERY_I")
        player.wait(100)
        self.ship("refine", {"produce": "IRON"})
        vessel.modules.pop()
        self.ship("jettison", {"symbol": "IRON_ORE", "units": 10})

    def _put(self, waypoint: str, *, docked: bool = False, name: str = "BADGER-1") -> None:
        vessel = self.player.world.ships[name]
        self.player.world.put(vessel, waypoint)
        vessel.docked, vessel.arrives_at = docked, 0

    def _trade(self) -> None:
        market = self.player.market_of("IRON", "EXPORT")
        self._put(market)
        self._put(market, name="BADGER-3", docked=True)
        self.ship("dock")
        self.ship("transfer", {"tradeSymbol": "IRON", "units": 5, "shipSymbol": "BADGER-3"})
        self.ship("purchase", {"symbol": "IRON", "units": 5})
        self.ship("sell", {"symbol": "IRON", "units": 5})
        self.player.world.ships["BADGER-1"].fuel = 10
        self.ship("refuel", {"units": 100})
        self.ask("GET", f"/systems/{self.player.system}/waypoints/{market}/market")

    def _contract(self) -> None:
        deal = self.ask("GET", "/my/contracts")[0]
        path, line = f"/my/contracts/{deal['id']}", deal["terms"]["deliver"][0]
        self.ask("GET", path)
        self.ask("POST", f"{path}/accept")
        self._put(line["destinationSymbol"], docked=True)
        vessel = self.player.world.ships["BADGER-1"]
        vessel.load(line["tradeSymbol"], 1)
        self.player.world.agents["BADGER"].contracts[deal["id"]].units = 1
        body = {"shipSymbol": "BADGER-1", "tradeSymbol": line["tradeSymbol"], "units": 1}
        self.ask("POST", f"{path}/deliver", body)
        self.ask("POST", f"{path}/fulfill")
        self.ship("negotiate/contract")

    def _yard(self) -> None:
        self._put(self.player.places(trait="SHIPYARD")[0], docked=True)
        vessel = self.player.world.ships["BADGER-1"]
        vessel.cargo, vessel.cargo_units = {"MOUNT_TURRET_I": 1}, 1
        self.ship("mounts/install", {"symbol": "MOUNT_TURRET_I"})
        self.ship("mounts/remove", {"symbol": "MOUNT_TURRET_I"})
        gas = {"symbol": "MODULE_GAS_PROCESSOR_I"}
        self.ship("modules/remove", gas)
        self.ship("modules/install", gas)
        self.ask("GET", "/my/ships/BADGER-1/repair")
        self.ship("repair")
        self._put(self.player.places(trait="SHIPYARD")[0], docked=True, name="BADGER-3")
        self.ask("GET", "/my/ships/BADGER-3/scrap")
        self.ship("scrap", name="BADGER-3")

    def _far(self) -> None:
        player, world = self.player, self.player.world
        gate = world.systems[player.system].gate
        assert gate is not None
        self._put(gate)
        neighbour = next(g for g in world.galaxy.gates[gate] if not world.waypoints[g].charted)
        world.waypoints[neighbour].under_construction = False
        player.wait(1000)
        self.ship("jump", {"waypointSymbol": neighbour})
        self.ship("chart")
        world.galaxy.constructions[gate].materials["FAB_MATS"] = [1600, 0]
        self._put(gate, name="BADGER-2")
        world.ships["BADGER-2"].cargo = {"FAB_MATS": 5}
        world.ships["BADGER-2"].cargo_units = 5
        body = {"shipSymbol": "BADGER-2", "tradeSymbol": "FAB_MATS", "units": 5}
        path = f"/systems/{player.system}/waypoints/{gate}/construction/supply"
        self.ask("POST", path, body)
        vessel = world.ships["BADGER-1"]
        vessel.modules.append("MODULE_WARP_DRIVE_II")
        vessel.fuel = vessel.fuel_capacity = 20_000
        self.ship("warp", {"waypointSymbol": player.places(kind="GAS_GIANT")[0]})
        self.ask("GET", "/my/ships?limit=20")


_PATTERNS = (
    (r"^/systems/[^/]+/waypoints/[^/]+", "/systems/{systemSymbol}/waypoints/{waypointSymbol}"),
    (r"^/systems/[^/{]+", "/systems/{systemSymbol}"),
    (r"^/factions/[^/]+", "/factions/{factionSymbol}"),
    (r"^/agents/[^/]+", "/agents/{agentSymbol}"),
    (r"^/my/contracts/[^/]+", "/my/contracts/{contractId}"),
    (r"^/my/ships/[^/]+", "/my/ships/{shipSymbol}"),
)


def _pattern(path: str) -> str:
    path = path.partition("?")[0]
    for expression, pattern in _PATTERNS:
        path = re.sub(expression, pattern, path)
    return path
