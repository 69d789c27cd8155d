"""Whatever players try, in whatever order: nothing comes from nowhere and nothing is lost."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spacefleet.universe import World

from .play import Player, play

GOODS = ("IRON", "IRON_ORE", "FUEL", "COPPER")

ship = st.sampled_from(["BADGER-1", "BADGER-2", "BADGER-3", "FOX-1"])
units = st.integers(0, 70)
move = st.one_of(
    st.tuples(st.sampled_from(["dock", "orbit", "refuel", "extract", "survey"]), ship),
    st.tuples(st.just("navigate"), ship, st.integers(0, 3)),
    st.tuples(
        st.sampled_from(["purchase", "sell", "jettison"]), ship, st.sampled_from(GOODS), units
    ),
    st.tuples(st.just("transfer"), ship, st.sampled_from(GOODS), units, ship),
    st.tuples(st.just("wait"), st.integers(1, 4000)),
    st.tuples(st.just("buy"), st.sampled_from(["SHIP_MINING_DRONE", "SHIP_SURVEYOR"])),
    st.tuples(st.sampled_from(["accept", "deliver", "fulfill", "negotiate"]), ship),
)

# Which changes move credits is told by the log itself; goods are booked by the action's name.
ADDS = {"purchase", "extract", "siphon"}
TAKES = {"sell", "jettison", "deliver"}


class Table:
    """Two players at one world, and the moves they may try."""

    def __init__(self, **options: Any) -> None:
        self.badger = play(**{"start_credits": 400_000} | options)
        self.world = self.badger.world
        yard = self.world.ships["BADGER-2"].waypoint
        body = {"shipType": "SHIP_MINING_DRONE", "waypointSymbol": yard}
        self.badger.post("/my/ships", body)
        self.fox = Player(self.world, symbol="FOX", at=self.badger.at)
        self.fox.register()
        self.targets = [
            yard,
            self.badger.market_of("IRON", "EXPORT"),
            self.badger.places(kind="ENGINEERED_ASTEROID")[0],
            self.badger.market_of("IRON_ORE", "EXCHANGE"),
        ]

    def play(self, action: str, *words: object) -> None:
        if action == "wait":
            self.badger.wait(float(words[0]))  # type: ignore[arg-type]
            self.fox.at = self.badger.at
            return
        if action == "buy":
            body = {"shipType": words[0], "waypointSymbol": self.targets[0]}
            self.badger.send("POST", "/my/ships", body)
            return
        name = str(words[0])
        player = self.fox if name.startswith("FOX") else self.badger
        status, answer = player.send("POST", *self._request(player, action, name, words[1:]))
        assert status < 500, answer

    def _request(
        self, player: Player, action: str, name: str, words: tuple[object, ...]
    ) -> tuple[str, object | None]:
        path = f"/my/ships/{name}"
        if action == "navigate":
            return f"{path}/navigate", {"waypointSymbol": self.targets[int(words[0])]}  # type: ignore[call-overload]
        if action in ("purchase", "sell", "jettison"):
            return f"{path}/{action}", {"symbol": words[0], "units": words[1]}
        if action == "transfer":
            good, amount, target = words
            return f"{path}/transfer", {
                "tradeSymbol": good,
                "units": amount,
                "shipSymbol": target,
            }
        if action == "negotiate":
            return f"{path}/negotiate/contract", None
        if action in ("accept", "deliver", "fulfill"):
            deal = list(self.world.agents[player.symbol].contracts.values())[-1]
            body = {"shipSymbol": name, "tradeSymbol": deal.good, "units": 3}
            return f"/my/contracts/{deal.id}/{action}", body
        return f"{path}/{action}", None


def booked_credits(world: World, agent: str) -> int:
    return sum(
        int(entry.details.get("credits", 0))  # type: ignore[call-overload]
        for entry in world.log
        if entry.agent == agent
    )


def booked_cargo(world: World) -> dict[tuple[str, str], int]:
    holds: dict[tuple[str, str], int] = {}

    def book(name: str | None, entry_good: object, amount: object) -> None:
        key = (str(name), str(entry_good))
        holds[key] = holds.get(key, 0) + int(amount)  # type: ignore[call-overload]

    for entry in world.log:
        good, amount = entry.details.get("good"), entry.details.get("units", 0)
        if entry.action in ADDS:
            book(entry.ship, good, amount)
        elif entry.action in TAKES:
            book(entry.ship, good, -int(amount))  # type: ignore[call-overload]
        elif entry.action == "transfer":
            book(entry.ship, good, -int(amount))  # type: ignore[call-overload]
            book(str(entry.details["target"]), good, amount)
    return {key: amount for key, amount in holds.items() if amount}


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(move, max_size=60))
def test_holds_tanks_and_purses_follow_from_the_log(moves):
    table = Table()
    world = table.world

    for made in moves:
        table.play(*made)

    for agent in world.agents.values():
        assert agent.credits == booked_credits(world, agent.symbol)
    assert booked_cargo(world) == {
        (vessel.symbol, good): amount
        for vessel in world.ships.values()
        for good, amount in vessel.cargo.items()
    }
    for vessel in world.ships.values():
        assert vessel.cargo_units == sum(vessel.cargo.values()) <= vessel.cargo_capacity
        assert all(amount > 0 for amount in vessel.cargo.values())
        assert 0 <= vessel.fuel <= vessel.fuel_capacity
        assert world.berths[vessel.waypoint][vessel.symbol] is vessel
    assert sum(len(berth) for berth in world.berths.values()) == len(world.ships)
