"""Registration, accounts, agents and factions."""

import re
from typing import TYPE_CHECKING

from spacefleet.universe import registry, rivals
from spacefleet.universe.api import errors
from spacefleet.universe.catalog.factions import FACTIONS, FactionProfile
from spacefleet.universe.state import Account
from spacefleet.universe.tokens import ACCOUNT, AGENT

from . import render
from .call import Call, Reply, created, encode, listed, ok

if TYPE_CHECKING:
    from spacefleet.universe.world import World

SYMBOL = re.compile(r"[A-Z0-9_-]{3,14}")


def open_account(call: Call) -> Reply:
    """POST /accounts, an addition of this server for play without its website."""
    account = registry.open_account(call.world)
    token = registry.issue_token(call.world, ACCOUNT, account.id)
    return created(account=_account(call.world, account), token=encode(token))


def register(call: Call) -> Reply:
    world = call.world
    symbol = call.symbol("symbol")
    faction = call.choice("faction", FACTIONS)
    if SYMBOL.fullmatch(symbol) is None:
        raise errors.invalid(
            "symbol", "Symbol must have 3 to 14 letters, digits, - or _", issue="custom"
        )
    if symbol in world.agents:
        raise errors.refuse(4111, {"agentSymbol": symbol}, symbol=symbol)
    if not FACTIONS[faction].recruiting:
        raise errors.refuse(4112, faction=faction)
    account = call.account
    if account is None:
        if not world.rules.open_registration:
            raise errors.refuse(4116)
        account = registry.open_account(world)
    agent = registry.register(world, symbol=symbol, faction=faction, account=account)
    token = registry.issue_token(world, AGENT, symbol)
    contract = next(iter(agent.contracts.values()))
    return created(
        token=encode(token),
        agent=render.agent(agent),
        faction=_faction(world, FACTIONS[faction]),
        contract=render.contract(world, contract),
        ships=f"[{','.join(render.ship(world, ship) for ship in agent.ships.values())}]",
    )


def my_agent(call: Call) -> Reply:
    return ok(render.agent(call.player))


def my_account(call: Call) -> Reply:
    if call.account is None:
        raise errors.refuse(4103, {})
    return ok(f'{{"account":{_account(call.world, call.account)}}}')


def my_events(call: Call) -> Reply:
    return ok(encode(call.player.events[::-1]))


def my_factions(call: Call) -> Reply:
    """Reputation is not simulated: the own faction, at zero."""
    page, limit = call.page()
    rows = [encode({"symbol": call.player.faction, "reputation": 0})]
    return listed(
        rows[(page - 1) * limit : page * limit], total=len(rows), page=page, limit=limit
    )


def list_agents(call: Call) -> Reply:
    page, limit = call.page()
    agents = call.world.everybody()
    items = [render.public_agent(agent) for agent in agents[(page - 1) * limit : page * limit]]
    return listed(items, total=len(agents), page=page, limit=limit)


def show_agent(call: Call) -> Reply:
    rivals.prosper(call.world)
    agent = call.world.agents.get(call.params[0].upper())
    if agent is None:
        raise errors.refuse(404, what="Agent", symbol=call.params[0])
    return ok(render.public_agent(agent))


def list_factions(call: Call) -> Reply:
    page, limit = call.page()
    profiles = list(FACTIONS.values())
    chosen = profiles[(page - 1) * limit : page * limit]
    items = [_faction(call.world, profile) for profile in chosen]
    return listed(items, total=len(profiles), page=page, limit=limit)


def show_faction(call: Call) -> Reply:
    profile = FACTIONS.get(call.params[0].upper())
    if profile is None:
        raise errors.refuse(404, what="Faction", symbol=call.params[0])
    return ok(_faction(call.world, profile))


def _faction(world: "World", profile: FactionProfile) -> str:
    homes = (system for system in world.systems.values() if profile.symbol in system.factions)
    first = next(homes, None)
    return render.faction(profile, first.symbol if first else None)


def _account(world: "World", account: Account) -> str:
    return encode(
        {"id": account.id, "email": None, "createdAt": world.stamp(account.created_at)}
    )
