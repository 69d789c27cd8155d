"""Who plays and with what: accounts, agents, and ships put into service."""

from typing import TYPE_CHECKING

from .api.errors import refuse
from .catalog import home, ships
from .catalog.factions import FACTIONS
from .physics import contracts as contract_law
from .state import Account, Agent, Contract, Part, Ship, System
from .timeline import milliseconds

if TYPE_CHECKING:
    from .world import World

ID_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
ID_LENGTH = 25
"""Ids of accounts and contracts look like this live: a letter and 24 more characters."""


def new_id(world: "World") -> str:
    chance = world.chance("ids")
    return "c" + "".join(chance.choices(ID_LETTERS, k=ID_LENGTH - 1))


def open_account(world: "World") -> Account:
    account = Account(new_id(world), world.now)
    world.accounts[account.id] = account
    return account


def register(world: "World", *, symbol: str, faction: str, account: Account) -> Agent:
    """A new agent with its two ships and its first contract."""
    if symbol in world.agents:
        raise refuse(4111, {"agentSymbol": symbol}, symbol=symbol)
    home_system = _starting_system(world, faction)
    places = starting_places(home_system, world)
    agent = Agent(
        symbol=symbol,
        account_id=account.id,
        faction=faction,
        headquarters=places[home.HEADQUARTERS],
        credits=world.rules.start_credits,
        created_at=world.now,
    )
    world.agents[symbol] = agent
    world.record(agent, None, "register", credits=agent.credits)
    commission(world, agent, "SHIP_COMMAND_FRIGATE", places[home.HEADQUARTERS])
    commission(world, agent, "SHIP_PROBE", places[home.MINING_YARD])
    _grant_fleet(world, agent, places[home.MINING_YARD])
    _first_contract(world, agent, places[home.METAL_REFINERY])
    tell(world, agent, "AGENT_REGISTERED", f"Agent {symbol} has entered service.")
    return agent


def _grant_fleet(world: "World", agent: Agent, waypoint: str) -> None:
    """The ships a scenario gives besides, their holds as full as it says."""
    rules = world.rules
    for kind, count in rules.start_fleet.items():
        for _ in range(count):
            ship = commission(world, agent, kind, waypoint)
            units = ship.cargo_capacity * rules.start_hold_percent // 100
            if units:
                good = world.chance("start").choice(contract_law.STARTING_GOODS)
                ship.load(good, units)
                world.record(agent, ship, "grant", good=good, units=units)


def tell(world: "World", agent: Agent, kind: str, message: str) -> None:
    """Put an event into the agent's book. Which kinds the real server writes is not known."""
    agent.events.append(
        {
            "id": new_id(world),
            "type": kind,
            "message": message,
            "createdAt": world.stamp(world.now),
        }
    )


def _starting_system(world: "World", faction: str) -> System:
    """The home of the faction with the fewest agents; any home in a galaxy where it has none."""
    homes = [system for system in world.systems.values() if system.home_of is not None]
    if not homes or not FACTIONS[faction].recruiting:
        raise refuse(4112, faction=faction)
    own = [system for system in homes if system.home_of == faction]
    crowd = [agent.headquarters.rpartition("-")[0] for agent in world.agents.values()]
    return min(own or homes, key=lambda system: crowd.count(system.symbol))


def starting_places(system: System, world: "World") -> dict[str, str]:
    """Role → waypoint for the three places a new agent starts with."""
    places = {}
    for waypoint in system.waypoints.values():
        market = world.galaxy.markets.get(waypoint.symbol)
        yard = world.galaxy.yards.get(waypoint.symbol)
        if home.HEADQUARTERS not in places and waypoint.type == "PLANET":
            places[home.HEADQUARTERS] = waypoint.symbol
        if yard is not None and "SHIP_MINING_DRONE" in yard.ships:
            places[home.MINING_YARD] = waypoint.symbol
        if market is not None and "IRON" in market.goods:
            ore = market.goods.get("IRON_ORE")
            if market.goods["IRON"].kind == "EXPORT" and ore is not None:
                places[home.METAL_REFINERY] = waypoint.symbol
    return places


def commission(world: "World", agent: Agent, kind: str, waypoint: str) -> Ship:
    """Put a new ship into service: docked, tank full, no cargo."""
    model = ships.SHIPS[kind]
    agent.ship_counter += 1
    ship = Ship(
        symbol=f"{agent.symbol}-{agent.ship_counter:X}",
        agent=agent.symbol,
        type=kind,
        role=model.role,
        faction=agent.faction,
        frame=Part(model.frame),
        reactor=Part(model.reactor),
        engine=Part(model.engine),
        modules=list(model.modules),
        mounts=list(model.mounts),
        waypoint=waypoint,
        origin=waypoint,
        departed_at=world.now,
        arrives_at=world.now,
        docked=True,
        mode="CRUISE",
        fuel=model.fuel_capacity,
        fuel_capacity=model.fuel_capacity,
        fuel_used=0,
        fuel_used_at=world.now,
        cargo={},
        cargo_units=0,
        cargo_capacity=model.cargo_capacity,
        crew_required=model.crew_required,
        crew_capacity=model.crew_capacity,
    )
    agent.ships[ship.symbol] = ship
    world.ships[ship.symbol] = ship
    world.put(ship, waypoint)
    world.record(agent, ship, "commission", type=kind, waypoint=waypoint)
    return ship


def _first_contract(world: "World", agent: Agent, destination: str) -> Contract:
    chance = world.chance("contracts")
    good = chance.choice(contract_law.STARTING_GOODS)
    market = world.galaxy.markets[destination]
    terms = contract_law.starting(base=market.goods[good].base, chance=chance)
    return offer(
        world,
        agent,
        faction=agent.faction,
        good=good,
        destination=destination,
        terms=terms,
    )


def offer(
    world: "World",
    agent: Agent,
    *,
    faction: str,
    good: str,
    destination: str,
    terms: contract_law.Terms,
) -> Contract:
    """Write a contract into the agent's book."""
    contract = Contract(
        id=new_id(world),
        agent=agent.symbol,
        faction=faction,
        good=good,
        destination=destination,
        units=terms.units,
        delivered=0,
        on_accepted=terms.on_accepted,
        on_fulfilled=terms.on_fulfilled,
        accept_by=world.now + contract_law.ACCEPT_WITHIN_MS,
        deadline=world.now + contract_law.DEADLINE_MS,
    )
    agent.contracts[contract.id] = contract
    world.record(agent, None, "offer", contract=contract.id, good=good, units=terms.units)
    return contract


def issue_token(world: "World", subject: str, identifier: str) -> str:
    return world.tokens.issue(subject, identifier, issued_at=world.wall // 1000)


def announced_reset(world: "World") -> int:
    """Wall instant of the next reset the status page speaks of."""
    return milliseconds(world.next_reset())
