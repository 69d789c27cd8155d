"""An agent with a past: what it did before we knew of it, in a universe of its own."""

from dataclasses import dataclass

from fleet.models import Agent
from fleet.services import joining
from spacefleet import clock
from spacefleet.lab.play import SERVER
from spacefleet.spacetraders import Client
from spacefleet.universe import World, registry
from spacefleet.universe import state as game
from spacefleet.universe.scenarios import build
from spacefleet.universe.transport import UniverseTransport

DELIVERED = 10  # units of the contract that the earlier client handed over


@dataclass
class Life:
    """An agent with a past that our rows know nothing of, and the client that still plays it."""

    world: World
    transport: UniverseTransport
    api: Client
    token: str
    player: game.Agent

    @property
    def contract(self) -> game.Contract:
        return next(iter(self.player.contracts.values()))

    def commission(self, kind: str, at: str, **cargo: int) -> game.Ship:
        ship = registry.commission(self.world, self.player, kind, at)
        for good, units in cargo.items():
            ship.load(good, units)
        return ship

    def place(self, kind: str) -> str:
        home = self.player.headquarters.rpartition("-")[0]
        return next(each.symbol for each in self.api.every_waypoint(home) if each.type == kind)


def lived(virtual: clock.VirtualClock) -> Life:
    """A contract partly delivered, a ship in flight, one cooling, one docked with ore aboard."""
    world = build("first_day", seed=7, start=virtual.now(), homes=1, others=0)
    transport = UniverseTransport(world, clock.now)
    with Client(None, base_url=SERVER, transport=transport) as nobody:
        told = nobody.register("VETERAN", "COSMIC")
    api = Client(told.token, base_url=SERVER, transport=transport)
    life = Life(world, transport, api, told.token, world.agents["VETERAN"])
    _past(life)
    return life


def _past(life: Life) -> None:
    contract, rock = life.contract, life.place("ENGINEERED_ASTEROID")
    api = life.api
    api.accept_contract(contract.id)
    courier = life.commission(
        "SHIP_LIGHT_SHUTTLE", contract.destination, **{contract.good: DELIVERED + 5}
    )
    api.dock(courier.symbol)
    api.deliver_contract(contract.id, courier.symbol, contract.good, DELIVERED)
    digger = life.commission("SHIP_MINING_DRONE", rock)
    api.orbit(digger.symbol)
    api.extract(digger.symbol)
    flying = life.commission("SHIP_LIGHT_SHUTTLE", rock, IRON_ORE=20)
    api.orbit(flying.symbol)
    api.navigate(flying.symbol, life.player.headquarters)
    life.commission("SHIP_SURVEYOR", rock)


def adopt(life: Life) -> Agent:
    return joining.adopt(
        SERVER, token=life.token, transport=life.transport, tell=lambda text: None
    )
