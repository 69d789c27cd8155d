"""Agents, contracts and factions as JSON text."""

from typing import TYPE_CHECKING

from spacefleet.universe.api.call import encode
from spacefleet.universe.catalog import factions
from spacefleet.universe.state import Agent, Contract

if TYPE_CHECKING:
    from spacefleet.universe.world import World


def agent(player: Agent) -> str:
    """The agent as its owner sees it."""
    return f'{{"accountId":"{player.account_id}",{_public_fields(player)}}}'


def public_agent(player: Agent) -> str:
    return f"{{{_public_fields(player)}}}"


def _public_fields(player: Agent) -> str:
    return (
        f'"symbol":"{player.symbol}","headquarters":"{player.headquarters}",'
        f'"credits":{player.credits},"startingFaction":"{player.faction}",'
        f'"shipCount":{len(player.ships) + player.hulls}'
    )


def contract(world: "World", deal: Contract) -> str:
    accept_by = world.stamp(deal.accept_by)
    return encode(
        {
            "id": deal.id,
            "factionSymbol": deal.faction,
            "type": "PROCUREMENT",
            "terms": {
                "deadline": world.stamp(deal.deadline),
                "payment": {
                    "onAccepted": deal.on_accepted,
                    "onFulfilled": deal.on_fulfilled,
                },
                "deliver": [
                    {
                        "tradeSymbol": deal.good,
                        "destinationSymbol": deal.destination,
                        "unitsRequired": deal.units,
                        "unitsFulfilled": deal.delivered,
                    }
                ],
            },
            "accepted": deal.accepted,
            "fulfilled": deal.fulfilled,
            "expiration": accept_by,
            "deadlineToAccept": accept_by,
        }
    )


def faction(profile: factions.FactionProfile, headquarters: str | None) -> str:
    fields: dict[str, object] = {
        "symbol": profile.symbol,
        "name": profile.name,
        "description": profile.description,
        "traits": [
            {
                "symbol": trait,
                "name": factions.trait_name(trait),
                "description": factions.trait_description(trait),
            }
            for trait in profile.traits
        ],
        "isRecruiting": profile.recruiting,
    }
    if headquarters is not None:
        fields["headquarters"] = headquarters
    return encode(fields)
