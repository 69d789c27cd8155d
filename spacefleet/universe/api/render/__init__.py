"""State as the JSON clients read: every function returns text that already is JSON.

Text rather than dictionaries, because most of a ship or a waypoint never changes and is kept
rendered; only what moves is written anew. Symbols contain nothing that JSON would escape.
"""

from .agents import agent, contract, faction, public_agent
from .mining import survey
from .places import chart_fields, construction, modifiers, system, traits, waypoint
from .ships import (
    cargo,
    cooldown,
    fuel,
    modules,
    mounts,
    nav,
    registration,
    ship,
)
from .trade import fee, market, transaction, yard, yard_transaction

__all__ = [
    "agent",
    "cargo",
    "chart_fields",
    "construction",
    "contract",
    "cooldown",
    "faction",
    "fee",
    "fuel",
    "market",
    "modifiers",
    "modules",
    "mounts",
    "nav",
    "public_agent",
    "registration",
    "ship",
    "survey",
    "system",
    "traits",
    "transaction",
    "waypoint",
    "yard",
    "yard_transaction",
]
